"""A run that a server follows while it is made, over the network."""

import socket

import torch
from torch import nn

from optiscope import Client, watch
from optiscope.watching import live
from tests.watching.recorded import trained


def test_a_loop_is_followed_while_it_is_made_and_gone_on_with(live_server):
    """Its records come to the server; a second script goes on with the same run."""
    trained(live_server, name="live")
    with Client(live_server) as client:
        run = next(run for run in client.runs("live"))
        assert (run.step, run.state) == (6, "ended")
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with watch(model, optimizer, to=f"{live_server}/api/runs/{run.id}", resume=True) as seen:
        model(torch.ones(2)).sum().backward()
        optimizer.step()
    assert seen.trouble == ""
    with Client(live_server) as client:
        assert client.run(run.id).step == 7


def test_a_server_that_is_slow_to_answer_has_one_run(live_server, monkeypatch):
    """Nobody waits for its first answer; asked again, it answers with the run that it has."""
    call, asked = live.Live._call, []

    def unheard(self, method, path, body=None):
        document = call(self, method, path, body)
        if path.endswith("/import"):
            asked.append(document["id"])
            if len(asked) == 1:
                raise TimeoutError
        return document

    monkeypatch.setattr(live.Live, "_call", unheard)
    monkeypatch.setattr(live, "FIRST_PAUSE_S", 0.0)
    trained(live_server, name="asked twice")
    assert asked == [asked[0]] * 2
    with Client(live_server) as client:
        assert [run.state for run in client.runs("asked twice")] == ["ended"]


def test_a_server_that_is_slow_at_the_end_is_asked_once_more(live_server, monkeypatch):
    """Of a script that ends before its server has answered at all, the run is there, whole."""
    call, asked = live.Live._call, []

    def unheard(self, *given):
        asked.append(given)
        if len(asked) <= 2:  # for the records, and for the end
            raise TimeoutError
        return call(self, *given)

    monkeypatch.setattr(live.Live, "_call", unheard)
    trained(live_server, name="a short one")
    with Client(live_server) as client:
        assert [(run.step, run.state) for run in client.runs("a short one")] == [(6, "ended")]


def test_a_server_that_is_not_there_costs_the_loop_nothing(monkeypatch):
    """The loop ends, what waits is bounded, and in the end it is told how much never came there."""
    monkeypatch.setattr(live, "MOST_WAITING", 10_000)
    monkeypatch.setattr("optiscope.watching.recorder.ROWS", 16)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        model = nn.Linear(2, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        with watch(model, optimizer, to=address) as seen:
            for _ in range(400):
                model(torch.ones(2)).sum().backward()
                optimizer.step()
    assert seen.trouble.startswith("401 records did not come to 127.0.0.1:")

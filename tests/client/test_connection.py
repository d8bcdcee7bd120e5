"""A client fails at once where nothing answers, comes back when it is told to, and says each thing once."""

import base64
import json

import httpx
import numpy as np
import pytest

from optiscope.client import Client, NoServerError, RequestRefusedError, StreamBrokenError
from optiscope.client.lines import Lines
from optiscope.client.patience import Patience
from optiscope.export.table import Table


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that are made, none of which takes time."""
    made = []
    monkeypatch.setattr("time.sleep", made.append)
    return made


def answering(*answers):
    """A client of a server that gives or raises these answers in turn, and goes on with the last."""
    left = list(answers)

    def answer(request):
        found = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(found, Exception):
            raise found
        return found(request) if callable(found) else found

    return Client(transport=httpx.MockTransport(answer))


GONE = httpx.ConnectError("connection refused")


def test_a_server_that_never_answered_is_not_waited_for(pauses):
    """Whatever is asked, the first failure is told."""
    for ask in (lambda c: list(c.follow("a")), lambda c: list(c.follow_events("a")), lambda c: c.catalog()):
        with pytest.raises(
            NoServerError, match=r"no server answers at http://127\.0\.0\.1:8000 \(connection refused\)"
        ):
            ask(answering(GONE))
    with (
        pytest.raises(NoServerError, match="start one with `optiscope serve`"),
        Client("localhost") as client,
    ):
        list(client.follow("a"))
    assert pauses == []


def test_a_server_may_be_named_in_the_environment(monkeypatch):
    """As for commands: by its address, and with what lets one in."""

    def asked(**given):
        seen = []
        answer = lambda request: seen.append(request) or httpx.Response(200, json={})  # noqa: E731
        with Client(transport=httpx.MockTransport(answer), **given) as client:
            client.catalog()
        return str(seen[0].url), seen[0].headers.get("authorization")

    monkeypatch.delenv("OPTISCOPE_TOKEN", raising=False)
    monkeypatch.setenv("OPTISCOPE_URL", "http://there:9000")
    assert asked() == ("http://there:9000/api/catalog", None)
    monkeypatch.setenv("OPTISCOPE_TOKEN", "in the environment")
    assert asked(url="http://here") == ("http://here/api/catalog", "Bearer in the environment")
    assert asked(token="given")[1] == "Bearer given"  # noqa: S106 - of nobody


def column(*values):
    data = base64.b64encode(np.array(values, "<f4").tobytes()).decode()
    return {"dtype": "f4", "shape": str(len(values)), "bdata": data}


def lines(*events):
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


def block(first, *losses):
    rest = {
        "lr": column(*losses),
        "momentum": None,
        "grad_norm": None,
        "params": {},
        "grads": None,
        "state": {},
    }
    return {"event": "block", "first": first, "count": len(losses), "loss": column(*losses)} | rest


END = {"event": "run_ended", "reason": "completed", "step": 2, "detail": "", "end_loss": None}
RUN = dict.fromkeys(["id", "name", "state", "version", "step", "steps", "ended"])


def test_a_server_that_went_away_is_waited_for(pauses):
    """Then it is asked from the step behind the last one."""
    asked = []

    def rest(request):
        asked.append(request.url.params["from"])
        return httpx.Response(200, content=lines(block(2, 0.1), END))

    begun = httpx.Response(200, content=lines(block(0, 0.3, 0.2)))
    back = httpx.Response(200, json={})
    with answering(begun, GONE, GONE, back, httpx.Response(200, json=RUN), rest) as client:
        assert [record.step for record in client.follow("a")] == [0, 1, 2]
    assert asked == ["2"]
    assert len(pauses) == 3


def test_a_server_that_stays_away_is_given_up():
    """When the client has no more patience."""
    with answering(httpx.Response(200, content=lines(block(0, 0.3))), GONE) as client:
        client._seconds = 0
        with pytest.raises(StreamBrokenError):
            list(client.follow("a"))


def test_a_loop_that_fell_silent_ends_what_follows_it(pauses):
    """A run that has ended as stopped is not asked for again and again."""
    stopped = END | {"reason": "stopped"}
    events, run = httpx.Response(200, content=lines(block(0, 0.3), stopped)), RUN | {"ended": stopped}
    with answering(events, httpx.Response(200, json={}), httpx.Response(200, json=run)) as client:
        assert len(list(client.follow("a"))) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_when_it_says(pauses, status):
    """For streams, too, before their first line."""
    busy = httpx.Response(status, headers={"Retry-After": "2"}, json={"detail": "come back"})
    with answering(busy, busy, httpx.Response(200, json={"optimizers": []})) as client:
        assert client.catalog() == {"optimizers": []}
    with answering(busy, httpx.Response(200, content=lines(block(0, 0.5), END))) as client:
        assert [record.loss for record in client.train({})] == [0.5]
    assert pauses == [2, 2, 2]


@pytest.mark.parametrize(
    ("status", "headers"),
    [(429, {}), (503, {"Retry-After": "3600"}), (503, {"Retry-After": "soon"}), (409, {"Retry-After": "1"})],
)
def test_what_is_no_use_to_ask_again_is_told(pauses, status, headers):
    """Without a time, with one that is too late, or where nothing is busy."""
    client = answering(httpx.Response(status, headers=headers, json={"detail": "no"}))
    with client, pytest.raises(RequestRefusedError, match=r"^no$"):
        client.catalog()
    assert pauses == []


def test_the_time_to_ask_again_may_be_a_date():
    """One that is over is now; a patience that has run out allows no pause."""
    times = iter([0.0, 0.0, 11.0])
    patience = Patience(10, lambda: next(times))
    late = httpx.Response(503, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    assert patience.pause(late) == 0
    assert patience.pause(late) is None


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        ({"detail": "a is wrong", "errors": [{"pointer": "/a", "detail": "a is wrong"}]}, "/a: a is wrong"),
        ({"detail": "not whole", "errors": [{"pointer": "", "detail": "not whole"}]}, "not whole"),
        ({"detail": "no run", "errors": []}, "no run"),
    ],
)
def test_an_error_says_each_thing_once(problem, told):
    """A wrong field with its pointer, all else as a sentence."""
    with answering(httpx.Response(422, json=problem)) as client, pytest.raises(RequestRefusedError) as caught:
        client.catalog()
    assert str(caught.value) == told
    assert caught.value.detail == problem["detail"]


@pytest.mark.parametrize("status", [200, 404])
def test_another_server_is_told_from_ours(status):
    """A page in place of JSON is not quoted."""
    with answering(httpx.Response(status, text="<html>Hello</html>")) as client:
        for ask in (client.catalog, lambda: list(client.follow("a"))):
            with pytest.raises(RequestRefusedError, match="as Optiscope does") as caught:
                ask()
            assert "Hello" not in str(caught.value)
    assert caught.value.status == status


def test_only_a_line_feed_ends_a_line():
    """Not what else Unicode ends lines with, wherever the bytes are cut; half a line is none."""
    text = '{"a": "\u2028\u0085\x1c\r"}\n{"b'.encode()
    for cut in range(len(text)):
        found = Lines()
        assert [*found.feed(text[:cut]), *found.feed(text[cut:])] == [text[:-4]]


def test_the_norm_after_clipping_comes_through():
    """In records and in files."""
    clipped = block(1, 0.5) | {"clipped_grad_norm": column(0.25)}
    with answering(httpx.Response(200, content=lines(clipped, END))) as client:
        [found] = client.blocks("POST", "/api/train")
    assert found.record(0).clipped_grad_norm == 0.25
    assert Table.of([found]).arrays()["clipped_grad_norm"].tolist() == [0.25]


def test_a_comparison_names_the_run_of_each_block():
    """The ends are known once they have come; one that breaks off is told from a whole one."""
    events = [block(0, 0.5) | {"run": 1}, END | {"run": 1}, block(0, 0.25) | {"run": 0}, END | {"run": 0}]
    asked = []

    def answer(request):
        asked.append(json.loads(request.content))
        return httpx.Response(200, content=lines(*events))

    with answering(answer) as client:
        found = client.compare([{}, {}], record=["loss"])
        assert [(run, records.columns["loss"].tolist()) for run, records in found] == [
            (1, [0.5]),
            (0, [0.25]),
        ]
        assert {run: end.reason for run, end in found.ends.items()} == {0: "completed", 1: "completed"}
        events.pop()
        with pytest.raises(StreamBrokenError):
            list(client.compare([{}, {}]))
    assert asked == [{"runs": [{}, {}], "record": ["loss"]}, {"runs": [{}, {}]}]


def test_bad_health_is_an_answer(pauses):
    """And no refusal: it says why."""
    with answering(httpx.Response(503, json={"status": "starting"})) as client:
        assert client.health() == {"status": "starting"}
    assert pauses == []


def test_several_runs_are_gone_on_with_where_each_stood(pauses):
    """Those that have ended are not asked for again."""
    asked = []

    def rest(request):
        asked.append(request.url.params.get_list("run"))
        return httpx.Response(200, content=lines(block(2, 0.1) | {"run": 0}, END | {"run": 0}))

    begun = httpx.Response(
        200,
        content=lines(block(0, 0.3, 0.2) | {"run": 1}, block(0, 0.4) | {"run": 0}, END | {"run": 0}),
    )
    answers = (begun, httpx.Response(200, json={}), httpx.Response(200, json=RUN), rest)
    with answering(*answers) as client:
        found = [(id_, records.first) for id_, records in client.follow_all(["a", "b"])]
    assert found == [("b", 0), ("a", 0), ("b", 2)]
    assert asked == [["b@2"]]


def test_a_sweep_that_never_began_is_told():
    """An answer without a line is a broken stream."""
    with answering(httpx.Response(200)) as client, pytest.raises(StreamBrokenError):
        client.sweep({})

"""The client gives records as arrays, follows over interruptions, and says what a server refuses."""

import io

import numpy as np
import pytest
import torch

from optiscope import lr_range_test
from optiscope.client import Client, RequestRefusedError, Stream, StreamBrokenError
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance

pytestmark = pytest.mark.live

CONFIG = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 30}


@pytest.fixture
def client(live_server):
    with Client(live_server) as client:
        yield client


def test_training_gives_every_record(client):
    """The arrays of each record are torch's own."""
    records = list(client.train(CONFIG))
    blocks, _ = advance(RunConfig.model_validate(CONFIG), None, 30)
    assert [record.step for record in records] == list(range(31))
    assert (records[0].grads, records[0].grad_norm, records[0].state) == (None, None, {})
    last = blocks[-1]
    assert records[-1].params["fc1.weight"].tobytes() == last.params["fc1.weight"][-1].tobytes()
    assert (
        records[-1].state["fc2.bias"]["exp_avg"].tobytes() == last.state["fc2.bias"]["exp_avg"][-1].tobytes()
    )
    assert records[-1].lr.tolist() == [0.001]


def test_an_id_that_is_none_leads_nowhere_else(client):
    """What looks like a path is no way to another address of the server."""
    with pytest.raises(RequestRefusedError, match="/api/runs/"):
        client.run("../health")


def test_a_kept_run_from_creation_to_deletion(client):
    """Created, followed, renamed, extended, forked, exported, deleted."""
    run = client.create(CONFIG, name="mine", pinned=True)
    assert [record.step for record in client.follow(run.id)] == list(range(31))
    assert client.rename(run.id, "yours").name == "yours"
    assert not client.pin(run.id, pinned=False).document["pinned"]
    assert client.extend(run.id, 10).steps == 40
    assert [record.step for record in client.follow(run.id, 35)] == list(range(35, 41))
    fork = client.fork(run.id, 20, {"optimizer": {"name": "SGD"}}, restore_optimizer=False)
    assert [record.step for record in client.follow(fork.id)] == list(range(20, 41))
    file = client.checkpoint(run.id, 12)
    assert torch.load(io.BytesIO(file), weights_only=True)["step"] == 12
    again = client.upload(file, name="again")
    mine, theirs = (list(client.follow(id_, 13)) for id_ in (run.id, again.id))
    assert all(
        np.array_equal(a.params[name], b.params[name])
        for a, b in zip(mine, theirs, strict=True)
        for name in a.params
    )
    assert {run.id, fork.id, again.id} <= {found.id for found in client.runs()}
    assert [found.id for found in client.runs("again moons")] == [again.id]
    for id_ in (run.id, fork.id, again.id):
        client.delete(id_)
    with pytest.raises(RequestRefusedError, match="no run"):
        client.run(run.id)


def test_pausing_and_resuming(client):
    """A paused run ends its stream; resumed, it goes on behind the last record."""
    run = client.create(CONFIG | {"steps": 100_000})
    paused = client.pause(run.id)
    assert paused.state == "paused"
    steps = [record.step for record in client.follow(run.id)]
    assert steps == list(range(client.run(run.id).step + 1))
    client.resume(run.id)
    assert next(client.follow(run.id, len(steps))).step == len(steps)
    client.delete(run.id)


def test_what_is_refused_is_said_by_field(client):
    """The message holds the pointer and the sentence of every error."""
    with pytest.raises(RequestRefusedError) as caught:
        list(client.train(CONFIG | {"steps": 0}))
    assert (caught.value.status, caught.value.errors[0]["pointer"]) == (422, "/steps")
    assert "steps must be at least 1, got 0" in str(caught.value)


def test_a_stream_without_an_end_is_broken():
    """It raises instead of looking complete."""
    with pytest.raises(StreamBrokenError):
        list(Stream(iter([{"event": "run_started"}])))


def test_the_catalog(client):
    """What a run can be made of."""
    assert "Adam" in [entry["name"] for entry in client.catalog()["optimizers"]]


SWEEP = {
    "run": CONFIG,
    "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.01, 0.1]}],
    "seeds": [0, 1],
    "exact": True,
}


def test_a_kept_sweep_from_creation_to_deletion(client):
    """Kept, followed by its id, listed, renamed, exported, deleted."""
    plain = client.sweep(SWEEP)
    with client.sweep(SWEEP, keep=True, name="mine") as begun:
        id_ = begun.id
    assert (plain.id, client.kept_sweep(id_).name) == (None, "mine")
    again = client.follow_sweep(id_)
    for name, column in plain.columns.items():
        np.testing.assert_array_equal(again.columns[name], column)
    assert again.summary == plain.summary
    assert again.run(3) == plain.run(3)
    assert client.rename_sweep(id_, "yours").name == "yours"
    assert client.pin_sweep(id_).document["pinned"]
    assert [sweep.id for sweep in client.sweeps("yours")] == [id_]
    assert len(client.export_sweep(id_, "jsonl").splitlines()) == 4
    with pytest.raises(RequestRefusedError, match="not being trained"):
        client.pause_sweep(id_)
    client.delete_sweep(id_)
    with pytest.raises(RequestRefusedError, match="there is no sweep"):
        client.follow_sweep(id_)


def test_a_rate_is_looked_for_on_a_server(client):
    """With the answer that is found here."""
    asked = {"seeds": [0, 1], "between": (0.001, 1.0), "count": 5}
    there, here = client.lr_range_test(CONFIG, **asked), lr_range_test(CONFIG, **asked)
    assert (there.lr, there.between, there.ramp.lr) == (here.lr, here.between, here.ramp.lr)
    np.testing.assert_array_equal(there.ramp.losses, here.ramp.losses)

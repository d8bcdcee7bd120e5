"""A kept run is drawn by its id, a fork from the point where it left its parent."""

import json

import pytest

CONFIG = {
    "problem": {"name": "xor", "samples": 32},
    "model": {"seed": 44},
    "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.05}},
    "steps": 30,
}


async def completed(client, run):
    """The lines of a run, after its end."""
    answer = await client.get(f"/api/runs/{run['id']}/steps?from={run['first']}")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[-1]["reason"] == "completed"
    return lines


@pytest.fixture
async def parent(client):
    """A run that has completed."""
    run = (await client.post("/api/runs", json={"config": CONFIG})).json()
    await completed(client, run)
    return run


async def surface(client, runs, **more):
    answer = await client.post("/api/loss-surface", json={"runs": runs, "resolution": 5} | more)
    return answer.status_code, answer.json()


async def test_a_kept_run_is_drawn_as_its_config_would_be(client, parent):
    """The records in the database are those of training."""
    assert await surface(client, [{"id": parent["id"]}]) == await surface(client, [CONFIG])


async def test_a_fork_leaves_the_path_of_its_parent(client, parent):
    """Its first point is the parent's at that step, in one picture with it."""
    asked = {"step": 10, "changes": {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1}}}}
    fork = (await client.post(f"/api/runs/{parent['id']}/fork", json=asked)).json()
    await completed(client, fork)
    status, drawn = await surface(client, [CONFIG, {"id": fork["id"]}])
    assert status == 200
    whole, branch = drawn["paths"]
    assert len(branch["xy"]) == 21
    assert branch["xy"][0] == pytest.approx(whole["xy"][10])
    assert branch["loss"][0] == whole["loss"][10]


async def test_the_records_of_a_fork_keep_their_steps(client, parent):
    """A plane at step 5 of a fork that begins at step 10 is refused with the steps that there are."""
    fork = (await client.post(f"/api/runs/{parent['id']}/fork", json={"step": 10})).json()
    await completed(client, fork)
    for step, detail in ((5, "step must be at least 10, got 5"), (31, "step must be at most 30, got 31")):
        plane = {"kind": "random", "at": {"run": 0, "step": step}}
        status, problem = await surface(client, [{"id": fork["id"]}], plane=plane)
        assert (status, problem["detail"]) == (422, detail)


async def test_a_run_that_is_gone_is_named(client):
    """No surface is drawn without one of its runs."""
    status, problem = await surface(client, [CONFIG, {"id": "0123456789ab"}])
    assert status == 404
    assert "0123456789ab" in problem["detail"]


async def test_what_a_fork_says_over_its_data_is_its_own(client, parent):
    """The decision boundary at its first step is the parent's there; before it, it is the same."""
    asked = {"step": 10, "changes": {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1}}}}
    fork = (await client.post(f"/api/runs/{parent['id']}/fork", json=asked)).json()
    await completed(client, fork)
    body = {"runs": [CONFIG, {"id": fork["id"]}], "steps": [5, 10, 30], "resolution": 5}
    whole, branch = (await client.post("/api/decision-boundary", json=body)).json()["runs"]
    assert branch["steps"] == [10, 10, 30]
    assert branch["z"][1] == whole["z"][1]
    assert branch["z"][2] != whole["z"][2]


async def test_the_curvature_of_a_kept_run_is_that_of_its_config(client, parent):
    """By its id or by its config the numbers are the same; a fork begins where its parent was left."""
    fork = (await client.post(f"/api/runs/{parent['id']}/fork", json={"step": 10})).json()
    await completed(client, fork)
    body = {"runs": [CONFIG, {"id": parent["id"]}, {"id": fork["id"]}], "every": 5}
    whole, kept, branch = (await client.post("/api/curvature", json=body)).json()["runs"]
    assert kept == whole
    assert branch["steps"] == [10, 15, 20, 25, 30]
    assert branch["eigenvalues"] == whole["eigenvalues"][2:]


async def test_no_curvature_is_computed_of_a_run_that_is_gone(client):
    """404 names it."""
    answer = await client.post("/api/curvature", json={"runs": [{"id": "0123456789ab"}]})
    assert answer.status_code == 404
    assert "0123456789ab" in answer.json()["detail"]


FAILING = CONFIG | {
    "lr_scheduler": {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 8}},
}
"""Torch refuses to step the schedule of step 9."""

LAST_RECORDS = {
    "loss-surface": ({"resolution": 5}, lambda answer: len(answer["paths"][0]["xy"]) - 1),
    "curvature": ({"every": 1}, lambda answer: answer["runs"][0]["steps"][-1]),
    "decision-boundary": ({"resolution": 5}, lambda answer: answer["runs"][0]["steps"][-1]),
}


@pytest.mark.parametrize("view", LAST_RECORDS)
async def test_what_a_run_recorded_before_an_error_is_shown(client, view):
    """Of a config and of a kept run, up to the last record."""
    body, last = LAST_RECORDS[view]
    run = (await client.post("/api/runs", json=FAILING)).json()
    lines = (await client.get(f"/api/runs/{run['id']}/steps")).text.splitlines()
    ended = json.loads(lines[-1])
    assert (ended["code"], ended["params"]["what"]["code"]) == ("failed", "schedule_over")
    for given in (FAILING, {"id": run["id"]}):
        answer = await client.post(f"/api/{view}", json=body | {"runs": [given]})
        assert answer.status_code == 200, answer.text
        assert last(answer.json()) == ended["step"] == 9

"""A sweep over HTTP is the engine's own: every cell is what its run says."""

import asyncio
import json

import numpy as np
import pytest

from optiscope.api.stream_examples import SWEEP, SWEPT
from optiscope.api.sweep_documents import CellsOfMembers, SweepEndedEvent, SweepPlan, SweepStarted
from optiscope.api.sweeps import EXAMPLES
from optiscope.runs.workers.lanes import Kind
from tests.typed_arrays import decoded
from tests.waiting import until_async

PATH = "/api/sweeps"
LR = "/optimizer/hyperparameters/lr"
MODELS = {"sweep_started": SweepStarted, "cells": CellsOfMembers, "sweep_ended": SweepEndedEvent}
BODY = {
    "run": {
        "problem": {"name": "moons", "samples": 16},
        "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1}},
        "steps": 6,
    },
    "axes": [{"path": LR, "from": 0.01, "to": 1e9, "count": 2, "scale": "log"}],
    "optimizers": [{"name": "SGD"}, {"name": "Adam"}],
    "seeds": [0, 7],
    "target": 0.69,
    "exact": True,
}


async def swept(client, body):
    """The first event, all cells as columns in the order of members, and the last event."""
    response = await client.post(PATH, json=body)
    assert response.status_code == 200, response.text
    events = [json.loads(line, parse_constant=pytest.fail) for line in response.text.splitlines()]
    for event in events:
        MODELS[event["event"]].model_validate(event)
    started, *cells, ended = events
    names = [name for name in cells[0] if name != "event"]
    columns = {name: np.concatenate([decoded(one[name]) for one in cells]) for name in names}
    order = np.argsort(columns["members"])
    return started, {name: column[order] for name, column in columns.items()}, ended


async def test_a_cell_is_what_training_its_run_says(client):
    """The last event of /api/train and the cell of the same run have the same numbers."""
    started, cells, ended = await swept(client, BODY)
    assert started["shape"] == [2, 2, 2]
    assert started["axes"] == [{"path": LR, "values": [0.01, 1e9]}]
    assert cells["members"].tolist() == list(range(started["members"]))
    assert (ended["reason"], ended["code"]) == ("completed", "sweep_completed")
    for member in range(8):
        optimizer, rate, seed = np.unravel_index(member, (2, 2, 2))
        run = {
            **BODY["run"],
            "optimizer": BODY["optimizers"][optimizer] | {"hyperparameters": {"lr": [0.01, 1e9][rate]}},
            "model": {"seed": BODY["seeds"][seed]},
        }
        lines = (await client.post("/api/train", json=run)).text.splitlines()
        *steps, end = [json.loads(line) for line in lines[1:]]
        reason = started["reasons"][int(cells["ended"][member])]
        assert (reason, cells["last_step"][member]) == (end["reason"], end["step"])
        assert cells["initial_loss"][member] == steps[0]["loss"]
        assert cells["final_loss"][member] == steps[-1]["loss"]
        np.testing.assert_array_equal(cells["end_loss"][member], float(end["end_loss"]))


async def test_the_summary_is_of_its_cells(client):
    """Both optimizers have the rate at which the median of their seeds ends lowest."""
    _, cells, ended = await swept(client, BODY)
    losses = np.where(cells["ended"] == 0, cells["end_loss"], np.inf).reshape(2, 2, 2)
    for number, entry in enumerate(ended["summary"]):
        medians = np.median(losses[number], axis=-1)
        assert entry["best"]["at"] == [int(medians.argmin())]
        assert entry["best"]["quantiles"][3] == pytest.approx(medians.min())
        assert entry["name"] == BODY["optimizers"][number]["name"]


async def test_a_plan_says_what_the_first_event_would(client):
    """With the seconds that it takes, and without training any of it."""
    planned = (await client.post(f"{PATH}/plan", json=BODY)).json()
    SweepPlan.model_validate(planned)
    started, _, _ = await swept(client, BODY)
    assert started.pop("event") == "sweep_started"
    assert planned["ways"][0].pop("seconds") > 0
    started["ways"][0].pop("seconds")
    assert planned == started


@pytest.mark.parametrize("name", EXAMPLES)
async def test_the_examples_run(client, name):
    """What the documentation offers comes to an end."""
    _, _, ended = await swept(client, EXAMPLES[name] | {"exact": True})
    assert ended["reason"] == "completed"


async def test_the_documented_stream_is_what_is_sent(client):
    """But for the version of torch."""
    text = (await client.post(PATH, json=SWEEP)).text
    sent, shown = ([json.loads(line) for line in lines.splitlines()] for lines in (text, SWEPT))
    sent[0].pop("torch"), shown[0].pop("torch")
    for event in (sent[0], shown[0]):
        event.pop("ways")
    assert sent == shown


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"axes": []}, "/axes"),
        ({"axes": [{"path": "/optimizer/hyperparameters/rate", "values": [1]}]}, "/axes/0/path"),
        ({"axes": [{"path": LR, "values": [0.1, -1]}]}, "/axes/0/values/1"),
        ({"axes": [{"path": "/dtype", "values": ["float64"]}]}, "/axes/0/path"),
        ({"axes": [{"path": LR, "values": [0.1]}, {"path": LR, "values": [0.2]}]}, "/axes/1/path"),
        ({"axes": [{"path": LR, "from": 0.1, "to": 1}]}, "/axes/0"),
        ({"optimizers": [{"name": "SGD"}, {"name": "Adem"}]}, "/optimizers/1/name"),
        ({"run": BODY["run"] | {"steps": 0}}, "/run/steps"),
        ({"seeds": [0, 0]}, "/seeds"),
        ({"seeds": list(range(10_000)), "axes": [{"path": LR, "from": 0, "to": 1, "count": 9999}]}, "/axes"),
    ],
)
async def test_what_cannot_be_swept_is_refused_before_it_starts(client, change, pointer):
    """422 names the field as it stands in the request."""
    response = await client.post(PATH, json=BODY | change)
    assert response.status_code == 422, response.text
    assert pointer in [error["pointer"] for error in response.json()["errors"]]


async def test_closing_the_connection_frees_the_workers(connect, workers):
    """Nothing of a sweep that nobody reads waits for its turn, and its place is free."""
    large = BODY | {"seeds": list(range(500)), "run": BODY["run"] | {"steps": 5000}}
    async with connect() as client:
        request = asyncio.ensure_future(client.post(PATH, json=large))
        await until_async(lambda: workers.waiting_by_kind[Kind.SWEEP] > 0)
        request.cancel()
        await until_async(lambda: workers.waiting_by_kind[Kind.SWEEP] == 0)
        assert (await client.post("/api/train", json=BODY["run"])).status_code == 200

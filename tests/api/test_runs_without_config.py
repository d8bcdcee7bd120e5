"""A run that was not trained here has no config: it is listed, and what needs one is refused in one way."""

import json
import sqlite3

import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance, completed
from optiscope.runs.keeping.codec import encode_blocks
from optiscope.runs.keeping.database import NAME
from optiscope.runs.keeping.store import Piece

ID = "f" * 12
CONFIG = RunConfig.model_validate({"problem": {"name": "xor"}, "optimizer": {"name": "SGD"}, "steps": 3})


@pytest.fixture
async def client(connect, tmp_path):
    """A client of a server that keeps such a run."""
    async with connect() as client:
        file = sqlite3.connect(tmp_path / "data" / NAME, isolation_level=None)
        file.execute(
            "INSERT INTO runs (id, name, source, about, state, detail, created, updated, first, step) "
            "VALUES (?, 'theirs', '{\"program\": \"train.py\"}', 'theirs', 'paused', 'paused', 1, 1, 0, -1)",
            (ID,),
        )
        file.close()
        yield client


async def test_it_is_a_run_like_others_to_look_at(client):
    """Listed, found, renamed, pinned and deleted."""
    (run,) = (await client.get("/api/runs?search=theirs")).json()["runs"]
    assert (run["config"], run["steps"], run["source"]) == (None, None, {"program": "train.py"})
    renamed = await client.patch(f"/api/runs/{ID}", json={"name": "mine", "pinned": True})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "mine")
    assert (await client.get("/api/runs?search=mine")).json()["runs"][0]["id"] == ID
    assert (await client.delete(f"/api/runs/{ID}")).status_code == 204


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"/api/runs/{ID}/extend", {"steps": 5}),
        ("POST", f"/api/runs/{ID}/resume", None),
        ("POST", f"/api/runs/{ID}/pause", None),
        ("POST", f"/api/runs/{ID}/fork", {"step": 0}),
        ("GET", f"/api/runs/{ID}/checkpoints/0", None),
        ("GET", f"/api/runs/{ID}/steps/1/anatomy", None),
        ("POST", "/api/loss-surface", {"runs": [{"id": ID}]}),
        ("POST", "/api/curvature", {"runs": [{"id": ID}]}),
        ("POST", "/api/central-flow", {"run": {"id": ID}}),
        ("POST", "/api/gradient-noise", {"run": {"id": ID}}),
        ("POST", "/api/held-out-loss", {"runs": [{"id": ID}]}),
        ("POST", "/api/decision-boundary", {"runs": [{"id": ID}]}),
    ],
)
async def test_what_needs_a_config_is_refused_by_one_code(client, method, path, body):
    """It is a conflict, with a sentence that says so."""
    answer = await client.request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_config")


async def test_its_records_are_streamed_like_others(client):
    """The stream begins with what is known instead of a config, and names the parameters of its records."""
    store = client.app.state.kept_runs._store
    run = await store.get(ID)
    await store.change(ID, run.version, {"state": "running", "detail": ""})
    blocks = advance(CONFIG, None, 3)[0]
    await store.append(run.serial, Piece(0, 3, encode_blocks(blocks), None, None, completed(3)))
    answer = await client.get(f"/api/runs/{ID}/steps?from=2")
    started, *steps, ended = [json.loads(line) for line in answer.text.splitlines()]
    assert (started["config"], started["source"]) == (None, {"program": "train.py"})
    assert started["parameters"][0] == {"name": "fc1.weight", "shape": [2, 2], "layer": "fc1"}
    assert [step["step"] for step in steps] == [2, 3]
    assert ended["reason"] == "completed"

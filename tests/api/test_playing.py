"""One HTML file that plays runs: what it holds is what the routes answer."""

import base64
import gzip
import json
import re

import pytest

from optiscope.engine.recipe.problems import PROBLEMS

KINDS = {info.kind: name for name, info in PROBLEMS.items() if name != "expression"}
"""The name of a problem of each kind."""

RUN = {
    "problem": {"name": "moons", "samples": 16},
    "model": {"seed": 1},
    "optimizer": {"name": "SGD"},
    "steps": 6,
}
RUNS = [RUN, RUN | {"optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.1}}}]


def recording_of(file):
    """What a file plays."""
    [packed] = re.findall(r'id="part-recording">([^<]*)<', file.decode())
    return json.loads(gzip.decompress(base64.b64decode(packed)))


async def told(client, path, body):
    return (await client.post(f"/api/{path}", json=body)).json()


async def test_a_file_holds_what_the_page_would_be_answered(client):
    """Records, surface, curvature, steps, warnings and code, under the configs as they were asked for."""
    body = {"runs": RUNS, "format": "html", "address": "?v=2&step=3"}
    response = await client.post("/api/export", json=body)
    assert response.headers["content-type"].startswith("text/html")
    assert response.headers["content-disposition"] == 'attachment; filename="runs.html"'
    found = recording_of(response.content)
    assert (found["address"], [run["config"] for run in found["runs"]]) == ("?v=2&step=3", RUNS)
    asked = {"runs": RUNS, "resolution": 101, "encoding": "base64"}
    assert found["surface"] == await told(client, "loss-surface", asked)
    for config, run in zip(RUNS, found["runs"], strict=True):
        events = (await client.post("/api/train", json=config, params={"layout": "columns"})).text
        assert _whole(run["events"]) == _whole(events)
        curvature = await told(client, "curvature", {"runs": [config], "encoding": "base64"})
        assert [run["curvature"]] == curvature["runs"]
        held_out = await told(client, "held-out-loss", {"runs": [config], "encoding": "base64"})
        assert [run["held_out"]] == held_out["runs"]
        assert list(run["anatomies"]) == ["1", "2", "3", "4", "5", "6"]
        assert run["anatomies"]["3"] == await told(client, "anatomy", {"run": config, "step": 3})
        assert run["warnings"] == (await told(client, "lint", config))["warnings"]
        assert run["code"] == (await told(client, "code", config))["code"]
    assert {"/api/catalog/summary", "/languages/en.json", "/languages/zh.json"} < found["documents"].keys()
    adam = (await client.get("/api/catalog/optimizers/Adam")).json()
    assert found["documents"]["/api/catalog/optimizers/Adam"] == adam


def _whole(events):
    """The first and the last event, and how many records there are between."""
    started, *blocks, ended = map(json.loads, events.splitlines())
    return started, sum(block["count"] for block in blocks), ended


@pytest.mark.parametrize("name", KINDS.values(), ids=KINDS)
async def test_a_problem_of_any_kind_plays(client, name):
    """With the surface that the page asks for, as fine."""
    run = {"problem": {"name": name}, "optimizer": {"name": "SGD"}, "steps": 2}
    response = await client.post("/api/export", json={"runs": [run], "format": "html"})
    found = recording_of(response.content)
    assert list(found["runs"][0]["anatomies"]) == ["1", "2"]
    side = 161 if PROBLEMS[name].kind == "function" else 101
    assert found["surface"]["z"]["shape"] == f"{side}, {side}"


async def test_a_kept_run_plays(client):
    """By its id, from whatever it was begun with; beside a config, too."""
    run = (await client.post("/api/runs", json={"config": RUN, "name": "mine"})).json()
    path = f"/api/runs/{run['id']}"
    await client.get(f"{path}/steps")
    response = await client.get(f"{path}/export", params={"format": "html"})
    [found] = recording_of(response.content)["runs"]
    assert found["config"] == (await client.get(path)).json()["config"]
    assert found["anatomies"]["4"] == (await client.get(f"{path}/steps/4/anatomy")).json()
    both = await client.post("/api/export", json={"runs": [{"id": run["id"]}, RUNS[1]], "format": "html"})
    assert len(recording_of(both.content)["runs"]) == 2


async def test_a_file_is_in_the_language_of_its_reader(client):
    """As the request prefers; it holds all of them."""
    body = {"runs": [RUN], "format": "html"}
    response = await client.post("/api/export", json=body, headers={"accept-language": "zh"})
    assert 'lang="zh' in response.text


async def test_too_many_records_are_refused(connect):
    """With how many they are, before anything else is computed."""
    async with connect(max_file_bytes=100) as client:
        response = await client.post("/api/export", json={"runs": [RUN], "format": "html"})
    problem = response.json()
    assert (response.status_code, problem["errors"][0]["code"]) == (422, "one_file_too_large")
    assert problem["errors"][0]["pointer"] == "/runs"

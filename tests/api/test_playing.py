"""One HTML file that plays runs: what it holds is what the routes answer."""

import base64
import gzip
import json
import re

import pytest
import torch

from optiscope import watch
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
    [scene] = found["scenes"]
    assert (found["place"], scene["runs"]) == ("compare", [0, 1])
    assert scene["surface"] == await told(client, "loss-surface", asked)
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


async def test_the_central_flow_plays_where_it_is_looked_at(client):
    """Of every run that there is one of; why there is none of another; and nothing where nobody looks."""
    smooth = [run | {"model": {"seed": 1, "activation": "tanh"}} for run in RUNS]
    body = {"runs": smooth, "format": "html"}
    answer = await client.post("/api/export", json=body | {"address": "?v=2&central_flow=on"})
    found = recording_of(answer.content)["runs"]
    assert found[0]["flow"]["flow"]["steps"]
    assert found[1]["flow"]["no_flow"]
    for config, run in zip(body["runs"], found, strict=True):
        assert run["flow"] == await told(client, "central-flow", {"run": config, "encoding": "base64"})
    answer = await client.post("/api/export", json=body)
    assert all("flow" not in run for run in recording_of(answer.content)["runs"])


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
    assert found["scenes"][0]["surface"]["z"]["shape"] == f"{side}, {side}"


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


async def played(client, **asked):
    """What the file holds that is asked for."""
    response = await client.post("/api/export", json={"format": "html", **asked})
    assert response.status_code == 200, response.text
    return recording_of(response.content)


async def test_a_run_that_freezes_is_recorded_without_that_too(client):
    """As the page asks for it, to be seen beside the run."""
    frozen = RUN | {"freeze": [{"params": ["fc1"]}]}
    [run, other] = (await played(client, runs=[frozen, RUN]))["runs"]
    assert _whole(run["ghost"]) == _whole(other["events"])
    assert "ghost" not in other


async def test_a_lesson_plays(client):
    """Told in every language; each of its pages with its own runs, each run once."""
    found = await played(client, lesson="freezing-fc2")
    [lesson] = found["documents"]["/api/lessons?language=zh"]
    addresses = [step["address"] for step in lesson["steps"]]
    assert (found["place"], [scene["address"] for scene in found["scenes"]]) == ("learn", addresses)
    assert {index for scene in found["scenes"] for index in scene["runs"]} == set(range(len(found["runs"])))
    configs = [json.dumps(run["config"]) for run in found["runs"]]
    assert len(set(configs)) == len(configs)


async def test_a_lesson_of_ones_own_plays(client):
    """With what its pages show, since nobody else knows."""
    step = {"text": "Look.", "address": "?v=2&problem=moons&steps=6&runs=[SGD()]"}
    lesson = {"id": "mine", "title": "Mine", "summary": "One thing.", "steps": [step]}
    found = await played(client, lesson=lesson, pages=[{"runs": RUNS}])
    assert found["documents"]["/api/lessons?language=en"][0]["title"] == "Mine"
    assert [scene["runs"] for scene in found["scenes"]] == [[0, 1]]


LR = {"path": "/optimizer/hyperparameters/lr", "from": 0.01, "to": 1.0, "count": 3, "scale": "log"}
SWEEP = {"run": RUN, "axes": [LR], "optimizers": [{"name": "SGD"}, {"name": "Adam"}], "seeds": [0, 1]}


def cells_of(events):
    """The first event without its times, how many members came, and the summary."""
    started, *cells, ended = map(json.loads, events.splitlines())
    members = sum(int(one["members"]["shape"]) for one in cells)
    return started["shape"], started["runs"], members, ended["reason"], ended["summary"]


async def test_a_map_is_shown(client):
    """With all cells of its sweeps, under what they are asked for; of a kept one the same."""
    kept = await client.post("/api/sweeps", json=SWEEP, params={"keep": "true"})
    id_ = json.loads(kept.text.splitlines()[0])["id"]
    for sweep in (SWEEP, {"id": id_}):
        found = await played(client, sweeps=[{"sweep": sweep}])
        [one] = found["sweeps"]
        assert found["place"] == "tune"
        assert cells_of(one["events"]) == cells_of(kept.text)
        assert (one["body"]["axes"], one["runs"]) == ([LR], [0, 1])
        assert [run["config"]["optimizer"]["name"] for run in found["runs"]] == ["SGD", "Adam"]
        assert [run["events"] for run in found["runs"]] == ["", ""]


async def test_the_paths_over_basins_are_shown(client):
    """Of a test function the runs themselves are recorded; a sweep that judges others is of none."""
    run = {"problem": {"name": "himmelblau"}, "optimizer": {"name": "SGD"}, "steps": 4}
    axes = [{"path": f"/model/start/{side}", "values": [-1, 1]} for side in (0, 1)]
    drawn = [
        {"sweep": {"run": run, "axes": axes}, "runs": [0]},
        {"sweep": {"run": run, "axes": axes[:1]}, "runs": []},
    ]
    found = await played(client, runs=[run], sweeps=drawn, address="?v=2&place=tune&tune=basins")
    assert _whole(found["runs"][0]["events"])[1] == 5
    assert [sweep["runs"] for sweep in found["sweeps"]] == [[0], []]


async def watched(client, path, *, whole=True):
    """The id of a watched run: of all lines of a file, or of one that goes on."""
    lines = path.read_bytes().splitlines(keepends=True)
    headers = {"content-type": "application/jsonl"}
    body = b"".join(lines) if whole else lines[0]
    id_ = (await client.post("/api/runs/import", content=body, headers=headers)).json()["id"]
    if not whole:
        steps = b"".join(lines[1:-1])
        await client.post(f"/api/runs/{id_}/steps", params={"from": 0}, content=steps, headers=headers)
    return id_


@pytest.fixture(scope="module")
def loop(tmp_path_factory):
    """The file of a watched loop of eight steps."""
    path = tmp_path_factory.mktemp("watched") / "loop.optiscope"
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with watch(model, optimizer, to=path) as seen:
        for _ in range(8):
            optimizer.zero_grad()
            loss = model(torch.ones(4, 2)).square().mean()
            loss.backward()
            optimizer.step()
            seen.loss(loss)
    return path


async def test_a_watched_loop_is_shown(client, loop):
    """As the routes answer: in the list, with its records and what an expert would say."""
    id_ = await watched(client, loop)
    response = await client.get(f"/api/runs/{id_}/export", params={"format": "html"})
    found = recording_of(response.content)
    documents = found["documents"]
    document = (await client.get(f"/api/runs/{id_}")).json()
    assert (found["place"], documents["/api/runs"]["runs"]) == ("loops", [document])
    assert documents[f"/api/runs/{id_}"] == document
    assert documents[f"/api/runs/{id_}/report"] == (await client.get(f"/api/runs/{id_}/report")).json()
    steps = (await client.get(f"/api/runs/{id_}/steps", params={"layout": "columns"})).text
    assert _whole(documents[f"/api/runs/{id_}/steps"]) == _whole(steps)


async def test_a_loop_that_goes_on_stands_still_in_a_file(client, loop):
    """Its records end where it was then, so that the page waits for no more."""
    id_ = await watched(client, loop, whole=False)
    documents = (await played(client, runs=[{"id": id_}]))["documents"]
    _, count, ended = _whole(documents[f"/api/runs/{id_}/steps"])
    assert (documents[f"/api/runs/{id_}"]["state"], ended["reason"]) == ("paused", "paused")
    assert (count, ended["code"]) == (9, "one_file_live")


THREE = [
    LR,
    {"path": "/steps", "values": [2, 3]},
    {"path": "/optimizer/hyperparameters/weight_decay", "values": [0]},
]


@pytest.mark.parametrize(
    ("asked", "code", "pointer"),
    [
        ({}, "export_nothing", ""),
        ({"lesson": "freezing-fc2", "format": "csv"}, "export_html_only", ""),
        ({"lesson": "nope"}, "no_lesson", "/lesson"),
        ({"lesson": "freezing-fc2", "pages": [{"runs": RUNS}]}, "lesson_pages", "/pages"),
        ({"sweeps": [{"sweep": SWEEP | {"axes": THREE}}]}, "one_file_axes", "/sweeps/0/sweep/axes"),
        ({"runs": [RUN], "sweeps": [{"sweep": SWEEP}]}, "one_file_sweep_runs", "/sweeps/0/runs"),
        ({"sweeps": [{"sweep": SWEEP, "runs": [0]}]}, "one_file_sweep_runs", "/sweeps/0/runs"),
        ({"sweeps": [{"sweep": SWEEP | {"axes": [LR, LR]}}]}, "axis_twice", "/sweeps/0/sweep/axes/1/path"),
    ],
)
async def test_what_no_file_shows_is_refused(client, asked, code, pointer):
    """Under the pointer of what is wrong."""
    response = await client.post("/api/export", json={"format": "html"} | asked)
    [error] = response.json()["errors"]
    assert (response.status_code, error["code"], error["pointer"]) == (422, code, pointer)


async def test_watched_runs_and_others_are_not_shown_together(client, loop):
    """A page has a place for each kind."""
    id_ = await watched(client, loop)
    response = await client.post("/api/export", json={"format": "html", "runs": [{"id": id_}, RUN]})
    assert response.json()["errors"][0]["code"] == "one_file_watched"

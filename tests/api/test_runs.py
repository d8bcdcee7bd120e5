"""Kept runs, from outside: documents, statuses, streams, files."""

import asyncio
import json

import pytest

from optiscope.api.events import BlockOfSteps, RunEnded, RunStarted, Step
from optiscope.api.run_documents import RunDocument, RunPage
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance
from tests.application import ORIGIN

MODELS = {"run_started": RunStarted, "step": Step, "block": BlockOfSteps, "run_ended": RunEnded}


def moons(steps=40, **changes):
    given = {"problem": {"name": "moons", "samples": 32}, "optimizer": {"name": "Adam"}, "steps": steps}
    return given | changes


async def created(client, config=None, **changes):
    response = await client.post("/api/runs", json={"config": config or moons()} | changes)
    assert response.status_code == 201, response.text
    RunDocument.model_validate(response.json())
    return response.json()


async def stream(client, run, query=""):
    response = await client.get(f"/api/runs/{run['id']}/steps{query}")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/jsonl"
    events = [json.loads(line) for line in response.text.splitlines()]
    for event in events:
        MODELS[event["event"]].model_validate(event)
    return events


async def ended(client, config=None, **changes):
    run = await created(client, config, **changes)
    await stream(client, run)
    return (await client.get(f"/api/runs/{run['id']}")).json()


async def test_a_run_is_created_followed_and_read(client):
    """201 and where it is; then what /api/train would have sent, line for line."""
    response = await client.post("/api/runs", json={"config": moons(), "name": " Mine ", "pinned": True})
    run = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/api/runs/{run['id']}"
    assert response.headers["etag"] == '"1"'
    assert (run["name"], run["pinned"], run["steps"], run["first"]) == ("Mine", True, 40, 0)
    started, *steps, end = await stream(client, run)
    trained = [json.loads(line) for line in (await client.post("/api/train", json=moons())).text.splitlines()]
    assert steps == trained[1:-1]
    assert end == trained[-1]
    assert started == trained[0] | {"id": run["id"]}
    found = (await client.get(response.headers["location"])).json()
    assert (found["state"], found["ended"]["reason"], found["step"]) == ("ended", "completed", 40)
    assert found["config"] == started["config"]
    assert found["result"]["loss"] == steps[-1]["loss"]
    assert found["result"]["end_loss"] == end["end_loss"]


async def test_a_fork_reads_what_its_parent_reads_at_the_same_point(client):
    """The first loss of a fork at the end is the end loss; going on, it is that of the parent's next step."""
    parent = await created(client, moons(batch_size=16))
    end = (await stream(client, parent))[-1]
    asked = {"step": 40, "changes": {"steps": 50}}
    forked = (await client.post(f"/api/runs/{parent['id']}/fork", json=asked)).json()
    assert (await stream(client, forked))[1]["loss"] == end["end_loss"]
    assert "end_loss" not in (parent["result"] or {})


@pytest.mark.parametrize("layout", ["rows", "columns"])
async def test_a_stream_begins_anywhere(client, layout):
    """From a step in the middle, from the last, from behind it."""
    run = await ended(client)
    for since in (0, 1, 17, 40):
        _, *events, end = await stream(client, run, f"?from={since}&layout={layout}")
        steps = [
            step
            for event in events
            for step in (
                [event["step"]]
                if layout == "rows"
                else range(event["first"], event["first"] + event["count"])
            )
        ]
        assert steps == list(range(since, 41))
        assert end["reason"] == "completed"
    response = await client.get(f"/api/runs/{run['id']}/steps?from=42")
    assert response.status_code == 422
    assert "at most 41" in response.json()["detail"]


async def test_several_runs_are_followed_in_one_stream(client):
    """Each event names its run by its place in the query; each run's events are those of its own stream."""
    first, second = await ended(client), await created(client, moons(300, model={"seed": 1}))
    response = await client.get(f"/api/runs/follow?run={first['id']}@17&run={second['id']}&run={first['id']}")
    events = [json.loads(line) for line in response.text.splitlines()]
    for event in events:
        MODELS[event["event"]].model_validate(event)
    for index, (run, query) in enumerate([(first, "&from=17"), (second, ""), (first, "")]):
        own = [{**event} for event in events if event["run"] == index]
        assert all(event.pop("run") == index for event in own)
        assert own == await stream(client, run, f"?layout=columns{query}")
    for query in ("", "run=", "run=a@b", "run=0123", f"run={first['id']}@99", "run=1&" * 9):
        assert (await client.get(f"/api/runs/follow?{query}")).status_code in {404, 422}


@pytest.mark.parametrize("layout", ["rows", "columns"])
async def test_wanted_columns_alone_are_sent(client, layout):
    """Of one run and of several, to each reader its own."""
    run = await ended(client)
    whole = await stream(client, run, f"?layout={layout}")
    answer = await client.get(f"/api/runs/{run['id']}/steps?layout={layout}&record=loss&record=lr")
    some = [json.loads(line) for line in answer.text.splitlines()]
    told = {"event", "step", "first", "count", "loss", "lr"}
    for event, narrow in zip(whole[1:-1], some[1:-1], strict=True):
        assert narrow == {name: value for name, value in event.items() if name in told}
    assert (some[0], some[-1]) == (whole[0], whole[-1])
    _, block, *_ = (await client.get(f"/api/runs/follow?run={run['id']}&record=loss")).text.splitlines()
    assert json.loads(block).keys() == {"event", "run", "first", "count", "loss"}
    assert (await client.get(f"/api/runs/{run['id']}/steps?record=los")).status_code == 422


async def test_commands_and_versions(client):
    """A command for another version gets 409, as does one that does not fit the state."""
    run = await created(client, moons(100_000))
    path = f"/api/runs/{run['id']}"
    paused = await client.post(f"{path}/pause", headers={"If-Match": '"1"'})
    assert (paused.status_code, paused.json()["state"], paused.headers["etag"]) == (200, "paused", '"2"')
    for action, body in (("pause", None), ("resume", None), ("extend", {"steps": 1})):
        stale = await client.post(f"{path}/{action}", json=body, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.headers["content-type"]) == (409, "application/problem+json")
    assert (await client.patch(path, json={"name": "x"}, headers={"If-Match": "1"})).status_code == 409
    assert (await client.delete(path, headers={"If-Match": 'W/"1"'})).status_code == 409
    assert (await client.post(f"{path}/pause")).status_code == 409
    assert (await client.post(f"{path}/resume", headers={"If-Match": "*"})).status_code == 200
    assert (await client.post(f"{path}/resume")).status_code == 409
    assert (await client.post(f"{path}/resume", headers={"If-Match": "abc"})).status_code == 422
    assert (await client.post(f"{path}/pause")).status_code == 200
    end = (await stream(client, run))[-1]
    assert end["reason"] == "paused"


async def test_two_tabs_extend_once(client):
    """Both saw version 1; one of them wins, and no step is there twice."""
    run = await ended(client)
    extend = [
        client.post(f"/api/runs/{run['id']}/extend", json={"steps": 20}, headers={"If-Match": '"1"'})
        for _ in range(4)
    ]
    statuses = sorted(response.status_code for response in await asyncio.gather(*extend))
    assert statuses == [200, 409, 409, 409]
    _, *steps, _ = await stream(client, run)
    assert [step["step"] for step in steps] == list(range(61))


async def test_a_fork_tells_where_it_comes_from(client):
    """201, its own first step, its parent, and what it could not take over."""
    run = await ended(client)
    body = {
        "step": 30,
        "changes": {"optimizer": {"name": "SGD"}, "steps": 50},
        "restore": {"lr_scheduler": False},
    }
    response = await client.post(f"/api/runs/{run['id']}/fork", json=body)
    fork = response.json()
    assert (response.status_code, response.headers["location"]) == (201, f"/api/runs/{fork['id']}")
    RunDocument.model_validate(fork)
    assert fork["origin"]["run"] == run["id"]
    assert fork["origin"]["changes"] == body["changes"]
    assert fork["origin"]["restore"] == {"optimizer": True, "lr_scheduler": False}
    assert "empty state" in fork["origin"]["notes"][0]
    assert fork["origin"]["notices"][0]["code"] == "state_anew"
    _, *steps, _ = await stream(client, fork)
    assert [step["step"] for step in steps] == list(range(30, 51))
    assert steps[0]["grads"] is None
    bad = await client.post(f"/api/runs/{run['id']}/fork", json={"step": 41})
    assert bad.json()["errors"][0]["pointer"] == "/step"


async def test_the_lesson_of_a_partial_restore(client):
    """Without the optimizer's state the next step is another one; with it, it is the same."""
    config = moons(60, optimizer={"name": "SGD", "hyperparameters": {"lr": 0.1, "momentum": 0.9}})
    run = await ended(client, config)
    _, *parent, _ = await stream(client, run)
    for optimizer in (True, False):
        body = {"step": 30, "restore": {"optimizer": optimizer}}
        fork = (await client.post(f"/api/runs/{run['id']}/fork", json=body)).json()
        _, *steps, _ = await stream(client, fork)
        assert steps[0]["params"] == parent[30]["params"]
        assert (steps[1]["params"] == parent[31]["params"]) is optimizer
        assert steps[1]["grads"] == parent[31]["grads"]


async def test_a_step_is_taken_apart(client):
    """Its phases hold the numbers of its record; the first record is no step."""
    clip = {"name": "clip_grad_norm_", "max_norm": 0.05}
    run = await ended(client, moons(40, clip_grad=clip, freeze=[{"params": ["fc2"]}]))
    _, *steps, _ = await stream(client, run)
    found = (await client.get(f"/api/runs/{run['id']}/steps/25/anatomy")).json()
    assert (found["step"], found["frozen"]) == (25, ["fc2.weight", "fc2.bias"])
    phases = {phase["phase"]: phase for phase in found["phases"]}
    assert list(phases) == ["zero_grad", "forward", "loss", "backward", "clip", "optimizer_step"]
    assert phases["loss"]["loss"] == steps[25]["loss"]
    assert phases["backward"]["grad_norm"] == steps[25]["grad_norm"]
    assert phases["backward"]["grads"]["fc2.weight"] is None
    assert phases["clip"]["grads"] == steps[25]["grads"]
    for field in ("lr", "momentum", "params", "state"):
        assert phases["optimizer_step"][field] == steps[25][field]
    for step in (0, 41):
        refused = await client.get(f"/api/runs/{run['id']}/steps/{step}/anatomy")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/step")
        assert f"between 1 and 40, got {step}" in refused.json()["detail"]


async def test_a_step_that_ended_a_run_is_taken_apart(client):
    """Which line raised the error is seen in it, with what the run said of it."""
    schedule = {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 5}}
    optimizer = {"name": "SGD", "hyperparameters": {"lr": 0.1, "momentum": 0.9}}
    run = await ended(client, moons(9, optimizer=optimizer, lr_scheduler=schedule))
    _, *steps, end = await stream(client, run)
    *_, stepped, last = (await client.get(f"/api/runs/{run['id']}/steps/6/anatomy")).json()["phases"]
    assert stepped["momentum"] == steps[6]["momentum"]
    assert last["phase"] == "scheduler_step"
    assert last["failed"] == {key: end[key] for key in ("detail", "code", "params")}


async def test_a_config_alone_is_a_run(client):
    """The body of /api/train creates a run as it is."""
    response = await client.post("/api/runs", json=moons(steps=3))
    assert response.status_code == 201
    _, *steps, _ = await stream(client, response.json())
    assert [event["step"] for event in steps] == [0, 1, 2, 3]


async def test_the_head_of_a_stream_does_not_wait_for_its_end(client):
    """HEAD of a run that is still trained answers at once, without a body."""
    run = await created(client, moons(steps=20_000))
    head = await client.head(f"/api/runs/{run['id']}/steps")
    assert (head.status_code, head.headers["content-type"], head.content) == (200, "application/jsonl", b"")
    assert (await client.get(f"/api/runs/{run['id']}")).json()["state"] == "running"
    assert (await client.delete(f"/api/runs/{run['id']}")).status_code == 204


async def test_the_list_is_searched_and_paged(client):
    """Newest first, by words, by state, a page at a time."""
    for name in ("one", "two", "three 100%"):
        await ended(client, moons(3), name=name)
    page = (await client.get("/api/runs?limit=2")).json()
    RunPage.model_validate(page)
    assert [run["name"] for run in page["runs"]] == ["three 100%", "two"]
    rest = (await client.get(f"/api/runs?limit=2&before={page['next']}")).json()
    assert ([run["name"] for run in rest["runs"]], rest["next"]) == (["one"], None)
    found = (await client.get("/api/runs", params={"search": "100% MOONS"})).json()
    assert [run["name"] for run in found["runs"]] == ["three 100%"]
    assert (await client.get("/api/runs?state=running")).json()["runs"] == []
    assert page["kept"]["runs"] == 3
    for query in (
        "limit=0",
        "limit=201",
        "before=-1",
        "before=99999999999999999999",
        "state=odd",
        "search=" + "x" * 201,
    ):
        assert (await client.get(f"/api/runs?{query}")).status_code == 422


async def test_renaming_pinning_and_deleting(client):
    """Each makes a version; what is deleted is gone."""
    run = await ended(client)
    path = f"/api/runs/{run['id']}"
    response = await client.patch(path, json={"name": "<b>名前</b>", "pinned": True})
    assert (response.json()["name"], response.json()["pinned"], response.json()["version"]) == (
        "<b>名前</b>",
        True,
        2,
    )
    for body in (
        {"name": ""},
        {"name": " "},
        {"name": "a\nb"},
        {"name": "x" * 201},
        {"pinned": 1},
        {"state": "x"},
    ):
        assert (await client.patch(path, json=body)).status_code == 422
    assert (await client.delete(path)).status_code == 204
    for method, rest in (
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/steps"),
        ("GET", "/checkpoints/1"),
        ("GET", "/steps/1/anatomy"),
        ("POST", "/pause"),
    ):
        response = await client.request(method, path + rest)
        assert (response.status_code, response.json()["title"]) == (404, "Not Found")


async def test_config_errors_point_into_the_request(client):
    """The field of the body, not of the config alone."""
    bad = moons(optimizer={"name": "Adam", "hyperparameters": {"lr": -1}})
    response = await client.post("/api/runs", json={"config": bad})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/config/optimizer/hyperparameters/lr"
    run = await ended(client)
    response = await client.post(f"/api/runs/{run['id']}/extend", json={"steps": 10**6})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/steps")


async def test_too_many_runs_and_followers_get_429(connect):
    """With when to come back; and the server is alive."""
    async with connect(max_active_runs=1, max_followers=1) as client:
        run = await created(client, moons(100_000))
        refused = await client.post("/api/runs", json={"config": moons()})
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "2")
        with client.app.state.followers.take("another"):
            assert (await client.get(f"/api/runs/{run['id']}/steps")).status_code == 429
        assert (await client.get("/api/health")).status_code == 200


async def test_without_a_database_the_server_is_alive(connect, tmp_path):
    """Runs get 503 with the reason; what keeps nothing works."""
    (tmp_path / "data").touch()
    async with connect() as client:
        response = await client.get("/api/runs")
        assert (response.status_code, response.headers["content-type"]) == (503, "application/problem+json")
        assert "data directory" in response.json()["detail"]
        assert (await client.post("/api/runs", json={"config": moons()})).status_code == 503
        assert (await client.post("/api/train", json=moons(3))).status_code == 200
        health = (await client.get("/api/health")).json()
        assert (health["status"], "data directory" in health["storage"]) == ("ok", True)


async def test_a_full_disk_is_507(client):
    """In plain words, for whatever would have to be kept."""
    run = await ended(client)
    database = client.app.state.kept_runs.database
    pages = await database.write(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    await database.write(lambda db: db.execute(f"PRAGMA max_page_count = {pages}").fetchone()[0])
    responses = [
        await client.post("/api/runs", json={"config": moons(), "name": "x" * 200}) for _ in range(60)
    ]
    full = next(response for response in responses if response.status_code == 507)
    assert "space" in full.json()["detail"]
    health = await client.get("/api/health")
    assert (health.status_code, health.json()["storage_code"]) == (200, "storage_full")
    assert health.json()["runs"]["ended"] >= 1
    assert (await stream(client, run))[-1]["reason"] == "completed"


async def test_records_are_those_of_the_engine_after_all(client):
    """Columns of a kept run hold torch's own bytes."""
    run = await ended(client)
    _, *events, _ = await stream(client, run, "?layout=columns")
    blocks, _ = advance(RunConfig.model_validate(moons()), None, 40)
    assert [event["first"] for event in events] == [*{block.first: 0 for block in blocks}] or len(
        events
    ) >= len(blocks)
    assert sum(event["count"] for event in events) == 41


async def test_a_page_of_another_site_commands_nothing(client):
    """Every unsafe route is behind the same guard; this one for the record."""
    run = await ended(client)
    response = await client.delete(f"/api/runs/{run['id']}", headers={"origin": "https://evil.com"})
    assert response.status_code == 403
    assert (await client.get(f"/api/runs/{run['id']}", headers={"origin": ORIGIN})).status_code == 200


PATHS = ["..%2f..%2fetc%2fpasswd", "%00", "'; DROP TABLE runs; --", "x" * 65, "名前", "%ff", "1 OR 1=1"]


@pytest.mark.parametrize("name", PATHS)
async def test_an_id_is_only_ever_looked_up(client, name):
    """Whatever stands in its place, it is not there."""
    for method, rest in (
        ("GET", ""),
        ("GET", "/steps"),
        ("POST", "/resume"),
        ("DELETE", ""),
        ("GET", "/checkpoints/0"),
        ("GET", "/steps/1/anatomy"),
    ):
        response = await client.request(method, f"/api/runs/{name}{rest}")
        assert response.status_code in {404, 405, 422}


RAW = [
    b"",
    b"null",
    b"[]",
    b"{",
    b'{"step":NaN}',
    b'{"step":1e400}',
    b'{"step":' + b"9" * 5000 + b"}",
    b'{"step":3,"changes":{"steps":' + b"9" * 5000 + b"}}",
    b'{"step":3,"changes":{"optimizer":{"hyperparameters":{"lr":NaN}}}}',
    b'{"step":3,"changes":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}",
    b'{"step":3,"changes":' + b'{"a":' * 150 + b"1" + b"}" * 150 + b"}",
    b'{"step":3,"changes":{"optimizer":null}}',
    b'{"step":3,"changes":{"\\ud800":1}}',
    b'{"step":3,"changes":[]}',
    b'{"step":3,"restore":{"optimizer":1}}',
    b'{"steps":1e400}',
    b'{"config":null}',
    '{"name":"ö"}'.encode("utf-16"),
]


@pytest.mark.parametrize("content", RAW)
async def test_no_bytes_break_a_command(client, content):
    """Every body that is none is refused with 422 and in words."""
    run = await ended(client, moons(5))
    json_type = {"content-type": "application/json"}
    for method, rest in (("POST", "/fork"), ("POST", "/extend"), ("PATCH", "")):
        response = await client.request(
            method, f"/api/runs/{run['id']}{rest}", content=content, headers=json_type
        )
        assert response.status_code == 422 or (method, content) == ("PATCH", b"{}")
    assert (await client.post("/api/runs", content=content, headers=json_type)).status_code == 422

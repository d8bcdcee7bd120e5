"""Watched runs on the wire: as a file, live, replayed; and what a stranger sends is looked at."""

import asyncio
import json
import math

import numpy as np
import pytest

from optiscope.watching.events import OPTIONAL
from tests.watching.recorded import trained
from tests.watching.test_tensorboard import event_file, scalar

LINES = {"content-type": "application/jsonl"}
DEEP = b"[" * 400 + b"]" * 400


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    """The lines of a watched run: its beginning, records 0 to 6, its end."""
    path = tmp_path_factory.mktemp("watched") / "run.optiscope"
    trained(path)
    return path.read_bytes().splitlines(keepends=True)


async def sent(client, body, path="/api/runs/import"):
    """An answer to some lines."""
    return await client.post(path, content=b"".join(body), headers=LINES)


async def replayed(client, id_, query=""):
    """The events of a run."""
    answer = await client.get(f"/api/runs/{id_}/steps{query}")
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_a_file_is_kept_and_replayed_as_it_was_sent(connect, lines):
    """The same blocks come back, behind the same beginning; it is a run without a config that has ended."""
    async with connect() as client:
        answer = await sent(client, lines)
        run = answer.json()
        assert (answer.status_code, run["state"], run["config"], run["step"]) == (201, "ended", None, 6)
        assert (run["ended"]["reason"], run["name"]) == ("completed", "Adam on Sequential")
        assert run["source"]["model"] == "Sequential"
        assert "started" not in run["source"]
        assert run["whole"] == sum(math.prod(one["shape"]) for one in json.loads(lines[0])["parameters"]) > 0
        started, *blocks, ended = await replayed(client, run["id"], "?layout=columns")
        told = json.loads(lines[0])
        assert {key: started[key] for key in told} == told
        assert blocks == [json.loads(line) for line in lines[1:-1]]
        assert (ended["reason"], ended["step"]) == ("completed", 6)
        rows = await replayed(client, run["id"])
        assert [row["step"] for row in rows[1:-1]] == list(range(7))
        assert rows[1]["loss"] is None
        assert rows[2]["loss"] == run["result"]["lowest"]["loss"] or rows[2]["loss"] > 0
        rates = await replayed(client, run["id"], "?record=lr")
        assert [row.keys() for row in rates[1:-1]] == [{"event", "step", "lr"}] * 7
        for column in OPTIONAL:
            assert (await client.get(f"/api/runs/{run['id']}/steps?record={column}")).status_code == 200
        followed = await client.get(f"/api/runs/follow?run={run['id']}")
        assert json.loads(followed.text.partition("\n")[0])["event"] == "run_started"
        again = await client.post(f"/api/runs/{run['id']}/fork", json={"step": 2})
        assert (again.status_code, again.json()["code"]) == (409, "no_config")


async def test_the_same_file_is_one_run_that_is_called_after_it(connect, lines):
    """Byte for byte; a name of its own, or one that is asked for, goes before that of the file."""
    async with connect() as client:
        path = "/api/runs/import?file=mine.optiscope"
        first, again = [await sent(client, lines, path) for _ in range(2)]
        assert (first.status_code, again.status_code) == (201, 200)
        assert (again.json()["id"], again.json()["name"]) == (first.json()["id"], "mine.optiscope")
        named = [lines[0].replace(b'"Adam on Sequential"', b'"Tuesday"'), *lines[1:]]
        assert (await sent(client, named, path)).json()["name"] == "Tuesday"
        asked = await sent(client, lines[:-1], f"{path}&name=Asked")
        assert (asked.status_code, asked.json()["name"]) == (201, "Asked")
        config = {"problem": {"name": "rosenbrock"}, "optimizer": {"name": "SGD"}, "steps": 1}
        ours = (await client.post("/api/runs", json=config)).json()["id"]
        found = (await client.get("/api/runs?watched=true")).json()["runs"]
        assert ours not in {run["id"] for run in found}
        assert {"Asked", "Tuesday", "mine.optiscope"} <= {run["name"] for run in found}
        assert (await replayed(client, first.json()["id"]))[0]["layers"][0]["module"] == "Linear(2, 3)"


async def test_a_live_run_is_begun_once_however_often_it_is_asked_for(connect, lines):
    """A beginning with the same key is the same run, at once or later; another key is another run."""
    async with connect() as client:

        async def begun(key):
            headers = LINES | {"idempotency-key": key}
            return await client.post("/api/runs/import", content=lines[0], headers=headers)

        answers = await asyncio.gather(*(begun("one") for _ in range(4)))
        answers.append(await begun("one"))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
        [id_] = {answer.json()["id"] for answer in answers}
        assert (await begun("two")).json()["id"] != id_
        refused = await begun("with a space")
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/Idempotency-Key")


async def test_a_live_run_grows_and_is_closed(connect, lines):
    """Its beginning alone makes it; blocks follow, those that are kept are skipped, a gap is refused."""
    async with connect() as client:
        run = (await sent(client, lines[:1])).json()
        path = f"/api/runs/{run['id']}/steps?from="
        assert (run["state"], run["step"]) == ("running", -1)
        assert (await sent(client, lines[1:2], f"{path}0")).json()["step"] == 0
        assert (await sent(client, [], f"{path}1")).json()["state"] == "running"
        gap = await sent(client, lines[2:3], f"{path}5")
        assert (gap.status_code, gap.json()["code"]) == (409, "import_gap")
        grown = (await sent(client, lines[1:3], f"{path}0")).json()
        assert (grown["step"], grown["state"]) == (6, "running")
        closed = (await sent(client, lines[3:], f"{path}7")).json()
        assert (closed["state"], closed["ended"]["reason"]) == ("ended", "completed")
        assert len(await replayed(client, run["id"])) == 9
        for program, name in (
            ("train.py", "train.py"),
            ("mine.ipynb", "mine.ipynb"),
            ("python -m mine", "Adam on Sequential"),
            ("python -c", "Adam on Sequential"),
            ("ipykernel_launcher.py", "Adam on Sequential"),
        ):
            begun = json.loads(lines[0])
            begun["source"]["program"] = program
            assert (await sent(client, [json.dumps(begun).encode() + b"\n"])).json()["name"] == name


async def test_silence_ends_a_live_run_and_it_may_go_on(connect, lines):
    """It is stopped, who follows it is told so, and the next request opens it again."""
    async with connect(stall_seconds=0.2) as client:
        run = (await sent(client, lines[:1])).json()
        path = f"/api/runs/{run['id']}/steps?from="
        await sent(client, lines[1:2], f"{path}0")
        async with asyncio.timeout(20):
            *_, ended = await replayed(client, run["id"])
        assert (ended["reason"], ended["code"]) == ("stopped", "watched_silent")
        again = (await sent(client, lines[2:], f"{path}1")).json()
        assert (again["step"], again["ended"]["reason"]) == (6, "completed")


async def test_a_restart_ends_a_live_run_as_stopped(connect, lines):
    """The next server finds it, and it may go on there."""
    async with connect() as client:
        run = (await sent(client, lines[:2][:1])).json()
    async with connect() as client:
        found = (await client.get(f"/api/runs/{run['id']}")).json()
        assert found["ended"]["reason"] == "stopped"
        grown = (await sent(client, lines[1:2], f"/api/runs/{run['id']}/steps?from=0")).json()
        assert (grown["step"], grown["state"]) == (0, "running")


async def test_a_run_by_layer_is_replayed_with_gaps_between_its_blocks(connect, tmp_path):
    """Records at a distance of ten have their steps, also when one follows from between them."""
    trained(tmp_path / "large.optiscope", width=200, steps=25)
    body = (tmp_path / "large.optiscope").read_bytes()
    async with connect() as client:
        run = (await sent(client, [body])).json()
        rows = await replayed(client, run["id"], "?from=3")
        assert [row["step"] for row in rows[1:-1]] == [10, 20]
        assert rows[0]["layers"][0]["name"] == "0"
        assert len(rows[1]["layers"]["grad_norm"]) == 2


async def test_a_live_run_that_grows_too_large_is_thinned(connect, tmp_path, monkeypatch):
    """What is long past loses records, the first and the latest stay, and its size stays within the bound."""
    monkeypatch.setattr("optiscope.watching.recorder.ROWS", 64)
    trained(tmp_path / "long.optiscope", width=20, steps=900)
    body = (tmp_path / "long.optiscope").read_bytes().splitlines(keepends=True)
    async with connect(max_import_bytes=400_000) as client:
        run = (await sent(client, body[:1])).json()
        for line in body[1:-1]:
            run = (await sent(client, [line], f"/api/runs/{run['id']}/steps?from={run['step'] + 1}")).json()
        assert run["bytes"] <= 400_000
        await sent(client, body[-1:], f"/api/runs/{run['id']}/steps?from={run['step'] + 1}")
        steps = [row["step"] for row in (await replayed(client, run["id"]))[1:-1]]
        assert (steps[0], steps[-1]) == (0, 900)
        assert 100 < len(steps) < 900
        assert max(np.diff(steps)) <= 16
        assert steps[-50:] == list(range(851, 901))


def block(**changes):
    """A small block, changed."""
    whole = {
        "event": "block", "first": 0, "count": 1, "loss": array("1"), "lr": array("1, 1"), "momentum": None,
        "grad_norm": None, "params": {"w": array("1, 1")}, "grads": None, "state": {},
    }  # fmt: skip
    return json.dumps({key: value for key, value in (whole | changes).items() if value != "-"}).encode()


def array(shape, dtype="f8", bdata="AAAAAAAAAAA="):
    """A typed array of one number."""
    return {"dtype": dtype, "shape": shape, "bdata": bdata}


STRANGE = {
    "no JSON": (b"{", "/lines/2"),
    "no object": (b"[]", "/lines/2"),
    "deep": (DEEP, "/lines/2"),
    "another event": (b'{"event": "step"}', "/lines/2/event"),
    "a second beginning": (b'{"event": "run_started", "config": null, "source": {}}', "/lines/2"),
    "no loss": (block(loss="-"), "/lines/2/loss"),
    "a number for an array": (block(loss=1), "/lines/2/loss"),
    "an unknown column": (block(noise=array("1")), "/lines/2"),
    "too few bytes": (block(loss=array("3")), "/lines/2/loss"),
    "a huge shape": (block(loss=array("999999999, 999999999")), "/lines/2/loss"),
    "a negative size": (block(loss=array("-1")), "/lines/2/loss"),
    "no base64": (block(loss=array("1", bdata="*")), "/lines/2/loss"),
    "another dtype": (block(loss=array("1", dtype="O")), "/lines/2/loss"),
    "another count": (block(count=2), "/lines/2/loss"),
    "no records": (block(count=0), "/lines/2/count"),
    "a step that is no number": (block(first="0"), "/lines/2/first"),
    "a truth for a number": (block(first=True), "/lines/2/first"),
    "steps beyond all": (block(first=2**53), "/lines/2/count"),
    "rates in one dimension": (block(lr=array("1")), "/lines/2/lr"),
    "params that are no mapping": (block(params=array("1")), "/lines/2/params"),
    "names too deep": (block(state={"a": {"b": {"c": {"d": {}}}}}), "/lines/2/state"),
    "layers in one dimension": (block(layers={"grad_norm": array("1")}), "/lines/2/layers"),
    "another end": (b'{"event": "run_ended", "reason": "paused", "step": 0}', "/lines/2/reason"),
}


@pytest.mark.parametrize("name", STRANGE)
async def test_what_is_no_run_is_refused_with_its_line(client, lines, name):
    """Nothing of it is kept."""
    line, pointer = STRANGE[name]
    answer = await sent(client, [lines[0], line + b"\n"])
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([b""], "no_recording"),
        ([b'{"event": "run_started", "config": {}, "source": {}}\n'], "import_has_config"),
        ([b'{"event": "run_started", "config": null}\n'], "line_wrong"),
    ],
)
async def test_what_does_not_begin_as_a_run_is_refused(client, body, code):
    """In one sentence that says why."""
    answer = await sent(client, body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


async def test_records_go_up(client, lines):
    """A block that begins before the last one ends is refused, and so is what follows the end."""
    for body in ([*lines[:3], lines[1]], [*lines, lines[1]]):
        answer = await sent(client, body)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "import_order")


async def test_a_file_that_breaks_off_is_kept_up_to_its_last_whole_line(client, lines):
    """As of a program that was killed."""
    run = (await sent(client, [*lines[:2], lines[2][:100]])).json()
    assert (run["step"], run["ended"]["reason"]) == (0, "stopped")


async def test_nobody_sends_records_of_a_run_that_is_trained_here(client, lines):
    """It is a conflict; and a body must be declared to be lines."""
    config = {"problem": {"name": "rosenbrock"}, "optimizer": {"name": "SGD"}, "steps": 1}
    run = (await client.post("/api/runs", json=config)).json()
    answer = await sent(client, lines[1:2], f"/api/runs/{run['id']}/steps?from=0")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_watched")
    form = await client.post(
        "/api/runs/import", content=b"".join(lines), headers={"content-type": "text/plain"}
    )
    assert form.status_code == 415


async def test_a_run_larger_than_the_bound_is_refused_before_it_is_read(connect, lines):
    """By its declared length."""
    async with connect(max_import_bytes=1000) as client:
        answer = await sent(client, lines)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_file_of_tensorboard_is_a_run(connect):
    """By the same call, found out by how it begins; one that is damaged is refused."""
    data = event_file(*(scalar(step, "loss", 1 / (step + 1)) for step in range(4)))
    async with connect() as client:
        answer = await sent(client, [data])
        assert (answer.status_code, answer.json()["step"], answer.json()["config"]) == (201, 3, None)
        rows = await replayed(client, answer.json()["id"])
        assert [row["loss"] for row in rows[1:-1]] == [1.0, 0.5, pytest.approx(1 / 3), 0.25]
        answer = await sent(client, [data[:-1] + b"\x00"])
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "event_file_damaged")

"""What is said of a watched run that is kept, and of one whose beginning makes no sense."""

import json

import pytest

from optiscope.engine.core.words import heard
from tests.watching.advised import FLAWED
from tests.watching.loop_lines import Watched

LINES = {"content-type": "application/jsonl"}


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    """A loop whose first layer is cut off: its lines, and what its watch says."""
    path = tmp_path_factory.mktemp("watched") / "run.optiscope"
    watched = Watched(path)
    FLAWED["cut off, by layer"][0](watched)
    watched.seen.close()
    return path.read_bytes().splitlines(keepends=True), watched.seen.report()


async def kept(client, lines):
    """The id of a run that is kept of some lines."""
    answer = await client.post("/api/runs/import", content=b"".join(lines), headers=LINES)
    return answer.json()["id"]


async def test_a_kept_run_is_said_what_its_watch_said(connect, cut):
    """With the step and the layers, and who trains what; of a live one as far as it has come."""
    lines, report = cut
    async with connect() as client:
        id_ = await kept(client, lines)
        document = (await client.get(f"/api/runs/{id_}/report")).json()
        assert document["id"] == id_
        assert [str(heard(found)) for found in document["found"]] == list(map(str, report.found))
        assert {key: document[key] for key in ("step", "records", "every")} == {
            "step": 60,
            "records": 60,
            "every": 1,
        }
        assert document["audit"] == {
            "groups": [
                {"optimizer": "SGD", "tensors": 4, "numel": 601, "lr": 0.1, "weight_decay": 0.0},
            ],
            "frozen": [],
            "unowned": [],
            "twice": [],
        }
        live = await kept(client, lines[:1])
        assert (await client.get(f"/api/runs/{live}/report")).json()["records"] == 0
        await client.post(f"/api/runs/{live}/steps?from=0", content=b"".join(lines[1:2]), headers=LINES)
        assert (await client.get(f"/api/runs/{live}/report")).status_code == 200


async def test_a_run_that_is_trained_here_is_for_the_linter(connect):
    """It has a config; one that is not there is not found."""
    config = {"problem": {"name": "xor"}, "optimizer": {"name": "SGD"}, "steps": 3}
    async with connect() as client:
        id_ = (await client.post("/api/runs", json={"config": config})).json()["id"]
        answer = await client.get(f"/api/runs/{id_}/report")
        assert (answer.status_code, answer.json()["code"]) == (409, "report_of_watched")
        assert (await client.get("/api/runs/77/report")).status_code == 404


@pytest.mark.parametrize(
    "odd",
    [
        {"optimizers": 7},
        {"optimizers": [{"name": 3, "groups": [5]}]},
        {"optimizers": [{"name": "SGD", "groups": [{"lr": "fast"}]}]},
        {"decayed": [{"group": "a"}]},
        {"schedulers": {"a": 1}, "schedules": "x", "frozen": 5},
    ],
)
async def test_what_makes_no_sense_is_answered(connect, cut, odd):
    """Anybody may send anything as the source of a run: it is looked past, or said to be odd."""
    beginning = json.loads(cut[0][0])
    beginning["source"] |= odd
    async with connect() as client:
        id_ = await kept(client, [json.dumps(beginning).encode() + b"\n", *cut[0][1:]])
        answer = await client.get(f"/api/runs/{id_}/report")
        assert answer.status_code in {200, 422}
        assert answer.status_code == 200 or answer.json()["errors"][0]["code"] == "report_impossible"

"""Several runs, trained here, without a server."""

import json

import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance
from tests.commands import optiscope

pytestmark = pytest.mark.live

NAMES = ("SGD", "Adam")


def config(name, **changes):
    return {"problem": {"name": "moons"}, "optimizer": {"name": name}, "steps": 250} | changes


@pytest.fixture
def files(tmp_path):
    paths = [tmp_path / f"{name}.json" for name in NAMES]
    for path in paths:
        path.write_text(json.dumps(config(path.stem)))
    return paths


def losses(events, run):
    return [event["loss"] for event in events if event["event"] == "step" and event["run"] == run]


def test_several_configs_are_one_stream(files):
    """Every line carries the index of its run; each run has its own bits; a table closes it elsewhere."""
    done = optiscope("compare", *files)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["run"] for event in events if event["event"] == "run_started"] == [0, 1]
    assert {event["run"] for event in events if event["event"] == "run_ended"} == {0, 1}
    for run, name in enumerate(NAMES):
        blocks, _ = advance(RunConfig.model_validate(config(name)), None, 250)
        assert losses(events, run) == [value for block in blocks for value in block.loss.tolist()]
    table = done.stderr.splitlines()[-2:]
    assert [row.split()[:4] for row in table] == [
        ["0", "SGD", "moons", "completed"],
        ["1", "Adam", "moons", "completed"],
    ]


def test_a_body_of_the_api_is_the_same(files):
    """``{"runs": […]}``, on standard input."""
    body = json.dumps({"runs": [config(name) for name in NAMES]})
    assert optiscope("compare", "-", text=body).stdout == optiscope("compare", *files).stdout


def test_every_wrong_field_of_any_run_is_named(files):
    """By its pointer in the comparison, with exit status 2, before anything is trained."""
    wrong = json.dumps(config("Adam", steps=0, batch_size=0))
    done = optiscope("compare", files[0], "-", text=wrong)
    assert (done.returncode, done.stdout) == (2, "")
    pointers = {line.partition(": ")[0] for line in done.stderr.splitlines()}
    assert pointers == {"/runs/1/steps", "/runs/1/batch_size"}
    body = json.dumps({"runs": [config("SGD"), config("Adam", steps=0)]})
    assert optiscope("compare", "-", text=body).stderr.startswith("/runs/1/steps: ")


def test_a_file_of_points_is_the_problem_of_each(tmp_path):
    """Of single configs and of a comparison; each keeps its own split."""
    points = tmp_path / "points.csv"
    points.write_bytes("größe,b,art\n1,2,süß\n2,1,sauer\n3,2,süß\n4,1,sauer\n".encode("cp1252"))
    runs = [config(name, steps=2, problem={"name": "points", "seed": 5}) for name in NAMES]
    done = optiscope("compare", "-", "--points", points, "--label", "art", text=json.dumps({"runs": runs}))
    assert "not UTF-8, and was read as Windows-1252" in done.stderr
    events = map(json.loads, done.stdout.splitlines())
    problems = [event["config"]["problem"] for event in events if event["event"] == "run_started"]
    assert [(one["seed"], one["points"]["y"]) for one in problems] == [(5, [1, 0, 1, 0])] * 2

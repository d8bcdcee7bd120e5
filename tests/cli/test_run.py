"""One run, trained here, without a server."""

import json
import subprocess

import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance
from tests.commands import OPTISCOPE, optiscope

pytestmark = pytest.mark.live

CONFIG = {
    "problem": {"name": "moons"},
    "optimizer": {"name": "Adam"},
    "freeze": [{"params": ["fc2"], "from_step": 5}],
    "steps": 12,
}


def test_a_run_is_json_lines_on_standard_output():
    """The stream of /api/train, and nothing else; progress goes to the error stream."""
    done = optiscope("run", "-", text=json.dumps(CONFIG))
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [event["event"] for event in events] == ["run_started", *["step"] * 13, "run_ended"]
    blocks, _ = advance(RunConfig.model_validate(CONFIG), None, 12)
    assert events[-2]["params"]["fc1.weight"] == blocks[-1].params["fc1.weight"][-1].tolist()
    assert "Adam on moons" in done.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (json.dumps(CONFIG | {"steps": 0}), "/steps: steps must be at least 1"),
        ("{", "JSON"),
        ("{}", "/optimizer"),
    ],
)
def test_what_cannot_be_run_is_said_by_field(text, words):
    """With exit status 2, and nothing on standard output."""
    done = optiscope("run", "-", text=text)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_a_file_of_points_is_trained_on(tmp_path):
    """Its problem is the file, split as the config says; a bad cell is named by row and column."""
    points = tmp_path / "points.csv"
    points.write_text("kind,a,b\n" + "".join(f"{'xy'[i % 2]},{i},{-i}\n" for i in range(8)))
    config = CONFIG | {"problem": {"name": "points", "points": {"held_out": 0.5}, "seed": 4}}
    asked = ("run", "-", "--points", points, "--label", "kind")
    started = json.loads(optiscope(*asked, text=json.dumps(config)).stdout.splitlines()[0])
    problem = started["config"]["problem"]
    assert (problem["points"]["held_out"], problem["seed"]) == (0.5, 4)
    assert problem["points"]["y"] == [0, 1] * 4
    points.write_text("kind,a,b\nx,1,2\ny,one,2\n")
    refused = optiscope(*asked, text=json.dumps(config))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "row 3, column a: one is not a number" in refused.stderr


def test_a_reader_who_has_seen_enough(tmp_path):
    """`optiscope run … | head` is no error."""
    path = tmp_path / "config.json"
    path.write_text(json.dumps(CONFIG | {"steps": 3000}))
    with subprocess.Popen(
        [OPTISCOPE, "run", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        _, errors = process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in errors


def test_a_file_that_is_not_there():
    """Said in a sentence."""
    done = optiscope("run", "/nowhere/at/all.json")
    assert done.returncode == 1
    assert "cannot read" in done.stderr

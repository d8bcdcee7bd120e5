"""The command line trains without a server, and lists, shows and exports what a server keeps."""

import csv
import json
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from optiscope.client import Client
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance

pytestmark = pytest.mark.live

OPTISCOPE = Path(sys.executable).with_name("optiscope")
CONFIG = {
    "problem": {"name": "moons"},
    "optimizer": {"name": "Adam"},
    "freeze": [{"params": ["fc2"], "from_step": 5}],
    "steps": 12,
}


def optiscope(*arguments, text=None):
    return subprocess.run([OPTISCOPE, *arguments], input=text, capture_output=True, text=True, check=False)


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


def test_no_server_is_said_so():
    """With what to do about it."""
    done = optiscope("runs", "list", "--server", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "optiscope serve" in done.stderr


@pytest.fixture(scope="module")
def run(live_server):
    with Client(live_server) as client:
        run = client.create(CONFIG, name="for export")
        list(client.follow(run.id))
        yield client.run(run.id)
        client.delete(run.id)


def test_runs_are_listed_and_shown(live_server, run):
    """A table, and all of one as JSON."""
    listed = optiscope("runs", "list", "export", "--server", live_server)
    assert run.id in listed.stdout
    assert "completed" in listed.stdout
    shown = optiscope("runs", "show", run.id, "--server", live_server)
    assert json.loads(shown.stdout)["name"] == "for export"
    assert "no run" in optiscope("runs", "show", "0", "--server", live_server).stderr


def exported(live_server, run, path):
    done = optiscope("runs", "export", run.id, str(path), "--server", live_server)
    assert done.returncode == 0, done.stderr
    return path


def test_csv_reads_back_exactly(live_server, run, tmp_path):
    """A line for each record; empty where a layer was frozen or nothing was there yet."""
    with exported(live_server, run, tmp_path / "run.csv").open() as file:
        rows = list(csv.DictReader(file))
    blocks, _ = advance(RunConfig.model_validate(CONFIG), None, 12)
    assert [int(row["step"]) for row in rows] == list(range(13))
    assert np.float32(rows[-1]["params.fc1.weight[1,0]"]) == blocks[-1].params["fc1.weight"][-1, 1, 0]
    assert rows[0]["grads.fc1.weight[0,0]"] == rows[0]["state.fc1.weight.exp_avg[0,0]"] == ""
    assert rows[-1]["grads.fc2.bias[0]"] == ""
    assert rows[3]["grads.fc2.bias[0]"] != ""


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_arrays_read_back_exactly(live_server, run, tmp_path, suffix):
    """Under their names, NaN where there is none."""
    path = exported(live_server, run, tmp_path / f"run{suffix}")
    found = np.load(path, allow_pickle=False) if suffix == ".npz" else load_file(path)
    blocks, _ = advance(RunConfig.model_validate(CONFIG), None, 12)
    assert found["step"].tolist() == list(range(13))
    assert found["params.fc3.weight"][-1].tobytes() == blocks[-1].params["fc3.weight"][-1].tobytes()
    assert np.isnan(found["grads.fc2.weight"][-1]).all()
    assert found["loss"].dtype == np.float32


def test_parquet_reads_back_exactly(live_server, run, tmp_path):
    """A column for each number, null where there is none; or how to install what it takes."""
    path = tmp_path / "run.parquet"
    done = optiscope("runs", "export", run.id, str(path), "--server", live_server)
    if find_spec("pyarrow") is None:
        assert "optiscope[parquet]" in done.stderr
        return
    table = import_module("pyarrow.parquet").read_table(path).to_pydict()
    assert table["grads.fc2.bias[0]"][0] is None
    assert table["step"] == list(range(13))


def test_another_suffix_is_refused(live_server, run, tmp_path):
    """Naming those that there are."""
    done = optiscope("runs", "export", run.id, str(tmp_path / "run.xlsx"), "--server", live_server)
    assert done.returncode == 1
    assert ".csv" in done.stderr

"""What a server keeps, from the command line: listed, shown, followed, forked, exported, deleted."""

import csv
import json

import numpy as np
import pytest
from pyarrow import parquet
from safetensors.numpy import load_file

from optiscope.client import Client
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance
from tests.commands import optiscope

pytestmark = pytest.mark.live

CONFIG = {
    "problem": {"name": "moons"},
    "optimizer": {"name": "Adam"},
    "freeze": [{"params": ["fc2"], "from_step": 5}],
    "steps": 12,
}


def test_no_server_is_said_so():
    """With what to do about it."""
    done = optiscope("runs", "list", "--url", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "optiscope serve" in done.stderr


def test_the_address_may_stand_in_the_environment(live_server):
    """OPTISCOPE_URL is what --url is."""
    assert optiscope("runs", "list", OPTISCOPE_URL=live_server).returncode == 0
    assert "http://127.0.0.1:9" in optiscope("runs", "list", OPTISCOPE_URL="http://127.0.0.1:9").stderr


@pytest.fixture(scope="module")
def run(live_server):
    with Client(live_server) as client:
        run = client.create(CONFIG, name="for export")
        list(client.follow(run.id))
        yield client.run(run.id)
        client.delete(run.id)


def test_runs_are_listed_and_shown(live_server, run):
    """A table, and all of one as JSON."""
    listed = optiscope("runs", "list", "export", "--url", live_server)
    assert run.id in listed.stdout
    assert "completed" in listed.stdout
    shown = optiscope("runs", "show", run.id, "--url", live_server)
    assert json.loads(shown.stdout)["name"] == "for export"
    assert "no run" in optiscope("runs", "show", "0", "--url", live_server).stderr


def test_records_are_followed_as_json_lines(live_server, run):
    """The lines of /api/runs/{id}/steps from a step on, and how it ended."""
    done = optiscope("runs", "follow", run.id, "--from", "10", "--url", live_server)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event.get("step") for event in events] == [10, 11, 12, 12]
    assert (events[-1]["event"], events[-1]["reason"]) == ("run_ended", "completed")
    blocks, _ = advance(RunConfig.model_validate(CONFIG), None, 12)
    assert events[-2]["params"]["fc1.weight"] == blocks[-1].params["fc1.weight"][-1].tolist()


def test_a_fork_begins_where_the_run_stood(live_server, run):
    """With what is changed, under its name; its id is all that is printed. Asked for, it is deleted."""
    change = json.dumps({"optimizer": {"hyperparameters": {"lr": 0.5}}})
    command = ("runs", "fork", run.id, "--step", "4", "--change", change, "--name", "a fork")
    done = optiscope(*command, "--url", live_server)
    assert done.returncode == 0, done.stderr
    fork = json.loads(optiscope("runs", "show", done.stdout.strip(), "--url", live_server).stdout)
    assert (fork["name"], fork["origin"]["run"], fork["origin"]["step"]) == ("a fork", run.id, 4)
    assert fork["config"]["optimizer"]["hyperparameters"]["lr"] == 0.5
    kept = optiscope("runs", "delete", fork["id"], "--url", live_server, text="n\n")
    assert (kept.returncode, kept.stdout) == (1, "")
    assert "a fork" in kept.stderr
    assert optiscope("runs", "show", fork["id"], "--url", live_server).returncode == 0
    assert optiscope("runs", "delete", fork["id"], "--yes", "--url", live_server).returncode == 0
    assert optiscope("runs", "show", fork["id"], "--url", live_server).returncode == 1


def test_what_a_server_refuses_is_said_by_field(live_server, run):
    """As what is refused here: with exit status 2, a line for each wrong field."""
    change = json.dumps({"steps": 0, "batch_size": 0})
    done = optiscope("runs", "fork", run.id, "--step", "4", "--change", change, "--url", live_server)
    assert (done.returncode, done.stdout) == (2, "")
    pointers = {line.partition(": ")[0] for line in done.stderr.splitlines()}
    assert pointers == {"/changes/steps", "/changes/batch_size"}


def test_runs_are_exported_as_one_page(live_server, run, tmp_path, monkeypatch):
    """By the name of a format, into a file that is named after what it holds."""
    monkeypatch.chdir(tmp_path)
    done = optiscope("runs", "export", run.id, run.id, "--format", "html", "--url", live_server)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "runs.html").read_text().startswith("<!doctype html>")
    refused = optiscope("runs", "export", run.id, "--url", live_server)
    assert "name a file, or a --format" in refused.stderr


def test_several_runs_are_no_table(tmp_path):
    """What holds their files is a zip, and is to be named so."""
    refused = optiscope("runs", "export", "aaaaaaaaaaaa", "bbbbbbbbbbbb", str(tmp_path / "both.csv"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "several runs are a zip of their files: name it so, with --format csv; got 'both.csv'\n"
    )


def exported(live_server, run, path):
    done = optiscope("runs", "export", run.id, str(path), "--url", live_server)
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
    """A column for each number, null where there is none."""
    table = parquet.read_table(exported(live_server, run, tmp_path / "run.parquet")).to_pydict()
    assert table["grads.fc2.bias[0]"][0] is None
    assert table["step"] == list(range(13))


def test_another_suffix_is_refused(live_server, run, tmp_path):
    """Naming those that there are."""
    done = optiscope("runs", "export", run.id, str(tmp_path / "run.xlsx"), "--url", live_server)
    assert done.returncode == 1
    assert ".csv" in done.stderr

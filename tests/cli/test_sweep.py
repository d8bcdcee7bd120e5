"""A sweep from the command line: a table of what is best, and all cells in a file."""

import csv
import json
import math
import signal
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import typer

from optiscope import local, points_from_csv, race, sweep, train
from optiscope.cli import sweep as command
from optiscope.cli.lr_range import lr_range
from optiscope.cli.sweeping import print_race, width
from optiscope.racing import Judged, Race
from tests.commands import OPTISCOPE, optiscope

pytestmark = pytest.mark.live

SWEEP = {
    "run": {"problem": {"name": "moons", "samples": 16}, "optimizer": {"name": "SGD"}, "steps": 20},
    "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.1, 1e9]}],
    "optimizers": [{"name": "SGD"}, {"name": "Adam"}],
    "seeds": [3, 4, 5],
    "target": 0.6,
    "exact": True,
}


def test_a_file_of_points_is_swept_over(tmp_path):
    """In the place of the problem of its run."""
    points = tmp_path / "points.csv"
    points.write_text("a,b,y\n" + "".join(f"{i},{-i},{i % 3}\n" for i in range(8)))
    asked = SWEEP | {"optimizers": [{"name": "SGD"}], "seeds": [1]}
    done = optiscope("sweep", "-", "--points", points, "--output", tmp_path / "c.csv", text=json.dumps(asked))
    assert done.returncode == 0, done.stderr
    cells = list(csv.DictReader((tmp_path / "c.csv").read_text().splitlines()))
    problem = points_from_csv(points)
    config = asked["run"] | {"problem": problem, "model": {"seed": 1}}
    config["optimizer"] = {"name": "SGD", "hyperparameters": {"lr": 0.1}}
    assert float(cells[0]["end_loss"]) == pytest.approx(train(config).ended.end_loss)


def test_here_by_workers_and_by_a_server(live_server, tmp_path):
    """The same table and the same cells, each as the line of its member."""
    found, paths = sweep(SWEEP), [tmp_path / "here.csv", tmp_path / "there.csv"]
    text = json.dumps(SWEEP)
    here = optiscope("sweep", "-", "--workers", "2", "--output", paths[0], text=text)
    there = optiscope("sweep", "-", "--url", live_server, "--output", paths[1], text=text)
    assert (here.returncode, there.returncode) == (0, 0), here.stderr + there.stderr
    assert here.stdout == there.stdout
    head, *rows = here.stdout.splitlines()
    assert head.split()[:3] == ["optimizer", "lr", "median"]
    best = found.summary[1]["best"]
    assert rows[1].split()[:3] == ["Adam", "0.1", f"{best['quantiles'][3]:.4g}"]
    assert "12 members go one by one, less than 1 s (exact was asked for" in here.stderr
    assert "12/12" in here.stderr
    lines, others = (list(csv.DictReader(path.read_text().splitlines())) for path in paths)
    assert lines == others
    assert [line["member"] for line in lines] == [str(i) for i in range(12)]
    last = lines[-1]
    assert (last["optimizer"], last["/optimizer/hyperparameters/lr"], last["seed"]) == (
        "Adam",
        "1000000000.0",
        "5",
    )
    assert [float(line["end_loss"]) for line in lines] == found.columns["end_loss"].ravel().tolist()


def test_a_dry_run_says_how_long_it_takes_and_trains_nothing(live_server):
    """A hundred thousand runs that go one by one are told in minutes, here and by a server, at once."""
    large = SWEEP | {"seeds": list(range(25_000)), "run": SWEEP["run"] | {"steps": 100}}
    for where in ((), ("--url", live_server)):
        found = optiscope("sweep", "-", "--dry-run", *where, text=json.dumps(large))
        assert found.returncode == 0, found.stderr
        head, way = found.stdout.splitlines()
        assert head.startswith("100000 runs (2 x 2 x 25000), about ")
        assert head.endswith(" min")
        assert way.startswith("100000 members go one by one, about ")


def test_a_race_is_judged_on_other_seeds(tmp_path):
    """Below the table of the sweep: what each has on them, and each difference in words."""
    found, path = race(SWEEP, range(10, 16)), tmp_path / "sweep.json"
    path.write_text(json.dumps(SWEEP))
    done = optiscope("sweep", path, "--workers", "1", "--judge-seeds", "10-14,15")
    assert done.returncode == 0, done.stderr
    _, judged = done.stdout.split(
        "each was tuned by 6 runs of 120 steps in all, and is judged on 6 other seeds:"
    )
    head, *rows = judged.strip().splitlines()
    assert head.split()[:4] == ["optimizer", "lr", "tuned", "median"]
    first = found.judged[found.ranking[0]]
    assert rows[0].split()[:4] == ["Adam", "0.1", f"{first.tuned:.4g}", f"{first.median:.4g}"]
    assert rows[-1] == found.differences[0].detail


@pytest.mark.parametrize(
    ("arguments", "changes", "status", "words"),
    [
        ((), {"run": SWEEP["run"] | {"steps": 10**9}}, 2, "/run/steps: steps must be at most 100000"),
        (("--output", "cells.txt"), {}, 1, "must end in one of .csv, .jsonl, .npz, .parquet"),
        (("--output", "/nowhere/at/all.csv"), {}, 1, "cannot write /nowhere/at/all.csv"),
        (("--url", "http://127.0.0.1:9"), {}, 1, "optiscope serve"),
        (("--scheduler", "tcp://127.0.0.1:9"), {}, 2, "--scheduler says who trains, and so do"),
        (("--judge-seeds", "5-9"), {}, 2, "--judge-seeds: seed 5 is one of those tuned on"),
        (("--judge-seeds", "5-9"), {"seeds": 5}, 2, "/seeds: seeds must be a list, got 5"),
    ],
)
def test_what_cannot_be_done_is_said(arguments, changes, status, words):
    """By the field and its bound, or in a sentence, before anything is trained."""
    done = optiscope("sweep", "-", "--workers", "1", *arguments, text=json.dumps(SWEEP | changes))
    assert (done.returncode, done.stdout) == (status, "")
    assert words in done.stderr


def test_a_scheduler_that_is_not_there_is_said():
    """Before anything is trained."""
    done = optiscope("sweep", "-", "--scheduler", "tcp://127.0.0.1:9", text=json.dumps(SWEEP))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("no Dask scheduler can be reached at tcp://127.0.0.1:9: ")


def test_what_the_system_refuses_is_not_told_of_a_file(tmp_path, monkeypatch):
    """Only a file that is written can be one that cannot be written."""

    def refuse(*_, **__):
        raise PermissionError("no more processes")

    path = tmp_path / "sweep.json"
    path.write_text(json.dumps(SWEEP))
    monkeypatch.setattr(local, "sweep", refuse)
    with pytest.raises(PermissionError, match="no more processes"):
        command.sweep(path)


def test_what_is_not_installed_is_said_before_anything_is_trained(tmp_path, monkeypatch, capsys):
    """With the line that installs it."""
    path = tmp_path / "sweep.json"
    path.write_text(json.dumps(SWEEP))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    monkeypatch.setattr(local, "sweep", pytest.fail)
    with pytest.raises(typer.Exit):
        command.sweep(path, output=tmp_path / "cells.parquet")
    assert capsys.readouterr().err == "pyarrow is not installed: pip install pyarrow\n"


def test_an_interrupted_sweep_keeps_what_it_has(tmp_path):
    """The file has the cells that have come, and the last line says how many."""
    path, config = tmp_path / "cells.jsonl", tmp_path / "sweep.json"
    config.write_text(json.dumps(SWEEP | {"seeds": list(range(100_000))}))
    with subprocess.Popen(
        [OPTISCOPE, "sweep", config, "--workers", "1", "--output", path], stderr=subprocess.PIPE, text=True
    ) as process:
        said = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert said.startswith("400000 members go one by one")
    assert (process.returncode, "Traceback" in rest) == (130, False)
    assert f"interrupted: {len(rows)} of 400000 cells have come, kept in {path}" in rest


@pytest.mark.parametrize(
    ("between", "decades", "at_most", "words"),
    [
        ([0.01, 1.0], 2.0, 3.0, "2.0 decades, less than 3.0: 0.01 to 1"),
        ([0.01, 1.0], 2.0, None, "2.0 decades or more: 0.01 to 1"),
        ([0.1, 0.1], 0.0, 0.5, "less than 0.5 decades, the spacing of the grid around 0.1"),
        ([0.1, 0.1], 0.0, None, "0.1 alone, at the end of the grid"),
    ],
)
def test_a_tolerance_is_told_as_finely_as_the_grid_is(between, decades, at_most, words):
    """One good rate is no tolerance of none."""
    assert width({"between": between, "decades": decades, "at_most": at_most}) == words


@pytest.mark.parametrize(
    ("losses", "steps", "median", "told"),
    [
        ([0.1, 0.2], [4.0, math.inf], "0.15", "-  50%"),
        ([0.1, math.inf], [math.inf, math.inf], "diverged", "never  0%"),
        ([0.1, 0.2], [4.0, 8.0], "0.15", "6  100%"),
    ],
)
def test_never_is_told_of_a_target_that_no_seed_gets_to(capsys, losses, steps, median, told):
    """Where half of the seeds get there, steps have no median; an infinite loss is a run that diverged."""
    one = Judged("SGD", {}, {}, 0.1, None, np.array(losses), None, np.array(steps))
    tuning = SimpleNamespace(axes=())
    print_race(Race(tuning=tuning, seeds=(0, 1), runs=1, steps=1, judged=(one,), differences=()))
    row = capsys.readouterr().out.strip().splitlines()[-1].split()
    assert [row[2], *row[-3:-1]] == [median, *told.split()]


def test_what_a_ranking_cannot_say_is_noted(tmp_path):
    """Below the table of a sweep over problems."""
    path = tmp_path / "sweep.json"
    axes = [{"path": "/problem/noise", "values": [0.0, 0.1]}]
    path.write_text(json.dumps(SWEEP | {"axes": axes, "seeds": [0], "optimizers": None}))
    done = optiscope("sweep", path, "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "along /problem/noise the cells are of unlike problems" in done.stderr


def test_a_rate_is_looked_for():
    """A number alone on standard output, and why on the error stream; what has no rate is said so."""
    text = json.dumps(SWEEP["run"])
    found = optiscope("lr-range", "-", "--count", "7", "--seeds", "2", "--workers", "1", text=text)
    assert found.returncode == 0, found.stderr
    assert 1e-5 <= float(found.stdout) <= 10
    assert "14 members go stacked, less than 1 s" in found.stderr
    assert "14/14" in found.stderr
    assert "A ramp of one run" in found.stderr
    none = optiscope(
        "lr-range", "-", "--from", "1e8", "--to", "1e9", "--count", "2", "--seeds", "2", text=text
    )
    assert (none.returncode, none.stdout) == (1, "")
    assert "no rate between" in none.stderr


def test_a_range_that_breaks_off_is_told(tmp_path, monkeypatch, capsys):
    """In a sentence, with how far it came: as when a scheduler is lost."""

    def broken(asked, **_):
        found = sweep(asked)
        found.close()
        return found

    path = tmp_path / "run.json"
    path.write_text(json.dumps(SWEEP["run"]))
    monkeypatch.setattr(local, "sweep", broken)
    with pytest.raises(typer.Exit) as ended:
        lr_range(path, count=2, seeds=2, workers=1)
    assert ended.value.exit_code == 1
    assert "0 of 4 cells have come" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--scheduler", "tcp://127.0.0.1:9"), 1, "tcp://127.0.0.1:9"),
        (("--scheduler", "tcp://127.0.0.1:9", "--workers", "1"), 2, "--scheduler says who trains"),
    ],
)
def test_a_rate_is_looked_for_by_a_scheduler(arguments, code, said):
    """One that is not there is told in a sentence; workers beside it are refused."""
    done = optiscope("lr-range", "-", *arguments, text=json.dumps(SWEEP["run"]))
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr

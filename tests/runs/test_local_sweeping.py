"""A sweep without a server has every member once, here and by workers, and compiles what is worth it."""

import json

import numpy as np
import pytest

from optiscope import plan_sweep, sweep
from optiscope.engine.sweep import compiled, job
from optiscope.engine.sweep.cells import Cells, joined
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.runs import local_sweeping, sweeping
from optiscope.runs.local_sweeping import sweep_here
from optiscope.settings import Settings

ASKED = {
    "run": {"problem": {"name": "moons", "samples": 16}, "optimizer": {"name": "SGD"}, "steps": 20},
    "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.1, 1e9]}],
    "seeds": list(range(9)),
}


def plan_of(**changes):
    return Plan(SweepConfig.model_validate_json(json.dumps(ASKED | changes)))


def swept(plan, options):
    """What is known, all cells in the order of members, and the end."""
    known, *cells, ended = sweep_here(plan, options)
    assert [type(event) for event in cells] == [Cells] * len(cells)
    columns, order = joined(cells).columns(), np.argsort(joined(cells).members)
    return known, {name: column[order] for name, column in columns.items()}, ended


class Lent:
    """The workers of all tests, which outlive the sweep."""

    def __init__(self, pool):
        self.submit = pool.submit
        self.is_shut_down = False

    def workers_for(self, _kind):
        """All of them do all kinds."""
        return 2

    def shutdown(self):
        """What ends the workers of a sweep."""
        self.is_shut_down = True


@pytest.fixture
def lent(warm_pool, monkeypatch):
    pool = Lent(warm_pool)
    monkeypatch.setattr(local_sweeping, "local_pool", lambda _: pool)
    return pool


def test_workers_train_what_this_process_does(lent, tmp_path):
    """Each member once, with the same bits; the summary is of all, and the workers end."""
    plan = plan_of(exact=True)
    (_, here, ended), (_, there, _) = (
        swept(plan, Settings(workers=workers, data_dir=tmp_path)) for workers in (1, 2)
    )
    assert here["members"].tolist() == list(range(18))
    assert (ended.reason, ended.summary[0].best.at) == ("completed", (0,))
    for name, column in here.items():
        assert column.tobytes() == there[name].tobytes()
    assert lent.is_shut_down


@pytest.mark.parametrize(("bound", "is_worth_it"), [(1e9, False), (1, True)])
def test_kernels_are_compiled_first_where_that_saves_time(tmp_path, monkeypatch, bound, is_worth_it):
    """What is small stays stacked, and waits for none."""
    compiled = []

    def compile_kernels(_text, folder):
        compiled.append(folder)
        yield

    monkeypatch.setattr(job, "WORTH_COMPILING", bound)
    monkeypatch.setattr(local_sweeping, "compile_kernels", compile_kernels)
    _, cells, _ = swept(plan_of(), Settings(workers=1, data_dir=tmp_path))
    assert compiled == [str(tmp_path / "kernels")] * is_worth_it
    assert len(cells["members"]) == 18


def test_without_a_folder_for_kernels_it_goes_on(tmp_path, monkeypatch, caplog):
    """Where nothing can be written members stay stacked, and the log says why."""
    monkeypatch.setattr(job, "WORTH_COMPILING", 1)
    no_folder = tmp_path / "file"
    no_folder.touch()
    ([outlook], _), cells, _ = swept(plan_of(), Settings(workers=1, data_dir=no_folder))
    assert not outlook.is_compiled
    assert len(cells["members"]) == 18
    assert "kernels cannot be kept" in caplog.text


def test_leaving_it_ends_the_workers(lent, tmp_path):
    """Whoever closes the iteration waits for nothing."""
    plan = plan_of(exact=True, seeds=list(range(200)))
    events = sweep_here(plan, Settings(workers=2, data_dir=tmp_path))
    next(events), next(events)
    assert not lent.is_shut_down
    events.close()
    assert lent.is_shut_down


def test_without_numba_a_sweep_goes_by_torch_and_says_so(monkeypatch):
    """Every cell comes, those of many members at once among them, and the plan says why no faster."""
    for module in (compiled, job, sweeping):
        monkeypatch.setattr(module, "numba_version", lambda: None)
    axis = {"path": "/optimizer/hyperparameters/lr", "from": 0.001, "to": 1, "count": 64, "scale": "log"}
    run = {"problem": {"name": "xor", "samples": 16}, "optimizer": {"name": "Adam"}, "steps": 20}
    document = {"run": run, "axes": [axis], "seeds": list(range(8))}
    (way,) = plan_sweep(document)["ways"]
    assert (way["way"], way["because"]) == ("stacked", "numba is not installed")
    found = sweep(document)
    assert found.columns["end_loss"].shape == (64, 8)
    assert np.isfinite(found.columns["end_loss"]).all()


def test_a_plan_counts_on_the_kernels_that_are_compiled_first(tmp_path, monkeypatch):
    """What a sweep will compile because it is worth it is said before, and nothing is compiled for that."""
    monkeypatch.setenv("OPTISCOPE_DATA_DIR", str(tmp_path))
    axis = {"path": "/optimizer/hyperparameters/lr", "from": 0.001, "to": 1, "count": 40_000, "scale": "log"}
    run = {"problem": {"name": "xor", "samples": 16}, "optimizer": {"name": "Adam"}, "steps": 20}
    document = {"run": run, "axes": [axis], "seeds": list(range(8))}
    assert [way["way"] for way in plan_sweep(document)["ways"]] == ["compiled"]
    few = document | {"axes": [axis | {"count": 4}]}
    assert [way["way"] for way in plan_sweep(few)["ways"]] == ["stacked"]
    assert not list(tmp_path.rglob("*.done"))

"""What a sweep says of its optimizers is what its cells say."""

import json
import math
import tracemalloc

import numpy as np
import pytest

from optiscope.engine.sweep.cells import Cells
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.summary import QUANTILES, Found, notes_of
from optiscope.runs.sweeping import started
from optiscope.swept import Sweep
from tests.engine.sweep.test_random_cells import STATED

LR = "/optimizer/hyperparameters/lr"
RATES = [0.001, 0.01, 0.1, 1.0, 10.0]


def plan_of(rates, *, seeds=3, **more):
    """One optimizer, or two, over some rates."""
    sweep = {
        "run": {"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}, "steps": 3},
        "axes": [{"path": LR, "values": rates}],
        "seeds": list(range(seeds)),
    }
    return Plan(SweepConfig.model_validate_json(json.dumps(sweep | more)))


def cells_of(losses, members=None, **columns):
    """Cells of these end losses: NaN is one that diverged; every loss was 1 in the beginning."""
    losses = np.asarray(losses, dtype=np.float64).ravel()
    members = np.arange(len(losses)) if members is None else members
    given = {
        "initial_loss": np.ones(len(losses)),
        "final_loss": losses,
        "best_loss": losses,
        "test_loss": losses + 1,
        "steps_to_target": None,
    } | columns
    ended = np.isnan(losses).astype(np.int8)
    return Cells(members=members, end_loss=losses, last_step=3 - ended, ended=ended, end=None, **given)


def summary_of(plan, losses, **columns):
    found = Found(plan)
    found.add(cells_of(losses, **columns))
    return found.summary()


def test_the_best_cell_has_the_least_median_over_seeds():
    """One lucky seed does not make a rate the best, and divergence is infinitely bad."""
    losses = [[0.9, 0.9, 0.9], [0.5, 0.6, 0.7], [0.0, 0.8, 0.9], [0.1, math.nan, math.nan], [math.nan] * 3]
    [entry] = summary_of(plan_of(RATES), losses)
    assert (entry.name, entry.best.at, entry.best.members) == ("SGD", (1,), (3, 4, 5))
    assert entry.best.values == {LR: 0.01}
    assert entry.best.quantiles == pytest.approx(np.quantile([0.5, 0.6, 0.7], QUANTILES))
    assert (entry.best.test_loss, entry.initial_loss) == (1.6, 1.0)
    assert (entry.best.diverged, entry.diverged) == (0, pytest.approx(5 / 15))


def test_quantiles_are_infinite_where_seeds_diverged():
    """Nothing is interpolated towards infinity, and nothing is NaN."""
    [entry] = summary_of(plan_of([0.1], seeds=5), [0.1, 0.2, 0.3, math.nan, math.nan])
    assert entry.best.quantiles == (0.1, pytest.approx(0.14), 0.2, 0.3, math.inf, math.inf, math.inf)
    assert entry.best.diverged == 0.4


@pytest.mark.parametrize(
    ("medians", "between", "decades", "at_most"),
    [
        ([0.9, 0.55, 0.5, 0.54, 0.9], (0.01, 1.0), 2, 4),
        ([0.9, 0.5, 0.56, 0.5, 0.5], (0.01, 0.01), 0, 2),
        ([0.5, 0.5, 0.5, 0.5, 0.5], (0.001, 10.0), 4, None),
        ([0.9, 0.9, 0.9, 0.5, math.nan], (1.0, 1.0), 0, 2),
        ([0.9, 0.9, 0.9, 0.9, 0.5], (10.0, 10.0), 0, None),
    ],
)
def test_the_tolerance_is_unbroken_around_the_best_rate(medians, between, decades, at_most):
    """Of the rates whose median loses at most a tenth of what the best one gained: here up to 0.55."""
    [entry] = summary_of(plan_of(RATES, seeds=1), medians)
    assert entry.tolerance.between == between
    assert entry.tolerance.decades == pytest.approx(decades)
    assert entry.tolerance.at_most == (None if at_most is None else pytest.approx(at_most))
    assert entry.tolerance.bound == pytest.approx(0.55)


def test_the_order_of_the_rates_does_not_matter():
    """The decades around the best rate are the same however the axis is written."""
    order = [3, 0, 4, 1, 2]
    medians = np.array([0.9, 0.55, 0.5, 0.54, 0.9])[order]
    [entry] = summary_of(plan_of([RATES[i] for i in order], seeds=1), medians)
    assert entry.tolerance.between == (0.01, 1.0)


def test_other_axes_stay_where_the_best_cell_is():
    """A rate that is good with another momentum does not count."""
    axes = [
        {"path": "/optimizer/hyperparameters/momentum", "values": [0.0, 0.9]},
        {"path": LR, "values": [0.01, 0.1, 1.0]},
    ]
    plan = plan_of(RATES, seeds=1, axes=axes)
    [entry] = summary_of(plan, [[0.2, 0.2, 0.2], [0.9, 0.1, 0.9]])
    assert (entry.best.at, entry.best.members) == ((1, 1), (4,))
    assert entry.tolerance.between == (0.1, 0.1)


def test_each_optimizer_is_judged_by_its_own_cells():
    """Members of several optimizers come in any order; one that never converged has no best cell."""
    plan = plan_of([0.1, 1.0], seeds=2, optimizers=[{"name": "SGD"}, {"name": "Adam"}])
    losses = np.array([math.nan] * 4 + [0.4, 0.6, 0.3, 0.5])
    found = Found(plan)
    for members in (np.array([5, 0, 7]), np.array([1, 2, 3, 4, 6])):
        assert found.count != plan.members
        found.add(cells_of(losses[members], members))
    assert found.count == plan.members
    sgd, adam = found.summary()
    assert (sgd.name, sgd.best, sgd.tolerance, sgd.diverged) == ("SGD", None, None, 1)
    assert (adam.name, adam.best.at, adam.best.members) == ("Adam", (1,), (6, 7))


def test_several_of_one_name_are_told_apart():
    """By hyperparameters in which they differ, not by one that an axis sets; else by a number."""
    heavy = {"name": "SGD", "hyperparameters": {"momentum": 0.9, "lr": 5.0}}
    plan = plan_of([0.1], seeds=1, optimizers=[heavy, {"name": "SGD"}, {"name": "Adam"}, {"name": "Adam"}])
    names = ("SGD momentum 0.9", "SGD", "Adam #1", "Adam #2")
    assert tuple(entry.name for entry in summary_of(plan, [1.0, 2.0, 3.0, 4.0])) == names
    assert Sweep(started(plan, ()), [0], iter(())).optimizers == names


def test_seeds_of_a_place_may_come_apart():
    """In any order and in any parts: what they come to is the same."""
    rng = np.random.default_rng(0)
    plan = plan_of(RATES, seeds=4, optimizers=[{"name": "SGD"}, {"name": "Adam"}], target=0.5)
    losses = np.where(rng.random(40) < 0.1, math.nan, rng.integers(1, 9, 40) / 8)
    steps = np.where(losses > 0.5, math.nan, losses * 8)
    whole = summary_of(plan, losses, steps_to_target=steps)
    for part in (1, 3, 7):
        found, order = Found(plan), rng.permutation(40)
        for first in range(0, 40, part):
            members = order[first : first + part]
            found.add(
                cells_of(
                    losses[members],
                    members,
                    steps_to_target=steps[members],
                    test_loss=losses[members] + 1,
                )
            )
        assert found.summary() == whole


def test_no_cell_is_kept():
    """Eight bytes of each place are, however many seeds it has."""

    def peak(rates):
        plan = plan_of(np.linspace(0.1, 1, rates).tolist(), seeds=64)
        tracemalloc.start()
        found = Found(plan)
        for first in range(0, plan.members, 4096):
            found.add(cells_of(np.ones(4096), np.arange(first, first + 4096)))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(64)
    assert peak(4096) - peak(64) < 10 * 8 * 4096  # all cells have 50 bytes for each of 64 seeds


def test_steps_to_the_target_count_those_that_never_get_there():
    """They are later than any; without a rate among the axes there is no tolerance."""
    axes = [{"path": "/optimizer/hyperparameters/momentum", "values": [0.0, 0.9]}]
    plan = plan_of(RATES, seeds=3, axes=axes, target=0.5)
    steps = np.array([9, 9, 9, 4, 8, math.nan])
    [entry] = summary_of(plan, [0.9, 0.9, 0.9, 0.1, 0.1, 0.6], steps_to_target=steps)
    assert (entry.best.steps_to_target, entry.best.reached) == (8, pytest.approx(2 / 3))
    assert entry.tolerance is None


def test_an_axis_of_the_problem_is_noted():
    """Its losses are of unlike problems, and the least number is not the best of them."""
    axes = [
        {"path": LR, "values": [0.1, 1.0]},
        {"path": "/problem/name", "values": ["moons", "circles"]},
    ]
    note, _ = notes_of(plan_of(RATES, axes=axes))
    assert note.pointer == "/axes/1/path"
    assert "along /problem/name the cells are of unlike problems" in note.detail


@pytest.mark.parametrize(
    ("dtype", "exact", "noted"), [("float32", False, 1), ("float32", True, 0), ("float64", False, 0)]
)
def test_a_float32_sweep_is_noted_as_an_overview(dtype, exact, noted):
    """With the error that is stated; in float64, and of cells with the bits of their runs, nothing is."""
    run = {"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}, "steps": 3, "dtype": dtype}
    found = notes_of(plan_of(RATES, exact=exact, run=run))
    assert [(note.pointer, note.said.code, note.said.params["bound"]) for note in found] == [
        ("/run/dtype", "cells_of_float32", STATED["float32"])
    ] * noted

"""Positions of a plan: who comes first, and where the points of members begin."""

import json

import numpy as np
import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.sweep.coarse import PLACES, halvings_of
from optiscope.engine.sweep.filled import filled
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.runs.description import describe

LR = "/optimizer/hyperparameters/lr"


def plan_of(axes, problem="moons", **more):
    run = {"problem": {"name": problem}, "optimizer": {"name": "SGD"}, "steps": 5}
    return Plan(SweepConfig.model_validate_json(json.dumps({"run": run, "axes": axes} | more)))


def rates(path, count):
    return {"path": path, "from": 1e-3, "to": 1, "count": count, "scale": "log"}


def test_few_places_are_a_coarse_grid_as_they_are():
    """An axis of no more places than a coarse grid may have is not refined."""
    assert not halvings_of(PLACES).any()
    assert halvings_of(PLACES + 1).tolist() == [0, 1] * (PLACES // 2) + [0]


def test_a_coarse_grid_comes_first():
    """The first positions are few places of both axes, far apart, with all seeds; each member comes once."""
    plan = plan_of([rates(LR, 100), rates("/optimizer/hyperparameters/momentum", 70)], seeds=[0, 1])
    coarse = 4 * 3 * 2
    _, rate, momentum, _ = plan.indices(plan.members_at(0, coarse))
    assert not (rate % 32).any()
    assert not (momentum % 32).any()
    assert sorted(plan.members_at(0, plan.members).tolist()) == list(range(plan.members))


def test_groups_keep_their_positions():
    """What is no number splits the members, and each part has its own coarse grid."""
    plan = plan_of([rates(LR, 40), {"path": "/steps", "values": [3, 4]}])
    assert [(group.first, group.count, group.config.steps) for group in plan.groups] == [
        (0, 40, 3),
        (40, 40, 4),
    ]
    _, rate, steps, _ = plan.indices(plan.members_at(40, 60))
    assert set(rate.tolist()) == set(range(0, 40, 2))
    assert steps.tolist() == [1] * 20


def test_starts_are_those_of_the_runs():
    """Where the points of many members begin is what their runs say, whichever part of it is varied."""
    start = "/model/start"
    few = [0.5, -1.25, 2.0]
    for axes in (
        [{"path": f"{start}/0", "values": few}],
        [{"path": f"{start}/1", "values": few}, {"path": f"{start}/0", "values": [1, 2]}],
        [{"path": start, "values": [[1.0, 2.0], [3.0, 4.0]]}],
    ):
        plan = plan_of(axes, "himmelblau")
        members = np.arange(plan.members)
        asked = [plan.document(member)["model"]["start"] for member in members.tolist()]
        (alike,) = plan.alike(members)
        np.testing.assert_array_equal(alike.members, members)
        np.testing.assert_array_equal(alike.starts, asked)


def test_many_members_of_a_group_come_in_c_order(monkeypatch):
    """An order of their own would take memory for each of them, in every process."""
    sweep = {
        "run": {"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}},
        "axes": [{"path": "/optimizer/hyperparameters/lr", "from": 0.1, "to": 1, "count": 70}],
    }
    config = SweepConfig.model_validate_json(json.dumps(sweep))
    assert Plan(config).members_at(0, 70).tolist() != list(range(70))
    monkeypatch.setattr("optiscope.engine.sweep.plan._ORDERED", 69)
    assert Plan(config).members_at(0, 70).tolist() == list(range(70))


def test_a_written_function_starts_within_its_own_bounds():
    """The document that paths point into has the start of the run, not that of other bounds."""
    problem = {"name": "expression", "expression": "x**2 + y**2", "bounds": [[10, 20], [-1, 1]]}
    config = RunConfig.model_validate_json(json.dumps({"problem": problem, "optimizer": {"name": "SGD"}}))
    start = filled(config)["model"]["start"]
    assert start == list(describe(config).config.model.start) == pytest.approx([12, 0.4])

"""The cells of a sweep beside the runs that they stand for."""

import json

import numpy as np
import pytest

from optiscope.engine.core.parts import whole
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.loop.training import advance
from optiscope.engine.sweep.cells import REASONS, joined
from optiscope.engine.sweep.job import cells_at
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig

LR = "/optimizer/hyperparameters/lr"


def sweep_of(run, axes, **more):
    return SweepConfig.model_validate_json(json.dumps({"run": run, "axes": axes, "exact": True} | more))


def cells_of(sweep, size=5):
    """All cells, block by block, and the plan."""
    plan, text = Plan(sweep), sweep.model_dump_json(by_alias=True)
    ends = [(first, min(first + size, plan.members)) for first in range(0, plan.members, size)]
    return plan, joined([whole(cells_at(text, *block)) for block in ends])


@pytest.mark.parametrize(
    "sweep",
    [
        sweep_of(
            {"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}, "steps": 6, "batch_size": 40},
            [{"path": LR, "values": [0.1, 1e6]}, {"path": "/model/hidden", "values": [[2], [3, 3]]}],
            optimizers=[{"name": "SGD"}, {"name": "Adagrad"}],
            seeds=[0, 3],
            target=0.6,
        ),
        sweep_of(
            {"problem": {"name": "himmelblau"}, "optimizer": {"name": "SGD"}, "steps": 8},
            [{"path": LR, "values": [0.01, 1.0]}, {"path": "/model/start/1", "values": [-2.0, 2.0]}],
        ),
    ],
    ids=["network", "point"],
)
def test_a_cell_is_what_its_run_says(sweep):
    """Every member is there once, and each of its numbers is that of the run it stands for."""
    plan, cells = cells_of(sweep)
    assert sorted(cells.members) == list(range(plan.members))
    for i, member in enumerate(cells.members.tolist()):
        config = plan.config(member)
        blocks, checkpoint = advance(config, None, config.steps)
        losses = np.concatenate([block.loss for block in blocks]).astype(float)
        ended = checkpoint.ended
        assert REASONS[cells.ended[i]] is ended.reason
        assert cells.last_step[i] == ended.step == len(losses) - 1
        assert np.array_equal(cells.initial_loss[i], losses[0])
        assert np.array_equal(cells.final_loss[i], losses[-1], equal_nan=True)
        assert np.array_equal(cells.best_loss[i], np.nanmin(losses))
        assert np.array_equal(cells.end_loss[i], ended.end_loss, equal_nan=True)
        if cells.steps_to_target is not None:
            first = next((k for k, loss in enumerate(losses) if loss <= sweep.target), np.nan)
            assert np.array_equal(cells.steps_to_target[i], first, equal_nan=True)
        if cells.end is not None:
            assert np.array_equal(cells.end[i], blocks[-1].params["xy"][-1], equal_nan=True)
        if cells.test_loss is not None:
            assert np.isnan(cells.test_loss[i]) == np.isnan(ended.end_loss)


def test_members_are_numbered_in_c_order():
    """A member's index goes through optimizers, axes and seeds, the last fastest."""
    run = {"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}, "steps": 1}
    axes = [{"path": "/steps", "values": [1, 2]}, {"path": LR, "values": [0.1, 0.2, 0.3]}]
    plan = Plan(sweep_of(run, axes, optimizers=[{"name": "SGD"}, {"name": "Adam"}], seeds=[5, 6]))
    assert plan.shape == (2, 2, 3, 2)
    config = plan.config(1 * 12 + 0 * 6 + 2 * 2 + 1)
    assert config.optimizer.name == "Adam"
    assert config.optimizer.hyperparameters["lr"] == 0.3
    assert (config.steps, config.model.seed) == (1, 6)


def test_a_member_that_torch_refuses_has_a_cell_that_failed():
    """Values that are right alone and wrong together make a failed cell, not a failed sweep."""
    run = {"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}, "steps": 2}
    axes = [
        {"path": "/optimizer/hyperparameters/nesterov", "values": [False, True]},
        {"path": "/optimizer/hyperparameters/momentum", "values": [0.0, 0.9]},
    ]
    _, cells = cells_of(sweep_of(run, axes))
    order = np.argsort(cells.members)
    assert [REASONS[i] for i in cells.ended[order]] == [
        Reason.COMPLETED,
        Reason.COMPLETED,
        Reason.FAILED,
        Reason.COMPLETED,
    ]

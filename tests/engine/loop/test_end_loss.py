"""The loss at the end of a run is that of a plain forward pass there, as its next step would record it."""

import math
import pickle
from dataclasses import replace

import numpy as np
import pytest
import torch

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.checkpoint import Checkpoint, Ended, Reason
from optiscope.engine.loop.forking import Restore, fork
from optiscope.engine.loop.lockstep import advance_together
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.optimizers import OPTIMIZERS, OptimizerInfo
from optiscope.engine.recipe.problems import build_problem
from optiscope.engine.recipe.problems.datasets import DatasetProblem
from tests.engine import recipes
from tests.engine.loop.test_training import Stumbling
from tests.engine.recorded import run_config, whole

STEPS = 7

RECIPES = {
    **{
        name: {"optimizer": recipes.optimizer_config(name)}
        for name in ("SGD", "Adam", "LBFGS", "Muon", "ASGD")
    },
    "a function": {"problem": {"name": "rosenbrock"}, "model": {"start": [-1.5, 2.0]}},
    "a wider network": {
        "problem": {"name": "moons", "samples": 50},
        "model": {"seed": 3, "hidden": [8, 8], "activation": "tanh"},
    },
    "in float64": {"dtype": "float64"},
    "half of it frozen": {"freeze": [{"params": ["fc1", "fc3"], "from_step": 4}]},
    "clipped": {"clip_grad": {"name": "clip_grad_norm_", "max_norm": 0.1}},
    "on a schedule": {"lr_scheduler": {"name": "StepLR", "hyperparameters": {"step_size": 3}}},
}


FAR = {"name": "SGD", "hyperparameters": {"lr": 1e9}}


def blank(**changes):
    return run_config(**{"steps": STEPS} | changes)


def by_hand(config, checkpoint):
    """The loss of all training samples at the last parameters, of a model made for it alone."""
    dtype = torch.float32 if config.dtype == "float32" else torch.float64
    problem = build_problem(config.problem, dtype)
    model = build_model(problem, config.model, dtype)
    model.load_state_dict(checkpoint.model)
    return problem.loss(model).item()


@pytest.mark.parametrize("recipe", RECIPES)
def test_it_is_what_the_next_step_records(recipe):
    """Bit for bit: the loss here, after the last step, is the loss of the step after it, before it."""
    config = blank(**RECIPES[recipe])
    _, reached = whole(config)
    longer, _ = whole(config.model_copy(update={"steps": STEPS + 1}))
    assert reached.ended.end_loss == longer[-1].loss[-1].item()
    assert reached.ended.end_loss == by_hand(config, reached)


def test_in_low_precision_it_is_what_the_next_step_records_too():
    """It is computed under the loop's own autocast, as every other loss of the run."""
    config = blank(loop={"autocast": "bfloat16"})
    _, reached = whole(config)
    longer, _ = whole(config.model_copy(update={"steps": STEPS + 1}))
    assert reached.ended.end_loss == longer[-1].loss[-1].item()
    assert reached.ended.end_loss != by_hand(config, reached)


def test_of_minibatches_it_is_of_all_samples():
    """What the last step recorded is of its batch; the end is measured on everything."""
    config = blank(problem={"name": "moons", "samples": 50}, batch_size=8)
    blocks, reached = whole(config)
    assert reached.ended.end_loss == by_hand(config, reached)
    assert reached.ended.end_loss != blocks[-1].loss[-1]


@pytest.mark.parametrize("size", [1, 3])
def test_chunks_have_it_at_their_end_alone(size):
    """A chunk that the run goes on from has none, and costs no forward pass more."""
    config, checkpoint, ends = blank(), None, []
    for _ in range(math.ceil(STEPS / size)):
        _, checkpoint = advance(config, checkpoint, size)
        ends.append(checkpoint.ended)
    assert ends[:-1] == [None] * (len(ends) - 1)
    assert ends[-1] == whole(config)[1].ended


def test_it_costs_one_forward_pass(monkeypatch):
    """A run of n steps passes forward n + 2 times: at the start, in each step, and at its end."""
    passes = []
    loss = DatasetProblem.loss
    monkeypatch.setattr(DatasetProblem, "loss", lambda *given: passes.append(1) or loss(*given))
    whole(blank())
    assert len(passes) == STEPS + 2


def test_after_divergence_it_is_nan():
    """Whether the loss or a parameter went first; the records are as before."""
    config = blank(
        problem={"name": "himmelblau"}, model={}, optimizer={"name": "SGD", "hyperparameters": {"lr": 1e9}}
    )
    _, reached = whole(config)
    assert reached.ended.reason is Reason.DIVERGED
    assert math.isnan(reached.ended.end_loss)


def test_of_a_run_that_failed_it_is_at_the_last_record(monkeypatch):
    """Not at what the step that failed left half done."""
    info = OptimizerInfo("Stumbling", Stumbling, "", (), {}, "", "", source=__name__)
    monkeypatch.setitem(OPTIMIZERS._entries, info.name, info)
    config = blank(optimizer={"name": "Stumbling"})
    _, reached = whole(config)
    assert reached.ended.reason is Reason.FAILED
    assert reached.ended.end_loss == by_hand(config, reached)


def test_a_loss_that_cannot_be_computed_is_none(monkeypatch):
    """A problem of another package may raise at a point: the run has ended as it had."""
    config, seen = blank(), []
    loss = DatasetProblem.loss

    def brittle(*given):
        seen.append(1)
        if len(seen) == STEPS + 2:
            raise ArithmeticError("not here")
        return loss(*given)

    monkeypatch.setattr(DatasetProblem, "loss", brittle)
    ended = whole(config)[1].ended
    assert (ended.reason, ended.end_loss) == (Reason.COMPLETED, None)


def test_runs_in_lockstep_have_that_of_each():
    """Shared passes give the same bits at the end, too, and NaN to the one that diverges."""
    configs = [
        RunConfig.model_validate(
            {
                "problem": {"name": "himmelblau"},
                "optimizer": {"name": "SGD", "hyperparameters": {"lr": lr}},
                "steps": 20,
            }
        )
        for lr in (0.01, 0.001, 1e9)
    ]
    ends = [reached.ended.end_loss for _, reached in advance_together(configs)]
    np.testing.assert_array_equal(ends, [whole(config)[1].ended.end_loss for config in configs])
    assert math.isnan(ends[2])


def test_a_fork_begins_with_the_loss_that_its_parent_has_there():
    """At the same point both say the same: the first record of a fork is the loss here, after the step."""
    config = blank(batch_size=1)
    stopped = config.model_copy(update={"steps": 4})
    _, there = whole(stopped)
    begun = fork(config, advance(config, None, 4)[1], config, Restore())
    assert begun.blocks[0].loss[0].item() == there.ended.end_loss


@pytest.mark.parametrize("loss", [0.25, math.nan, math.inf, None])
def test_it_travels_with_the_end(loss):
    """Between processes and into files, also where it is no number, or not there."""
    _, reached = whole(blank())
    ended = Ended(Reason.COMPLETED, STEPS, reached.ended.said, loss)
    given = replace(reached, ended=ended)
    pickled = pickle.loads(pickle.dumps(given))  # noqa: S301 - written here
    for back in (pickled, Checkpoint.from_bytes(given.to_bytes())):
        assert repr(back.ended.end_loss) == repr(loss)

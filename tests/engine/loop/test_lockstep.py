"""Runs that share a job have the bits of runs alone, and of the plain loop."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop import private_torch
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.loop.lockstep import advance_together
from optiscope.engine.loop.private_torch import PRIVATE
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.problems.functions import FUNCTIONS, FunctionProblem
from tests.engine import recipes
from tests.engine.recorded import assert_same_blocks, bits, run_config, whole
from tests.engine.ways import public_torch

STEPS = 12
POINTS = [name for name in recipes.OPTIMIZERS if recipes.name_of(name) != "Muon"]
NAMED = {info.name: info for info in FUNCTIONS}


def on(name, recipe="Adam", **changes):
    """A run on a function."""
    given = {"problem": {"name": name}, "optimizer": recipes.optimizer_config(recipe), "steps": STEPS}
    return RunConfig.model_validate(given | changes)


def assert_same_run(found, config):
    """Records, end and checkpoint are those of the run alone."""
    (blocks, reached), (expected, alone) = found, whole(config)
    assert_same_blocks(blocks, expected)
    assert reached.ended == alone.ended
    assert reached.to_bytes() == alone.to_bytes()


def assert_same_alone(configs):
    """Each run has its own bits, with the shortcuts through torch's private names and without any."""
    together = advance_together(configs)
    with public_torch():
        publicly = advance_together(configs)
    for found, again, config in zip(together, publicly, configs, strict=True):
        assert_same_run(found, config)
        assert_same_run(again, config)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("problem", ["himmelblau", "ackley"])
def test_every_optimizer_has_its_own_bits(problem, dtype):
    """All optimizers side by side, on a function whose passes are shared and on one whose are not."""
    assert_same_alone([on(problem, recipe, dtype=dtype) for recipe in POINTS])


@pytest.mark.parametrize("problem", NAMED)
def test_every_function_has_the_bits_of_the_plain_loop(problem):
    """What a person would write, beside runs from several starts."""
    starts = [NAMED[problem].start, (0.5, -0.25), (-1.25, 0.75), (3.0, 2.0)]
    configs = [on(problem, "RMSprop, centered", model={"start": start}) for start in starts]
    for start, (blocks, _) in zip(starts, advance_together(configs), strict=True):
        xy = torch.tensor(start, requires_grad=True)
        optimizer = torch.optim.RMSprop([xy], **recipes.OPTIMIZERS["RMSprop, centered"])
        for step in range(STEPS):
            optimizer.zero_grad()
            loss = NAMED[problem].function(xy)
            loss.backward()
            optimizer.step()
            last = blocks[-1]
            assert bits(last.loss[step]) == bits(loss.detach().numpy())
            assert bits(last.grads["xy"][step]) == bits(xy.grad.numpy())
            assert bits(last.params["xy"][step]) == bits(xy.detach().numpy())


@pytest.mark.parametrize(
    "changes",
    [
        {"lr_scheduler": {"name": "ExponentialLR", "hyperparameters": {"gamma": 0.9}}},
        {"lr_scheduler": {"name": "ReduceLROnPlateau", "hyperparameters": {"patience": 1}}},
        {"clip_grad": {"name": "clip_grad_norm_", "max_norm": 0.5}},
        {"loop": {"zero_grad": False}},
        {"loop": {"set_to_none": False}},
        {"steps": 1},
        {"steps": 2},
        {"steps": 3},
        {"freeze": [{"params": ["xy"], "from_step": 4, "to_step": 5}], "steps": 4},
    ],
)
def test_whatever_else_a_run_does(changes):
    """Schedules, clipping, other loops and few steps beside plain runs, each with its own bits."""
    steps = changes.get("steps", STEPS)
    recipe_names = ("Adam", "SGD, momentum")
    plain = [on("himmelblau", recipe, steps=steps) for recipe in recipe_names]
    assert_same_alone([*plain, *(on("himmelblau", recipe, **changes) for recipe in recipe_names)])


def test_runs_of_all_kinds_keep_their_order():
    """Datasets and functions, long and short, whose optimizers need a closure or come from elsewhere."""
    other = {"name": "pytorch_optimizer.Lion", "hyperparameters": {"lr": 0.01}}
    expression = {"name": "expression", "expression": "x**2 + max(y, 0.5)*y"}
    assert_same_alone(
        [
            on("himmelblau"),
            run_config(steps=STEPS),
            on("himmelblau", "LBFGS"),
            on("booth", "SGD"),
            on("himmelblau", steps=5),
            on("himmelblau", "SGD"),
            on("himmelblau", optimizer=other),
            on("himmelblau", optimizer=other),
            on("expression", problem=expression),
            on("expression", "Rprop", problem=expression),
        ]
    )


def test_a_run_that_diverges_ends_where_it_would_alone():
    """Those beside it go on."""
    steep = {"name": "SGD", "hyperparameters": {"lr": 0.5}}
    far = {"start": (1e6, -1e6)}
    configs = [
        on("rosenbrock"),
        on("rosenbrock", optimizer=steep),
        on("rosenbrock", "NAdam"),
        on("rosenbrock", optimizer=steep, model=far),
    ]
    assert_same_alone(configs)
    ends = [reached.ended for _, reached in advance_together(configs)]
    assert [end.reason for end in ends] == [
        Reason.COMPLETED,
        Reason.DIVERGED,
        Reason.COMPLETED,
        Reason.DIVERGED,
    ]
    assert 0 < ends[3].step < ends[1].step < STEPS


def test_a_run_that_fails_leaves_the_others_alone(monkeypatch):
    """What one optimizer raises ends its own run, with its own words."""

    def step(_self, _closure=None):
        raise RuntimeError("out of luck")

    monkeypatch.setattr(torch.optim.Adadelta, "step", step)
    found = advance_together([on("booth"), on("booth", "Adadelta"), on("booth", "SGD")])
    assert [reached.ended.reason for _, reached in found] == [
        Reason.COMPLETED,
        Reason.FAILED,
        Reason.COMPLETED,
    ]
    assert "out of luck" in found[1][1].ended.detail


@pytest.mark.parametrize(("problem", "passes"), [("himmelblau", STEPS), ("rastrigin", 3 * STEPS)])
def test_passes_are_shared_where_that_is_exact(monkeypatch, problem, passes):
    """One forward and backward pass a step for all runs, or one for each."""
    seen = SimpleNamespace(passes=0)

    def counted(*args):
        seen.passes += 1
        return real(*args)

    real = PRIVATE.backward
    monkeypatch.setattr(private_torch, "WAY", replace(PRIVATE, backward=counted))
    advance_together([on(problem), on(problem, "RMSprop"), on(problem, "Adagrad")])
    assert seen.passes == passes


def test_losses_are_those_of_the_rows():
    """A function of several points gives as many losses."""
    problem = FunctionProblem(NAMED["booth"])
    assert problem.loss(lambda: torch.zeros(3, 2)).tolist() == [74.0] * 3
    assert advance(on("booth", model={"start": (0, 0)}), None, 1)[0][0].loss.tolist() == [74.0]

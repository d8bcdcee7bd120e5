"""How much a run may be: a step of it, which cannot be cut, and all of them; refused with the arithmetic."""

import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.loop.effort import effort_of
from optiscope.engine.loop.judging import problems_of
from optiscope.engine.loop.training import Training

LARGEST = {"problem": {"name": "moons", "samples": 4096}, "model": {"hidden": [64] * 6}}
SMALL = {"problem": {"name": "moons", "samples": 64}, "model": {"hidden": [8]}}


def run(optimizer, base=None, **changes):
    given = {"optimizer": optimizer, "steps": 5} | (base or SMALL) | changes
    return RunConfig.model_validate(given)


def lbfgs(**hyperparameters):
    return {"name": "LBFGS", "hyperparameters": hyperparameters}


def refused(config, limits=DEFAULT_LIMITS):
    return [(p.pointer, p.said.code, p.detail) for p in problems_of(config, limits, ())]


@pytest.mark.parametrize(
    ("optimizer", "evaluations"),
    [
        ({"name": "Adam"}, 1),
        (lbfgs(), 25),
        (lbfgs(max_iter=4), 5),
        (lbfgs(max_eval=3), 3),
        (lbfgs(max_eval=1), 2),
        (lbfgs(max_iter=4, line_search_fn="strong_wolfe"), 30),
    ],
)
def test_how_often_a_step_evaluates_the_loss(optimizer, evaluations):
    """Once, or as often as the optimizer may: its own bound, and what a line search may go beyond it."""
    assert effort_of(Training(run(optimizer))).evaluations == evaluations


@pytest.mark.parametrize("bounds", [{"max_iter": 10, "line_search_fn": "strong_wolfe"}, {"max_eval": 1}])
def test_no_step_evaluates_more_often(bounds):
    """LBFGS, counted: never more than was said."""
    config = run(lbfgs(tolerance_grad=0, tolerance_change=0, **bounds))
    training = Training(config)
    calls = []

    def closure():
        training.optimizers[0].zero_grad()
        loss = training.problem.loss(training.model, None)
        loss.backward()
        calls.append(loss)
        return loss

    training.optimizers[0].step(closure)
    assert 0 < len(calls) <= effort_of(training).evaluations


def test_a_minibatch_is_less_work():
    """The samples of a step are those of its batch."""
    assert effort_of(Training(run({"name": "SGD"}, batch_size=16))).samples == 16


def test_a_step_that_is_too_much_is_refused_with_the_arithmetic():
    """Under the field that makes it so."""
    few = run(lbfgs(max_iter=100, history_size=1), LARGEST, steps=1)
    [(pointer, code, detail)] = refused(few)
    assert (pointer, code) == ("/optimizer/hyperparameters/max_iter", "step_too_much")
    assert detail == (
        "(4096 samples + 4 x 1 remembered steps) x 21057 parameters x 125 evaluations = "
        "1.1e+10 multiplications in one step, at most 2.5e+09"
    )


def test_a_run_that_is_too_much_is_refused_with_the_arithmetic():
    """Under its steps."""
    config = run({"name": "SGD"}, steps=1000)
    [(pointer, code, detail)] = refused(config, Limits(max_run_operations=1e6))
    assert (pointer, code) == ("/steps", "run_too_much")
    assert detail == (
        "64 samples x 33 parameters x 1 evaluations x 1000 steps = 2.1e+06 multiplications, at most 1e+06"
    )


def test_what_torch_does_by_default_is_allowed():
    """LBFGS as it comes, on the largest network and all samples."""
    assert not refused(run(lbfgs(), LARGEST))

"""The flow against the published equations, written out with autograd alone, and against a closed form."""

from itertools import pairwise

import pytest
import torch
from torch.autograd.functional import hessian, jacobian

from optiscope.engine.core.config import RunConfig
from optiscope.engine.lens.central_flow.path import SUBSTEPS, Flow
from optiscope.engine.lens.central_flow.update_rule import update_rule
from optiscope.engine.lens.hessian import Hessians
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import build_problem

NETWORK = {
    "problem": {"name": "regression-2d", "samples": 16},
    "model": {"hidden": [5], "activation": "tanh", "seed": 0},
}
BOWL = {  # the curvature across the valley grows along it: (1 + x), and the loss falls by 0.1 x
    "problem": {"name": "expression", "expression": "(1 + x)*y**2/2 - 0.1*x", "bounds": [[-1, 5], [-1, 1]]},
    "model": {"start": [0.0, 0.0]},
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.5}},
}
ALPHA = 0.9


def optimizer(name, lr, **more):
    """Its part of a config."""
    return {"optimizer": {"name": name, "hyperparameters": {"lr": lr, **more}}}


def begun(config, at=None, squares=None):
    """A flow from the model's start, its rule, and the loss as a function of one point."""
    config = RunConfig.model_validate(config)
    problem = build_problem(config.problem, torch.float64)
    model = build_model(problem, config.model, torch.float64)
    hessians, rule = Hessians(problem, model), update_rule(config, problem, model)
    start = torch.cat([param.detach().flatten() for param in model.parameters()]).double()
    begins = start if at is None else at
    filled = None if squares is None else torch.full_like(begins, squares)
    return Flow(hessians, rule, begins, filled), rule, lambda point: hessians.at(point.unsqueeze(0))[0]


def test_at_the_edge_of_a_bowl_it_is_what_can_be_worked_out_by_hand():
    """The sharpness 1 + x stops at 2 / lr = 4, and the mean square of y is then twice the slope, 0.2."""
    flow, *_ = begun(BOWL)
    moments = [flow.unit() for _ in range(80)]
    assert [moment.at[0].item() for moment in moments[:3]] == pytest.approx([0.0, 0.05, 0.1], abs=1e-12)
    assert {moment.oscillating for moment in moments[:55]} == {0}
    last = moments[-1]
    assert (last.at[0].item(), last.sharpness / 0.5) == pytest.approx((3.0, 4.0), abs=1e-9)
    assert last.variance == pytest.approx(0.2, abs=1e-9)
    assert last.rise == pytest.approx(0.5 * 4 * 0.2, abs=1e-9)


CASES = {
    "gradient descent": optimizer("SGD", 0.5),
    "with weight decay": optimizer("SGD", 0.5, weight_decay=0.01),
    "RMSprop": optimizer("RMSprop", 0.05, alpha=ALPHA),
}


@pytest.mark.parametrize("name", CASES)
def test_every_move_is_that_of_the_published_equations(name):
    """With the covariance that it says, on the edge and before it; and Σ is complementary to 2P - H."""
    adaptive = name == "RMSprop"
    flow, rule, loss = begun(NETWORK | CASES[name], squares=0.02 if adaptive else None)
    ranks = set()
    moments = [flow._substep() for _ in range(SUBSTEPS * 40)]
    for moment, after in list(pairwise(moments))[::7]:
        ranks.add(moment.oscillating)
        decay = rule.decay
        swings = moment.directions @ torch.linalg.cholesky(
            moment.covariance + 1e-18 * torch.eye(len(moment.covariance)).double()
        )
        felt = hessian(loss, moment.at) + torch.diag(decay)

        def rise(point, swings=swings):
            return 0.5 * torch.trace(swings.mT @ hessian(loss, point, create_graph=True) @ swings)

        gradient = jacobian(loss, moment.at) + decay * moment.at
        push = gradient + (jacobian(rise, moment.at) if swings.numel() else 0)
        move = (after.at - moment.at) * SUBSTEPS
        torch.testing.assert_close(move, -push / moment.divisor, rtol=1e-7, atol=1e-9)
        if adaptive:
            fed = gradient**2 + torch.diag(felt @ swings @ swings.mT @ felt)
            drift = (1 - ALPHA) / ALPHA * (fed - moment.squares)
            torch.testing.assert_close(
                (after.squares - moment.squares) * SUBSTEPS, drift, rtol=1e-6, atol=1e-9
            )
    assert {0, 1} <= ranks
    assert max(moment.sharpness for moment in moments) < 2.001


def test_while_it_is_stable_it_is_gradient_flow():
    """Without an oscillation, step for step the same as Euler's on -lr ∇L."""
    flow, _, loss = begun(NETWORK | optimizer("SGD", 0.05))
    moments = [flow.unit() for _ in range(10)]
    at = moments[0].at
    for moment in moments:
        torch.testing.assert_close(moment.at, at, rtol=0, atol=1e-13)
        assert (moment.oscillating, moment.rise, moment.variance) == (0, 0.0, 0.0)
        for _ in range(SUBSTEPS):
            at = at - 0.05 / SUBSTEPS * jacobian(loss, at)

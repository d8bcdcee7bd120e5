"""What is predicted of a quadratic is what a run does there, for every recipe: changes and growth.

The loss of a linear network is quadratic, so the model of the second order is exact. Predictions are held to
the true run in float64: changes of the loss to a part in 10^9 of it, growth just below and above the bound.
"""

import numpy as np
import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.lens.curvature import curvature
from optiscope.engine.lens.stability import NoBound
from optiscope.engine.loop.training import advance

STEPS = 40
LINEAR = {"problem": {"name": "regression-2d", "samples": 24}, "model": {"hidden": [], "seed": 5}}
BIAS, WEIGHT = [{"params": ["fc1.bias"]}], [{"params": ["fc1.weight"]}]
FROM_10 = [{"params": ["fc1.weight"], "from_step": 10, "clear_grad": False}]
WINDOW = [{"params": ["fc1.bias"], "from_step": 5, "to_step": 20, "clear_grad": False}]
TO_ZERO = {"loop": {"set_to_none": False}}
GROUPS = [{"params": ["fc1.weight"], "lr": 0.02}, {"params": ["fc1.bias"], "lr": 0.1, "weight_decay": 0.5}]


def sgd(freeze=(), loop=None, schedule=None, groups=None, batch_size=None, clip=None, **hyperparameters):
    return recipe("SGD", freeze, loop, schedule, groups, batch_size, clip, lr=0.05, **hyperparameters)


def recipe(
    name, freeze=(), loop=None, schedule=None, groups=None, batch_size=None, clip=None, **hyperparameters
):
    optimizer = {"name": name, "hyperparameters": hyperparameters}
    if groups is not None:
        optimizer["param_groups"] = groups
    config = LINEAR | {"optimizer": optimizer, "freeze": list(freeze), "steps": STEPS, "dtype": "float64"}
    given = {"loop": loop, "lr_scheduler": schedule, "batch_size": batch_size, "clip_grad": clip}
    return config | {key: value for key, value in given.items() if value is not None}


def scheduled(name, interval=1, **hyperparameters):
    return {"name": name, "hyperparameters": hyperparameters, "interval": interval}


def drifting(**hyperparameters):
    return sgd(FROM_10, TO_ZERO["loop"], momentum=0.9, **hyperparameters)


RECIPES = {
    "gradient descent": sgd(),
    "weight decay": sgd(weight_decay=0.3),
    "heavy ball": sgd(momentum=0.9),
    "dampened": sgd(momentum=0.9, dampening=0.4),
    "Nesterov": sgd(momentum=0.8, nesterov=True),
    "Nesterov and decay": sgd(momentum=0.8, nesterov=True, weight_decay=0.1),
    "climbing": sgd(maximize=True),
    "groups": sgd(groups=GROUPS),
    "minibatches": sgd(batch_size=5),
    "clipped": sgd(clip={"name": "clip_grad_norm_", "max_norm": 0.05}),
    "steps of the rate": sgd(schedule=scheduled("StepLR", step_size=7, gamma=0.5)),
    "one cycle": sgd(schedule=scheduled("OneCycleLR", max_lr=0.2, total_steps=STEPS + 1)),
    "cyclic": sgd(schedule=scheduled("CyclicLR", base_lr=0.01, max_lr=0.1, step_size_up=8)),
    "gradients that add up": sgd(loop={"zero_grad": False}),
    "frozen bias": sgd(BIAS),
    "frozen weight": sgd(WEIGHT, momentum=0.9),
    "frozen for a while": sgd(WINDOW, momentum=0.9),
    "drifting by momentum": drifting(),
    "drifting by momentum and decay": drifting(weight_decay=0.4),
    "drifting by Nesterov": drifting(nesterov=True),
    "drifting by decay": sgd(FROM_10, TO_ZERO["loop"], weight_decay=0.4),
    "drifting for a while": sgd(WINDOW, TO_ZERO["loop"], momentum=0.9),
    "drifting on a schedule": sgd(
        FROM_10, TO_ZERO["loop"], scheduled("ExponentialLR", gamma=0.9), momentum=0.9
    ),
    "stale gradients": sgd(FROM_10, {"zero_grad": False}),
    "Adam": recipe("Adam", lr=0.1),
    "Adam, drifting": recipe("Adam", FROM_10, TO_ZERO["loop"], lr=0.1, weight_decay=0.2),
    "AdamW, drifting": recipe("AdamW", FROM_10, TO_ZERO["loop"], lr=0.1, weight_decay=0.2),
    "RMSprop": recipe("RMSprop", lr=0.02, momentum=0.5),
    "RMSprop, drifting": recipe("RMSprop", FROM_10, TO_ZERO["loop"], lr=0.02, momentum=0.5),
    "Adagrad": recipe("Adagrad", lr=0.3),
    "Adadelta, drifting": recipe("Adadelta", FROM_10, TO_ZERO["loop"], lr=1.0, weight_decay=0.1),
    "NAdam, drifting": recipe("NAdam", FROM_10, TO_ZERO["loop"], lr=0.05),
    "Rprop": recipe("Rprop", WINDOW, lr=0.01),
    "LBFGS": recipe("LBFGS", lr=0.3),
    "LBFGS, frozen half-way": recipe("LBFGS", [FROM_10[0] | {"from_step": 3}], lr=0.05, max_iter=2),
}
ROUNDING = 1e-13
DRIFTING = {name for name in RECIPES if "drifting" in name} | {"stale gradients", "LBFGS, frozen half-way"}


def looked_at(config):
    config = RunConfig.model_validate(config)
    blocks, _ = advance(config, None, config.steps)
    return curvature(config, blocks, every=1), blocks


@pytest.mark.parametrize("name", RECIPES)
def test_the_quadratic_change_is_what_the_step_does(name):
    """Every step of every recipe, whatever moves; the frozen parameters that do are counted."""
    found, _ = looked_at(RECIPES[name])
    scale = np.maximum(found.loss[:-1], found.loss[1:])
    assert np.abs(found.predicted - found.real)[:-1].max() <= 1e-9 * scale.max()
    assert (np.abs(found.real[:-1]).max()) > 1e-6 * scale.max()
    assert any(found.drifting) == (name in DRIFTING)


BOUNDED = {
    "gradient descent": sgd(),
    "weight decay": sgd(weight_decay=2.0),
    "heavy ball": sgd(momentum=0.6),
    "heavy ball and decay": sgd(momentum=0.6, weight_decay=1.5),
    "dampened": sgd(momentum=0.5, dampening=0.3),
    "Nesterov": sgd(momentum=0.7, nesterov=True),
    "Nesterov and decay": sgd(momentum=0.7, nesterov=True, weight_decay=1.0),
    "groups of other rates": sgd(groups=[{"params": ["fc1.weight"]}, {"params": ["fc1.bias"], "lr": 0.02}]),
    "groups of other decay": sgd(
        groups=[{"params": ["fc1.weight"], "weight_decay": 3.0}, {"params": ["fc1.bias"]}]
    ),
    "frozen bias": sgd(BIAS, momentum=0.5),
    "frozen weight": sgd(WEIGHT),
    "drifting": sgd([FROM_10[0] | {"from_step": 3}], TO_ZERO["loop"], momentum=0.5, weight_decay=0.2),
    "drifting by a decay above all curvature": sgd(
        [FROM_10[0] | {"from_step": 3}], TO_ZERO["loop"], weight_decay=9.0
    ),
    "momentum that a cycle switches on": sgd(
        schedule=scheduled("CyclicLR", base_lr=1.0, max_lr=1.0, base_momentum=0.8, max_momentum=0.8)
    ),
    "a rate that dropped": sgd(schedule=scheduled("MultiStepLR", milestones=[5], gamma=0.1)),
}


def with_rate(config, factor):
    """The recipe with all of its rates times a factor."""
    optimizer = dict(config["optimizer"])
    optimizer["hyperparameters"] = optimizer["hyperparameters"] | {
        "lr": factor * optimizer["hyperparameters"]["lr"]
    }
    if "param_groups" in optimizer:
        optimizer["param_groups"] = [
            group | ({"lr": factor * group["lr"]} if "lr" in group else {})
            for group in optimizer["param_groups"]
        ]
    schedule = config.get("lr_scheduler")
    if schedule and schedule["name"] == "CyclicLR":
        rates = dict.fromkeys(("base_lr", "max_lr"), factor * 0.05)
        schedule = schedule | {"hyperparameters": schedule["hyperparameters"] | rates}
    return config | {"optimizer": optimizer} | ({"lr_scheduler": schedule} if schedule else {})


@pytest.mark.parametrize("name", BOUNDED)
@pytest.mark.parametrize(("beyond", "grows"), [(0.96, False), (1.04, True)])
def test_steps_grow_beyond_the_bound_alone(name, beyond, grows):
    """With the rate just below what is named as the bound steps shrink, just above it they grow."""
    tried, _ = looked_at(with_rate(BOUNDED[name], 1e-3))
    ratio = tried.stability.value[-1] / tried.stability.bound[-1]
    config = with_rate(BOUNDED[name], 1e-3 * beyond / ratio) | {"steps": 400}
    found, blocks = looked_at(config)
    assert found.stability.value[-1] / found.stability.bound[-1] == pytest.approx(beyond, rel=1e-6)
    path = np.concatenate([np.c_[b.params["fc1.weight"][:, 0], b.params["fc1.bias"]] for b in blocks])
    lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert (lengths[-20:].max() > max(lengths[180:200].max(), ROUNDING)) == grows


def test_no_bound_is_that_of_a_recipe_that_has_none():
    """What adds up, climbs or has another rule is given no bound, with the reason."""
    for config, reason in (
        (RECIPES["climbing"], NoBound.MAXIMIZE),
        (RECIPES["gradients that add up"], NoBound.ACCUMULATED),
        (RECIPES["LBFGS"], NoBound.UNKNOWN),
        (RECIPES["Adadelta, drifting"], NoBound.UNKNOWN),
    ):
        assert looked_at(config)[0].stability is reason


def test_a_switched_on_momentum_is_named():
    """Plain SGD under CyclicLR is a heavy ball, with the bound of one."""
    found, _ = looked_at(RECIPES["cyclic"])
    assert str(found.stability.name) == "heavy ball"
    assert found.stability.bound[0] == pytest.approx(2 * (1 + 0.9) / 0.01)

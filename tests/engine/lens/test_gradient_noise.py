"""Gradient noise is held to autograd, to every minibatch that there is, and to its formula."""

import itertools
import math

import numpy as np
import pytest
import torch

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.lens.gradient_noise import NoNoise, gradient_noise
from optiscope.engine.loop.training import Training, advance


def run_config(problem="xor", samples=6, **rest):
    generated = {} if problem in {"himmelblau", "seed-example"} else {"samples": samples}
    config = {
        "problem": {"name": problem} | generated,
        "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1}},
        "steps": 5,
        "dtype": "float64",
    }
    return RunConfig.model_validate(config | rest)


def measured(config, **asked):
    return gradient_noise(config, advance(config, None, config.steps)[0], **asked)


def gradient(training, rows=None):
    """``loss.backward()`` as the loop calls it."""
    training.model.zero_grad()
    training.problem.loss(training.model, rows).backward()
    return torch.cat([p.grad.reshape(-1) for p in training.model.parameters() if p.grad is not None])


@pytest.mark.parametrize("problem", ["xor", "regression-2d"])
def test_the_spread_is_that_of_all_minibatches(problem):
    """For each size of six samples, the mean squared distance of all C(6, b) gradients from the full one."""
    config = run_config(problem, batch_size=2)
    found = measured(config, step=0)
    training = Training(config)
    full = gradient(training)
    assert found.gradient_norm == pytest.approx(full.norm().item(), rel=1e-12)
    assert (found.samples, found.parameters, found.seen) == (6, 15, 2)
    for size, spread in zip(found.sizes, found.spread, strict=True):
        subsets = itertools.combinations(range(6), size)
        distances = [
            (gradient(training, torch.tensor(rows)) - full).square().sum().item() for rows in subsets
        ]
        assert spread == pytest.approx(math.sqrt(np.mean(distances)), rel=1e-9, abs=1e-15), size
    assert found.noise_scale == pytest.approx(found.trace / found.gradient_norm**2)
    at_balance = found.trace / found.balance * (6 - found.balance) / 5
    assert math.sqrt(at_balance) == pytest.approx(found.gradient_norm)


def test_the_cosines_are_of_minibatches_drawn_by_the_seed():
    """Of single samples all of them, of all samples the one, else 64 of `torch.randperm` under the seed."""
    config = run_config(samples=10)
    found = measured(config, step=0, seed=7)
    training = Training(config)
    full = gradient(training)
    generator = torch.Generator().manual_seed(7)
    drawn = {1: torch.arange(10).split(1), 10: [torch.arange(10)]}
    for size in (2, 4, 8):
        drawn[size] = [torch.randperm(10, generator=generator)[:size] for _ in range(64)]
    assert found.sizes == (1, 2, 4, 8, 10)
    assert found.minibatches == tuple(len(drawn[size]) for size in found.sizes)
    for size, mean, (low, high) in zip(found.sizes, found.cosine, found.cosine_range, strict=True):
        cosines = [
            torch.cosine_similarity(gradient(training, rows), full, dim=0).item() for rows in drawn[size]
        ]
        assert mean == pytest.approx(np.mean(cosines), rel=1e-9)
        assert [low, high] == pytest.approx(np.quantile(cosines, [0.1, 0.9]), rel=1e-9)


def test_the_gradients_are_those_of_the_record():
    """At a later record they are taken at its parameters, in the dtype of the run."""
    config = run_config(dtype="float32")
    found = measured(config)
    blocks, _ = advance(config.model_copy(update={"steps": 6}), None, 6)
    assert found.step == 5
    grads = [values[-1].ravel() for values in blocks[-1].grads.values()]
    assert found.gradient_norm == pytest.approx(np.linalg.norm(np.concatenate(grads)), rel=1e-6)


@pytest.mark.parametrize(
    "recipe",
    [
        {"freeze": [{"params": ["fc1"], "from_step": 2}]},
        {
            "optimizer": {
                "name": "SGD",
                "hyperparameters": {"lr": 0.1},
                "param_groups": [{"params": ["fc2", "fc3"]}],
            }
        },
    ],
    ids=["frozen", "in no group"],
)
def test_what_the_next_step_does_not_train_is_left_out(recipe):
    """Its gradient moves nothing."""
    found = measured(run_config(**recipe), step=2)
    assert found.parameters == 9


def test_a_step_sees_what_its_passes_see():
    """Accumulated minibatches count together, and no more than there is."""
    assert measured(run_config(batch_size=2, loop={"accumulate": 2}), step=0).seen == 4
    assert measured(run_config(batch_size=4, loop={"accumulate": 2}), step=0).seen == 6


def test_a_step_outside_of_what_was_recorded_is_the_nearest_record():
    """A fork begins late, a run may end early; what no run of that length has is refused."""
    config = run_config()
    blocks, _ = advance(config, None, 3)
    assert gradient_noise(config, blocks, step=5).step == 3
    with pytest.raises(ConfigError, match="between 0 and 5"):
        gradient_noise(config, blocks, step=6)


@pytest.mark.parametrize(
    ("recipe", "reason"),
    [
        ({"problem": "himmelblau"}, NoNoise.FUNCTION),
        ({"problem": "seed-example"}, NoNoise.ONE_SAMPLE),
        ({"freeze": [{"params": ["fc1", "fc2", "fc3"], "from_step": 5}]}, NoNoise.FROZEN),
    ],
)
def test_where_every_step_sees_the_same_there_is_no_noise(recipe, reason):
    """The reason says why."""
    assert measured(run_config(**recipe)) is reason


def test_without_a_gradient_the_scale_is_infinite_and_no_angle_is_known():
    """Where single samples disagree and their mean is zero, noise is all that there is."""
    config = run_config(model={"state_dict": _dead()})
    found = measured(config, step=0)
    assert found.gradient_norm == pytest.approx(0, abs=1e-12)
    assert found.noise_scale > 1e12
    assert found.balance == pytest.approx(6)


def _dead():
    """Hidden units that no sample activates: only the last bias gets gradient, which even labels cancel."""
    off = [[0.0, 0.0], [0.0, 0.0]]
    return {
        "fc1.weight": off,
        "fc1.bias": [-1.0, -1.0],
        "fc2.weight": off,
        "fc2.bias": [-1.0, -1.0],
        "fc3.weight": [[0.0, 0.0]],
        "fc3.bias": [0.0],
    }

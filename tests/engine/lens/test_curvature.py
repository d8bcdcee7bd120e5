import math

import numpy as np
import pytest
import torch
from torch.func import grad, jacrev

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.lens.curvature import curvature
from optiscope.engine.lens.stability import NoBound
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import build_problem
from tests.engine.lens.test_hessian import plain_loss


def run_config(name="SGD", problem="xor", steps=12, **rest):
    hyperparameters = rest.pop("hyperparameters", {"lr": 0.1})
    config = {
        "problem": {"name": problem},
        "model": {} if problem in {"himmelblau", "quadratic-bowl"} else {"hidden": [2, 2], "seed": 44},
        "optimizer": {"name": name, "hyperparameters": hyperparameters},
        "steps": steps,
        "dtype": "float64",
    }
    return RunConfig.model_validate(config | rest)


def trained(config):
    return advance(config, None, config.steps)[0]


def record(blocks, step):
    block = next(block for block in blocks if step in block.steps)
    return block, step - block.first


def point(blocks, step):
    block, row = record(blocks, step)
    return torch.from_numpy(np.concatenate([v[row].ravel() for v in block.params.values()])).double()


def loss_of(config):
    problem = build_problem(config.problem, torch.float64)
    return plain_loss(problem, build_model(problem, config.model, torch.float64))


def test_eigenvalues_are_those_of_the_written_out_hessian():
    """All of them, at the records asked for, with their count of negative ones and condition."""
    config = run_config()
    blocks = trained(config)
    found = curvature(config, blocks, every=5)
    assert found.steps == (0, 5, 10, 12)
    loss = loss_of(config)
    for k, step in enumerate(found.steps):
        at = point(blocks, step)
        values = torch.linalg.eigvalsh(jacrev(grad(loss))(at)).flip(0).numpy()
        np.testing.assert_allclose(found.eigenvalues[k], values, rtol=1e-9, atol=1e-12)
        assert found.negative[k] == (values < -1e-12).sum()
        assert found.loss[k] == pytest.approx(loss(at).item(), rel=1e-12)
        assert found.gradient_norm[k] == pytest.approx(grad(loss)(at).norm().item(), rel=1e-10)


def test_the_quadratic_model_of_a_quadratic_is_right():
    """On a quadratic function the predicted change of the loss is the real one, step for step."""
    config = run_config(problem="quadratic-bowl", hyperparameters={"lr": 0.01})
    found = curvature(config, trained(config), every=1)
    np.testing.assert_allclose(found.predicted[:-1], found.real[:-1], rtol=1e-9)
    assert np.isnan([found.predicted[-1], found.real[-1]]).all()
    np.testing.assert_allclose(found.eigenvalues, [[100.0, 1.0]] * 13)
    np.testing.assert_allclose(found.condition, 100.0)


def test_the_real_change_is_the_loss_of_the_next_record():
    """real[k] is L(next record) - L(this one)."""
    config = run_config("Adam")
    blocks = trained(config)
    found = curvature(config, blocks, steps=[3])
    loss = loss_of(config)
    assert found.real[0] == pytest.approx((loss(point(blocks, 4)) - loss(point(blocks, 3))).item(), rel=1e-9)


def test_frozen_parameters_are_left_out():
    """While a layer is frozen the Hessian is that of the others, and NaN stands behind."""
    config = run_config(freeze=[{"params": ["fc1"], "from_step": 4, "to_step": 8}])
    blocks = trained(config)
    found = curvature(config, blocks, steps=[0, 4, 8], top=2)
    assert found.parameters == (15, 9, 15)
    assert np.isnan(found.eigenvalues[1, 9:]).all()
    hessian = jacrev(grad(loss_of(config)))(point(blocks, 4))[6:, 6:]
    values, vectors = torch.linalg.eigh(hessian)
    np.testing.assert_allclose(found.eigenvalues[1, :9], values.flip(0).numpy(), rtol=1e-9, atol=1e-12)
    assert not found.eigenvectors[1, :, :6].any()
    assert abs(found.eigenvectors[1, 0, 6:] @ vectors[:, -1].numpy()) == pytest.approx(1.0)


EPS = {"eps": 1.0}  # beside it the gradients of these tests are nothing, so that the preconditioner is 1

CRITICAL_RATES = [
    ("SGD", {}, "gradient descent", 2 / 100),
    ("SGD", {"weight_decay": 30.0}, "gradient descent", 2 / 130),
    ("SGD", {"momentum": 0.9}, "heavy ball", 3.8 / 100),
    ("SGD", {"momentum": 0.9, "dampening": 0.5}, "dampened heavy ball", 7.6 / 100),
    ("SGD", {"momentum": 0.5, "nesterov": True}, "Nesterov momentum", 1.5 / 100),
    ("Adam", EPS, "preconditioned, Adam", 38 / 100),
    ("Adam", EPS | {"weight_decay": 30.0}, "preconditioned, Adam", 38 / 130),
    ("Adam", EPS | {"betas": [0.5, 0.999], "amsgrad": True}, "preconditioned, Adam", 6 / 100),
    ("AdamW", EPS | {"weight_decay": 1.0}, "preconditioned, AdamW", 2 / (100 / 19 + 1)),
    ("Adamax", EPS, "preconditioned, Adamax", 38 / 100),
    ("RMSprop", EPS | {"centered": True}, "preconditioned, RMSprop", 2 / 100),
    ("RMSprop", EPS | {"momentum": 0.5}, "preconditioned, RMSprop", 3 / 100),
    ("Adagrad", EPS, "preconditioned, Adagrad", 2 / 100),
]


@pytest.mark.parametrize(("name", "hyperparameters", "rule", "critical"), CRITICAL_RATES)
@pytest.mark.parametrize(("beyond", "grows"), [(0.98, False), (1.02, True)])
def test_the_bound_parts_growth_from_decay(name, hyperparameters, rule, critical, beyond, grows):
    """On a quadratic of curvature 100, real steps shrink just below each rule's bound, and grow above it."""
    config = run_config(
        name,
        problem="quadratic-bowl",
        hyperparameters={"lr": beyond * critical} | hyperparameters,
        steps=310,
        model={"start": [0.0, 1e-100]},
    )
    blocks = trained(config)
    stability = curvature(config, blocks, steps=[150]).stability
    assert str(stability.name) == rule
    assert (stability.value[0] > stability.bound[0]) == grows
    assert stability.value[0] / stability.bound[0] == pytest.approx(beyond, rel=0.01)
    y = np.concatenate([np.abs(block.params["xy"][:, 1]) for block in blocks])
    assert (y[300:].max() > y[150:160].max()) == grows


@pytest.mark.parametrize(("beyond", "grows"), [(0.98, False), (1.02, True)])
def test_what_is_frozen_bounds_no_rate(beyond, grows):
    """A linear network whose bias is frozen bears the higher rates that its weights alone allow."""
    linear = {"problem": "regression-2d", "model": {"hidden": [], "seed": 44}, "steps": 300}
    whole = run_config(**linear)
    held = linear | {"freeze": [{"params": ["fc1.bias"]}]}
    sharpness = curvature(run_config(**held), trained(run_config(**held)), steps=[0]).eigenvalues[0, 0]
    assert sharpness < curvature(whole, trained(whole), steps=[0]).eigenvalues[0, 0] / 2
    config = run_config(**held, hyperparameters={"lr": beyond * 2 / sharpness})
    found = curvature(config, trained(config), every=1)
    assert found.parameters == (2,) * 301
    assert ((found.stability.value > found.stability.bound) == grows).all()
    assert (found.gradient_norm[-1] > found.gradient_norm[50]) == grows


def test_decay_through_the_gradient_counts_as_curvature():
    """L2 weight decay is added to what SGD meets, decoupled decay is not."""
    hyperparameters = {"lr": 0.01, "weight_decay": 3.0}
    config = run_config(problem="quadratic-bowl", hyperparameters=hyperparameters)
    found = curvature(config, trained(config), steps=[0])
    assert found.eigenvalues[0, 0] == pytest.approx(100.0)
    assert found.stability.value[0] == pytest.approx(103.0)


def preconditioners(config, block, row):
    """P written out from the state that torch recorded."""
    h = {"betas": (0.9, 0.999), "eps": 1e-8} | config.optimizer.hyperparameters
    state = {name: {key: v[row] for key, v in keys.items()} for name, keys in block.state.items()}
    parts = []
    for keys in state.values():
        if config.optimizer.name in {"Adam", "AdamW"}:
            step, (b1, b2) = keys["step"], h["betas"]
            parts.append((1 - b1**step) * (np.sqrt(keys["exp_avg_sq"] / (1 - b2**step)) + h["eps"]))
        elif config.optimizer.name == "Adamax":
            parts.append((1 - h["betas"][0] ** keys["step"]) * keys["exp_inf"])
        elif config.optimizer.name == "RMSprop":
            parts.append(np.sqrt(keys["square_avg"]) + h["eps"])
        else:
            parts.append(np.sqrt(keys["sum"]) + 1e-10)
    return np.concatenate([part.ravel() for part in parts])


@pytest.mark.parametrize(
    ("name", "limit"), [("Adam", 38.0), ("AdamW", 38.0), ("Adamax", 38.0), ("RMSprop", 2.0), ("Adagrad", 2.0)]
)
def test_adaptive_optimizers_meet_the_preconditioned_hessian(name, limit):
    """The value is the largest eigenvalue of P^-1 H, with P of the step that follows the record."""
    config = run_config(name, hyperparameters={"lr": 0.02})
    blocks = trained(config)
    found = curvature(config, blocks, steps=[5])
    hessian = jacrev(grad(loss_of(config)))(point(blocks, 5)).numpy()
    weights = preconditioners(config, *record(blocks, 6))
    values = np.linalg.eigvals(hessian / weights[:, None]).real
    decoupled = 0.01 * 19 if name == "AdamW" else 0.0
    assert found.stability.value[0] == pytest.approx(values.max() + decoupled, rel=1e-6)
    assert found.stability.bound[0] == pytest.approx(limit / 0.02)
    assert "2022" in found.stability.source


def test_learning_rates_of_groups_scale_the_hessian():
    """Groups that differ in lr alone share the bound of the largest; groups of other momentum have none."""
    groups = [{"params": ["fc1", "fc2"], "lr": 0.1}, {"params": ["fc3"], "lr": 0.3}]
    optimizer = {"name": "SGD", "hyperparameters": {"lr": 0.1}, "param_groups": groups}
    config = run_config(optimizer=optimizer)
    blocks = trained(config)
    found = curvature(config, blocks, steps=[2])
    rates = np.array([0.1] * 12 + [0.3] * 3)
    hessian = jacrev(grad(loss_of(config)))(point(blocks, 2)).numpy()
    values = np.linalg.eigvals(hessian * rates[:, None]).real
    assert found.stability.value[0] / found.stability.bound[0] == pytest.approx(values.max() / 2, rel=1e-9)
    groups[0]["momentum"], groups[1]["momentum"] = 0.5, 0.9
    config = run_config(optimizer=optimizer)
    assert np.isnan(curvature(config, trained(config), steps=[2]).stability.bound[0])


@pytest.mark.parametrize("name", ["Rprop", "NAdam", "LBFGS", "ASGD"])
def test_no_bound_is_made_up(name):
    """Where no bound is known there is none."""
    config = run_config(name, hyperparameters={})
    assert curvature(config, trained(config), steps=[1]).stability is NoBound.UNKNOWN


GROUPS = [{"params": ["fc1"], "momentum": 0.9}, {"params": ["fc2", "fc3"]}]


@pytest.mark.parametrize(
    ("optimizer", "rest", "reason"),
    [
        ({"name": "Muon", "rest": {"name": "SGD"}}, {}, NoBound.UNKNOWN),
        ({"name": "Adam", "hyperparameters": {"maximize": True}}, {}, NoBound.MAXIMIZE),
        ({"name": "SGD", "hyperparameters": {"momentum": 0.9, "dampening": 1.0}}, {}, NoBound.DAMPENED),
        ({"name": "SGD", "param_groups": GROUPS}, {}, NoBound.MIXED),
        ({"name": "SGD"}, {"loop": {"zero_grad": False}}, NoBound.ACCUMULATED),
    ],
)
def test_why_there_is_no_bound_is_said(optimizer, rest, reason):
    """Each reason is a sentence of its own."""
    config = run_config(optimizer=optimizer, **rest)
    assert curvature(config, trained(config), steps=[1]).stability is reason
    assert str(reason.value).endswith(".")


def test_records_of_a_fork_begin_where_it_does():
    """What lies before the beginning is left out, and the rest is what the whole run has there."""
    config = run_config()
    whole, checkpoint = advance(config, None, 5)
    rest, _ = advance(config, checkpoint, 7)
    found = curvature(config, rest, every=4)
    assert found.steps == (rest[0].first, rest[0].first + 4, 12)
    both = curvature(config, [*whole, *rest], steps=found.steps)
    np.testing.assert_array_equal(found.eigenvalues, both.eigenvalues)
    assert curvature(config, rest, steps=[2, 9]).steps == (9,)


def test_a_large_network_is_looked_at_less_often():
    """Unless told how often, as many records are taken as are allowed."""
    config = run_config()
    limits = DEFAULT_LIMITS.model_copy(update={"max_curvature_records": 5})
    assert curvature(config, trained(config), limits=limits).steps == (0, 3, 6, 9, 12)


@pytest.mark.parametrize("lr", [0.2, 0.3, 0.4])
def test_gradient_descent_comes_to_the_edge_of_stability(lr):
    """The runs that the page gives as an example sharpen up to 2 / lr, and hover there while they learn."""
    config = run_config(
        problem="regression-2d",
        model={"hidden": [4, 4], "activation": "tanh", "seed": 0},
        hyperparameters={"lr": lr},
        steps=1000,
        dtype="float32",
    )
    found = curvature(config, trained(config))
    part = found.stability.value / found.stability.bound
    assert part[0] < 0.75
    assert part[60:].mean() == pytest.approx(1.0, abs=0.07)
    assert (np.diff(np.sign(part[60:] - 1)) != 0).sum() >= 4
    assert found.loss[-1] < found.loss[60]


def test_a_diverged_record_has_no_curvature():
    """Where parameters are not finite all is NaN, and nothing fails."""
    config = run_config(problem="himmelblau", hyperparameters={"lr": 1e9}, steps=100)
    blocks = trained(config)
    found = curvature(config, blocks, top=1)
    assert np.isnan(found.eigenvalues[-1]).all()
    assert np.isnan(found.condition[-1])
    assert found.negative[-1] == 0
    assert math.isnan(found.stability.value[-1])


@pytest.mark.parametrize(
    ("config", "arguments", "pointer", "changes"),
    [
        (run_config(), {"steps": [0, 13]}, "/steps/1", {}),
        (run_config(), {"every": 1}, "/every", {"max_curvature_records": 5}),
        (run_config(), {"every": 1}, "/every", {"max_curvature_operations": 1e6}),
        (run_config(), {}, "/model/hidden", {"max_hessian_parameters": 10}),
    ],
)
def test_too_much_is_refused(config, arguments, pointer, changes):
    """Every bound names its field."""
    limits = DEFAULT_LIMITS.model_copy(update=changes)
    with pytest.raises(ConfigError) as refused:
        curvature(config, trained(config), **arguments, limits=limits)
    assert refused.value.problems[0].pointer == pointer

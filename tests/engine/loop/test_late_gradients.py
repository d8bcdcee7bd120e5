"""Gradients that arrive late and an optimum that moves: loop, chunks, scripts and what is refused."""

import json
import math

import numpy as np
import pytest
import torch
from torch import nn

from optiscope.engine.core.config import CircularDriftConfig, RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.lens.anatomy import anatomy
from optiscope.engine.lens.curvature import curvature
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.checkpoint_file import CheckpointFileError, read_checkpoint
from optiscope.engine.loop.checkpoint_file.reading import judged
from optiscope.engine.loop.checkpoint_file.writing import tree_of, write_checkpoint
from optiscope.engine.loop.forking import Restore, fork
from optiscope.engine.loop.refusing import parse_config
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.drift import offset
from optiscope.engine.recipe.problems.functions import booth, rosenbrock
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.ways import Way
from tests.engine.printed import outcomes_of, printed_of

MOONS = {"problem": {"name": "moons", "samples": 32}, "batch_size": 8, "model": {"hidden": [3, 2], "seed": 2}}
LINE = {"name": "linear", "velocity": [0.01, -0.02]}
CIRCLE = {"name": "circular", "radius": 0.5, "period": 40}
NOISY = {"name": "heavy-tailed-noise", "seed": 1}


def config_of(loop, problem="rosenbrock", optimizer="SGD", lr=0.001, **more):
    named = {"name": problem} if isinstance(problem, str) else problem
    run = {"problem": named, "optimizer": {"name": optimizer, "hyperparameters": {"lr": lr}}}
    return RunConfig.model_validate({**run, "steps": 24, "loop": loop, **more})


CONFIGS = {
    "late": config_of({"gradient_delay": 3}),
    "late, of a network": config_of({"gradient_delay": 2}, **MOONS),
    "late, to zeros": config_of({"gradient_delay": 2, "set_to_none": False}, **MOONS),
    "late, accumulated and clipped": config_of(
        {"gradient_delay": 1, "accumulate": 2},
        **MOONS,
        clip_grad={"name": "clip_grad_norm_", "max_norm": 0.05},
        average={"name": "EMA"},
    ),
    "late, frozen": config_of(
        {"gradient_delay": 2}, **MOONS, freeze=[{"params": ["fc2"], "from_step": 5, "to_step": 12}]
    ),
    "late, begun again": config_of({"gradient_delay": 4, "restart": {"step": 9}}, optimizer="Adam"),
    "late, scheduled first": config_of(
        {"gradient_delay": 2, "scheduler_first": True},
        lr_scheduler={"name": "StepLR", "hyperparameters": {"step_size": 3}},
    ),
    "later than it lasts": config_of({"gradient_delay": 64}),
    "along a line": config_of({"drift": LINE}, optimizer="Adam"),
    "along a circle, averaged": config_of({"drift": CIRCLE}, average={"name": "EMA"}, dtype="float64"),
    "with noise": config_of({"drift": CIRCLE, "accumulate": 2}, problem=NOISY),
    "by LBFGS": config_of({"drift": LINE}, "booth", "LBFGS", 0.1, steps=5),
    "in an order of its own": config_of(
        {"drift": LINE, "order": ["zero_grad", "forward", "loss", "backward", "optimizer_step"]}, "cliff"
    ),
    "late and along a line": config_of({"drift": LINE, "gradient_delay": 2}, "expression"),
}
each = pytest.mark.parametrize("name", CONFIGS)


def columns_of(blocks):
    return [np.concatenate([block.loss for block in blocks])] + [
        np.concatenate([block.params[name] for block in blocks]) for name in blocks[0].params
    ]


@pytest.fixture(scope="module")
def outcomes():
    """What all scripts print."""
    return outcomes_of(CONFIGS)


@each
def test_a_script_prints_the_losses_of_the_run(name, outcomes):
    """Bit for bit; of a run that is begun again, too."""
    blocks, checkpoint = advance(CONFIGS[name], None, CONFIGS[name].steps)
    assert checkpoint.ended.reason == "completed"
    assert outcomes[name]["error"] == ""
    assert outcomes[name]["printed"].splitlines() == printed_of(blocks)


@each
@pytest.mark.parametrize("size", [1, 7])
def test_chunks_leave_no_trace(name, size):
    """What is on its way travels in checkpoints, between processes and in files."""
    config = CONFIGS[name]
    unbroken, end = advance(config, None, config.steps)
    checkpoint, blocks = None, []
    while checkpoint is None or checkpoint.ended is None:
        more, checkpoint = advance(config, checkpoint, size)
        blocks += more
        checkpoint = Checkpoint.from_bytes(checkpoint.to_bytes())
    for one, other in zip(columns_of(unbroken), columns_of(blocks), strict=True):
        assert one.tobytes() == other.tobytes()
    assert checkpoint.ended.end_loss == end.ended.end_loss


@each
def test_a_file_goes_on_bit_for_bit(name):
    """As does a fork without changes."""
    config = CONFIGS[name]
    _, checkpoint = advance(config, None, config.steps // 2)
    rest, _ = advance(config, checkpoint, config.steps)
    read, taken, _ = read_checkpoint(write_checkpoint(config, checkpoint))
    forked = fork(config, checkpoint, config, Restore())
    for own, reached in ((read, taken), (config, forked.checkpoint)):
        again, _ = advance(own, reached, config.steps)
        assert columns_of(rest)[0].tobytes() == columns_of(again)[0].tobytes()


def test_a_file_with_too_few_gradients_on_their_way_is_refused():
    """As many as are late by then, each like a parameter."""
    config = CONFIGS["late"]
    _, checkpoint = advance(config, None, 8)
    tree = tree_of(config, checkpoint) | {"config": config.model_dump(mode="json")}
    assert len(tree["late_grads"]) == 3
    for wrong in (tree["late_grads"][1:], [{"xy": torch.zeros(3)}] * 3, None):
        with pytest.raises(CheckpointFileError, match="late_grads"):
            judged(tree | {"late_grads": wrong})


def test_late_gradients_are_those_of_a_plain_loop():
    """Step k is given those of step k - 3, and the first three none, which moves nothing."""
    blocks, _ = advance(CONFIGS["late"], None, 24)
    xy = nn.Parameter(torch.tensor([-1.2, 1.0]))
    optimizer, seen, losses = torch.optim.SGD([xy], lr=0.001), [], []
    for step in range(24):
        loss = rosenbrock(xy)
        seen.append(torch.autograd.grad(loss, xy)[0])
        xy.grad = seen[step - 3] if step >= 3 else None
        optimizer.step()
        losses.append(loss.item())
    assert columns_of(blocks)[0][1:].tolist() == losses
    assert columns_of(blocks)[1][-1].tolist() == xy.tolist()
    assert [block.grads["xy"] is None for block in blocks[1:]] == [True, False]
    assert blocks[2].first == 4
    assert blocks[2].grads["xy"].tolist() == [grad.tolist() for grad in seen[:-3]]


@pytest.mark.parametrize("delay", [0, 1, 2, 5])
def test_late_gradients_lower_the_largest_rate(delay):
    """Plain SGD on curvature 100 is stable up to 2 sin(π / (4d + 2)) / 100, as the page says."""
    bound = 2 * math.sin(math.pi / (4 * delay + 2)) / 100
    below, above = (
        advance(config_of({"gradient_delay": delay}, "quadratic-bowl", lr=lr, steps=400), None, 400)[0]
        for lr in (0.97 * bound, 1.03 * bound)
    )
    assert abs(below[-1].params["xy"][-1][1]) < 1
    assert abs(above[-1].params["xy"][-1][1]) > 1


@pytest.mark.parametrize("drift", [LINE, CIRCLE])
def test_a_moving_optimum_is_that_of_a_plain_loop(drift):
    """Each pass sees the function carried to where the optimum stands after so many steps."""
    config = config_of({"drift": drift}, "booth", lr=0.02, dtype="float64")
    blocks, checkpoint = advance(config, None, 24)
    path = config.loop.drift
    xy = nn.Parameter(torch.tensor([-7.0, 4.0], dtype=torch.float64))
    optimizer, losses = torch.optim.SGD([xy], lr=0.02), [booth(xy).item()]
    for step in range(24):
        optimizer.zero_grad()
        loss = booth(xy - torch.tensor(offset(path, step), dtype=torch.float64))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert columns_of(blocks)[0].tolist() == losses
    assert columns_of(blocks)[1][-1].tolist() == xy.tolist()
    end = booth(xy - torch.tensor(offset(path, 24), dtype=torch.float64))
    assert checkpoint.ended.end_loss == end.item()


def test_paths_begin_where_the_function_is_defined():
    """A round ends there, too, half of one on the other side."""
    circle = CircularDriftConfig(**CIRCLE)
    assert offset(circle, 0) == (0.0, 0.0)
    assert offset(circle, 40) == pytest.approx((0, 0), abs=1e-12)
    assert offset(circle, 20) == pytest.approx((-1, 0), abs=1e-12)
    assert math.hypot(offset(circle, 7)[0] + 0.5, offset(circle, 7)[1]) == pytest.approx(0.5)


REFUSED = {
    "order": ({"order": ["forward", "loss", "backward", "optimizer_step"], "gradient_delay": 1}, {}),
    "sums": ({"zero_grad": False, "gradient_delay": 1}, {}),
    "closure": ({"gradient_delay": 1}, {"optimizer": "LBFGS"}),
    "bound": ({"gradient_delay": 65}, {}),
    "network": ({"drift": LINE}, {"problem": "moons"}),
    "matrix": ({"drift": LINE}, {"problem": "sparse-gradients"}),
    "path": ({"drift": {"name": "spiral"}}, {}),
    "speed": ({"drift": {"name": "linear", "velocity": [0, 1e4]}}, {}),
    "period": ({"drift": {"name": "circular", "radius": 1, "period": 1}}, {}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_contradictions_are_refused(name):
    """Each with its place under /loop."""
    loop, more = REFUSED[name]
    run = {
        "problem": {"name": more.get("problem", "booth")},
        "optimizer": {"name": more.get("optimizer", "SGD")},
        "loop": loop,
    }
    with pytest.raises(ConfigError) as refused:
        advance(parse_config(json.dumps(run).encode()), None, 1)
    field = "drift" if "drift" in loop else "gradient_delay"
    assert all(problem.pointer.startswith(f"/loop/{field}") for problem in refused.value.problems)


def test_a_step_taken_apart_tells_what_has_arrived():
    """The gradients of this pass, then those that the step is given; and where the optimum stands."""
    config = CONFIGS["late and along a line"]
    _, checkpoint = advance(config, None, 6)
    found = anatomy(config, checkpoint)
    phases = {phase.name: phase for phase in found.phases}
    assert [*phases] == ["zero_grad", "loss", "backward", "delay", "optimizer_step"]
    following, _ = advance(config, checkpoint, 1)
    assert phases["delay"].values["grads"]["xy"].tolist() == following[0].grads["xy"][0].tolist()
    assert phases["delay"].values["waiting"] == 2
    assert phases["delay"].values["grad_norm"] == following[0].grad_norm[0]
    assert "grad_norm" not in phases["backward"].values
    assert phases["loss"].values["origin"] == pytest.approx([0.06, -0.12])
    assert "xy - origin" in phases["loss"].code


def test_curvature_is_that_of_the_function_where_it_stands():
    """At each record, seen from the optimum of that step; of Rosenbrock's valley it changes with place."""
    config = CONFIGS["along a line"]
    blocks, _ = advance(config, None, 24)
    found = curvature(config, blocks, steps=[0, 5, 24])
    for row, step in enumerate((0, 5, 24)):
        at = torch.from_numpy(columns_of(blocks)[1][step]).double()
        at -= torch.tensor(offset(config.loop.drift, step), dtype=torch.float64)
        hessian = torch.autograd.functional.hessian(rosenbrock, at)
        assert found.eigenvalues[row] == pytest.approx(
            torch.linalg.eigvalsh(hessian).flip(0).numpy(), rel=1e-5
        )
        assert found.loss[row] == pytest.approx(rosenbrock(at).item(), rel=1e-5)


@pytest.mark.parametrize("loop", [{"gradient_delay": 1}, {"drift": LINE}])
def test_members_of_a_sweep_go_one_by_one(loop):
    """And are told why."""
    axis = {"path": "/optimizer/hyperparameters/lr", "values": [0.001, 0.01]}
    plan = Plan(SweepConfig.model_validate({"run": config_of(loop).model_dump(), "axes": [axis]}))
    (group,) = plan.groups
    assert group.way == Way.ONE_BY_ONE
    assert group.because.code == "way_loop"

"""A step taken apart has the bits of its record, and what lies between is torch's own."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from optiscope.engine.lens.anatomy import anatomy
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import build_problem
from tests.engine.recorded import bits, run_config, whole

MOONS = {"name": "moons", "samples": 16}
ADAM = {"name": "Adam", "hyperparameters": {"lr": 0.02}}
CLIP = {"name": "clip_grad_norm_", "max_norm": 0.1}
STEP_LR = {"name": "StepLR", "hyperparameters": {"step_size": 2}, "interval": 2}
MOMENTUM = {"name": "SGD", "hyperparameters": {"lr": 0.1, "momentum": 0.9}}

CASES = {
    "plain": {},
    "minibatches": {"problem": MOONS, "batch_size": 5},
    "clipped, frozen": {"problem": MOONS, "clip_grad": CLIP, "freeze": [{"params": ["fc2"], "from_step": 3}]},
    "clipped by value": {"problem": MOONS, "clip_grad": {"name": "clip_grad_value_", "clip_value": 0.01}},
    "scheduled": {"lr_scheduler": STEP_LR},
    "scheduled first": {"lr_scheduler": STEP_LR, "loop": {"scheduler_first": True}},
    "never cleared": {"optimizer": MOMENTUM, "loop": {"zero_grad": False}},
    "cleared to zeros": {"optimizer": MOMENTUM, "loop": {"set_to_none": False}},
    "by layer": {"optimizer": ADAM | {"param_groups": [{"params": ["fc3"], "lr": 0.2}]}},
    "closure": {"optimizer": {"name": "LBFGS"}, "steps": 8},
    "two optimizers": {"optimizer": {"name": "Muon", "rest": {"name": "AdamW"}}},
    "function": {"problem": {"name": "rosenbrock"}, "model": {}, "dtype": "float64"},
}


def taken(config, step):
    """The anatomy of a step, and its record as a block of one."""
    blocks, _ = whole(config)
    block = next(block for block in blocks if step in block.steps)
    _, checkpoint = advance(config, None, step - 1)
    row = step - block.first
    return anatomy(config, checkpoint if step > 1 else None), block[row : row + 1]


def phases(found):
    return {phase.name: phase for phase in found.phases}


def same(one, other):
    return (one is None and other is None) or bits(one) == bits(np.asarray(other))


@pytest.mark.parametrize("step", [1, 2, 4, 7])
@pytest.mark.parametrize("case", CASES)
def test_the_phases_have_the_bits_of_the_record(case, step):
    """Whatever the loop does."""
    config = run_config(**CASES[case])
    found, block = taken(config, step)
    by_name = phases(found)
    assert found.step == step
    assert same(by_name["loss"].values["loss"], block.loss[0])
    assert found.evaluations[0] == block.loss[0]
    assert same(by_name["backward"].values["grad_norm"], block.grad_norm[0])
    given = by_name.get("clip", by_name["backward"]).values["grads"]
    assert all(same(given[name], grad if grad is None else grad[0]) for name, grad in block.grads.items())
    stepped = by_name["optimizer_step"].values
    assert same(stepped["lr"], block.lr[0])
    assert all(same(stepped["params"][name], values[0]) for name, values in block.params.items())
    assert {name: list(keys) for name, keys in stepped["state"].items()} == {
        name: list(keys) for name, keys in block.state.items()
    }
    for name, keys in block.state.items():
        assert all(same(stepped["state"][name][key], values[0]) for key, values in keys.items())


def test_layers_and_prediction_are_those_of_the_module():
    """The inputs, the pre-activations and the prediction of a forward of the real network."""
    config = run_config(problem=MOONS, batch_size=5)
    found, _ = taken(config, 1)
    problem = build_problem(config.problem, torch.float32)
    model = build_model(problem, config.model, torch.float32)
    x = problem.x[list(found.rows)]
    forward = phases(found)["forward"].values
    assert [layer["name"] for layer in forward["layers"]] == ["fc1", "fc2", "fc3"]
    assert same(forward["layers"][0]["input"], x)
    with torch.no_grad():
        assert same(forward["layers"][0]["output"], model.fc1(x))
        assert same(forward["layers"][1]["input"], F.relu(model.fc1(x)))
        assert same(forward["prediction"], model(x))


def test_what_is_cleared_and_what_is_filled():
    """zero_grad leaves None or zeros; without it backward adds to what was there."""
    cleared = phases(taken(run_config(), 5)[0])
    assert set(map(type, cleared["zero_grad"].values["grads"].values())) == {type(None)}
    zeros = phases(taken(run_config(**CASES["cleared to zeros"]), 5)[0])
    assert all(not grad.any() for grad in zeros["zero_grad"].values["grads"].values())
    assert "set_to_none=False" in zeros["zero_grad"].code
    assert "zero_grad" not in phases(taken(run_config(**CASES["never cleared"]), 5)[0])


def test_the_loop_is_told_in_its_own_order():
    """A scheduler steps last, or first where the run says so, and only every interval steps."""
    names = {
        (first, step): [
            phase.name
            for phase in taken(run_config(lr_scheduler=STEP_LR, loop={"scheduler_first": first}), step)[
                0
            ].phases
        ]
        for first in (False, True)
        for step in (3, 4)
    }
    assert names[False, 4][-1] == names[True, 4][0] == "scheduler_step"
    assert "scheduler_step" not in names[False, 3] + names[True, 3]
    scheduled, block = taken(run_config(lr_scheduler=STEP_LR), 4)
    assert phases(scheduled)["scheduler_step"].values["lr"][0] == pytest.approx(block.lr[0][0] / 10)


def test_a_closure_is_evaluated_again_and_again():
    """The losses of all evaluations are told, the phases are of the first."""
    found, _ = taken(run_config(**CASES["closure"]), 1)
    assert len(found.evaluations) > 1
    assert phases(found)["optimizer_step"].code == "optimizer.step(closure)"


def test_the_passes_of_an_accumulated_step_are_told_one_after_the_other():
    """Each with its own minibatch, whose losses have the mean that is recorded."""
    config = run_config(problem=MOONS, batch_size=5, loop={"accumulate": 2})
    found, block = taken(config, 3)
    names = [phase.name for phase in found.phases]
    assert names == ["zero_grad", *["forward", "loss", "backward"] * 2, "optimizer_step"]
    losses = [phase.values["loss"] for phase in found.phases if phase.name == "loss"]
    assert found.evaluations == tuple(map(float, losses))
    assert np.mean(losses, dtype=np.float64) == pytest.approx(block.loss[0])
    first, last = (phase for phase in found.phases if phase.name == "backward")
    assert first.code == "(loss / 2).backward()"
    assert "grad_norm" not in first.values
    assert same(last.values["grad_norm"], block.grad_norm[0])
    assert all(same(last.values["grads"][name], grad[0]) for name, grad in block.grads.items())


def test_a_broken_loop_is_told_in_the_order_in_which_it_ran():
    """Gradients are what they were after each line: cut after the step, or cleared before it."""
    order = ["forward", "loss", "backward", "zero_grad", "optimizer_step", "clip"]
    found, _ = taken(run_config(clip_grad=CLIP, loop={"order": order}), 4)
    assert [phase.name for phase in found.phases] == order
    by_name = phases(found)
    assert all(grad is not None for grad in by_name["backward"].values["grads"].values())
    assert set(by_name["zero_grad"].values["grads"].values()) == {None}


def test_gradients_flow_through_what_is_frozen():
    """Their size is told at each layer; none comes to what lies before all that is trained."""
    found, _ = taken(run_config(freeze=[{"params": ["fc2"]}]), 1)
    assert all(layer["norm"] is not None for layer in phases(found)["backward"].values["layers"])
    found, _ = taken(run_config(freeze=[{"params": ["fc1"]}]), 1)
    first, second, _ = phases(found)["backward"].values["layers"]
    assert (first["grad_output"], first["norm"], second["grad_input"]) == (None, None, None)
    assert second["norm"] > 0


def test_looking_on_changes_nothing():
    """A run whose step was taken apart goes on with the same bits."""
    config = run_config(problem=MOONS, batch_size=5)
    _, checkpoint = advance(config, None, 4)
    before = checkpoint.to_bytes()
    anatomy(config, checkpoint)
    assert checkpoint.to_bytes() == before

"""Where an optimizer says that it keeps a rate of its own, its steps are that rate times a direction."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from optiscope.engine.loop.training import Training, advance, quiet
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from tests.engine.recorded import run_config

STEPS = 6
ARGUMENTS = {
    "ASGD": {"lr": 0.1, "lambd": 0.5},
    "Rprop": {"lr": 0.01},
    "LBFGS": {"lr": 0.1, "max_iter": 1},
    "pytorch_optimizer.AdaMod": {"lr": 0.05},
}
DIRECTIONS = {
    "ASGD": lambda row: row["grad"] + 0.5 * row["before"],  # its decay is lambd times the same rate
    "Rprop": lambda row: np.sign(row["prev"]),  # the gradient, 0 where its sign has changed
    "LBFGS": lambda row: -row["d"][:4].reshape(2, 2),  # fc1.weight's part
    "pytorch_optimizer.AdaMod": lambda row: row["exp_avg"],
}
IN_GROUPS = [name for name, info in OPTIMIZERS.items() if info.own_rate and info.own_rate.in_group]


def config_of(name):
    optimizer = {"name": name, "hyperparameters": ARGUMENTS.get(name, {})}
    return run_config(optimizer=optimizer, problem={"name": "moons"}, steps=STEPS, dtype="float64")


def rows_of(blocks):
    """What records hold of the first parameter, one after another."""
    for block in blocks:
        for i in range(len(block)):
            state = {key: values[i] for key, values in block.state.get("fc1.weight", {}).items()}
            grads = block.grads and {"grad": block.grads["fc1.weight"][i]}
            yield {"param": block.params["fc1.weight"][i], "lr": block.lr[i, 0]} | state | (grads or {})


def test_all_that_keep_one_are_tried():
    """An entry that declares a rate has a direction here, or keeps a factor in its groups."""
    declared = {name for name, info in OPTIMIZERS.items() if info.own_rate}
    assert declared == DIRECTIONS.keys() | set(IN_GROUPS)


@pytest.mark.parametrize("name", DIRECTIONS)
def test_a_step_is_the_rate_that_was_declared_times_a_direction(name):
    """Of record k or the one before, as declared; before there is any, the lr of the group."""
    rate = OPTIMIZERS[name].own_rate
    rows = list(rows_of(advance(config_of(name), None, STEPS)[0]))
    for before, row in pairwise(rows):
        used = (row if rate.after else before).get(rate.key, row["lr"])
        update = -used * DIRECTIONS[name](row | {"before": before["param"]})
        np.testing.assert_allclose(row["param"] - before["param"], update, rtol=1e-6, atol=1e-12)


def test_asgd_uses_the_rate_of_the_step_before():
    """The lr of a record is what the group says; the rate used is the eta of the record before."""
    rows = list(rows_of(advance(config_of("ASGD"), None, STEPS)[0]))
    assert {row["lr"] for row in rows} == {0.1}
    etas = [float(row["eta"]) for row in rows[1:]]
    assert etas == sorted(etas, reverse=True)
    assert etas[0] < 0.1


@pytest.mark.parametrize("name", IN_GROUPS)
def test_a_factor_in_a_group_scales_the_step(name):
    """Twice as large before the first step, that step is twice as long, whatever else is summed up."""
    moved = []
    for factor in (1.0, 2.0):
        with quiet():
            training = Training(config_of(name))
            for group in training.optimizers[0].param_groups:
                group["d"] = group["d"] * factor
            before = training.model.fc1.weight.detach().clone()
            training.train_step(training.recorder(1))
            moved.append((training.model.fc1.weight.detach() - before).abs().sum())
    torch.testing.assert_close(moved[1], 2 * moved[0], rtol=1e-3, atol=0)


@pytest.mark.parametrize("name", IN_GROUPS)
def test_a_factor_in_a_group_is_recorded_with_its_first_parameter(name):
    """In every record, the initial one included, as torch's group has it."""
    blocks, reached = advance(config_of(name), None, STEPS)
    rows = list(rows_of(blocks))
    assert rows[0]["d"] == Training(config_of(name)).optimizers[0].param_groups[0]["d"]
    assert rows[-1]["d"] == reached.optimizers[0]["param_groups"][0]["d"]
    assert all("d" in row for row in rows)
    assert not any(
        "d" in keys for block in blocks for other, keys in block.state.items() if other != "fc1.weight"
    )


def test_asgd_takes_a_rate_a_step_late():
    """As its description says, of torch itself."""
    weight = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.ASGD([weight], lr=0.5, lambd=0.0)
    moved = []
    for rate in (0.5, 0.0, 0.0):
        optimizer.param_groups[0]["lr"] = rate
        before = weight.item()
        weight.grad = torch.ones(1)
        optimizer.step()
        moved.append(before - weight.item())
    assert moved == [0.5, 0.5, 0.0]
    assert "acts a step late" in OPTIMIZERS["ASGD"].state["eta"]

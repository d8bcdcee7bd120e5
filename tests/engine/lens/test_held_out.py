"""Held-out loss is torch's own, at every record, and training knows nothing of it."""

import numpy as np
import pytest
import torch

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.parts import whole
from optiscope.engine.lens.held_out import COLUMN, NoHeldOut, held_out_loss, with_held_out_loss
from optiscope.engine.loop.training import Training, advance


def run_config(**rest):
    config = {
        "problem": {"name": "moons"},
        "model": {"hidden": [4, 4], "seed": 33},
        "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.05}},
        "steps": 12,
        "dtype": "float64",
    }
    return RunConfig.model_validate(config | rest)


def records(config):
    return advance(config, None, config.steps)[0]


@pytest.mark.parametrize(
    "change",
    [
        {"dtype": "float32"},
        {"problem": {"name": "regression-2d", "samples": 20}, "batch_size": 4},
        {"problem": {"name": "points"}},
        {"model": {"hidden": [8], "activation": "tanh"}, "freeze": [{"params": ["fc1"]}]},
        {"optimizer": {"name": "LBFGS"}},
    ],
)
def test_it_is_the_loss_of_the_module_on_what_is_held_out(change):
    """At each record, bit for bit, what `model(x_test)` gives with the parameters that were recorded."""
    config = run_config(**change)
    blocks = records(config)
    found = held_out_loss(config, blocks)
    training = Training(config)
    problem, model = training.problem, training.model
    losses = []
    for block in blocks:
        for row in range(len(block)):
            model.load_state_dict({name: torch.from_numpy(v[row].copy()) for name, v in block.params.items()})
            with torch.no_grad():
                losses.append(problem.info.loss.function(model(problem.x_test), problem.y_test).item())
    assert found.steps == tuple(range(len(losses)))
    assert found.loss.tolist() == losses
    assert (found.samples, found.loss.dtype) == (len(problem.x_test), np.dtype(config.dtype))
    assert found.loss.tolist() != pytest.approx([loss for b in blocks for loss in b.loss], rel=1e-3)


@pytest.mark.parametrize(
    ("asked", "steps"),
    [({"every": 5}, (0, 5, 10, 12)), ({"steps": [7, 3]}, (3, 7)), ({"steps": [12]}, (12,)), ({}, range(13))],
)
def test_some_records_say_what_all_of_them_say(asked, steps):
    """Every k-th and the last, or those that are named, in order."""
    config = run_config()
    blocks = records(config)
    all_of_them = held_out_loss(config, blocks, every=1).loss
    found = held_out_loss(config, blocks, **asked)
    assert found.steps == tuple(steps)
    assert found.loss.tolist() == all_of_them[list(steps)].tolist()


def test_a_large_network_is_looked_at_as_often_as_is_allowed():
    """And what is more is refused with the bound."""
    config = run_config()
    blocks = records(config)
    width = sum(p.numel() for p in Training(config).model.parameters())
    limits = Limits(max_surface_operations=5 * width * 128)
    assert held_out_loss(config, blocks, limits=limits).steps == (0, 3, 6, 9, 12)
    with pytest.raises(ConfigError) as refused:
        held_out_loss(config, blocks, every=1, limits=limits)
    [problem] = refused.value.problems
    assert (problem.pointer, problem.said.params) == ("/every", {"bound": 5, "value": 13})


def test_a_step_beyond_the_run_is_refused():
    """By its place in the list."""
    config = run_config()
    with pytest.raises(ConfigError, match="step"):
        held_out_loss(config, records(config), steps=[0, 13])


@pytest.mark.parametrize(
    ("problem", "why"), [("himmelblau", NoHeldOut.WITHOUT_DATA), ("seed-example", NoHeldOut.NONE)]
)
def test_where_nothing_is_held_out_it_says_why(problem, why):
    """The column of an export is then absent, too."""
    model = {} if problem == "himmelblau" else {"hidden": [2, 2]}
    config = run_config(problem={"name": problem}, model=model)
    blocks = records(config)
    assert held_out_loss(config, blocks) is why
    assert whole(with_held_out_loss(config, blocks)) == blocks


def test_as_a_column_it_is_there_at_every_record():
    """Block by block, beside what was recorded."""
    config = run_config(freeze=[{"params": ["fc2"], "from_step": 4, "to_step": 8}])
    blocks = records(config)
    told = whole(with_held_out_loss(config, blocks))
    assert [one.steps for one in told] == [one.steps for one in blocks]
    column = np.concatenate([one.optional[COLUMN] for one in told])
    assert column.tolist() == held_out_loss(config, blocks, every=1).loss.tolist()
    assert all(COLUMN not in one.optional for one in blocks)

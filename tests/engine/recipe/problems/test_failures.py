"""Failure modes: what is said of each holds, and what they draw is reproducible."""

import json
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Generator, nn

from optiscope.engine.advice.codegen import script
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.parts import whole
from optiscope.engine.lens.anatomy import anatomy
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.checkpoint_file.reading import read_checkpoint
from optiscope.engine.loop.checkpoint_file.writing import write_checkpoint
from optiscope.engine.loop.lockstep import advance_together
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.problems.failures import FAILURES
from optiscope.engine.recipe.problems.failures.heavy_tailed_noise import heavy_tailed, noisy_bowl
from optiscope.engine.recipe.problems.failures.sparse_gradients import frequencies, word_drawn
from optiscope.engine.sweep.job import cells_at
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.ways import Way
from tests.engine.printed import outcomes_of, printed_of

each = pytest.mark.parametrize("info", FAILURES, ids=lambda info: info.name)
DRAWING = [info.name for info in FAILURES if info.draw is not None]


def config_of(name, lr=0.01, optimizer="SGD", **more):
    run = {"problem": {"name": name}, "optimizer": {"name": optimizer, "hyperparameters": {"lr": lr}}}
    return RunConfig.model_validate({**run, "steps": 30, **more})


def end_loss(config):
    _, checkpoint = advance(config, None, config.steps)
    return checkpoint.ended.end_loss


def columns_of(blocks):
    names = blocks[0].params
    return [np.concatenate([block.loss for block in blocks])] + [
        np.concatenate([block.params[name] for block in blocks]) for name in names
    ]


@each
def test_each_says_what_goes_wrong_and_for_whom(info):
    """With a source, and a comparison in which every run lowers the loss and stays alive."""
    assert "This meets" in info.failure or "SGD" in info.failure
    assert info.citation
    for optimizer in info.suggestion.optimizers:
        config = RunConfig.model_validate(
            {"problem": {"name": info.name}, "optimizer": optimizer, "steps": info.suggestion.steps}
        )
        blocks, checkpoint = advance(config, None, config.steps)
        assert checkpoint.ended.end_loss < blocks[0].loss[0]


@pytest.mark.parametrize("name", DRAWING)
@pytest.mark.parametrize("more", [{}, {"loop": {"accumulate": 3}}, {"dtype": "float64", "batch_seed": 5}])
def test_what_is_drawn_is_the_same_in_chunks(name, more):
    """Bit for bit, through a checkpoint that is written down and read."""
    config = config_of(name, **more)
    unbroken, _ = advance(config, None, config.steps)
    checkpoint, blocks = None, []
    for steps in (1, 12, 17):
        more_blocks, checkpoint = advance(config, checkpoint, steps)
        blocks += more_blocks
        checkpoint = Checkpoint.from_bytes(checkpoint.to_bytes())
    for one, other in zip(columns_of(unbroken), columns_of(blocks), strict=True):
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("name", DRAWING)
def test_a_checkpoint_file_goes_on_with_what_is_drawn_next(name):
    """As the run that it was taken of."""
    config = config_of(name)
    _, checkpoint = advance(config, None, 11)
    rest, _ = advance(config, checkpoint, 19)
    read, taken, _ = read_checkpoint(write_checkpoint(config, checkpoint))
    again, _ = advance(read, taken, 19)
    assert columns_of(rest)[0].tobytes() == columns_of(again)[0].tobytes()


@pytest.mark.parametrize("name", DRAWING)
def test_the_seed_decides_what_is_drawn(name):
    """That of the problem, unless the order has its own; the global generator is left alone."""
    state = torch.get_rng_state()
    problem = {"name": name, "seed": 3}
    losses = [
        columns_of(advance(config_of(name, **more), None, 30)[0])[0].tolist()
        for more in ({}, {"problem": problem}, {"batch_seed": 3}, {"problem": problem, "batch_seed": 0})
    ]
    assert losses[0] == losses[3] != losses[1] == losses[2]
    assert torch.equal(state, torch.get_rng_state())


def test_noise_is_added_to_the_gradient():
    """The recorded loss is that of the pass; what is left at the end is judged without noise."""
    config = config_of("heavy-tailed-noise", problem={"name": "heavy-tailed-noise", "noise": 0.5, "seed": 2})
    blocks, checkpoint = advance(config, None, config.steps)
    xy = nn.Parameter(torch.tensor([-2.5, 1.0]))
    optimizer, generator, losses = torch.optim.SGD([xy], lr=0.01), Generator().manual_seed(2), []
    for _ in range(config.steps):
        optimizer.zero_grad()
        noise = (0.5 * heavy_tailed(generator)).float()
        loss = noisy_bowl(xy) + (noise * xy).sum(-1)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert columns_of(blocks)[0][1:].tolist() == losses
    assert columns_of(blocks)[1][-1].tolist() == xy.tolist()
    assert checkpoint.ended.end_loss == noisy_bowl(xy).item()


def test_noise_of_scale_0_is_none():
    """And any other scale is held to the limit of noise."""
    silent = config_of("heavy-tailed-noise", problem={"name": "heavy-tailed-noise", "noise": 0.0})
    losses = columns_of(advance(silent, None, 30)[0])[0]
    assert (np.diff(losses) <= 0).all()
    with pytest.raises(ConfigError) as refused:
        advance(
            config_of("heavy-tailed-noise", problem={"name": "heavy-tailed-noise", "samples": 9}), None, 1
        )
    assert [problem.pointer for problem in refused.value.problems] == ["/problem/samples"]


def test_the_tails_are_as_heavy_as_is_said():
    """A tail index of 1.5: ten times further out there are 31.6 times fewer; half are of each sign."""
    generator = Generator().manual_seed(0)
    drawn = torch.cat([heavy_tailed(generator) for _ in range(20000)])
    beyond = [(drawn.abs() > size).double().mean().item() for size in (1.0, 19.0)]
    assert beyond[0] == pytest.approx(2**-1.5, rel=0.03)
    assert beyond[1] == pytest.approx(20**-1.5, rel=0.1)
    assert (drawn > 0).double().mean().item() == pytest.approx(0.5, abs=0.01)


def test_words_come_as_often_as_is_said():
    """By Zipf's law, in each context alike; all but one row of the gradient are zeros."""
    generator = Generator().manual_seed(0)
    words, contexts = torch.stack([word_drawn(generator) for _ in range(8000)], dim=1)
    counted = torch.bincount(words, minlength=16) / 8000
    assert torch.allclose(counted.double(), frequencies(), atol=0.02)
    assert torch.bincount(contexts, minlength=4).min() > 1900
    blocks, _ = advance(config_of("sparse-gradients"), None, 30)
    grads = blocks[-1].grads["embedding"]
    assert ((grads != 0).any(axis=2).sum(axis=1) == 1).all()


def test_the_valley_is_that_of_rosenbrock_turned():
    """SGD ends as low in both; what divides each coordinate by its size ends higher in the turned one."""
    rates = {"SGD": [0.003], "RMSprop": [0.01, 0.03, 0.1, 0.18, 0.3], "Adagrad": [0.56, 1.0, 1.78, 2.0]}
    straight, turned = (
        {
            optimizer: min(end_loss(config_of(name, lr, optimizer, steps=300)) for lr in tried)
            for optimizer, tried in rates.items()
        }
        for name in ("rosenbrock", "curved-valley")
    )
    assert turned["SGD"] == pytest.approx(straight["SGD"], rel=1e-3)
    assert turned["RMSprop"] > 5 * straight["RMSprop"]
    assert turned["Adagrad"] > 50 * straight["Adagrad"]


def test_the_loss_falls_in_stairs_from_saddle_to_saddle():
    """Gradient descent from near the middle: it stands still several times, a step lower each time."""
    losses = columns_of(advance(config_of("symmetric-saddles", 0.05, steps=600), None, 600)[0])[0]
    still = np.diff(losses) > -0.02
    heights = {
        round(float(losses[i]), 1)
        for i, (before, after) in enumerate(pairwise(still), start=1)
        if before and after
    }
    assert losses[0] == pytest.approx(4, abs=0.01)
    assert len(heights) > 3
    assert losses[-1] < 1e-6


def test_runs_with_noise_go_alone_and_as_alone():
    """Together with others each has the bits that it has alone."""
    configs = [config_of("heavy-tailed-noise", lr) for lr in (0.01, 0.02)]
    for config, (blocks, _) in zip(configs, advance_together(configs), strict=True):
        assert columns_of(blocks)[0].tobytes() == columns_of(advance(config, None, 30)[0])[0].tobytes()


@pytest.mark.parametrize("name", ["heavy-tailed-noise", "cliff"])
def test_a_sweep_over_rates_goes_together_and_ends_where_each_run_ends(name):
    """Stacked, whether or not there is noise; every seed of it is a group of its own."""
    axes = [{"path": "/optimizer/hyperparameters/lr", "values": [0.001, 0.003, 0.01]}]
    axes += [{"path": "/problem/seed", "values": [0, 1]}] if name == "heavy-tailed-noise" else []
    plan = Plan(SweepConfig.model_validate({"run": config_of(name).model_dump(), "axes": axes}))
    assert {group.way for group in plan.groups} == {Way.STACKED}
    cells = whole(cells_at(plan.text, 0, plan.members))
    ends = [end_loss(plan.config(member)) for member in cells.members.tolist()]
    assert cells.end_loss.tolist() == pytest.approx(ends, rel=1e-5)


@pytest.mark.parametrize(("name", "key"), [("heavy-tailed-noise", "noise"), ("sparse-gradients", "drawn")])
def test_a_step_taken_apart_tells_what_was_drawn(name, key):
    """With its loss; it is no choice of samples."""
    found = anatomy(config_of(name), None)
    loss = next(phase for phase in found.phases if phase.name == "loss")
    assert key in loss.code
    assert loss.values[key].shape == (2,)
    assert found.rows is None


SCRIPTS = {
    f"{name} {json.dumps(more)}": config_of(name, 0.001 if optimizer == "SGD" else 0.01, optimizer, **more)
    for name in (info.name for info in FAILURES)
    for optimizer, more in (
        ("SGD", {}),
        ("Adam", {"dtype": "float64", "average": {"name": "EMA"}}),
        ("SGD", {"loop": {"accumulate": 2}, "batch_seed": 4}),
        ("LBFGS", {"loop": {"accumulate": 2}, "steps": 4}),
    )
}


@pytest.fixture(scope="module")
def outcomes():
    """What all scripts print."""
    return outcomes_of(SCRIPTS)


@pytest.mark.parametrize("key", SCRIPTS)
def test_a_script_prints_the_losses_of_the_run(key, outcomes):
    """Bit for bit, what is drawn included."""
    blocks, checkpoint = advance(SCRIPTS[key], None, SCRIPTS[key].steps)
    assert checkpoint.ended.reason == "completed"
    assert outcomes[key]["printed"].splitlines() == printed_of(blocks)


def test_a_script_of_noise_stands_alone():
    """It imports torch and nothing of ours."""
    text = script(config_of("heavy-tailed-noise"))
    assert "optiscope" not in text
    assert "noise = next(draws)" in text
    subprocess.run([sys.executable, "-c", text], check=True, capture_output=True)

"""How a run goes on, ends and is refused; ``test_conformance.py`` compares its numbers with a plain loop."""

import gc
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.loop.judging import check
from optiscope.engine.loop.training import Training, advance
from optiscope.engine.recipe.optimizers import OPTIMIZERS, OptimizerInfo
from tests.engine import recipes
from tests.engine.recorded import SEED, assert_same_blocks, bits, chunked, net, run_config, whole


@pytest.mark.parametrize("size", [1, 7, 64])
def test_chunks_leave_no_trace(size):
    """Chunks of any size give the bits of the unbroken run, with minibatches and freezing half-way."""
    config = run_config(
        problem={"name": "moons", "samples": 50, "noise": 0.1},
        batch_size=16,
        model={"seed": SEED, "hidden": [8, 8], "activation": "tanh"},
        freeze=[{"params": ["fc2"], "from_step": 9, "to_step": 40}],
        lr_scheduler={"name": "StepLR", "hyperparameters": {"step_size": 3}, "interval": 5},
        steps=130,
    )
    blocks, _ = whole(config)
    assert_same_blocks(chunked(config, size), blocks)
    assert_same_blocks(chunked(config, size, through_bytes=False), blocks)


def test_chunks_keep_the_gradients_that_nobody_clears():
    """A parameter in no group collects gradients, which count in the clipped norm, over chunks too."""
    config = run_config(
        optimizer={"name": "Adam", "param_groups": [{"params": ["fc1"]}]},
        clip_grad={"name": "clip_grad_norm_", "max_norm": 0.3},
    )
    blocks, _ = whole(config)
    assert np.linalg.norm(blocks[-1].grads["fc3.bias"][-1]) > np.linalg.norm(blocks[1].grads["fc3.bias"][0])
    assert_same_blocks(chunked(config, 7), blocks)


def test_the_notes_own_table():
    """The printed gradients of the notes come out of their printed initial values."""
    config = run_config(
        model={
            "state_dict": {
                "fc1.weight": [[0.1295, 0.1109], [0.6487, 0.4996]],
                "fc1.bias": [-0.0975, -0.2738],
                "fc2.weight": [[0.4788, 0.3162], [0.1909, 0.6951]],
                "fc2.bias": [-0.5581, 0.3771],
                "fc3.weight": [[0.6921, 0.1667]],
                "fc3.bias": [-0.4246],
            }
        },
        optimizer={"name": "SGD", "hyperparameters": {"lr": 0.01}},
        freeze=[{"params": ["fc2"]}],
        steps=1,
    )
    grads = whole(config)[0][-1].grads
    expected = {
        "fc1.weight": [[-0.0760, -0.1521], [-0.2768, -0.5536]],
        "fc1.bias": [-0.0760, -0.2768],
        "fc3.weight": [[0.0000, -3.2985]],
        "fc3.bias": [-2.3890],
    }
    for name, values in expected.items():
        np.testing.assert_allclose(grads[name][0], values, atol=2e-3)
    assert grads["fc2.weight"] is None
    assert grads["fc2.bias"] is None


def test_a_frozen_layer_never_moves():
    """A frozen layer's parameters keep their bits and its gradient is None, for every optimizer."""
    for recipe in recipes.OPTIMIZERS:
        optimizer = recipes.optimizer_config(recipe)
        config = run_config(optimizer=optimizer, freeze=[{"params": ["fc2"]}], steps=8)
        for block in whole(config)[0]:
            for name in ("fc2.weight", "fc2.bias"):
                assert (block.params[name] == block.params[name][0]).all()
                assert block.grads is None or block.grads[name] is None
                assert name not in block.state or recipe == "Adagrad"  # it allots its sums beforehand


def test_divergence_is_a_result():
    """A run that diverges ends at the step at which it does, with that record as its last."""
    config = run_config(optimizer={"name": "SGD", "hyperparameters": {"lr": 1e6}}, steps=300)
    blocks, checkpoint = whole(config)
    assert checkpoint.ended.reason is Reason.DIVERGED
    assert blocks[-1].steps[-1] == checkpoint.ended.step == checkpoint.step
    last = blocks[-1]
    assert not all(np.isfinite(v[-1]).all() for v in last.params.values()) or np.isnan(last.loss[-1])
    assert_same_blocks(chunked(config, 7), blocks)
    assert advance(config, checkpoint, 10) == ([], checkpoint)


def test_torch_refusing_a_step_ends_the_run():
    """OneCycleLR beyond its total_steps ends the run, which says what to change and keeps its records."""
    one_cycle = {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 10}}
    config = run_config(lr_scheduler=one_cycle)
    blocks, checkpoint = whole(config)
    assert checkpoint.ended.reason is Reason.FAILED
    assert checkpoint.ended.detail == (
        "failed at step 11: OneCycleLR ends after 10 calls of scheduler.step(), and the run makes 30: "
        "total_steps must be larger; see /lr_scheduler/hyperparameters/total_steps "
        "(ValueError: Tried to step 11 times. The specified number of total steps is 10)"
    )
    assert blocks[-1].steps[-1] == checkpoint.ended.step
    assert_same_blocks(chunked(config, 7), blocks)


class Stumbling(torch.optim.SGD):
    """Moves one parameter after the other, and falls over between two of them."""

    def __init__(self, params, lr=0.01):
        super().__init__(params, lr=lr, momentum=0.9)
        self.steps = 0

    def step(self):
        """The third step since it was made goes half of its way."""
        self.steps += 1
        if self.steps == 3:
            self.param_groups[0]["params"][0].data.add_(1)
            raise ArithmeticError("out of luck")
        super().step()


def test_an_optimizer_that_raises_ends_the_run_where_it_stood_before(monkeypatch):
    """The end has its words and its step, and the checkpoint is that of the last record."""
    info = OptimizerInfo("Stumbling", Stumbling, "", (), {}, "", "", source=__name__)
    monkeypatch.setitem(OPTIMIZERS._entries, info.name, info)
    config = run_config(optimizer={"name": "Stumbling"})
    blocks, checkpoint = whole(config)
    ended = checkpoint.ended
    assert (ended.reason, ended.step) == (Reason.FAILED, 2)
    assert ended.detail == (
        "failed at step 3: Stumbling could not make its step; see /optimizer (ArithmeticError: out of luck)"
    )
    assert [step for block in blocks for step in block.steps] == [0, 1, 2]
    expected, before = advance(config, None, 2)
    assert_same_blocks(blocks, expected)
    assert replace(checkpoint, ended=None).to_bytes() == before.to_bytes()


@pytest.mark.parametrize(
    ("changes", "pointer", "words"),
    [
        ({"optimizer": {"name": "Adamm"}}, "/optimizer/name", "did you mean Adam?"),
        (
            {"optimizer": {"name": "Adam", "hyperparameters": {"lr": -1}}},
            "/optimizer/hyperparameters/lr",
            "lr must be at least 0, got -1",
        ),
        (
            {"optimizer": {"name": "Adam", "hyperparameters": {"betas": [2, 0.9]}}},
            "/optimizer/hyperparameters/betas",
            "betas[0] must be less than 1, got 2",
        ),
        (
            {"optimizer": {"name": "SGD", "hyperparameters": {"lr": float("nan")}}},
            "/optimizer/hyperparameters/lr",
            "finite",
        ),
        ({"optimizer": {"name": "SparseAdam"}}, "/optimizer/name", "sparse gradients only"),
        (
            {"optimizer": {"name": "Muon"}},
            "/optimizer/name",
            "torch refuses Muon: Muon only supports 2D",
        ),
        (
            {"optimizer": {"name": "SGD", "hyperparameters": {"nesterov": True}}},
            "/optimizer/hyperparameters",
            "Nesterov momentum requires a momentum",
        ),
        ({"freeze": [{"params": ["fc1", "fc2", "fc3"]}]}, "/freeze", "every parameter is frozen"),
        ({"freeze": [{"params": ["fc9"]}]}, "/freeze/0/params/0", "choose from fc1, fc2, fc3"),
        (
            {"lr_scheduler": {"name": "StepLR"}},
            "/lr_scheduler/hyperparameters/step_size",
            "StepLR needs a value for step_size",
        ),
        (
            {
                "optimizer": {"name": "Adagrad"},
                "lr_scheduler": {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 9}},
            },
            "/lr_scheduler/hyperparameters",
            "optimizer must support momentum",
        ),
        (
            {"optimizer": {"name": "LBFGS"}, "loop": {"order": ["optimizer_step", "forward", "loss"]}},
            "/loop/order",
            "LBFGS computes the loss itself",
        ),
    ],
)
def test_what_cannot_run_is_refused(changes, pointer, words):
    """A config that cannot be run names the field, before anything starts."""
    with pytest.raises(ConfigError) as caught:
        check(run_config(**changes))
    (problem,) = caught.value.problems
    assert problem.pointer == pointer
    assert words in problem.detail


def test_a_run_that_freezes_everything_is_refused_in_pytorchs_own_words():
    """What backward() raises where nothing requires a gradient is part of the sentence."""
    with pytest.raises(RuntimeError) as raised:
        net().requires_grad_(False)(torch.ones(1, 2)).sum().backward()
    with pytest.raises(ConfigError) as refused:
        check(run_config(freeze=[{"params": ["fc1", "fc2", "fc3"]}]))
    assert str(raised.value) in refused.value.problems[0].detail


@pytest.mark.parametrize(
    ("problem", "batch_seed", "seed"),
    [
        ({"seed": 3}, None, 3),
        ({}, None, 0),
        ({"seed": 3}, 0, 0),
        ({"seed": 3}, 7, 7),
        ({}, 2**32 - 1, 2**32 - 1),
    ],
)
def test_batches_come_in_the_order_of_their_seed(problem, batch_seed, seed):
    """A plain loop that draws its orders from a generator of that seed has the same bits."""
    config = run_config(
        problem={"name": "moons", "samples": 20} | problem, batch_size=8, batch_seed=batch_seed, steps=8
    )
    blocks, _ = whole(config)
    data, model = Training(config).problem, net()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    generator = torch.Generator().manual_seed(seed)
    orders = [torch.randperm(20, generator=generator).split(8) for _ in range(3)]
    losses = []
    for rows in [rows for order in orders for rows in order][:8]:
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(data.x[rows]), data.y[rows])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert np.concatenate([block.loss for block in blocks])[1:].tolist() == losses
    for name, param in model.named_parameters():
        assert bits(blocks[-1].params[name][-1]) == bits(param.detach().numpy())


def test_the_global_generator_is_left_alone():
    """A run neither reads nor moves torch's global random state."""
    before = torch.random.get_rng_state()
    whole(run_config(problem={"name": "moons", "samples": 40}, batch_size=8))
    assert torch.equal(before, torch.random.get_rng_state())


def alive():
    """How many runs and networks there are."""
    return sum(issubclass(type(thing), Training | nn.Module) for thing in gc.get_objects())


def test_a_chunk_leaves_no_run_to_the_garbage_collector():
    """A run is not held by its own step: what a chunk has made is freed as it ends."""
    config = run_config()
    _, checkpoint = advance(config, None, 2)
    gc.collect()
    gc.disable()
    try:
        advance(config, checkpoint, 2)
        left = alive()
    finally:
        gc.enable()
    gc.collect()
    assert left == alive()

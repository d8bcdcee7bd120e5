"""A chunk is `advance` and nothing else, whatever way its checkpoint travels."""

import pickle

import pytest
import torch

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.lens.boundary import View, boundary
from optiscope.engine.lens.central_flow import central_flow
from optiscope.engine.lens.curvature import curvature
from optiscope.engine.lens.gradient_noise import gradient_noise
from optiscope.engine.lens.held_out import held_out_loss
from optiscope.engine.lens.loss_surface import loss_surface
from optiscope.engine.loop.training import advance
from optiscope.runs.workers.jobs import (
    boundary_of,
    central_flow_of,
    curvature_of,
    gradient_noise_of,
    held_out_loss_of,
    surface_of,
    train_chunk,
    train_whole,
)
from tests.runs.records import assert_same_records

CONFIGS = {
    "Adam in float64": {"optimizer": {"name": "Adam"}, "dtype": "float64"},
    "NAdam, whose state mixes dtypes": {"optimizer": {"name": "NAdam"}, "dtype": "float64"},
    "milestones": {
        "optimizer": {"name": "Adam"},
        "lr_scheduler": {"name": "MultiStepLR", "hyperparameters": {"milestones": [3, 9, 9, 14]}},
    },
    "minibatches": {"optimizer": {"name": "SGD", "hyperparameters": {"momentum": 0.9}}, "batch_size": 5},
    "a cycled momentum": {
        "optimizer": {"name": "AdamW"},
        "lr_scheduler": {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 40}},
    },
    "gradients that are kept": {
        "optimizer": {"name": "RMSprop"},
        "loop": {"set_to_none": False},
        "freeze": [{"params": ["fc2"], "from_step": 3, "to_step": 9, "clear_grad": False}],
    },
}


@pytest.mark.parametrize("changes", CONFIGS.values(), ids=CONFIGS)
@pytest.mark.parametrize("size", [1, 7])
def test_pickled_checkpoints_leave_no_trace(changes, size):
    """A run in chunks through pickled checkpoints is bit-identical to one call of advance."""
    config = RunConfig.model_validate({"problem": {"name": "moons", "samples": 32}, "steps": 20} | changes)
    whole, _ = advance(config, None, 20)
    blocks, checkpoint, ended = [], None, None
    while ended is None:
        chunk = train_chunk(config.canonical(), checkpoint, size)
        blocks += chunk.blocks
        checkpoint, ended = chunk.checkpoint, chunk.ended
    assert ended.reason == "completed"
    assert_same_records(blocks, whole)


@pytest.mark.parametrize("changes", CONFIGS.values(), ids=CONFIGS)
def test_chunks_that_time_cuts_leave_no_trace(changes):
    """A run whose chunks are cut after one step, since no time is left, is bit-identical, too."""
    config = RunConfig.model_validate({"problem": {"name": "moons", "samples": 32}, "steps": 8} | changes)
    whole, _ = advance(config, None, 8)
    chunks = [train_chunk(config.canonical(), None, 8, 0.0)]
    while chunks[-1].ended is None:
        chunks.append(train_chunk(config.canonical(), chunks[-1].checkpoint, 8, 0.0))
    assert [chunk.step for chunk in chunks] == list(range(1, 9))
    assert_same_records([block for chunk in chunks for block in chunk.blocks], whole)


TOGETHER = [
    {"optimizer": {"name": "Adam"}},
    {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.01, "momentum": 0.9}}},
    {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 1e9}}},
]


@pytest.mark.parametrize("problem", ["booth", "ackley"])
@pytest.mark.parametrize("seconds", [0.0, 1e-3])
def test_runs_in_lockstep_that_time_cuts_go_on_alone(problem, seconds):
    """Each stands at its checkpoint, or at its end, and from there has the records that it has alone."""
    configs = [
        RunConfig.model_validate(
            {"problem": {"name": problem}, "model": {"start": [1, 2]}, "steps": 12} | one
        )
        for one in TOGETHER
    ]
    for config, chunk in zip(configs, train_whole([c.canonical() for c in configs], seconds), strict=True):
        chunks = [chunk]
        while chunks[-1].ended is None:
            chunks.append(train_chunk(config.canonical(), chunks[-1].checkpoint, 12))
        alone, reached = advance(config, None, 12)
        assert chunks[-1].ended == reached.ended
        assert_same_records([block for chunk in chunks for block in chunk.blocks], alone)


RUN = {"problem": {"name": "xor", "samples": 64}, "model": {"hidden": [8, 8]}, "optimizer": {"name": "Adam"}}
SMOOTH = {"model": {"hidden": [8, 8], "activation": "tanh"}, "optimizer": {"name": "SGD"}}


def in_parts(computation):
    """What a computation comes to, and how many parts it had."""
    count = 0
    while True:
        try:
            next(computation)
        except StopIteration as done:
            return done.value, count
        assert torch.is_grad_enabled()  # as it is for the job that has the next turn
        count += 1


@pytest.mark.parametrize("view", ["surface", "curvature", "flow", "boundary", "noise", "held-out"])
def test_a_view_comes_in_parts_and_is_the_same(view):
    """Each can be left between its parts, and comes to what it comes to at once."""
    config = RunConfig.model_validate(RUN | SMOOTH | {"steps": 6})
    blocks, _ = advance(config, None, 6)
    text, limits = config.canonical(), DEFAULT_LIMITS
    computation, at_once = {
        "surface": (
            surface_of([text], [blocks], None, 60, None, limits),
            lambda: loss_surface([config], [blocks], None, 60),
        ),
        "curvature": (
            curvature_of(text, blocks, 1, None, 2, limits),
            lambda: curvature(config, blocks, every=1, top=2),
        ),
        "flow": (
            central_flow_of(text, blocks, 1, None, 3, limits),
            lambda: central_flow(config, blocks, from_step=1, window=3),
        ),
        "boundary": (
            boundary_of([text], [blocks], (0, 3), View(5), limits),
            lambda: boundary([config], [blocks], (0, 3), View(5)),
        ),
        "noise": (
            gradient_noise_of(text, blocks, 3, 0),
            lambda: gradient_noise(config, blocks, step=3),
        ),
        "held-out": (
            held_out_loss_of(text, blocks, 1, None, limits),
            lambda: held_out_loss(config, blocks, every=1),
        ),
    }[view]
    found, count = in_parts(computation)
    assert count > 1
    assert pickle.dumps(found) == pickle.dumps(at_once())

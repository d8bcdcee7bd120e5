"""A chunk is `advance` and nothing else, whatever way its checkpoint travels."""

import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance
from optiscope.runs.workers.jobs import train_chunk
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

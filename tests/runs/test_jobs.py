"""A chunk is `advance` and nothing else, whatever way its checkpoint travels."""

import pytest

from app.engine.config import RunConfig
from app.engine.training import advance
from app.runs.jobs import pack, train_chunk, unpack
from tests.runs.records import assert_same_records

CONFIGS = {
    "Adam in float64": {"optimizer": {"name": "Adam"}, "dtype": "float64"},
    "NAdam, whose state mixes dtypes": {"optimizer": {"name": "NAdam"}, "dtype": "float64"},
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
def test_packed_checkpoints_leave_no_trace(changes, size):
    """A run in chunks through packed checkpoints is bit-identical to one call of advance."""
    config = RunConfig.model_validate({"problem": {"name": "moons", "samples": 32}, "steps": 20} | changes)
    whole, _ = advance(config, None, 20)
    blocks, packed, ended = [], None, None
    while ended is None:
        chunk = train_chunk(config.canonical(), packed, size)
        blocks += chunk.blocks
        packed, ended = chunk.checkpoint, chunk.ended
    assert ended.reason == "completed"
    assert_same_records(blocks, whole)


def test_a_packed_checkpoint_says_the_same():
    """Packing and unpacking gives the checkpoint back."""
    config = RunConfig.model_validate({"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}})
    _, checkpoint = advance(config, None, 5)
    assert repr(unpack(pack(checkpoint))) == repr(checkpoint)

"""A checkpoint as a file, and the end of a run in it."""

import io
from dataclasses import replace

import pytest
import torch

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.words import say
from optiscope.engine.loop.checkpoint import Checkpoint, Ended, Reason
from optiscope.engine.loop.training import advance

CONFIG = RunConfig.model_validate({"problem": {"name": "xor"}, "optimizer": {"name": "SGD"}, "steps": 2})


@pytest.fixture
def checkpoint():
    return advance(CONFIG, None, 2)[1]


def test_an_end_is_kept_as_data(checkpoint):
    """What ended a run comes back with its code and its parameters."""
    ended = Checkpoint.from_bytes(checkpoint.to_bytes()).ended
    assert ended == checkpoint.ended
    assert replace(ended, end_loss=None) == Ended(Reason.COMPLETED, 2, say("completed", count=2))


def test_an_end_of_an_earlier_version_is_read_as_it_was_written(checkpoint):
    """Before there were codes, a checkpoint held an English sentence."""
    fields = torch.load(io.BytesIO(checkpoint.to_bytes()), weights_only=True)
    fields["ended"] = {"reason": "failed", "step": 2, "detail": "failed after step 2: out of luck"}
    buffer = io.BytesIO()
    torch.save(fields, buffer)
    ended = Checkpoint.from_bytes(buffer.getvalue()).ended
    assert ended == Ended(Reason.FAILED, 2, say("as_written", text="failed after step 2: out of luck"))

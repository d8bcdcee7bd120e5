"""Blocks come back from bytes with every bit."""

import numpy as np
import pytest

from optiscope.engine.loop.training import advance
from optiscope.runs.keeping.codec import decode_blocks, encode_blocks
from tests.engine import recipes
from tests.engine.recorded import run_config
from tests.runs.records import assert_same_records


@pytest.mark.parametrize("optimizer", recipes.OPTIMIZERS)
def test_blocks_come_back_exactly(optimizer):
    """For every optimizer, with a layer that is frozen for a while and gradients that are clipped."""
    config = run_config(
        optimizer=recipes.optimizer_config(optimizer),
        freeze=[{"params": ["fc2"], "from_step": 3, "to_step": 6}],
        clip_grad={"name": "clip_grad_norm_", "max_norm": 0.5},
    )
    blocks = advance(config, None, 10)[0]
    again = decode_blocks(encode_blocks(blocks))
    assert [block.first for block in again] == [block.first for block in blocks]
    assert_same_records(again, blocks)


def test_numbers_that_are_none_keep_their_bits():
    """A run that diverges has infinities and NaNs, and a zero may have a sign."""
    config = run_config(optimizer={"name": "SGD", "hyperparameters": {"lr": 1e6}})
    blocks = advance(config, None, 30)[0]
    blocks[0].loss[0] = -0.0
    assert not np.isfinite(blocks[-1].params["fc3.bias"]).all()
    assert_same_records(decode_blocks(encode_blocks(blocks)), blocks)


@pytest.mark.parametrize("data", [b"12345678", b"OSB2\x02\x00\x00\x00[]", b"OSB1\x02\x00\x00\x00{}"[:8]])
def test_other_bytes_are_no_blocks(data):
    """They raise and do not become records."""
    with pytest.raises(ValueError, match=r".+"):
        decode_blocks(data)

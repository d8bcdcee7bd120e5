"""Blocks come back from bytes with every bit."""

from dataclasses import replace

import numpy as np
import pytest

from optiscope.engine.loop.training import advance
from optiscope.runs.keeping.codec import DamagedBlocksError, decode_blocks, encode_blocks
from tests.engine import recipes
from tests.engine.recorded import run_config
from tests.runs.keeping.old_blocks import old_bytes
from tests.runs.records import assert_same_records

CONFIG = run_config(optimizer={"name": "Adam"})
RECORDED = advance(CONFIG, None, 4)[0]
CLIP = {"name": "clip_grad_norm_", "max_norm": 0.1}
CLIPPED = advance(run_config(optimizer={"name": "SGD"}, clip_grad=CLIP), None, 4)[0]


def unknown(count):
    """Columns that no run has yet."""
    steps = np.arange(count, dtype=np.float64)
    return {"average_loss": steps, "layers": {"fc1": {"update_norm": steps.astype(np.float32)}}}


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


@pytest.mark.parametrize("data", [b"12345678", b"OSB3\x02\x00\x00\x00[]", b"OSB1\x02\x00\x00\x00{}"[:8], b""])
def test_other_bytes_are_no_blocks(data):
    """They raise and do not become records."""
    with pytest.raises(ValueError, match=r".+"):
        decode_blocks(data)


def test_a_column_that_nobody_knows_is_a_name_more():
    """It comes back under its names, with its bits, and so does the distance of the records."""
    blocks = [replace(block, every=10, optional=unknown(len(block))) for block in RECORDED]
    again = decode_blocks(encode_blocks(blocks))
    assert [block.every for block in again] == [10] * len(blocks)
    assert list(again[0].optional) == ["average_loss", "layers"]
    assert_same_records(again, blocks)


def test_blocks_of_the_first_form_are_read_as_before():
    """With and without the clipped norm, which then was null where there was none."""
    for blocks in (RECORDED, CLIPPED):
        again = decode_blocks(old_bytes(blocks))
        assert [block.optional.keys() for block in again] == [block.optional.keys() for block in blocks]
        assert_same_records(again, blocks)


def flipped(data, bit):
    """The bytes with one bit turned over."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_any_one_flipped_bit_is_noticed():
    """Whichever it is, no records come of it."""
    data = encode_blocks(advance(CONFIG, None, 1)[0])
    for bit in range(8 * len(data)):
        with pytest.raises(DamagedBlocksError):
            decode_blocks(flipped(data, bit))


def test_a_flipped_bit_in_the_first_form_makes_damage_or_records_of_the_same_shape():
    """Nothing else is raised: what has no checksum can hide no more."""
    blocks = advance(CONFIG, None, 2)[0]
    data = old_bytes(blocks)
    noticed = 0
    for bit in range(8 * (8 + int.from_bytes(data[4:8], "little"))):
        try:
            again = decode_blocks(flipped(data, bit))
        except DamagedBlocksError:
            noticed += 1
            continue
        assert sum(map(len, again)) == sum(map(len, blocks))
        assert {a.dtype for b in again for a in b.params.values()} <= {np.dtype("f4"), np.dtype("f8")}
    assert noticed > 100


def test_a_parameter_that_is_not_finite_before_the_end_is_damage_in_the_first_form():
    """A run would have ended there; at the end it is a run that diverged."""
    for row, is_damage in ((1, True), (-1, False)):
        blocks = advance(CONFIG, None, 3)[0]
        blocks[-1].params["fc1.bias"][row - 1 if is_damage else row] = np.inf
        if is_damage:
            with pytest.raises(DamagedBlocksError, match=r"fc1\.bias"):
                decode_blocks(old_bytes(blocks))
        else:
            assert_same_records(decode_blocks(old_bytes(blocks)), blocks)

"""What is long past keeps as many records as there is room for, however long a run is."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from optiscope.engine.loop.block import Block
from optiscope.watching.file import RunFile, recording_in
from optiscope.watching.sinks import Memory
from optiscope.watching.thinning import bounded, strides
from tests.watching.recorded import blocks_in, trained

ROOM = 40_000
"""Bytes, of which a block of the runs here takes some thousand."""

TIMES = 60
"""So often as much as there is room for is written."""


@pytest.fixture(scope="module")
def block(tmp_path_factory: pytest.TempPathFactory) -> Block:
    """Forty records, nothing happens in them."""
    path = tmp_path_factory.mktemp("recorded") / "loop.optiscope"
    trained(path, steps=60)
    return max(blocks_in(path), key=len)[5:45]


def long_run(block: Block) -> Iterator[Block]:
    """Many times the records of a block, one after the other."""
    for number in range(TIMES * ROOM // block.nbytes()):
        yield Block.of(number * len(block), block.columns(), 1)


def require_even(blocks: list[Block], written: int) -> None:
    """That half of the run has a sixteenth of the records that fit at least, and its end has all."""
    steps = np.concatenate([np.array(block.steps) for block in blocks])
    assert (steps[0], steps[-1]) == (0, written - 1)
    fits = written / TIMES
    assert (steps < written / 2).sum() >= fits / 16
    assert np.diff(steps).max() <= 16 * TIMES
    assert steps[-10:].tolist() == list(range(written - 10, written))


def test_of_a_file(block: Block, tmp_path: Path) -> None:
    path = tmp_path / "long.optiscope"
    trained(tmp_path / "short.optiscope")
    beginning, _, ended = recording_in(tmp_path / "short.optiscope")
    assert ended is not None
    written = 0
    made = RunFile(path, beginning, None, 2 * ROOM)  # as text a block is half as long again
    for one in long_run(block):
        made.write([one])
        written += len(one)
        assert path.stat().st_size <= 2 * ROOM
    made.end(ended)
    require_even(recording_in(path)[1], written)


def test_in_memory(block: Block) -> None:
    memory, written = Memory(ROOM), 0
    for one in long_run(block):
        memory.write([one])
        written += len(one)
    assert sum(kept.nbytes() for kept in memory.blocks) <= ROOM
    require_even(memory.blocks, written)


def test_one_stride_after_the_other_until_it_fits() -> None:
    """The first is that of the time before, and stays if it makes room."""
    assert list(strides(16, lambda: True)) == [16]
    room = iter([False, False, True])
    assert list(strides(1, lambda: next(room))) == [2, 4, 8]


def test_what_is_larger_than_the_room_keeps_its_ends(block: Block) -> None:
    kept, _ = bounded([block[0:20], block[20:40]], 1, 10)
    assert [step for part in kept for step in part.steps] == [6, 25, *range(26, 46)]

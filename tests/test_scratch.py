"""A large array lies in a file, and is an array all the same."""

import os

import numpy as np
import pytest

from optiscope import scratch
from optiscope.scratch import Scratch
from tests.processes import memory

MEGABYTE = 2**20


@pytest.mark.parametrize("in_memory", [0, 2**30], ids=["in a file", "in memory"])
@pytest.mark.parametrize(("value", "dtype"), [(np.nan, np.float64), (-1, np.int64)])
def test_it_is_filled_and_keeps_what_is_written(monkeypatch, in_memory, value, dtype):
    """Also what was left to the disk meanwhile."""
    monkeypatch.setattr(scratch, "IN_MEMORY", in_memory)
    room = Scratch()
    found = room.full((300, 2), value, dtype)
    np.testing.assert_array_equal(found, np.full((300, 2), value, dtype))
    found[7] = 5
    room.leave()
    assert found[7].tolist() == [5, 5]
    np.testing.assert_array_equal(found[8:], np.full((292, 2), value, dtype))


def test_it_takes_no_memory():
    """Neither when it is filled nor when it is written, part by part."""
    room, before = Scratch(), memory(os.getpid())
    found, most = room.full((24 * MEGABYTE,), 0.0, np.float64), 0
    for first in range(0, len(found), MEGABYTE):
        found[first : first + MEGABYTE] = first
        most = max(most, memory(os.getpid()) - before)
        room.leave()
    assert most < found.nbytes / 4
    assert memory(os.getpid()) - before < 16 * MEGABYTE
    assert found[-1] == 23 * MEGABYTE

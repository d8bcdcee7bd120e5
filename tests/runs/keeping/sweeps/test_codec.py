"""Cells come back as they were, in few bytes, and damage is seen."""

import numpy as np
import pytest

from optiscope.engine.sweep.cells import Cells
from optiscope.runs.keeping.sweeps.codec import DamagedCellsError, decode_cells, encode_cells


def cells(dtype=np.float64, count=100):
    """Some, with what a float may be besides a number."""
    numbers = np.random.default_rng(0).normal(size=count).astype(dtype).astype(np.float64)
    numbers[:4] = np.nan, np.inf, -np.inf, -0.0
    return Cells(
        members=np.arange(count, dtype=np.int64) * 1000,
        initial_loss=numbers,
        final_loss=numbers * 2,
        end_loss=-numbers,
        test_loss=None,
        best_loss=numbers,
        steps_to_target=None,
        last_step=np.full(count, 300, np.int64),
        ended=np.ones(count, np.int8),
        end=np.stack([numbers, numbers], axis=1),
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cells_come_back_bit_for_bit(dtype):
    """Every column in its type and shape; those that are not there are not there."""
    given = cells(dtype).columns()
    found = decode_cells(encode_cells(cells(dtype))).columns()
    assert list(found) == list(given)
    for name, column in given.items():
        assert (found[name].dtype, found[name].shape) == (column.dtype, column.shape)
        assert found[name].tobytes() == column.tobytes()


def test_a_float32_sweep_takes_half():
    """Numbers that a smaller type has are kept in it."""
    assert len(encode_cells(cells(np.float32))) < 0.6 * len(encode_cells(cells()))


@pytest.mark.parametrize("place", [0, 5, 9, 14, 200, -1])
def test_a_byte_that_differs_is_seen(place):
    """Wherever it lies."""
    data = bytearray(encode_cells(cells()))
    data[place] ^= 1
    with pytest.raises(DamagedCellsError):
        decode_cells(bytes(data))

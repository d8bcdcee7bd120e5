"""Copies of the numbers of tensors."""

import numpy as np
import pytest
import torch

from optiscope.watching.copies import copier, flat_copy, packer, tables

DTYPES = [torch.float32, torch.float64, torch.bfloat16, torch.int64]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("lasting", [True, False])
def test_copies_have_the_bits_of_what_is_changed_in_place(dtype, lasting):
    """Each copy is of its moment, whether the memory is read or the tensors."""
    weight, count = torch.arange(6).reshape(2, 3).to(dtype), torch.zeros((), dtype=dtype)
    copy = copier([[weight, count]], lasting=lasting)
    copies = [copy()]
    weight.mul_(3)
    count.add_(1)
    copies.append(copy())
    [table] = tables(copies, [(dtype, 7)])
    np.testing.assert_array_equal(table, [[0, 1, 2, 3, 4, 5, 0], [0, 3, 6, 9, 12, 15, 1]])


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("lasting", [True, False])
def test_kinds_lie_side_by_side_in_a_copy(lasting, count):
    """Those of several dtypes are told apart, each in numbers that hold it."""
    kinds = [[torch.ones(1, dtype=dtype)] for dtype in DTYPES]
    copy = copier(kinds, lasting=lasting)
    found = tables([copy() for _ in range(count)], [(dtype, 1) for dtype in DTYPES])
    assert [table.dtype.name for table in found] == ["float32", "float64", "float32", "float64"]
    for table in found:
        np.testing.assert_array_equal(table, np.ones((count, 1)))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("numel", [4, 400])
def test_gradients_are_copied_with_all_their_bits(dtype, numel):
    """Packed where they are few, and laid into a tensor where they are many."""
    generator = torch.Generator().manual_seed(0)
    steps = [
        [
            torch.randn(numel // 2, 2, dtype=dtype, generator=generator),
            torch.tensor([1 / 3, float("inf")], dtype=dtype),
            torch.tensor(float("nan"), dtype=dtype),
            torch.randn(2, 1, 3, dtype=dtype, generator=generator),
        ]
        for _ in range(3)
    ]
    pack = packer(steps[0])
    assert (pack is not None) == (numel == 4)
    copies = [(pack or flat_copy)(tensors) for tensors in steps]
    expected = torch.stack([torch.cat([tensor.reshape(-1) for tensor in tensors]) for tensors in steps])
    [table] = tables(copies, [(dtype, numel + 9)])
    assert table.tobytes() == expected.numpy().tobytes()


def test_copying_leaves_no_trace():
    """The storage of a parameter can still be resized, as it can before."""
    weight = torch.zeros(4)
    copier([[weight]], lasting=True)()
    assert weight.untyped_storage().resizable()

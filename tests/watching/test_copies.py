"""Copies of the numbers of tensors."""

import pytest
import torch

from optiscope.watching.copies import copier, copy_of, is_listed, together


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.int64])
@pytest.mark.parametrize("lasting", [True, False])
def test_copies_have_the_bits_of_what_is_changed_in_place(dtype, lasting):
    """Each copy is of its moment, whether the memory is read or the tensors."""
    weight, count = torch.arange(6).reshape(2, 3).to(dtype), torch.zeros((), dtype=dtype)
    copy = copier([weight, count], lasting=lasting)
    copies = [copy()]
    weight.mul_(3)
    count.add_(1)
    copies.append(copy())
    expected = torch.tensor([[0, 1, 2, 3, 4, 5, 0], [0, 3, 6, 9, 12, 15, 1]], dtype=dtype)
    assert torch.equal(together(copies, dtype), expected)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("numel", [4, 400])
def test_gradients_are_copied_with_all_their_bits(dtype, numel):
    """As lists where they are few, and laid into a tensor where they are many."""
    generator = torch.Generator().manual_seed(0)
    steps = [
        [
            torch.randn(numel // 2, 2, dtype=dtype, generator=generator),
            torch.tensor([1 / 3, float("inf")], dtype=dtype),
        ]
        for _ in range(3)
    ]
    listed = is_listed(steps[0])
    assert listed == (numel == 4)
    copies = [copy_of(tensors, listed=listed) for tensors in steps]
    expected = torch.stack([torch.cat([tensor.reshape(-1) for tensor in tensors]) for tensors in steps])
    assert torch.equal(together(copies, dtype), expected)


def test_copying_leaves_no_trace():
    """The storage of a parameter can still be resized, as it can before."""
    weight = torch.zeros(4)
    copier([weight], lasting=True)()
    assert weight.untyped_storage().resizable()

"""Copies of the numbers of some tensors as they are now, in as few calls as can be.

A call into torch costs a small loop more than the numbers do: on the CPU what lies at a known place is copied
as bytes, and a few numbers are listed. Elsewhere a copy is a flat tensor, which nobody waits for.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import Tensor

from optiscope.engine.loop import private_torch

Copy: TypeAlias = Tensor | bytes | list[Any]
"""The numbers of some tensors, one behind the other: flat, as bytes, or as a list for each."""

_FEW = 64
"""So many numbers are listed faster than they are laid into a tensor."""

_LISTED = {torch.float32: np.float32, torch.float64: np.float64}
"""Of these a list of Python's numbers has the same bits."""


def copier(tensors: Sequence[Tensor], *, lasting: bool) -> Callable[[], Copy]:
    """What copies dense tensors of one dtype and device again and again, while they stay where they are.

    Args:
        tensors: The tensors.
        lasting: Whether the memory of each is still that of its numbers when they have changed.
    """
    flat = [tensor.reshape(-1) for tensor in tensors]
    if not lasting or not all(map(_is_plain, tensors)):
        return partial(torch.cat, flat)
    # numpy() would forbid that their storages are ever resized, and so leave a trace
    memory: list[Any] = [np.from_dlpack(part.view(torch.uint8)) for part in flat]
    return partial(b"".join, memory)


def _is_plain(tensor: Tensor) -> bool:
    """Whether its numbers are what lies in memory that the CPU can read."""
    return type(tensor) is Tensor and tensor.is_cpu and not tensor.is_neg()


def is_listed(tensors: Sequence[Tensor]) -> bool:
    """Whether tensors of one dtype on one device are copied as lists."""
    few = sum(tensor.numel() for tensor in tensors) <= _FEW
    return few and all(tensor.is_cpu and tensor.dtype in _LISTED for tensor in tensors)


def copy_of(tensors: Sequence[Tensor], *, listed: bool) -> Copy:
    """The numbers of dense tensors of one dtype on one device, which are others each time."""
    return [tensor.tolist() for tensor in tensors] if listed else private_torch.WAY.flat(tensors)


def together(copies: Sequence[Copy], dtype: torch.dtype) -> Tensor:
    """[n, width] of n copies of the same tensors."""
    first = copies[0]
    if isinstance(first, bytes):
        return torch.frombuffer(bytearray().join(copies), dtype=dtype).reshape(len(copies), -1)  # type: ignore[arg-type]
    if isinstance(first, list):
        columns = [np.array(column, _LISTED[dtype]) for column in zip(*copies, strict=True)]
        return torch.from_numpy(
            np.concatenate([column.reshape(len(copies), -1) for column in columns], axis=1)
        )
    return torch.stack(copies).cpu()  # type: ignore[arg-type]

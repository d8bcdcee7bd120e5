"""Copies of the numbers of some tensors as they are now, in as few calls as can be.

A call into torch costs a small loop more than the numbers do: on the CPU what lies at a known place is copied
as bytes, and so are a few numbers that lie elsewhere each time. Other copies are flat tensors, which nobody
waits for. Bytes are no work for Python's garbage collector, which looks at each object that is kept.
"""

import struct
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from optiscope.engine.loop import private_torch

Copy: TypeAlias = bytes | Sequence[Tensor]
"""The numbers of tensors of some kinds, one behind the other: all as bytes, or a flat tensor of each kind."""

_FEW = 64
"""So many numbers are packed faster than they are laid into a tensor."""

_CODES = {torch.float32: "f", torch.float64: "d"}
"""Of these a number of Python's has the same bits, packed by this code."""

_EXACT = (torch.float32, torch.float64)

_in_turn = chain.from_iterable


def copier(kinds: Sequence[Sequence[Tensor]], *, lasting: bool) -> Callable[[], Copy]:
    """What copies dense tensors again and again, while they stay where they are.

    Args:
        kinds: The tensors, together those of one dtype and device.
        lasting: Whether the memory of each is still that of its numbers when they have changed.
    """
    flat = [[tensor.reshape(-1) for tensor in kind] for kind in kinds]
    if not lasting or not all(map(_is_plain, _in_turn(kinds))):
        return partial(_laid, flat)
    # numpy() would forbid that their storages are ever resized, and so leave a trace
    memory = [np.from_dlpack(part.view(torch.uint8)).data for part in _in_turn(flat)]
    return partial(b"".join, memory)


def _laid(kinds: Sequence[list[Tensor]]) -> Copy:
    return [torch.cat(kind) for kind in kinds]


def _is_plain(tensor: Tensor) -> bool:
    """Whether its numbers are what lies in memory that the CPU can read."""
    return type(tensor) is Tensor and tensor.is_cpu and not tensor.is_neg()


def packer(tensors: Sequence[Tensor]) -> "Packer | None":
    """What packs tensors of one dtype and device, others each time; None where they are too many."""
    few = sum(tensor.numel() for tensor in tensors) <= _FEW
    is_known = bool(tensors) and all(tensor.is_cpu and tensor.dtype in _CODES for tensor in tensors)
    return Packer(tensors) if few and is_known else None


class Packer:
    """Copies a few numbers as bytes.

    Args:
        tensors: Tensors of the shapes and the dtype of all that come.
    """

    def __init__(self, tensors: Sequence[Tensor]) -> None:
        count = sum(tensor.numel() for tensor in tensors)
        self._pack = struct.Struct(f"{count}{_CODES[tensors[0].dtype]}").pack
        self._single = [place for place, tensor in enumerate(tensors) if not tensor.dim()]
        self._nested = [place for place, tensor in enumerate(tensors) for _ in range(tensor.dim() - 1)]

    def __call__(self, tensors: Sequence[Tensor]) -> bytes:
        """Copy the numbers.

        Raises:
            TypeError: If one is None, or has other dimensions.
            RuntimeError: If one is not dense.
            struct.error: If there are more or fewer numbers.
        """
        numbers: list[Any] = [*map(Tensor.tolist, tensors)]
        for place in self._single:
            numbers[place] = (numbers[place],)
        for place in self._nested:
            numbers[place] = _in_turn(numbers[place])
        return self._pack(*_in_turn(numbers))


def flat_copy(tensors: Sequence[Tensor]) -> Copy:
    """The numbers of dense tensors of one dtype on one device, as a flat tensor."""
    return [private_torch.WAY.flat(tensors)]


def tables(copies: Sequence[Copy], kinds: Sequence[tuple[torch.dtype, int]]) -> list[NDArray[Any]]:
    """Of each kind [n, width], of n copies of the same tensors; in float64 what float32 does not hold.

    Args:
        copies: The copies.
        kinds: The dtype of each kind, and how many numbers there are of it.
    """
    if isinstance(copies[0], bytes):
        return _cut(bytearray().join(copies), len(copies), kinds)  # type: ignore[arg-type]
    return [_exact(torch.stack([copy[place] for copy in copies]).cpu()) for place in range(len(kinds))]  # type: ignore[misc]


def _cut(joined: bytearray, count: int, kinds: Sequence[tuple[torch.dtype, int]]) -> list[NDArray[Any]]:
    """The tables that lie in one record behind the other."""
    table = np.frombuffer(joined, np.uint8).reshape(count, len(joined) // count)
    found, begin = list[NDArray[Any]](), 0
    for dtype, width in kinds:
        end = begin + width * dtype.itemsize
        part = torch.from_numpy(table[:, begin:end].copy())
        found.append(_exact(part.view(dtype)))
        begin = end
    return found


def _exact(numbers: Tensor) -> NDArray[Any]:
    if numbers.dtype not in _EXACT:
        numbers = numbers.to(torch.float32 if numbers.is_floating_point() else torch.float64)
    table: NDArray[Any] = numbers.numpy()
    return table

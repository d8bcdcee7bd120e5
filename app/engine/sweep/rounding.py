"""How torch rounds sums of products in float64 on this processor, found out by asking it.

A product that is added is rounded before or not (fused), as the instructions of the processor and of the
library allow; which it is can decide whether a gradient comes to exactly 0.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

_TRIES = 16
"""Sums of each length; of random numbers two ways of rounding differ in one of four or so."""

_LENGTHS = (2, 3, 4, 5, 6, 9, 16)
_WIDTHS = (4, 8, 2, 1)


@dataclass(frozen=True, slots=True)
class Rounding:
    """How torch rounds in float64.

    Attributes:
        fuses: Whether ``addcmul`` and its like add a product without rounding it first.
        layers_fuse: Whether a linear layer does, in the sum over what it is fed.
        errors_fuse: Whether the sum over units does that leads an error back to what fed them.
        width: How many sums of squares a norm keeps side by side; what is left over it adds one by one.
        squares_fuse: Whether those sums are fused.
    """

    fuses: bool
    layers_fuse: bool
    errors_fuse: bool
    width: int
    squares_fuse: bool


@lru_cache(maxsize=1)
def rounding() -> Rounding:
    """What torch does here; where no way of rounding is the one, that of ``addcmul``."""
    generator = torch.Generator().manual_seed(0)
    fuses = _is_fused(_sums, generator, (2,))
    layers_fuse = _is_fused(_layers, generator, (2, 3))
    errors_fuse = _is_fused(_errors, generator, (2, 3))
    width, squares_fuse = _of_norms(generator, fuses=fuses)
    return Rounding(fuses, layers_fuse, errors_fuse, width, squares_fuse)


def _sums(a: Tensor, b: Tensor) -> Tensor:
    return torch.addcmul(a[:, 0] * b[:, 0], a[:, 1], b[:, 1])


def _layers(a: Tensor, b: Tensor) -> Tensor:
    bias = torch.zeros(2, dtype=a.dtype)
    weights = b[:, None].expand(-1, 2, -1).contiguous()
    return torch.cat([F.linear(one[None], own, bias)[0, :1] for one, own in zip(a, weights, strict=True)])


def _errors(a: Tensor, b: Tensor) -> Tensor:
    weights = b[:, :, None].expand(-1, -1, 2).contiguous()
    return torch.cat([one[None].mm(own)[0, :1] for one, own in zip(a, weights, strict=True)])


def _is_fused(sums: Callable[[Tensor, Tensor], Tensor], generator: Generator, lengths: Sequence[int]) -> bool:
    """Whether sums of products are those that round once for each product that is added."""
    return all(
        found == _summed(one, other, fuses=True)
        for length in lengths
        for found, one, other in _tried(sums, generator, length)
    )


def _tried(
    sums: Callable[[Tensor, Tensor], Tensor], generator: Generator, length: int
) -> Iterator[tuple[float, list[float], list[float]]]:
    a, b = torch.randn(2, _TRIES, length, generator=generator, dtype=torch.float64)
    return zip(sums(a, b).tolist(), a.tolist(), b.tolist(), strict=True)


def _of_norms(generator: Generator, *, fuses: bool) -> tuple[int, bool]:
    """How many sums of squares a norm keeps side by side, and whether they are fused."""
    tried = []
    for length in _LENGTHS:
        given = torch.randn(_TRIES, length, generator=generator, dtype=torch.float64)
        tried += list(zip(given.tolist(), torch.linalg.vector_norm(given, dim=1).tolist(), strict=True))
    for width, squares_fuse in product(_WIDTHS, (False, True)):
        if all(
            norm == _norm(numbers, width, fuses=fuses, squares_fuse=squares_fuse) for numbers, norm in tried
        ):
            return width, squares_fuse
    return 1, fuses


def _norm(numbers: list[float], width: int, *, fuses: bool, squares_fuse: bool) -> float:
    """The norm as a kernel takes it."""
    behind = len(numbers) - len(numbers) % width
    total = 0.0
    for first in range(width):
        own = numbers[first:behind:width]
        total += _summed(own, own, fuses=squares_fuse)
    return math.sqrt(_summed(numbers[behind:], numbers[behind:], fuses=fuses, total=total))


def _summed(a: Sequence[float], b: Sequence[float], *, fuses: bool, total: float = 0.0) -> float:
    """A sum of products one after the other, each rounded before it is added or not."""
    for one, other in zip(a, b, strict=True):
        total = float(Fraction(one) * Fraction(other) + Fraction(total)) if fuses else one * other + total
    return total

"""Long computations in parts: a generator that yields wherever it may be left for a while, or for good.

What it computes is what it returns; where it is cut changes no bit of it. Whoever has other work waiting
takes it up between two parts, and whoever is no longer asked drops the rest.
"""

from collections.abc import Generator, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

_STRETCH = 100

Parts = Generator[None, None, T]
"""A computation of a ``T`` that may be cut at each ``yield``."""


def whole(parts: Parts[T]) -> T:
    """What a computation comes to, without a break.

    Example:
        >>> def half(number):
        ...     yield
        ...     return number / 2
        >>> whole(half(3))
        1.5
    """
    while True:
        try:
            next(parts)
        except StopIteration as done:
            found: T = done.value
            return found


def stretches(steps: range) -> Iterator[range]:
    """Steps in stretches so short that others may wait for the end of one: scheduler steps of some µs each.

    Example:
        >>> list(stretches(range(1, 202)))
        [range(1, 101), range(101, 201), range(201, 202)]
    """
    return (steps[first : first + _STRETCH] for first in range(0, len(steps), _STRETCH))


def in_turn(computations: Iterable[Parts[T]]) -> Parts[list[T]]:
    """What several computations come to, one after the other.

    Example:
        >>> whole(in_turn(iter([])))
        []
    """
    found = []
    for parts in computations:
        found.append((yield from parts))  # noqa: PERF401 - a comprehension cannot yield
    return found

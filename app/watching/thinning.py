"""Fewer records of what is long past: full resolution near the end and at events, thinned before."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.loop.block import Array, Block, Column, arrays_of, mapped

PAST = 0.5
"""What was thinned has no more than this part of the room: there is some for what comes next."""

LONGEST_STRIDE = 2**40

LEAST = 2
"""So many records of the past stay however large they are: the first one and the latest."""

TOGETHER = 1024
"""Records of one block that was put together of several."""

_JUMP = 1.5
"""A rate that changes by this factor from one record to the next has jumped."""

_NEAR = 2
"""So many records before and after an event stay."""

_MOST_EVENTS = 8
"""One record of so many may be kept for an event: where all is an event, nothing is."""


def strides(begin: int, fits: Callable[[], bool]) -> Iterator[int]:
    """By what to thin, one after the other, until what is left fits.

    The first is the one that the past was thinned by before: most of what is there now came since, and is
    not to cost the past another half of its records. So the number of those grows no less than the room.

    Args:
        begin: The stride of the time before; 1 if nothing was thinned yet.
        fits: Whether what is left is little enough.
    """
    stride = max(begin, 2)
    yield stride
    while not fits() and stride < LONGEST_STRIDE:
        stride *= 2
        yield stride


def bounded(blocks: Sequence[Block], begin: int, most_bytes: int) -> tuple[list[Block], int]:
    """Blocks, all but the last one thinned until they fit, and by what stride.

    Args:
        blocks: At least one.
        begin: The stride of the time before.
        most_bytes: What they may have.
    """
    *past, last = blocks

    def fits() -> bool:
        return sum(block.nbytes() for block in past) <= PAST * most_bytes or sum(map(len, past)) <= LEAST

    stride = begin
    for stride in strides(begin, fits):
        past = thinned(past, stride)
    return [*past, last], stride


def thinned(blocks: Sequence[Block], stride: int) -> list[Block]:
    """The records at multiples of ``stride``, the first and the last one, and those at events."""
    last = blocks[-1].steps[-1] if blocks else -1
    some = [
        part for index, block in enumerate(blocks) for part in _thinned(block, stride, last, first=not index)
    ]
    return list(_together(some))


def _thinned(block: Block, stride: int, last: int, *, first: bool) -> Iterator[Block]:
    steps = np.array(block.steps)
    kept = (steps % stride == 0) | _at_events(block) | (steps == last)
    kept[0] |= first
    places = np.flatnonzero(kept)
    begin = 0
    while begin < len(places):
        end = _run_end(places, begin)
        yield _taken(block, places[begin:end])
        begin = end


def _run_end(places: NDArray[np.int64], begin: int) -> int:
    """Behind the last of some places at equal distances."""
    gaps = np.diff(places[begin:])
    uneven = np.flatnonzero(gaps != gaps[0]) if gaps.size else gaps
    return begin + 1 + (int(uneven[0]) if uneven.size else gaps.size)


def _taken(block: Block, places: NDArray[np.int64]) -> Block:
    every = int(places[1] - places[0]) if len(places) > 1 else 1
    columns = mapped(lambda array: array[places], block.columns())
    return Block.of(int(block.first + places[0] * block.every), columns, every * block.every)


def _at_events(block: Block) -> NDArray[np.bool_]:
    """Where something happens: a number that is not finite, a skipped step, a jump of a rate, a surface."""
    if "surface" in block.optional:
        return np.ones(len(block), dtype=np.bool_)
    found = np.isinf(block.loss)
    rates = np.abs(block.lr)
    with np.errstate(all="ignore"):
        ratio = rates[1:] / rates[:-1]
    found[1:] |= ((ratio > _JUMP) | (ratio < 1 / _JUMP)).any(axis=1)
    for name in ("skipped", "epoch"):
        counted = block.optional.get(name)
        if isinstance(counted, np.ndarray):
            found[1:] |= np.diff(counted) > 0
    layers = block.optional.get("layers")
    if isinstance(layers, dict) and "non_finite" in layers:
        found |= (np.nan_to_num(layers["non_finite"]) > 0).any(axis=1)
    near = found.copy()
    for distance in range(1, _NEAR + 1):
        near[distance:] |= found[:-distance]
        near[:-distance] |= found[distance:]
    return near if near.sum() * _MOST_EVENTS <= len(found) or len(found) < _MOST_EVENTS else found & False


def _together(blocks: Sequence[Block]) -> Iterator[Block]:
    """The same with neighbours put together, where they are alike and their steps at equal distances."""
    run: list[Block] = []
    for block in blocks:
        if run and not _fits(run, block):
            yield _joined(run)
            run = []
        run.append(block)
    if run:
        yield _joined(run)


def _fits(run: Sequence[Block], block: Block) -> bool:
    first, last = run[0], run[-1]
    gap = block.first - last.steps[-1]
    every = first.every if len(first) > 1 else gap if len(run) == 1 else run[1].first - first.first
    even = gap == every and (len(block) == 1 or block.every == every)
    return even and sum(map(len, run)) + len(block) <= TOGETHER and _form(first) == _form(block)


def _form(block: Block) -> object:
    """What blocks have in common that can be one."""
    return mapped(lambda array: (array.shape[1:], array.dtype), block.columns())


def _joined(run: Sequence[Block]) -> Block:
    if len(run) == 1:
        return run[0]
    columns = {name: _stacked([block.columns()[name] for block in run]) for name in run[0].columns()}
    every = run[1].first - run[0].steps[-1]
    return Block.of(run[0].first, columns, every)


def _stacked(parts: Sequence[Column]) -> Column:
    first = parts[0]
    if first is None:
        return None
    if isinstance(first, np.ndarray):
        arrays: list[Array] = [array for part in parts for array in arrays_of(part)]
        return np.concatenate(arrays)
    return {
        name: _stacked([part[name] if isinstance(part, dict) else None for part in parts]) for name in first
    }

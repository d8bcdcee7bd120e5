"""What a worker does of a job at a time: all of it, or, of one that comes in parts, so many seconds of it.

These are jobs themselves, called in the worker. A computation that is not done stays there, and goes on when
it is its turn again.
"""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from optiscope.engine.core.parts import Parts


@dataclass(frozen=True, slots=True)
class Slice:
    """What came of a slice.

    Attributes:
        is_done: Whether the job is.
        value: What it returned, if so.
        seconds: Processor time that the slice took.
    """

    is_done: bool
    value: Any
    seconds: float


_UNFINISHED: dict[int, Parts[Any]] = {}


def begin(key: int, seconds: float, function: Callable[..., Any], *arguments: Any) -> Slice:
    """The first slice of ``function(*arguments)``; one that returns a generator may be cut at its yields."""
    begun = time.process_time()
    found = function(*arguments)
    if not isinstance(found, Generator):
        return Slice(is_done=True, value=found, seconds=time.process_time() - begun)
    _UNFINISHED[key] = found
    return go_on(key, seconds)


def go_on(key: int, seconds: float) -> Slice:
    """The next slice of a job that was not done: at least one part, and no more once the time is up."""
    parts = _UNFINISHED.pop(key)
    begun, end = time.process_time(), time.perf_counter() + seconds
    try:
        next(parts)
        while time.perf_counter() < end:
            next(parts)
    except StopIteration as done:
        return Slice(is_done=True, value=done.value, seconds=time.process_time() - begun)
    _UNFINISHED[key] = parts
    return Slice(is_done=False, value=None, seconds=time.process_time() - begun)


def drop(key: int) -> None:
    """Give up a job that nobody waits for any more."""
    _UNFINISHED.pop(key).close()

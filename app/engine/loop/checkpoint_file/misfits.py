"""What is wrong with a file: the place in it, and the bound that it breaks."""

import math

from optiscope.engine.core.errors import SaidError
from optiscope.engine.core.registry import quoted
from optiscope.engine.core.words import say


class CheckpointFileError(SaidError, ValueError):
    """A file that is no checkpoint of Optiscope, or a damaged one; what it says is wrong with it."""


def require(condition: object, part: str) -> None:
    """Refuse what is not of the form that the config makes.

    Raises:
        CheckpointFileError: Naming ``part``.
    """
    if not condition:
        raise CheckpointFileError(say("file_misfit", part=part))


def require_finite(condition: object, part: str) -> None:
    """Refuse numbers that are not finite.

    Raises:
        CheckpointFileError: Naming ``part``.
    """
    if not condition:
        raise CheckpointFileError(say("file_not_finite", part=part))


def require_between(low: float, value: float, high: float, part: str) -> None:
    """Refuse a number that is out of bounds.

    Raises:
        CheckpointFileError: Naming ``part`` and the bounds.
    """
    if not low <= value <= high:
        raise CheckpointFileError(
            say("file_below", part=part, bound=low, value=quoted(value))
            if high == math.inf
            else say("file_out_of_bounds", part=part, low=low, high=high, value=quoted(value))
        )


def require_count(value: object, high: int, part: str, low: int = 0) -> None:
    """Refuse what does not count from ``low`` to ``high``.

    Raises:
        CheckpointFileError: Naming ``part`` and the bounds.
    """
    is_whole = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
    if not (is_whole and low <= value <= high):  # type: ignore[operator] # a number, then
        raise CheckpointFileError(say("file_count", part=part, low=low, high=high, value=quoted(value)))

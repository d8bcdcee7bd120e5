"""The critical rate: the smallest one at which the loss along an update rises, between two that were tried.

Kalra et al. (2026, arXiv 2601.16979): 2/η_c is the critical sharpness, for plain gradient descent on a
quadratic bowl the curvature along the gradient.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

FIRST_PASSES = 12
"""Forward passes of the first search, which knows nothing, at most."""

PASSES = 7
"""Those of the next ones, which begin where the last one ended: one at the parameters, six along it."""

_CLOSE = 1.05
"""Two rates in this proportion are close enough."""

_STEP = 2**0.5
"""How far from where it begins a search looks first; from then on twice as far each time."""

_FARTHEST = 2.0**40
"""Beyond so many times the step, or below such a part of it, nothing is tried."""


class Critical(NamedTuple):
    """Between which multiples of a step the loss begins to rise.

    Attributes:
        low: The largest at which it was seen not to rise; 0 if it did everywhere.
        high: The smallest at which it was seen to rise; infinite if it did nowhere.
    """

    low: float
    high: float

    @property
    def middle(self) -> float:
        """Their geometric mean: 0 or infinite if one of them is."""
        return math.sqrt(self.low) * math.sqrt(self.high) if self.low else 0.0


def critical(loss: Callable[[float], float], guess: float | None) -> Critical | None:
    """Find where the loss begins to rise.

    Args:
        loss: At a multiple of the step, 0 being where the step begins.
        guess: What was found the last time.

    Returns:
        None where the loss is no finite number to begin with.
    """
    begin = loss(0.0)
    if not math.isfinite(begin):
        return None
    low, high = 0.0, math.inf
    at, factor = guess or 1.0, _STEP if guess else 2.0
    for _ in range((PASSES if guess else FIRST_PASSES) - 1):
        if loss(at) <= begin:
            low = at
        else:
            high = at
        if (low and high <= _CLOSE * low) or not 1 / _FARTHEST < at < _FARTHEST:
            break
        if low and high < math.inf:
            at = math.sqrt(low * high)
        else:
            at, factor = (at * factor if low else at / factor), factor**2
    return Critical(low, high)

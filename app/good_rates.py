"""Which rates are good beside the best one, for a sweep's summary and for the lr range test."""

import numpy as np
from numpy.typing import NDArray

GOOD_ENOUGH = 0.1
"""A rate is good whose median loses at most this part of what the best one gained."""


def good_around(medians: NDArray[np.float64], best: int, initial: float) -> tuple[float, int, int]:
    """The median loss up to which a rate is good, and the first and the last good one around the best.

    Args:
        medians: [rates] from small to large.
        best: Which rate is the best one.
        initial: The loss at the start.

    Example:
        >>> good_around(np.array([0.05, 0.9, 0.08, 0.0, 0.09]), 3, 1.0)
        (0.1, 2, 4)
    """
    least = float(medians[best])
    bound = least + GOOD_ENOUGH * max(0.0, initial - least)
    bad = np.flatnonzero(~(medians <= bound))
    first = int(max(bad[bad < best], default=-1)) + 1
    last = int(min(bad[bad > best], default=len(medians))) - 1
    return bound, first, last

"""Grids over a plane: how fine, over which window."""

import math

from optiscope.engine.core.errors import FieldProblem
from optiscope.engine.core.words import rounded, say

Window = tuple[tuple[float, float], tuple[float, float]]
"""[[xmin, xmax], [ymin, ymax]]"""

_FEWEST = 2


def grid_problems(resolution: int, window: Window | None, bound: int) -> list[FieldProblem]:
    """What is wrong with a request for so many points, at most ``bound``, along each side of ``window``."""
    problems = []
    if not _FEWEST <= resolution <= bound:
        said = say("between", field="resolution", low=_FEWEST, high=bound, value=resolution)
        problems.append(FieldProblem("/resolution", said))
    for i, (low, high) in enumerate(window or ()):
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            said = say("no_range", field=f"window[{i}]", low=rounded(low), high=rounded(high))
            problems.append(FieldProblem(f"/window/{i}", said))
    return problems

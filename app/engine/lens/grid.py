"""Grids over a plane: how fine, over which window."""

import math

from optiscope.engine.core.errors import FieldProblem

Window = tuple[tuple[float, float], tuple[float, float]]
"""[[xmin, xmax], [ymin, ymax]]"""

_FEWEST = 2


def grid_problems(resolution: int, window: Window | None, bound: int) -> list[FieldProblem]:
    """What is wrong with a request for so many points, at most ``bound``, along each side of ``window``."""
    problems = []
    if not _FEWEST <= resolution <= bound:
        detail = f"resolution must be between {_FEWEST} and {bound}, got {resolution}"
        problems.append(FieldProblem("/resolution", detail))
    for i, (low, high) in enumerate(window or ()):
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            detail = f"window[{i}] must be two finite numbers in ascending order, got {low:g} and {high:g}"
            problems.append(FieldProblem(f"/window/{i}", detail))
    return problems

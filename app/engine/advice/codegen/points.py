"""The points of a script that a run brings with it."""

from collections.abc import Iterator

from optiscope.engine.advice.codegen.layout import bracketed, call, literal
from optiscope.engine.advice.codegen.sources import with_helpers
from optiscope.engine.recipe.problems.points import PointsInfo, split, standardized


def points_lines(info: PointsInfo, dtype: str) -> Iterator[str]:
    """All points, and of them those that are trained on, which are ``x`` and ``y``."""
    points = info.points
    rows = bracketed("[", [literal(list(row)) for row in points.x], "]")
    targets = bracketed("[", [literal(value) for value in points.y], "]")
    yield with_helpers(split)
    if points.standardize:
        yield with_helpers(standardized)
    yield f"x = torch.tensor({rows}, dtype=torch.float64)"
    yield f"y = torch.tensor({targets}, dtype=torch.float64)"
    chosen = call("split", ["len(x)", literal(points.held_out), literal(info.seed)])
    lines = [f"trained, held_out = {chosen}  # rows; the held-out ones are not used here"]
    if points.standardize:
        lines.append("x = standardized(x, x[trained])")
    yield "\n".join([*lines, f"x, y = x[trained].to({dtype}), y[trained, None].to({dtype})"])

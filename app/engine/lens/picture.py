"""A problem as a picture so small that a list can show it, from the problem's own values."""

from typing import Any, Final

import torch
from torch import Tensor

from optiscope.engine.core.config import ProblemConfig
from optiscope.engine.recipe.problems import ProblemInfo
from optiscope.engine.recipe.problems.datasets import DatasetProblem
from optiscope.engine.recipe.problems.functions import FunctionInfo
from optiscope.engine.recipe.problems.matrices import MatrixInfo

WIDTH: Final = 36
HEIGHT: Final = 24
LEVELS: Final = 12
MOST_POINTS: Final = 72

_DIGITS = "0123456789ab"


def picture(problem: ProblemInfo) -> dict[str, Any] | None:
    """A contour of a test function, the samples of a dataset or a matrix, as JSON; None where there is none.

    Values are told by rank, as levels that hold equally many: a valley is seen beside whatever is high.

    Example:
        >>> from optiscope.engine.recipe.problems import PROBLEMS
        >>> picture(PROBLEMS["booth"])["rows"][0]
        '5544333222222233445566677888999aaaaa'
    """
    try:
        if isinstance(problem, FunctionInfo):
            return _contour(problem)
        if isinstance(problem, MatrixInfo):
            return _matrix(problem)
        return _scatter(problem.build(ProblemConfig(name=problem.name), torch.float64))
    except Exception:  # noqa: BLE001 - a function of another package may raise anything
        return None


def _contour(problem: FunctionInfo) -> dict[str, Any]:
    (left, right), (bottom, top) = problem.bounds
    half_x, half_y = (right - left) / (2 * WIDTH), (top - bottom) / (2 * HEIGHT)
    x = torch.linspace(left + half_x, right - half_x, WIDTH, dtype=torch.float64)
    y = torch.linspace(top - half_y, bottom + half_y, HEIGHT, dtype=torch.float64)
    grid = torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=-1)
    levels = _levels(problem.function(grid).flatten()).view(HEIGHT, WIDTH)
    rows = ["".join(_DIGITS[level] for level in row) for row in levels.tolist()]
    return {"kind": "contour", "rows": rows, "points": []}


def _matrix(problem: MatrixInfo) -> dict[str, Any]:
    """The matrix at the minimum, or where that is at no point, what a long way against the gradient makes."""
    data = problem.data()
    zero = torch.zeros(1, *next(iter(problem.shapes.values())), dtype=torch.float64, requires_grad=True)
    if problem.target is not None:
        made = problem.target(data)
    else:
        value = problem.loss(problem.matrix(zero, data), data).sum()
        made = problem.matrix(-torch.autograd.grad(value, zero)[0][0], data)
    levels = _levels(made.flatten()).view(made.shape)
    rows = ["".join(_DIGITS[level] for level in row) for row in levels.tolist()]
    return {"kind": "matrix", "rows": rows, "points": []}


def _scatter(problem: DatasetProblem) -> dict[str, Any]:
    (left, right), (bottom, top) = problem.info.bounds
    x, y = problem.x[:MOST_POINTS], problem.y[:MOST_POINTS].flatten()
    shares = (x - torch.tensor([left, bottom])) / torch.tensor([right - left, top - bottom])
    targets = y.long() * (LEVELS - 1) if problem.info.loss.task == "classification" else _levels(y)
    points = [
        [*(round(share, 3) for share in place), level]
        for place, level in zip(shares.tolist(), targets.tolist(), strict=True)
    ]
    return {"kind": "scatter", "rows": [], "points": points}


def _levels(values: Tensor) -> Tensor:
    """The rank of each value among ``values`` [n], in levels; equal ones share the lowest."""
    ranks = torch.searchsorted(values.sort().values, values)
    return (ranks * LEVELS) // len(values)

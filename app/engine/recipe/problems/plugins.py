"""Problems of other packages, through the entry point group ``optiscope.problems``."""

from dataclasses import replace

import torch
from torch import Generator

from optiscope.engine.core.plugins import Group, check_formulas, check_source
from optiscope.engine.recipe.problems.datasets import BCE, MSE, DatasetInfo
from optiscope.engine.recipe.problems.functions import FunctionInfo
from optiscope.engine.recipe.problems.matrices import MatrixInfo

ProblemInfo = DatasetInfo | FunctionInfo | MatrixInfo

_CLOSE = 1e-6
"""How far a value that is declared of a point may be from what the function gives there."""


def accept(prefix: str, info: object) -> ProblemInfo:
    """A problem of another package, under ``prefix`` and a dot.

    Raises:
        TypeError: If it is none.
        ValueError: If its function or its data are not what they are declared to be, cannot be imported by
            their name, or a formula cannot be typeset.
    """
    if type(info) is FunctionInfo:
        _check_function(info)
        check_source(info.source, info.function)
    elif type(info) is DatasetInfo:
        _check_dataset(info)
        if info.sample is not None:
            check_source(info.source, info.sample)
    else:
        raise TypeError(f"{info!r} is no FunctionInfo and no DatasetInfo")
    check_formulas(info)
    return replace(info, name=f"{prefix}.{info.name}")


def _check_function(info: FunctionInfo) -> None:
    """Refuse a function that cannot be trained, or drawn, or is not what is said of it."""
    points = torch.tensor([[info.start, (0.5, 0.25)], [(-0.5, 1.0), (0.75, -0.25)]], dtype=torch.float64)
    values = info.function(points.requires_grad_())
    if values.shape != points.shape[:-1]:
        raise ValueError(f"{info.name} has to take points [..., 2] and give values [...]")
    if not values.requires_grad:
        raise ValueError(f"{info.name} has no gradient: nothing could be learned")
    each = torch.stack([info.function(point) for point in points.flatten(end_dim=1)]).reshape(values.shape)
    if not torch.allclose(values, each, equal_nan=True):
        raise ValueError(f"{info.name} gives a point another value among others than alone")
    for point in (*info.minima, *info.saddles):
        value = info.function(torch.tensor(point.at, dtype=torch.float64)).item()
        if abs(value - point.value) > _CLOSE * max(1.0, abs(value)):
            raise ValueError(f"{info.name} is {value:g} at {point.at}, and not {point.value:g}")


def _check_dataset(info: DatasetInfo) -> None:
    """Refuse data that no network here could be trained on, or that are other ones each time."""
    if info.loss not in {MSE, BCE}:
        raise ValueError(f"the loss of {info.name} has to be MSE or BCE of optiscope")
    if info.sample is None:
        x, y = (torch.tensor(rows, dtype=torch.float64) for rows in info.data)
        n = len(x)
    else:
        n = info.samples
        state = torch.get_rng_state()
        x, y = info.sample(n, info.noise, Generator().manual_seed(1))
        again = info.sample(n, info.noise, Generator().manual_seed(1))
        if not (
            torch.equal(state, torch.get_rng_state())
            and torch.equal(x, again[0])
            and torch.equal(y, again[1])
        ):
            raise ValueError(f"{info.name} has to draw its samples from the generator that it is given")
    if x.shape != (n, 2) or y.shape != (n, 1) or {x.dtype, y.dtype} != {torch.float64}:
        raise ValueError(f"{info.name} has to give {n} inputs [n, 2] and targets [n, 1] in float64")


PROBLEM_PLUGINS = Group("optiscope.problems", accept)

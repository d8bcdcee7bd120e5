"""What a sweep comes to: for each optimizer its best cell, how wide the good rates are, what seeds change.

A cell here is all seeds of one place on the axes. It is judged by the median over seeds of ``end_loss``, a
member that diverged or failed as infinitely bad; so a cell where half the seeds diverge is never the best.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.core.errors import FieldProblem
from optiscope.engine.core.words import say
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.sweep.axes import Axis
from optiscope.engine.sweep.cells import REASONS, Cells
from optiscope.engine.sweep.plan import Plan

QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
"""Of the seeds of a cell, what is told of their losses."""

GOOD_ENOUGH = 0.1
"""A rate is good whose median loses at most this part of what the best cell gained."""

_RATES = frozenset({"lr", "max_lr"})

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class BestCell:
    """Where an optimizer does best.

    Attributes:
        at: Its place on each axis, counted from 0.
        members: Its members, one for each seed.
        values: What the axes say there, by path.
        quantiles: Of ``end_loss`` over its seeds, at ``QUANTILES``; infinite for those that diverged.
        test_loss: The median over seeds, None where there are no held-out samples.
        steps_to_target: The median over seeds, infinite if half do not get there; None without target.
        reached: The share of its seeds that got to the target; None without target.
        diverged: The share of its seeds that diverged or failed.
    """

    at: tuple[int, ...]
    members: tuple[int, ...]
    values: Mapping[str, Any]
    quantiles: tuple[float, ...]
    test_loss: float | None
    steps_to_target: float | None
    reached: float | None
    diverged: float


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far the rate can be from the best one.

    Attributes:
        path: The axis that is a rate.
        decades: Between the ends: 1 where the largest good rate is ten times the smallest.
        at_most: What a finer grid could make of them: between the nearest rates tried that are not good.
            None where one is missing, so that they may go on beyond the grid.
        between: The smallest and the largest good rate, with none between them that is not.
        bound: The median loss up to which a rate is good.
    """

    path: str
    decades: float
    at_most: float | None
    between: tuple[float, float]
    bound: float


@dataclass(frozen=True, slots=True)
class OptimizerSummary:
    """What a sweep says of one optimizer.

    Attributes:
        optimizer: Its index among those of the sweep.
        name: Its name.
        best: Its best cell; None if no cell has a finite median.
        initial_loss: The median over the seeds of the best cell; None without one.
        tolerance: Along the first axis that is a rate; None without such an axis or a best cell.
        diverged: The share of all its members that diverged or failed.
    """

    optimizer: int
    name: str
    best: BestCell | None
    initial_loss: float | None
    tolerance: Tolerance | None
    diverged: float


class Found:
    """The cells of a sweep as they come, put where they belong.

    Args:
        plan: Of the sweep.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.count = 0
        self._columns: dict[str, NDArray[Any]] = {}

    def add(self, cells: Cells) -> None:
        """Note some cells; each member once."""
        for name, values in cells.columns().items():
            if name == "members":
                continue
            if name not in self._columns:
                shape = (self.plan.members, *values.shape[1:])
                self._columns[name] = np.zeros(shape, values.dtype)
            self._columns[name][cells.members] = values
        self.count += len(cells)

    @property
    def is_whole(self) -> bool:
        """Whether every member has its cell."""
        return self.count == self.plan.members

    def summary(self) -> list[OptimizerSummary]:
        """What all cells come to; there is one of every member."""
        axes = tuple(len(axis.values) for axis in self.plan.axes)
        by_optimizer = {
            name: column.reshape(len(self.plan.bases), *axes, -1)
            for name, column in self._columns.items()
            if column.ndim == 1
        }
        return [
            _summary(self.plan, number, {name: column[number] for name, column in by_optimizer.items()})
            for number in range(len(self.plan.bases))
        ]


def notes_of(plan: Plan) -> list[FieldProblem]:
    """What a ranking of the cells of a sweep cannot say, each under the axis that it is about."""
    return [
        FieldProblem(f"/axes/{number}/path", say("axis_of_problem", value=axis.path))
        for number, axis in enumerate(plan.axes)
        if axis.tokens[0] == "problem"
    ]


def _summary(plan: Plan, number: int, columns: Mapping[str, NDArray[Any]]) -> OptimizerSummary:
    """What is said of one optimizer, of columns [*axes, seeds]."""
    failed = columns["ended"] != REASONS.index(Reason.COMPLETED)
    losses = np.where(np.isnan(columns["end_loss"]) | failed, math.inf, columns["end_loss"])
    medians = np.median(losses, axis=-1)
    name, diverged = plan.bases[number].config.optimizer.name, float(failed.mean())
    flat = int(np.argmin(medians))
    if not np.isfinite(medians.flat[flat]):
        return OptimizerSummary(number, name, None, None, None, diverged)
    at = tuple(int(i) for i in np.unravel_index(flat, medians.shape))
    best = _best(plan, number, at, {**columns, "end_loss": losses})
    initial = float(np.median(columns["initial_loss"][at]))
    return OptimizerSummary(
        number, name, best, initial, _tolerance(plan.axes, medians, at, initial), diverged
    )


def _best(plan: Plan, number: int, at: tuple[int, ...], columns: Mapping[str, NDArray[Any]]) -> BestCell:
    losses, seeds = columns["end_loss"][at], columns["end_loss"].shape[-1]
    cells = plan.members // len(plan.bases) // seeds
    place = number * cells + int(np.ravel_multi_index(at, columns["end_loss"].shape[:-1]))
    target = columns.get("steps_to_target")
    steps = None if target is None else np.where(np.isnan(target[at]), math.inf, target[at])
    test = columns.get("test_loss")
    return BestCell(
        at=at,
        members=tuple(range(place * seeds, (place + 1) * seeds)),
        values={axis.path: axis.values[i] for axis, i in zip(plan.axes, at, strict=True)},
        quantiles=tuple(_quantiles(losses, QUANTILES)),
        test_loss=None if test is None else float(np.median(test[at])),
        steps_to_target=None if steps is None else float(np.median(steps)),
        reached=None if steps is None else float(np.isfinite(steps).mean()),
        diverged=float((columns["ended"][at] != REASONS.index(Reason.COMPLETED)).mean()),
    )


def _quantiles(values: Numbers, wanted: Sequence[float]) -> list[float]:
    """Quantiles of numbers that may be infinite, where interpolation would say NaN."""
    with np.errstate(invalid="ignore"):
        between = np.quantile(values, wanted)
    found: list[float] = np.where(
        np.isnan(between), np.quantile(values, wanted, method="lower"), between
    ).tolist()
    return found


def _tolerance(
    axes: Sequence[Axis], medians: Numbers, at: tuple[int, ...], initial: float
) -> Tolerance | None:
    """The good rates around the best one, with everything else as it is there."""
    number = next((i for i, axis in enumerate(axes) if axis.tokens[-1] in _RATES), None)
    if number is None:
        return None
    rates = np.array(axes[number].values, dtype=np.float64)
    along = np.moveaxis(medians, number, -1)[at[:number] + at[number + 1 :]]
    order = np.argsort(rates)
    rates, along = rates[order], along[order]
    middle = int(np.flatnonzero(order == at[number])[0])
    best = float(along[middle])
    bound = best + GOOD_ENOUGH * max(0.0, initial - best)
    bad = np.flatnonzero(~(along <= bound))
    first = int(max(bad[bad < middle], default=-1)) + 1
    last = int(min(bad[bad > middle], default=len(rates))) - 1
    low, high = float(rates[first]), float(rates[last])
    is_within = first > 0 and last < len(rates) - 1
    at_most = _decades(float(rates[first - 1]), float(rates[last + 1])) if is_within else None
    return Tolerance(axes[number].path, _decades(low, high), at_most, (low, high), bound)


def _decades(low: float, high: float) -> float:
    return math.log10(high / low) if low > 0 else math.nan

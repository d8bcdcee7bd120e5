"""What a sweep comes to: for each optimizer its best cell, how wide the good rates are, what seeds change.

A cell here is all seeds of one place on the axes. It is judged by the median over seeds of ``end_loss``, a
member that diverged or failed as infinitely bad; so a cell where half the seeds diverge is never the best.
"""

import json
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
from optiscope.engine.sweep.job import are_lanes
from optiscope.engine.sweep.plan import Plan
from optiscope.good_rates import good_around
from optiscope.naming import names_of

QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
"""Of the seeds of a cell, what is told of their losses."""

OVERVIEW_BOUND = 1e-4
"""How far ``end_loss`` of a float32 cell may be from its run's, of the larger loss, after so many steps."""

OVERVIEW_STEPS = 25

_JUDGED = frozenset({"members", "initial_loss", "end_loss", "test_loss", "steps_to_target", "ended"})
"""The columns that the summary is made of."""

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


@dataclass(frozen=True, slots=True)
class _Place:
    """All seeds of one place on the axes.

    Attributes:
        median: Of ``end_loss``.
        number: Among all places, in C order.
        columns: Of its cells, [seeds].
    """

    median: float
    number: int
    columns: Mapping[str, NDArray[Any]]


class Found:
    """What the cells of a sweep come to, as they come: eight bytes of each place are kept, and no cell.

    Args:
        plan: Of the sweep.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.count = 0
        self._seeds = 1 if plan.sweep.seeds is None else len(plan.sweep.seeds)
        self._medians = np.full(plan.members // self._seeds, math.inf)
        self._places = len(self._medians) // len(plan.bases)
        self._names = names_of(plan.runs)
        self._failed = np.zeros(len(plan.bases), np.int64)
        self._best: dict[int, _Place] = {}
        self._begun: dict[int, list[Mapping[str, NDArray[Any]]]] = {}

    def add(self, cells: Cells) -> None:
        """Note some cells; each member once."""
        self.count += len(cells)
        columns = {name: column for name, column in cells.columns().items() if name in _JUDGED}
        columns = {name: column[np.argsort(cells.members)] for name, column in columns.items()}
        places, first, counts = np.unique(
            columns["members"] // self._seeds, return_index=True, return_counts=True
        )
        failed = columns["ended"] != REASONS.index(Reason.COMPLETED)
        optimizers = columns["members"][failed] // (self._places * self._seeds)
        self._failed += np.bincount(optimizers, minlength=len(self._failed))
        whole = counts == self._seeds
        rows = first[whole, None] + np.arange(self._seeds)
        self._judge(places[whole], {name: column[rows] for name, column in columns.items()})
        for place, begin, count in zip(places[~whole], first[~whole], counts[~whole], strict=True):
            self._begin(int(place), {name: column[begin : begin + count] for name, column in columns.items()})

    def summary(self) -> list[OptimizerSummary]:
        """What all cells come to; there is one of every member."""
        return [self._summary(number) for number in range(len(self.plan.bases))]

    def _begin(self, place: int, columns: Mapping[str, NDArray[Any]]) -> None:
        """Keep some seeds of a place until all of them are there."""
        parts = self._begun.setdefault(place, [])
        parts.append({name: column.copy() for name, column in columns.items()})
        if sum(len(part["members"]) for part in parts) == self._seeds:
            order = np.argsort(np.concatenate([part["members"] for part in parts]))
            joined = {name: np.concatenate([part[name] for part in parts])[None, order] for name in columns}
            del self._begun[place]
            self._judge(np.array([place]), joined)

    def _judge(self, places: NDArray[np.int64], columns: Mapping[str, NDArray[Any]]) -> None:
        """Note the medians of some places, in order, and which is the best so far.

        Args:
            places: [n] their numbers.
            columns: Of all their cells, [n, seeds].
        """
        failed = columns["ended"] != REASONS.index(Reason.COMPLETED)
        losses = np.where(np.isnan(columns["end_loss"]) | failed, math.inf, columns["end_loss"])
        medians = self._medians[places] = np.median(losses, axis=-1)
        optimizers = places // self._places
        for number in np.unique(optimizers).tolist():
            own = np.flatnonzero(optimizers == number)
            i = own[np.argmin(medians[own])]
            before = self._best.get(number)
            if before is None or (medians[i], places[i]) < (before.median, before.number):
                of_place = {name: column[i].copy() for name, column in columns.items()}
                of_place["end_loss"] = losses[i]
                self._best[number] = _Place(float(medians[i]), int(places[i]), of_place)

    def _summary(self, number: int) -> OptimizerSummary:
        """What is said of one optimizer."""
        best, name = self._best[number], self._names[number]
        diverged = float(self._failed[number]) / (self._places * self._seeds)
        if not math.isfinite(best.median):
            return OptimizerSummary(number, name, None, None, None, diverged)
        shape = [len(axis.values) for axis in self.plan.axes]
        medians = self._medians.reshape(len(self.plan.bases), *shape)[number]
        at = tuple(int(i) for i in np.unravel_index(best.number - number * self._places, shape))
        initial = float(np.median(best.columns["initial_loss"]))
        tolerance = _tolerance(self.plan.axes, medians, at, initial)
        return OptimizerSummary(number, name, _best(self.plan, at, best), initial, tolerance, diverged)


def notes_of(plan: Plan) -> list[FieldProblem]:
    """What the cells of a sweep cannot say, each under the field that it is about."""
    notes = [
        FieldProblem(f"/axes/{number}/path", say("axis_of_problem", value=axis.path))
        for number, axis in enumerate(plan.axes)
        if axis.tokens[0] == "problem"
    ]
    if any(group.config.dtype == "float32" and are_lanes(group) for group in plan.groups):
        said = say("cells_of_float32", bound=OVERVIEW_BOUND, steps=OVERVIEW_STEPS)
        notes.append(FieldProblem("/run/dtype", said))
    return notes + _refusals(plan)


def _refusals(plan: Plan) -> list[FieldProblem]:
    """Which members have no numbers since torch refuses their optimizer, an example of each."""
    at = "/run/optimizer" if plan.sweep.optimizers is None else "/optimizers/{}"
    return [
        FieldProblem(at.format(base), say("members_refused", values=_shown(values), why=said))
        for base, (values, said) in plan.refusals.examples.items()
    ]


def _shown(values: Mapping[str, Any]) -> list[str]:
    """Values by their paths, in words."""
    return [f"{path.rpartition('/')[2]} {json.dumps(value)}" for path, value in values.items()]


def _best(plan: Plan, at: tuple[int, ...], place: _Place) -> BestCell:
    columns = place.columns
    target = columns.get("steps_to_target")
    steps = None if target is None else np.where(np.isnan(target), math.inf, target)
    test = columns.get("test_loss")
    return BestCell(
        at=at,
        members=tuple(columns["members"].tolist()),
        values={axis.path: axis.values[i] for axis, i in zip(plan.axes, at, strict=True)},
        quantiles=tuple(_quantiles(columns["end_loss"], QUANTILES)),
        test_loss=None if test is None else float(np.median(test)),
        steps_to_target=None if steps is None else float(np.median(steps)),
        reached=None if steps is None else float(np.isfinite(steps).mean()),
        diverged=float((columns["ended"] != REASONS.index(Reason.COMPLETED)).mean()),
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
    bound, first, last = good_around(along, middle, initial)
    low, high = float(rates[first]), float(rates[last])
    is_within = first > 0 and last < len(rates) - 1
    at_most = _decades(float(rates[first - 1]), float(rates[last + 1])) if is_within else None
    return Tolerance(axes[number].path, _decades(low, high), at_most, (low, high), bound)


def _decades(low: float, high: float) -> float:
    return math.log10(high / low) if low > 0 else math.nan

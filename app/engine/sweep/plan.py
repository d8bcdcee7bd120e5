"""The plan of a sweep: its members, which of them go which way, and why.

Members are numbered in C order of ``[optimizers, *axes, seeds]``. Work is handed out by *positions*: the same
members, with those side by side that differ by numbers alone and so can be trained together. Among these a
coarse grid of the axes comes first, then what halves its meshes, and so on: what has come of a sweep is soon
a picture of all of it.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from optiscope.engine.core.config import OptimizerConfig, RunConfig
from optiscope.engine.core.words import Said, say
from optiscope.engine.recipe.problems import PROBLEMS, ProblemInfo, complete_problem, info_of
from optiscope.engine.sweep.alike import Alike
from optiscope.engine.sweep.axes import Axis, Base, axes_of
from optiscope.engine.sweep.cells import Wanted
from optiscope.engine.sweep.coarse import halvings_of
from optiscope.engine.sweep.refusals import Refusals, outermost
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.ways import Way, is_number, why_alone

_ORDERED = 2**20
"""The most members of a group that come coarse grid first, by an order that is kept; more, in C order."""


@dataclass(frozen=True, slots=True)
class Group:
    """Members that differ by numbers alone.

    Attributes:
        first: Position of the first one.
        count: How many there are.
        config: The run that they are variations of, with its optimizer and all that is no number in place.
        way: How they are trained.
        because: Why in no faster way, None if there is none.
        choices: How many choices of hyperparameters they have, where their model is a point; else 0.
    """

    first: int
    count: int
    config: RunConfig
    way: Way
    because: Said | None
    choices: int = 0


class Plan:
    """What a sweep comes to.

    Args:
        sweep: What is asked for; trusted.

    Attributes:
        axes: The axes, with their values.
        shape: Optimizers if given, the axes, seeds if given.
        members: How many runs there are.
    """

    def __init__(self, sweep: SweepConfig) -> None:
        self.sweep = sweep
        self.bases = [Base.of(sweep.run, optimizer) for optimizer in sweep.optimizers or (None,)]
        self.axes = axes_of(sweep, self.bases)
        outer = [len(sweep.optimizers)] if sweep.optimizers is not None else []
        inner = [len(sweep.seeds)] if sweep.seeds is not None else []
        self.shape = (*outer, *(len(axis.values) for axis in self.axes), *inner)
        self.members = math.prod(self.shape)
        self.refusals = Refusals(self.bases, self.axes)

    @property
    def runs(self) -> list[dict[str, Any]]:
        """The run of the first member of each optimizer, which has all that the paths of the axes lead to."""
        count = self.members // len(self.bases)
        return [self.document(number * count) for number in range(len(self.bases))]

    @cached_property
    def text(self) -> str:
        """The sweep as JSON, as workers are told it and as it is kept."""
        return self.sweep.model_dump_json(by_alias=True)

    @cached_property
    def wanted(self) -> Wanted:
        """The columns of its cells."""
        infos = list(self._infos())
        return Wanted(
            target=self.sweep.target,
            test_loss=any(info.kind == "dataset" and info.holds_out for info in infos),
            end=any(info.kind == "function" for info in infos),
        )

    def _infos(self) -> Iterator[ProblemInfo]:
        """The problems of the members, as far as their models differ, or whether data are held out."""
        base = complete_problem(self.sweep.run.problem)
        yield info_of(base)
        for axis in self.axes:
            if axis.path == "/problem/name":
                yield from (PROBLEMS[name] for name in axis.values if name in PROBLEMS)
            elif axis.path == "/problem/points/held_out" and base.points is not None:
                points = base.points.model_copy(update={"held_out": max(axis.values)})
                yield info_of(base.model_copy(update={"points": points}))

    def indices(self, members: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where members stand along the optimizers, each axis and the seeds: [2 + axes, n]."""
        along = list(np.unravel_index(members, self.shape))
        nowhere = np.zeros_like(members)
        if self.sweep.optimizers is None:
            along.insert(0, nowhere)
        if self.sweep.seeds is None:
            along.append(nowhere)
        return np.stack(along)

    def document(self, member: int) -> dict[str, Any]:
        """The run of one member as JSON."""
        optimizer, *along, seed = self.indices(np.array([member]))[:, 0].tolist()
        values = [axis.values[i] for axis, i in zip(self.axes, along, strict=True)]
        document: dict[str, Any] = self.bases[optimizer].varied(self.axes, values)
        if self.sweep.seeds is not None:
            document = {**document, "model": {**document["model"], "seed": self.sweep.seeds[seed]}}
        return document

    def config(self, member: int) -> RunConfig:
        """The run of one member: what a cell is opened as."""
        return RunConfig.model_validate_json(json.dumps(self.document(member)))

    def refused(self, members: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which members torch refuses the optimizer of."""
        if not self.refusals.examples:
            return np.zeros(len(members), np.bool_)
        return np.array([self._why_refused(place) is not None for place in self.indices(members).T.tolist()])

    def _why_refused(self, place: Sequence[int]) -> Said | None:
        """Why torch refuses the member that stands there along the optimizers, axes and seeds."""
        return self.refusals.why(place[0], place[1:-1])

    @property
    def _of_axes(self) -> range:
        """The dimensions that are axes."""
        first = 0 if self.sweep.optimizers is None else 1
        return range(first, first + len(self.axes))

    @cached_property
    def _leading(self) -> list[int]:
        """The dimensions along which something else than a number changes."""
        first = self._of_axes[0]
        own = [first + i for i, axis in enumerate(self.axes) if not is_number(axis, of_point=self._of_point)]
        return [*range(first), *own]

    @property
    def _of_point(self) -> bool:
        """Whether the model is a point."""
        problem = self.sweep.run.problem.name
        return problem in PROBLEMS and PROBLEMS[problem].kind == "function"

    @cached_property
    def _turned(self) -> list[int]:
        """The dimensions, those first that split the members into groups."""
        rest = [d for d in range(len(self.shape)) if d not in self._leading]
        return self._leading + rest

    @cached_property
    def _of_a_group(self) -> int:
        """How many members each group has."""
        return math.prod(self.shape[d] for d in self._turned if d not in self._leading)

    @cached_property
    def _choices_of_a_group(self) -> int:
        """How many hyperparameters a group of points has; 0 where the models are networks."""
        if not self._of_point:
            return 0
        own = [d for d in self._of_axes if d not in self._leading]
        return math.prod(self.shape[d] for d in own if not _is_start(self.axes[d - self._of_axes[0]]))

    @cached_property
    def _coarse_first(self) -> NDArray[np.int64] | None:
        """The members of a group, those of a coarse grid before those between them; None if in C order."""
        if self._of_a_group > _ORDERED:
            return None
        own = self._turned[len(self._leading) :]
        halvings = np.zeros([self.shape[d] for d in own], np.uint8)
        for place, d in enumerate(own):
            if d in self._of_axes:
                along = halvings_of(self.shape[d])
                halvings = np.maximum(halvings, along.reshape([-1, *[1] * (len(own) - place - 1)]))
        return np.argsort(halvings, axis=None, kind="stable")

    def members_at(self, first: int, last: int) -> NDArray[np.int64]:
        """The members of some positions."""
        places = np.arange(first, last)
        if self._coarse_first is not None:
            group, within = np.divmod(places, self._of_a_group)
            places = group * self._of_a_group + self._coarse_first[within]
        turned = np.unravel_index(places, [self.shape[d] for d in self._turned])
        along = [turned[self._turned.index(d)] for d in range(len(self.shape))]
        return np.ravel_multi_index(along, self.shape).astype(np.int64)

    def alike(self, members: NDArray[np.int64]) -> list[Alike]:
        """Members of one group whose model is a point, those together that differ by their start alone."""
        along = self.indices(members)
        kinds = np.zeros_like(members)
        for axis, indices in zip(self.axes, along[1:], strict=False):
            if not _is_start(axis):
                kinds = kinds * len(axis.values) + indices
        order = np.argsort(kinds, kind="stable")
        parts = np.split(order, np.flatnonzero(np.diff(kinds[order])) + 1)
        return [self._of_choice(members[part], along[:, part]) for part in parts]

    def _of_choice(self, members: NDArray[np.int64], along: NDArray[np.int64]) -> Alike:
        document = self.document(int(members[0]))
        start = document["model"]["start"]
        filled: list[float] = self.bases[0].filled["model"]["start"] if start is None else start
        starts = np.tile(np.array(filled, np.float64), (len(members), 1))
        for axis, indices in zip(self.axes, along[1:], strict=False):
            if _is_start(axis):
                place = int(axis.tokens[2]) if axis.tokens[2:] else slice(None)
                starts[:, place] = np.array(axis.values, np.float64)[indices]
        optimizer = OptimizerConfig.model_validate_json(json.dumps(document["optimizer"]))
        return Alike(optimizer, members, starts)

    def _taken_beside(self, place: Sequence[int]) -> int | None:
        """Of the group of a member that torch refuses, one at an end of its axes that it takes."""
        base, *along, seed = place
        fixed = [self._of_axes[0] + i in self._leading for i in range(len(along))]
        ends = [
            [at] if is_fixed else outermost(axis.values)
            for at, is_fixed, axis in zip(along, fixed, self.axes, strict=True)
        ]
        for beside in product(*ends):
            if self._why_refused([base, *beside, seed]) is None:
                outer = [base] if self.sweep.optimizers is not None else []
                inner = [seed] if self.sweep.seeds is not None else []
                return int(np.ravel_multi_index([*outer, *beside, *inner], self.shape))
        return None

    @cached_property
    def groups(self) -> Sequence[Group]:
        """Which members go which way, in the order of their positions."""
        count = self._of_a_group
        return [self._group(first, count) for first in range(0, self.members, count)]

    def _group(self, first: int, count: int) -> Group:
        member = int(self.members_at(first, first + 1)[0])
        place = self.indices(np.array([member]))[:, 0].tolist()
        if (refused := self._why_refused(place)) is not None:
            taken = self._taken_beside(place)
            if taken is None:
                return Group(first, count, self.sweep.run, Way.ONE_BY_ONE, refused)
            member = taken
        try:
            config = self.config(member)
        except ValidationError:  # values that are right alone and not together
            return Group(first, count, self.sweep.run, Way.ONE_BY_ONE, None)
        if self.sweep.exact:
            return Group(first, count, config, Way.ONE_BY_ONE, say("way_exact"))
        because = why_alone(config)
        way = Way.ONE_BY_ONE if because else Way.STACKED
        return Group(first, count, config, way, because, self._choices_of_a_group)


def _is_start(axis: Axis) -> bool:
    return list(axis.tokens[:2]) == ["model", "start"]

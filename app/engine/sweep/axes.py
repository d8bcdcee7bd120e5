"""The axes of a sweep: what each path names, and the values along it, held to what a run takes."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from pydantic import ValidationError

from optiscope.engine.core.config import OptimizerConfig, RunConfig
from optiscope.engine.core.errors import MOST_TOLD, ConfigError, FieldProblem, refusals
from optiscope.engine.core.findings import explain
from optiscope.engine.core.limits import UNLIMITED, Limits, in_context
from optiscope.engine.core.registry import shown
from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.judging import built
from optiscope.engine.loop.training import Training
from optiscope.engine.sweep.filled import filled
from optiscope.engine.sweep.pointers import Tokens, holds, tokens_of, with_value
from optiscope.engine.sweep.request import AxisConfig, SweepConfig

_SEEDS = "/model/seed"
"""What ``seeds`` varies."""

_FIXED = {"/dtype": say("axis_dtype"), "/optimizer/name": say("axis_optimizer_name")}


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a sweep.

    Attributes:
        path: The JSON pointer.
        tokens: Its keys.
        values: What the field is, in order.
    """

    path: str
    tokens: Tokens
    values: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Base:
    """What members are variations of: the run with one of the optimizers.

    Attributes:
        config: The run.
        document: It as JSON.
        filled: It with every default.
    """

    config: RunConfig
    document: dict[str, Any]
    filled: dict[str, Any]

    @classmethod
    def of(cls, run: RunConfig, optimizer: OptimizerConfig | None) -> "Base":
        """The run, with another optimizer if one is given.

        Raises:
            ConfigError: If it names what there is not.
        """
        config = run if optimizer is None else run.model_copy(update={"optimizer": optimizer})
        return cls(config, config.model_dump(mode="json"), filled(config))

    def varied(self, axes: Sequence[Axis], values: Sequence[Any]) -> dict[str, Any]:
        """The document with such values along the axes."""
        document: Any = self.document
        for axis, value in zip(axes, values, strict=True):
            document = with_value(document, axis.tokens, value, self.filled)
        return dict(document)


def axes_of(sweep: SweepConfig, bases: Sequence[Base]) -> list[Axis]:
    """The axes of a sweep.

    Raises:
        ConfigError: For every path that names no field of all the runs, and every value that a run refuses.
    """
    problems: list[FieldProblem] = []
    axes: list[Axis] = []
    for number, axis in enumerate(sweep.axes):
        place = f"/axes/{number}"
        tokens = tokens_of(axis.path)
        if tokens is None:
            problems.append(FieldProblem(f"{place}/path", say("axis_no_path", value=shown(axis.path))))
            continue
        if (said := _path_problem(sweep, number, tokens, bases)) is not None:
            problems.append(FieldProblem(f"{place}/path", said))
            continue
        values = axis.values if axis.values is not None else _numbers(axis, tokens, bases[0])
        found = Axis(axis.path, tokens, values)
        problems += _twice(values, place)
        axes.append(found)
    if problems:
        raise ConfigError(problems[:MOST_TOLD])
    return axes


def member_of(text: str, limits: Limits) -> Training:
    """The run of a member, before its first step.

    Args:
        text: The run as JSON.
        limits: What it is held to.

    Raises:
        ConfigError: Naming every field that it refuses.
    """
    try:
        config = RunConfig.model_validate_json(text, context=in_context(limits))
    except ValidationError as error:
        raise explain(error, text, RunConfig) from error
    return built(config, limits)


def seedless(document: Mapping[str, Any]) -> str:
    """A run as JSON, the same for all seeds of its model: what it draws changes nothing of its work.

    Args:
        document: The run, whose own seed was looked at before.
    """
    return json.dumps({**document, "model": {**document["model"], "seed": 0}})


def _path_problem(sweep: SweepConfig, number: int, tokens: Tokens, bases: Sequence[Base]) -> Said | None:
    """Why a path cannot be an axis, None if it can."""
    path = sweep.axes[number].path
    if path in _FIXED or (path == "/optimizer" and sweep.optimizers is not None):
        return _FIXED.get(path, _FIXED["/optimizer/name"])
    if sweep.seeds is not None and _overlap(_SEEDS, path):
        return say("axis_of_seeds", value=path)
    if other := next((one.path for one in sweep.axes[:number] if _overlap(one.path, path)), None):
        return say("axis_twice", value=path, other=other)
    lacking = next((base.config.optimizer.name for base in bases if not holds(base.filled, tokens)), None)
    if lacking is None:
        return None
    if sweep.optimizers is not None and tokens[0] == "optimizer":
        return say("axis_not_of_optimizer", value=path, optimizer=lacking)
    return say("axis_no_field", value=path)


def _overlap(one: str, other: str) -> bool:
    """Whether two paths lead to the same field, or one through the other."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _numbers(axis: AxisConfig, tokens: Tokens, base: Base) -> list[float] | list[int]:
    """Numbers between two ends, rounded where the field takes whole ones alone."""
    assert axis.first is not None  # noqa: S101 - the form of the axis was checked
    assert axis.last is not None  # noqa: S101 - same
    assert axis.count is not None  # noqa: S101 - same
    space = np.geomspace if axis.scale == "log" else np.linspace
    numbers = space(axis.first, axis.last, axis.count)
    numbers[0], numbers[-1] = axis.first, axis.last
    if _is_whole(tokens, base, axis):
        return [round(number) for number in numbers.tolist()]
    found: list[float] = numbers.tolist()
    return found


def _is_whole(tokens: Tokens, base: Base, axis: AxisConfig) -> bool:
    """Whether a field refuses a fraction for not being whole."""
    document = with_value(base.document, tokens, 0.5 + math.floor(axis.first or 0), base.filled)
    return _wants_whole(json.dumps(document))


@lru_cache(maxsize=16)
def _wants_whole(text: str) -> bool:
    """Whether a run, as JSON, is refused for a number that is not whole."""
    problems = refusals(member_of, text, UNLIMITED)
    return any(problem.said.code == "no_whole_number" for problem in problems)


def _twice(values: Sequence[Any], place: str) -> Iterator[FieldProblem]:
    """Equal neighbours."""
    for i, (one, other) in enumerate(pairwise(values), start=1):
        if type(one) is type(other) and one == other:
            yield FieldProblem(place, say("axis_equal_neighbours", value=shown(other), first=i, second=i + 1))
            return

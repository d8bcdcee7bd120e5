"""Hyperparameters that follow a factor: what people write between ``backward`` and ``optimizer.step()``."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch.optim import Optimizer

from optiscope.engine.core.config import HyperparameterScheduleConfig, OptimizerConfig, RunConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.expressions import epoch_function
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.registry import shown
from optiscope.engine.core.words import say
from optiscope.engine.recipe.optimizers.checks import group_arguments
from optiscope.engine.recipe.optimizers.places import GroupPlace, places_of
from optiscope.engine.recipe.optimizers.table import OPTIMIZERS

POINTER = "/hyperparameter_schedules"


@dataclass(frozen=True, slots=True)
class Key:
    """A number of a param group: under a name, or in a tuple there, as ``betas/0``."""

    name: str
    index: int | None = None

    @classmethod
    def of(cls, text: str) -> "Key":
        """The key that is written so."""
        name, _, index = text.partition("/")
        return cls(name, int(index) if index.isdecimal() else None)

    def get(self, group: Mapping[str, Any]) -> Any:
        """The value in a group, None where there is none."""
        value = group.get(self.name)
        if self.index is None:
            return value
        return value[self.index] if isinstance(value, tuple | list) and self.index < len(value) else None

    def put(self, group: dict[str, Any], value: float) -> None:
        """Give the group another value."""
        if self.index is None:
            group[self.name] = value
        else:
            values = list(group[self.name])
            values[self.index] = value
            group[self.name] = tuple(values)


def number_of(group: Mapping[str, Any], key: Key) -> float:
    """The number in a group, NaN where there is none."""
    value = key.get(group)
    return float(value) if isinstance(value, int | float) else math.nan


@dataclass(frozen=True, slots=True)
class _Member:
    """A group that follows, and the value that it begins with."""

    place: GroupPlace
    initial: float


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One schedule of a config.

    Attributes:
        config: Its config.
        key: What it moves.
        factor: The factor, of the number of steps done.
        members: The groups that it moves.
    """

    config: HyperparameterScheduleConfig
    key: Key
    factor: Callable[[float], float]
    members: tuple[_Member, ...]


class HyperparameterSchedules:
    """All of one run.

    Attributes:
        scheduled: Each of them.
        names: What they move, each once.

    Raises:
        ConfigError: Naming every one that moves nothing, or what no factor can.
    """

    def __init__(
        self, optimizers: Sequence[Optimizer], config: RunConfig, limits: Limits = UNLIMITED
    ) -> None:
        self._optimizers = optimizers
        self._places = places_of(config.optimizer)
        problems: list[FieldProblem] = []
        found: list[Scheduled] = []
        for number, schedule in enumerate(config.hyperparameter_schedules):
            try:
                found.append(self._read(schedule, config.optimizer, f"{POINTER}/{number}", limits))
            except ConfigError as error:
                problems += error.problems
        problems += _twice(found)
        if problems:
            raise ConfigError(problems)
        self.scheduled = tuple(found)
        self.names = list(dict.fromkeys(one.config.hyperparameter for one in found))

    def _read(
        self, schedule: HyperparameterScheduleConfig, config: OptimizerConfig, pointer: str, limits: Limits
    ) -> Scheduled:
        key = Key.of(schedule.hyperparameter)
        if key.name == "lr":
            raise ConfigError.at(f"{pointer}/hyperparameter", say("rate_has_schedulers"))
        asked = range(len(self._places)) if schedule.groups is None else schedule.groups
        for number, index in enumerate(schedule.groups or ()):
            if index >= len(self._places):
                said = say("no_such_group", value=index, count=len(self._places))
                raise ConfigError.at(f"{pointer}/groups/{number}", said)
        by_index = {place.index: place for place in self._places}
        values = [(by_index[index], self._initial(by_index[index], config, key)) for index in asked]
        members = tuple(_Member(place, float(value)) for place, value in values if value is not None)
        if not members or (schedule.groups is not None and len(members) < len(values)):
            names = [own.name for own in (config, config.rest) if own]
            said = say("nothing_to_schedule", value=shown(schedule.hyperparameter), optimizers=names)
            raise ConfigError.at(f"{pointer}/hyperparameter", said)
        factor = epoch_function(schedule.factor, f"{pointer}/factor", limits, "step")
        factor(0)
        return Scheduled(schedule, key, factor, members)

    def _initial(self, place: GroupPlace, config: OptimizerConfig, key: Key) -> float | None:
        """What a group begins with: its own value or its optimizer's; None if that is no such number."""
        chosen = config if place.optimizer == 0 or config.rest is None else config.rest
        info = OPTIMIZERS[chosen.name]
        kinds = ("float",) if key.index is None else ("pair", "triple")
        if not any(h.name == key.name and h.kind in kinds for h in info.hyperparameters):
            return None
        own = group_arguments(info, place.config, "", UNLIMITED) if place.config else {}
        value = key.get({**self._optimizers[place.optimizer].defaults, **own})
        return value if isinstance(value, int | float) else None

    def apply(self, step: int) -> None:
        """Give the groups that are there the values of the step that follows so many others."""
        for one in self.scheduled:
            self._put(one, one.factor(step))

    def release(self) -> None:
        """Give them back the values that they begin with."""
        for one in self.scheduled:
            self._put(one, 1.0)

    def _put(self, one: Scheduled, factor: float) -> None:
        for member in one.members:
            groups = self._optimizers[member.place.optimizer].param_groups
            if member.place.position < len(groups):
                one.key.put(groups[member.place.position], member.initial * factor)


def _twice(found: Sequence[Scheduled]) -> Iterator[FieldProblem]:
    """What is moved by two schedules at once."""
    seen: set[tuple[str, int]] = set()
    for number, one in enumerate(found):
        moved = {(one.config.hyperparameter, member.place.index) for member in one.members}
        if moved & seen:
            said = say("scheduled_twice", field=one.config.hyperparameter)
            yield FieldProblem(f"{POINTER}/{number}/hyperparameter", said)
        seen |= moved

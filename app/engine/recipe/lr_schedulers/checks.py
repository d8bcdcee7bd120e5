"""What is wrong with the config of a scheduler, at any depth: its name, its shape and its hyperparameters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from optiscope.engine.core.config import LRSchedulerConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.registry import check_hyperparameters
from optiscope.engine.recipe.lr_schedulers.info import LRSchedulerInfo
from optiscope.engine.recipe.lr_schedulers.table import LR_SCHEDULERS


@dataclass(frozen=True, slots=True)
class Place:
    """A scheduler of a config, and where it stands.

    Attributes:
        config: Its config.
        pointer: JSON pointer of that.
        depth: 1 for the outermost scheduler, more for its parts.
        at_milestone: Whether it takes over from another one.
        limits: Bound the nesting, lists and expressions.
    """

    config: LRSchedulerConfig
    pointer: str
    depth: int = 1
    at_milestone: bool = False
    limits: Limits = UNLIMITED

    @property
    def info(self) -> LRSchedulerInfo:
        """Its entry in the registry."""
        return LR_SCHEDULERS.resolve(self.config.name, f"{self.pointer}/name")

    @property
    def parts(self) -> Iterator["Place"]:
        """The schedulers that it is made of."""
        in_turn = self.config.name in LR_SCHEDULERS and self.info.milestones
        for i, part in enumerate(self.config.schedulers or ()):
            where = f"{self.pointer}/schedulers/{i}"
            yield Place(part, where, self.depth + 1, in_turn and i > 0, self.limits)

    @property
    def too_deep(self) -> bool:
        """Whether it is nested beyond the bound."""
        return self.depth > self.limits.max_scheduler_depth

    def words(self) -> dict[str, Any]:
        """What a sentence about its shape may name."""
        return {
            "name": self.config.name,
            "depth": self.depth,
            "max_depth": self.limits.max_scheduler_depth,
            "needed": len(self.config.schedulers or ()) - 1,
            "got": len(self.config.milestones or ()),
        }


class Rule(NamedTuple):
    """What a scheduler must not be.

    Attributes:
        field: The field that is wrong.
        broken: Whether it is, by the entry of the scheduler and its place.
        detail: Why, with names of ``Place.words`` in braces.
    """

    field: str
    broken: Callable[[LRSchedulerInfo, Place], bool]
    detail: str


RULES = (
    Rule(
        "/interval",
        lambda _, place: place.depth > 1 and place.config.interval != 1,
        "interval belongs to the outermost scheduler",
    ),
    Rule(
        "/name",
        lambda info, place: place.depth > 1 and info.needs_metric,
        "{name} cannot be part of another scheduler: its step needs the loss",
    ),
    Rule(
        "/name",
        lambda info, place: place.at_milestone and info.parts,
        "torch cannot start {name} at a milestone (NotImplementedError): only as the first",
    ),
    Rule(
        "/schedulers",
        lambda info, place: info.parts and not place.config.schedulers,
        "{name} needs at least one scheduler",
    ),
    Rule(
        "/schedulers",
        lambda info, place: not info.parts and bool(place.config.schedulers),
        "{name} is not made of other schedulers",
    ),
    Rule(
        "/milestones",
        lambda info, place: info.milestones and _has_other_milestones(place.config),
        "milestones must have {needed} entries, one between each two schedulers, got {got}",
    ),
    Rule(
        "/milestones",
        lambda info, place: _has_needless_milestones(info, place) and not info.takes("milestones"),
        "{name} has no milestones of its own",
    ),
    Rule(
        "/milestones",
        lambda info, place: _has_needless_milestones(info, place) and info.takes("milestones"),
        "{name} has no milestones of its own: they go into hyperparameters",
    ),
)
"""Adding a check of shape is adding a rule."""


def _has_other_milestones(config: LRSchedulerConfig) -> bool:
    """Whether there are too few or too many for the parts that are there."""
    return bool(config.schedulers) and len(config.milestones or ()) != len(config.schedulers or ()) - 1


def _has_needless_milestones(info: LRSchedulerInfo, place: Place) -> bool:
    return place.config.milestones is not None and not info.milestones


def problems_of(place: Place) -> Iterator[FieldProblem]:
    """Everything that is wrong with a scheduler and with its parts."""
    if place.too_deep:
        detail = "schedulers may be nested at most {max_depth} deep, got {depth}"
        yield FieldProblem(place.pointer, detail.format_map(place.words()))
        return
    try:
        info = place.info
    except ConfigError as error:
        yield from error.problems
    else:
        yield from _broken(info, place)
        yield from _of_hyperparameters(info, place)
    for part in place.parts:
        yield from problems_of(part)


def _broken(info: LRSchedulerInfo, place: Place) -> Iterator[FieldProblem]:
    for rule in RULES:
        if rule.broken(info, place):
            yield FieldProblem(place.pointer + rule.field, rule.detail.format_map(place.words()))


def _of_hyperparameters(info: LRSchedulerInfo, place: Place) -> Iterator[FieldProblem]:
    try:
        arguments_of(info, place)
    except ConfigError as error:
        yield from error.problems


def arguments_of(info: LRSchedulerInfo, place: Place) -> dict[str, Any]:
    """The hyperparameters of a scheduler in torch's types.

    Raises:
        ConfigError: Naming every one that cannot be used.
    """
    where = f"{place.pointer}/hyperparameters"
    given = place.config.hyperparameters
    return check_hyperparameters(info.name, info.hyperparameters, given, where, limits=place.limits)

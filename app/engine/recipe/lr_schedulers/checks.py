"""What is wrong with the config of a scheduler, at any depth: its name, its shape and its hyperparameters."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from optiscope.engine.core.config import LRSchedulerConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.registry import check_hyperparameters
from optiscope.engine.core.words import Said, say
from optiscope.engine.recipe.lr_schedulers.info import LRSchedulerInfo
from optiscope.engine.recipe.lr_schedulers.table import LR_SCHEDULERS


@dataclass(frozen=True, slots=True)
class Place:
    """A scheduler of a config, and where it stands.

    Attributes:
        config: Its config.
        pointer: JSON pointer of that.
        depth: 1 for the outermost scheduler, more for its parts.
        at_milestone: Whether a SequentialLR starts it at a milestone.
        handed: Whether the loop hands over to it.
        limits: Bound the nesting, lists and expressions.
    """

    config: LRSchedulerConfig
    pointer: str
    depth: int = 1
    at_milestone: bool = False
    handed: bool = False
    limits: Limits = UNLIMITED

    @property
    def info(self) -> LRSchedulerInfo:
        """Its entry in the registry."""
        return LR_SCHEDULERS.resolve(self.config.name, f"{self.pointer}/name")

    @property
    def parts(self) -> Iterator["Place"]:
        """The schedulers that it is made of."""
        info = self.info if self.config.name in LR_SCHEDULERS else None
        handed = info is not None and info.hands_over
        in_turn = info is not None and info.milestones and not handed
        for i, part in enumerate(self.config.schedulers or ()):
            where = f"{self.pointer}/schedulers/{i}"
            yield Place(part, where, self.depth + 1, in_turn and i > 0, handed, self.limits)

    @property
    def too_deep(self) -> bool:
        """Whether it is nested beyond the bound."""
        return self.depth > self.limits.max_scheduler_depth


class Rule(NamedTuple):
    """What a scheduler must not be.

    Attributes:
        field: The field that is wrong.
        broken: Whether it is, by the entry of the scheduler and its place.
        why: Why, in a sentence.
    """

    field: str
    broken: Callable[[LRSchedulerInfo, Place], bool]
    why: Callable[[Place], Said]


RULES = (
    Rule(
        "/interval",
        lambda _, place: place.depth > 1 and place.config.interval != 1,
        lambda _: say("interval_of_a_part"),
    ),
    Rule(
        "/name",
        lambda info, place: place.depth > 1 and info.needs_metric and not place.handed,
        lambda place: say("needs_the_loss", scheduler=place.config.name),
    ),
    Rule(
        "/name",
        lambda info, place: place.depth > 1 and info.hands_over,
        lambda place: say("hand_over_of_a_part", scheduler=place.config.name),
    ),
    Rule(
        "/epoch_steps",
        lambda info, place: place.config.epoch_steps is not None and not info.takes_epoch,
        lambda place: say("without_epoch_steps", scheduler=place.config.name),
    ),
    Rule(
        "/epoch_steps",
        lambda info, place: (
            place.config.epoch_steps is not None and info.takes_epoch and place.depth > 1 and not place.handed
        ),
        lambda _: say("epoch_steps_of_a_part"),
    ),
    Rule(
        "/name",
        lambda info, place: place.at_milestone and info.parts,
        lambda place: say("not_at_a_milestone", scheduler=place.config.name),
    ),
    Rule(
        "/schedulers",
        lambda info, place: info.parts and not place.config.schedulers,
        lambda place: say("without_parts", scheduler=place.config.name),
    ),
    Rule(
        "/schedulers",
        lambda info, place: not info.parts and bool(place.config.schedulers),
        lambda place: say("with_parts", scheduler=place.config.name),
    ),
    Rule(
        "/milestones",
        lambda info, place: info.milestones and _has_other_milestones(place.config),
        lambda place: say(
            "other_milestones",
            count=len(place.config.schedulers or ()) - 1,
            value=len(place.config.milestones or ()),
        ),
    ),
    Rule(
        "/milestones",
        lambda info, place: _has_needless_milestones(info, place) and not info.takes("milestones"),
        lambda place: say("without_milestones", scheduler=place.config.name),
    ),
    Rule(
        "/milestones",
        lambda info, place: _has_needless_milestones(info, place) and info.takes("milestones"),
        lambda place: say("milestones_are_hyperparameters", scheduler=place.config.name),
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
        bound = place.limits.max_scheduler_depth
        yield FieldProblem(place.pointer, say("nested_too_deep", bound=bound, value=place.depth))
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
            yield FieldProblem(place.pointer + rule.field, rule.why(place))


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

"""The schedulers that a schedule is made of: when each takes over, how often it is called, and may be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from optiscope.engine.core.config import LRSchedulerConfig
from optiscope.engine.recipe.lr_schedulers.info import LRSchedulerInfo, Stretch
from optiscope.engine.recipe.lr_schedulers.table import LR_SCHEDULERS


@dataclass(frozen=True, slots=True)
class Part:
    """One scheduler, however deeply nested.

    Attributes:
        config: Its config.
        pointer: Where that stands.
        begin: The scheduler step of the whole at which it takes over.
        calls: How often it is stepped within the run.
        nested: Whether it is part of another scheduler.
        handed: Whether the loop, and not a scheduler, hands over to it: its first call then comes after the
            step at which it takes over, and not before.
    """

    config: LRSchedulerConfig
    pointer: str
    begin: int
    calls: int
    nested: bool
    handed: bool = False

    @property
    def info(self) -> LRSchedulerInfo:
        """Its entry in the registry."""
        return LR_SCHEDULERS[self.config.name]

    def value(self, name: str) -> Any:
        """What a hyperparameter is, torch's default if it is not given; None if there is no such one."""
        return self.info.values(self.config.hyperparameters).get(name)

    def calls_of(self, stretch: Stretch | None) -> int:
        """How many calls a stretch is here; 0 if there is none."""
        return stretch.calls(self.info.values(self.config.hyperparameters)) if stretch else 0

    def at(self, name: str) -> str:
        """The pointer of a hyperparameter."""
        return f"{self.pointer}/hyperparameters/{name}"


@dataclass(frozen=True, slots=True)
class Bound:
    """A scheduler that raises an error before the run has come to its end.

    Attributes:
        part: The scheduler.
        count: How often it can be called.
        field: The hyperparameter that sets that.
        step: The step of the run at which it is called once more.
    """

    part: Part
    count: int
    field: str
    step: int

    @property
    def pointer(self) -> str:
        """Where the hyperparameter stands."""
        return self.part.at(self.field)


def parts_of(config: LRSchedulerConfig | None, steps: int, times: int = 1) -> Iterator[Part]:
    """All schedulers that a run of so many steps ever calls, the whole before its parts.

    Args:
        config: The whole.
        steps: Of the run.
        times: How often they are called where they are due.
    """
    if config is not None:
        yield from _parts(config, "/lr_scheduler", 0, steps // config.interval * times)


def needs_metric(config: LRSchedulerConfig | None) -> LRSchedulerConfig | None:
    """The first scheduler, itself or a part of it, whose ``step`` takes the loss."""
    if config is None or LR_SCHEDULERS[config.name].needs_metric:
        return config
    return next(filter(None, map(needs_metric, config.schedulers or ())), None)


def _parts(
    config: LRSchedulerConfig,
    pointer: str,
    begin: int,
    calls: int,
    *,
    nested: bool = False,
    handed: bool = False,
) -> Iterator[Part]:
    yield Part(config, pointer, begin, calls, nested, handed)
    hands_over = LR_SCHEDULERS[config.name].hands_over
    marks = [0, *(config.milestones or ()), calls]
    for i, inner in enumerate(config.schedulers or ()):
        from_, to = (marks[i], marks[i + 1]) if config.milestones else (0, calls)
        if from_ < calls or i == 0:
            where = f"{pointer}/schedulers/{i}"
            own = max(min(to, calls) - from_, 0)
            yield from _parts(inner, where, begin + from_, own, nested=True, handed=hands_over)


def bounds_of(config: LRSchedulerConfig | None, steps: int, times: int = 1) -> Iterator[Bound]:
    """The schedulers that cannot be called as often as a run of so many steps would, see ``parts_of``."""
    for part in parts_of(config, steps, times):
        planned, count = part.info.planned, part.calls_of(part.info.planned)
        if planned is not None and part.info.beyond == "raises" and part.calls > count:
            interval = config.interval if config else 1
            yield Bound(part, count, planned.by, ((part.begin + count) // times + 1) * interval)

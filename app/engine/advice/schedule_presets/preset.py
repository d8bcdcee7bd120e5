"""What a preset of a schedule is, and what several are composed of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from optiscope.engine.core.config import LRSchedulerConfig

Scheduler = dict[str, Any]
Package = Literal["torch", "transformers", "timm"]


class Plan(NamedTuple):
    """What a schedule is composed for: steps, the highest rate, and whether there is momentum to move."""

    steps: int
    lr: float
    cycle_momentum: bool


@dataclass(frozen=True, slots=True)
class LRSchedulerPreset:
    """One schedule, for any number of steps.

    Attributes:
        name: The name in the catalog.
        title: The name for people.
        summary: What the rate does and when that is used, in one sentence.
        paper: Where it comes from.
        compose: Gives the config as JSON; see ``config``.
        package: The package whose schedule it is, or torch if it is composed of torch's own.
        warnings: What the linter says of it in a run that it is composed for: codes.
    """

    name: str
    title: str
    summary: str
    paper: str
    compose: Callable[[Plan], Scheduler]
    package: Package = "torch"
    warnings: tuple[str, ...] = ()

    def config(self, steps: int, lr: float, *, cycle_momentum: bool = True) -> LRSchedulerConfig:
        """The schedule for a run.

        Args:
            steps: Steps of the run.
            lr: The optimizer's learning rate: the highest that the schedule reaches.
            cycle_momentum: Whether the optimizer has momentum or betas, which some schedules move too.
        """
        return LRSchedulerConfig.model_validate(self.compose(Plan(steps, lr, cycle_momentum)))

    def catalog(self) -> dict[str, Any]:
        """The entry of this preset in the catalog, with an example for 300 steps at 0.1."""
        return {
            "name": self.name,
            "title": self.title,
            "summary": self.summary,
            "paper": self.paper,
            "package": self.package,
            "warnings": list(self.warnings),
            "example": self.config(300, 0.1).model_dump(mode="json"),
        }


def part_of(steps: int, share: float) -> int:
    """A share of the steps, at least one."""
    return max(1, round(steps * share))


def scheduler(name: str, **hyperparameters: Any) -> Scheduler:
    """A scheduler by itself."""
    return {"name": name, "hyperparameters": hyperparameters}


def factor(expression: str) -> Scheduler:
    """The optimizer's rate times an expression of ``epoch``."""
    return scheduler("LambdaLR", lr_lambda=expression)

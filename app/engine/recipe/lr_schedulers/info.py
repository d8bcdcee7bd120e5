"""What is known of a scheduler: for people, for building one, and for advice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from torch.optim.lr_scheduler import LRScheduler

from optiscope.engine.core.formula import mathml
from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.recipe.declaring import with_defaults
from optiscope.engine.recipe.lr_schedulers.hand_over import HandOver

Values = Mapping[str, Any]
"""A value for every hyperparameter, torch's default where none is given."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A number of calls of ``scheduler.step()`` that follows from hyperparameters.

    Attributes:
        by: The hyperparameter that sets it.
        count: How many calls they are; None if they are the value of ``by``.
    """

    by: str
    count: Callable[[Values], float] | None = None

    def calls(self, values: Values) -> int:
        """How many calls they are."""
        return int(values[self.by] if self.count is None else self.count(values))


@dataclass(frozen=True, slots=True)
class LRSchedulerInfo:
    """One scheduler, described for people, for ``build_lr_scheduler`` and for the linter.

    Attributes:
        name: The name in a RunConfig: torch's class name.
        cls: The class; HandOver is none of torch's.
        summary: What it does, in one sentence.
        hyperparameters: Its keyword arguments; a default that is ``...`` is read from the signature.
        formula: The learning rate in LaTeX; t counts calls of ``scheduler.step()``.
        paper: Where it comes from, or what torch says it is.
        parts: Whether it is made of other schedulers.
        milestones: Whether its parts follow each other at milestones.
        hands_over: Whether the loop itself calls one of its parts at a time.
        takes_epoch: Whether ``step`` takes an epoch, and fractions of one.
        needs_metric: Whether ``step`` takes the loss, so that only a run can show the schedule.
        cycles_momentum: Whether it moves momentum or beta1 too.
        warm_up: What it takes to reach the full rate, if it begins below.
        planned: What it is planned for, if it has an end.
        beyond: What comes after that: the last rate, a rate that rises again, or an error of torch's.
        own_rates: The hyperparameters that take the place of the optimizer's rate, the highest last.
        absolute: Whether it sets the rate from its initial value, whatever that is by then.
        only_falls: Whether a rate that it brought down stays down.
        restarts: The hyperparameter that sets the length of its cycles, if it starts anew after each.
        source: The module to import it from.
    """

    name: str
    cls: type[LRScheduler | HandOver]
    summary: str
    hyperparameters: tuple[Hyperparameter, ...]
    formula: str
    paper: str = "torch.optim.lr_scheduler"
    parts: bool = False
    milestones: bool = False
    hands_over: bool = False
    takes_epoch: bool = False
    needs_metric: bool = False
    cycles_momentum: bool = False
    warm_up: Stretch | None = None
    planned: Stretch | None = None
    beyond: Literal["stays", "rises", "raises"] = "stays"
    own_rates: tuple[str, ...] = ()
    absolute: bool = False
    only_falls: bool = False
    restarts: str | None = None
    source: str = "torch.optim.lr_scheduler"

    def __post_init__(self) -> None:
        object.__setattr__(self, "hyperparameters", with_defaults(self.cls, self.hyperparameters))

    def takes(self, name: str) -> bool:
        """Whether it has such a hyperparameter."""
        return any(h.name == name for h in self.hyperparameters)

    def values(self, given: Mapping[str, Any]) -> Values:
        """A value for every hyperparameter: what is given, else torch's default."""
        return {
            h.name: h.default if given.get(h.name) is None else given[h.name] for h in self.hyperparameters
        }

    def catalog(self) -> dict[str, Any]:
        """The entry of this scheduler in the catalog."""
        return {
            "name": self.name,
            "class": None if self.hands_over else f"{self.source}.{self.cls.__name__}",
            "package": "torch" if self.hands_over else self.source.partition(".")[0],
            "title": self.name,
            "summary": self.summary,
            "hyperparameters": [h.catalog() for h in self.hyperparameters],
            "formula": mathml(self.formula),
            "formula_text": self.formula,
            "paper": self.paper,
            "composite": self.parts,
            "milestones": self.milestones,
            "hands_over": self.hands_over,
            "takes_epoch": self.takes_epoch,
            "needs_metric": self.needs_metric,
            "cycles_momentum": self.cycles_momentum,
        }

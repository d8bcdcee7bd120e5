"""What rules look at: the config, the run that it builds, and the schedule that it would follow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from optiscope.engine.advice.schedules import Schedule, needs_run, preview
from optiscope.engine.core.config import OptimizerConfig
from optiscope.engine.core.words import Said
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.optimizers import OPTIMIZERS, OptimizerInfo


@dataclass(frozen=True, slots=True)
class LintWarning:
    """Something about a run that its author should know.

    Attributes:
        pointer: JSON pointer to the field that it is about, such as ``/loop/zero_grad``.
        said: What, why and what to do, in a sentence or two.
    """

    pointer: str
    said: Said

    @property
    def code(self) -> str:
        """What kind of thing it is, for programs."""
        return self.said.code

    @property
    def detail(self) -> str:
        """What is said, in English."""
        return str(self.said)

    def document(self) -> dict[str, Any]:
        """The warning as JSON."""
        return {"pointer": self.pointer} | self.said.document()


Rule = Callable[["Facts"], Iterator[LintWarning]]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One optimizer of a run, and where it stands in the config."""

    info: OptimizerInfo
    config: OptimizerConfig
    pointer: str

    def values(self, name: str) -> Iterator[tuple[str, Any]]:
        """What a hyperparameter is, with its pointer: for the optimizer, then where a group has its own."""
        default = next((h.default for h in self.info.hyperparameters if h.name == name), None)
        if default is not None or name in self.config.hyperparameters:
            yield (
                f"{self.pointer}/hyperparameters/{name}",
                self.config.hyperparameters.get(name, default),
            )
        for i, group in enumerate(self.config.param_groups or ()):
            if name in group.hyperparameters:
                yield f"{self.pointer}/param_groups/{i}/{name}", group.hyperparameters[name]

    def value(self, name: str) -> Any:
        """What a hyperparameter is for the optimizer; None if it has no such one."""
        return next((value for _, value in self.values(name)), None)


class Facts:
    """One run under the linter, before its first step."""

    def __init__(self, training: Training) -> None:
        self.config = config = training.config
        self.training = training
        self.optimizers = [
            Chosen(OPTIMIZERS[chosen.name], chosen, pointer)
            for chosen, pointer in (
                (config.optimizer, "/optimizer"),
                (config.optimizer.rest, "/optimizer/rest"),
            )
            if chosen is not None
        ]

    @property
    def names(self) -> list[str]:
        """The parameters of the model."""
        return [name for name, _ in self.training.model.named_parameters()]

    @property
    def previewed_steps(self) -> int:
        """How far the schedule is looked at: a very long run has to do with its beginning."""
        return min(self.config.steps, self.training.limits.max_linted_steps)

    @cached_property
    def schedule(self) -> Schedule | None:
        """What each of the previewed steps would use; None if nothing is scheduled or only a run can tell."""
        if self.config.lr_scheduler is None or needs_run(self.config):
            return None
        return preview(self.config.model_copy(update={"steps": self.previewed_steps}), with_get_lr=False)

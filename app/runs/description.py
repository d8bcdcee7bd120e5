"""What is known of a run before its first step."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.advice.linter import LintWarning, lint_built
from optiscope.engine.core.config import LRSchedulerConfig, OptimizerConfig, RunConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.loop.judging import built
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.parameters import shapes_of
from optiscope.engine.recipe.problems import Problem, complete_problem
from optiscope.engine.recipe.problems.datasets import DatasetProblem

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Description:
    """A run that can be started.

    Attributes:
        config: The run with everything that was left out filled in; it gives the same numbers.
        training: All that it is made of, before its first step.
    """

    config: RunConfig
    training: Training

    @property
    def parameters(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of each parameter."""
        return shapes_of(self.training.model)

    @property
    def data(self) -> dict[str, Array] | None:
        """Inputs [n, 2] and targets [n, 1] that it is trained on; None where there are none."""
        problem = self.training.problem
        if not isinstance(problem, DatasetProblem):
            return None
        return {"x": problem.x.numpy(), "y": problem.y.numpy()}

    @cached_property
    def warnings(self) -> tuple[LintWarning, ...]:
        """What an expert would say about it: looked for when asked for, as it takes as long as the rest."""
        return tuple(lint_built(self.training))


def describe(config: RunConfig, limits: Limits = DEFAULT_LIMITS) -> Description:
    """Check a run and complete its config.

    Raises:
        ConfigError: Naming every field that keeps it from being started.
    """
    training = built(config, limits)
    return Description(_complete(config, training.problem), training)


def describe_all(configs: Mapping[str, RunConfig], limits: Limits = DEFAULT_LIMITS) -> list[Description]:
    """Check several runs of one request.

    Args:
        configs: Runs by the JSON pointer under which the request holds them.
        limits: What they are held to.

    Raises:
        ConfigError: Naming everything that is wrong with any of them.
    """
    described: list[Description] = []
    problems: list[FieldProblem] = []
    for pointer, config in configs.items():
        try:
            described.append(describe(config, limits))
        except ConfigError as error:
            problems += [problem.under(pointer) for problem in error.problems]
    if problems:
        raise ConfigError(problems)
    return described


def _complete(config: RunConfig, problem: Problem) -> RunConfig:
    scheduler = config.lr_scheduler
    model = config.model
    if problem.kind == "function" and model.start is None:
        model = model.model_copy(update={"start": problem.info.start})
    return config.model_copy(
        update={
            "problem": complete_problem(config.problem),
            "model": model,
            "optimizer": _complete_optimizer(config.optimizer),
            "lr_scheduler": scheduler and _complete_scheduler(scheduler),
        }
    )


def _complete_optimizer(config: OptimizerConfig) -> OptimizerConfig:
    given = _filled(OPTIMIZERS[config.name].hyperparameters, config.hyperparameters)
    rest = config.rest and _complete_optimizer(config.rest)
    return config.model_copy(update={"hyperparameters": given, "rest": rest})


def _complete_scheduler(config: LRSchedulerConfig) -> LRSchedulerConfig:
    given = _filled(LR_SCHEDULERS[config.name].hyperparameters, config.hyperparameters)
    parts = config.schedulers and tuple(_complete_scheduler(part) for part in config.schedulers)
    return config.model_copy(update={"hyperparameters": given, "schedulers": parts})


def _filled(declared: tuple[Hyperparameter, ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given hyperparameters and torch's defaults of the others, in the order of torch's signature."""
    return {
        h.name: given.get(h.name, h.default) for h in declared if h.name in given or h.default is not None
    }

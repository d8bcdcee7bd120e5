"""An optimum that moves: a test function that is carried along a path, step by step."""

import math
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor

from optiscope.engine.core.config import CircularDriftConfig, DriftConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import say
from optiscope.engine.recipe.problems import Problem
from optiscope.engine.recipe.problems.functions import Function, FunctionProblem


@dataclass(frozen=True, slots=True)
class Drift:
    """Where a test function is carried to; in step 0 it stands where it is defined.

    Attributes:
        config: The path.
        problem: The function where it is defined.
        dtype: Of the run.
    """

    config: DriftConfig
    problem: FunctionProblem
    dtype: torch.dtype

    def origin(self, step: int) -> Tensor:
        """How far it has been carried once so many steps are done, [2]."""
        return torch.tensor(offset(self.config, step), dtype=self.dtype)

    def problem_at(self, step: int) -> FunctionProblem:
        """What the pass after so many steps minimises."""
        info = self.problem.info
        carried = partial(_carried, info.function, self.origin(step))
        return replace(self.problem, info=replace(info, function=carried))


def drift_of(config: DriftConfig | None, problem: Problem, dtype: torch.dtype) -> Drift | None:
    """The drift of a run; None where the optimum stands still.

    Raises:
        ConfigError: If what is minimised is no test function.
    """
    if config is None:
        return None
    if not isinstance(problem, FunctionProblem):
        raise ConfigError.at("/loop/drift", say("drift_without_function", problem=problem.name))
    return Drift(config, problem, dtype)


def offset(config: DriftConfig, step: int) -> tuple[float, float]:
    """The path: a straight line, or a circle that begins and ends in the origin.

    Example:
        >>> offset(CircularDriftConfig(name="circular", radius=1.0, period=4), 2)[0]
        -2.0
    """
    if isinstance(config, CircularDriftConfig):
        angle = 2 * math.pi * step / config.period
        return config.radius * (math.cos(angle) - 1), config.radius * math.sin(angle)
    x, y = config.velocity
    return x * step, y * step


def _carried(function: Function, origin: Tensor, xy: Tensor) -> Tensor:
    return function(xy - origin)

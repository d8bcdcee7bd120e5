"""Everything that can be minimised: datasets for a network, 2-D test functions, and problems of matrices.

Other packages add theirs through the entry point group ``optiscope.problems``.
"""

import torch

from optiscope.engine.core.config import ProblemConfig
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.registry import Registry
from optiscope.engine.core.words import say
from optiscope.engine.recipe.problems.datasets import DATASETS, DatasetProblem
from optiscope.engine.recipe.problems.expression import EXPRESSION
from optiscope.engine.recipe.problems.failures import FAILURES
from optiscope.engine.recipe.problems.functions import FUNCTIONS, FunctionProblem
from optiscope.engine.recipe.problems.matrices import MATRICES, MatrixProblem
from optiscope.engine.recipe.problems.plugins import PROBLEM_PLUGINS, ProblemInfo
from optiscope.engine.recipe.problems.points import POINTS

Problem = DatasetProblem | FunctionProblem | MatrixProblem

PROBLEMS: Registry[ProblemInfo] = Registry(
    say("kind_problem"),
    (*DATASETS, POINTS, *FUNCTIONS, EXPRESSION, *MATRICES, *FAILURES),
    PROBLEM_PLUGINS.entries,
)

__all__ = [
    "PROBLEMS",
    "PROBLEM_PLUGINS",
    "Problem",
    "ProblemInfo",
    "build_problem",
    "complete_problem",
    "info_of",
]


def info_of(config: ProblemConfig) -> ProblemInfo:
    """What is known of the problem that ``config`` names, and of what is written there of it.

    Raises:
        ConfigError: As ``build_problem``.
    """
    return PROBLEMS.resolve(config.name, "/problem/name").of(config)


def build_problem(config: ProblemConfig, dtype: torch.dtype, limits: Limits = UNLIMITED) -> Problem:
    """The problem that ``config`` names, with its data in ``dtype``.

    Raises:
        ConfigError: For an unknown name (the message lists the choices), or an option that the problem lacks.
    """
    return PROBLEMS.resolve(config.name, "/problem/name").build(config, dtype, limits)


def complete_problem(config: ProblemConfig) -> ProblemConfig:
    """``config`` with every option that the problem has filled in, so that it says all of what will run.

    Raises:
        ConfigError: As ``build_problem``.
    """
    return PROBLEMS.resolve(config.name, "/problem/name").complete(config)

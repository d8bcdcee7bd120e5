"""How much work a run is: what cannot be cut, one step of it, and all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import torch

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import FieldProblem
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.words import Said, rounded, say
from optiscope.engine.loop.record_size import remembered
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.order import passes_of
from optiscope.engine.recipe.parameters import shapes_of

_EVALUATIONS_OF_A_SEARCH = 26
"""The most of one search of torch's strong_wolfe: its first, and 25 that follow."""

_MOST_AGAIN = 2
"""How often those that look at the loss again within their step do so at most, but for LBFGS."""


@dataclass(frozen=True, slots=True)
class Effort:
    """The factors of a run's multiplications.

    Attributes:
        samples: Of a step: the minibatch, or all of them; and all, once more, where an average is measured.
        parameters: Of the network.
        evaluations: Of the loss, in a step: its passes, times those of an optimizer that evaluates it itself.
        remembered: Steps that the optimizer remembers and goes through in each evaluation.
        steps: Of the run.
    """

    samples: int
    parameters: int
    evaluations: int
    remembered: int
    steps: int

    @property
    def of_a_step(self) -> float:
        """Multiplications of one step; the two-loop recursion goes through what is remembered four times."""
        return float(self.evaluations * self.parameters * (self.samples + 4 * self.remembered))

    @property
    def of_the_run(self) -> float:
        """Multiplications of all steps."""
        return self.of_a_step * self.steps


def effort_of(training: Training) -> Effort:
    """The work of a run that is built."""
    config, samples = training.config, training.problem.samples
    measured = samples if training.average is not None else 0
    return Effort(
        samples=min(config.batch_size or samples, samples) + measured,
        parameters=sum(map(prod, shapes_of(training.model).values())),
        evaluations=_evaluations(training),
        remembered=remembered(training),
        steps=config.steps,
    )


def effort_problems(training: Training, limits: Limits) -> list[FieldProblem]:
    """What is wrong if that is too much, with the arithmetic."""
    effort = effort_of(training)
    if effort.of_a_step > limits.max_step_operations:
        said = say(
            "step_too_much",
            per_evaluation=_per_evaluation(effort),
            parameters=effort.parameters,
            evaluations=effort.evaluations,
            value=rounded(effort.of_a_step, 2),
            bound=rounded(limits.max_step_operations, 2),
        )
        return [FieldProblem(_sized_by(training.config, effort), said)]
    if effort.of_the_run > limits.max_run_operations:
        said = say(
            "run_too_much",
            per_evaluation=_per_evaluation(effort),
            parameters=effort.parameters,
            evaluations=effort.evaluations,
            steps=effort.steps,
            value=rounded(effort.of_the_run, 2),
            bound=rounded(limits.max_run_operations, 2),
        )
        return [FieldProblem("/steps", said)]
    return []


def most_evaluations(group: Mapping[str, Any]) -> int:
    """How often a step of LBFGS evaluates the loss at most: it looks at ``max_eval`` only after a search.

    Args:
        group: Its param group.
    """
    search = _EVALUATIONS_OF_A_SEARCH if group["line_search_fn"] else 1
    return max(int(group["max_eval"]) - 1, 1) + search


def _evaluations(training: Training) -> int:
    return passes_of(training.config.loop) * _evaluations_of_a_pass(training)


def _evaluations_of_a_pass(training: Training) -> int:
    """How often a step looks at the loss of a pass."""
    if isinstance(training.optimizers[0], torch.optim.LBFGS):
        return most_evaluations(training.optimizers[0].param_groups[0])
    again = training.needs_closure or training.again == "gradients"
    return 1 + _MOST_AGAIN if again else 1


def _sized_by(config: RunConfig, effort: Effort) -> str:
    """The field that makes a step what it is."""
    if effort.evaluations == 1:
        return "/model/hidden"
    if config.loop.accumulate > 1:
        return "/loop/accumulate"
    if config.loop.order is not None and not OPTIMIZERS[config.optimizer.name].closure:
        return "/loop/order"
    is_given = config.optimizer.hyperparameters.get("max_eval") is not None
    return f"/optimizer/hyperparameters/{'max_eval' if is_given else 'max_iter'}"


def _per_evaluation(effort: Effort) -> Said:
    """What is multiplied with each parameter."""
    if not effort.remembered:
        return say("pass_of_samples", samples=effort.samples)
    return say("pass_remembering", samples=effort.samples, remembered=effort.remembered)

"""How much work a run is: what cannot be cut, one step of it, and all of them."""

from dataclasses import dataclass
from math import prod

from optiscope.engine.core.errors import FieldProblem
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.words import Said, rounded, say
from optiscope.engine.loop.record_size import remembered
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.parameters import shapes_of

_LINE_SEARCH = 25  # evaluations by which torch's strong_wolfe may go beyond max_eval


@dataclass(frozen=True, slots=True)
class Effort:
    """The factors of a run's multiplications.

    Attributes:
        samples: Of a step: the minibatch, or all of them.
        parameters: Of the network.
        evaluations: Of the loss, in a step: one, but for an optimizer that evaluates it itself.
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
    return Effort(
        samples=min(config.batch_size or samples, samples),
        parameters=sum(map(prod, shapes_of(training.model).values())),
        evaluations=_evaluations(training),
        remembered=remembered(training),
        steps=config.steps,
    )


def effort_problems(training: Training, limits: Limits) -> list[FieldProblem]:
    """What is wrong if that is too much, with the arithmetic."""
    effort = effort_of(training)
    if effort.of_a_step > limits.max_step_operations:
        given = training.config.optimizer.hyperparameters
        inner = "max_eval" if given.get("max_eval") is not None else "max_iter"
        pointer = f"/optimizer/hyperparameters/{inner}" if effort.evaluations > 1 else "/model/hidden"
        return [FieldProblem(pointer, _said("step_too_much", effort, limits.max_step_operations))]
    if effort.of_the_run > limits.max_run_operations:
        return [FieldProblem("/steps", _said("run_too_much", effort, limits.max_run_operations))]
    return []


def _evaluations(training: Training) -> int:
    """The most of one step."""
    if not training.needs_closure:
        return 1
    group = training.optimizers[0].param_groups[0]
    searching = _LINE_SEARCH if group.get("line_search_fn") else 0
    return int(group.get("max_eval", 1)) + searching


def _said(code: str, effort: Effort, bound: float) -> Said:
    of_all = {"steps": effort.steps} if code == "run_too_much" else {}
    return say(
        code,
        **{"pass": _pass(effort)},
        parameters=effort.parameters,
        evaluations=effort.evaluations,
        **of_all,
        value=rounded(effort.of_the_run if of_all else effort.of_a_step, 2),
        bound=rounded(bound, 2),
    )


def _pass(effort: Effort) -> Said:
    if not effort.remembered:
        return say("pass_of_samples", samples=effort.samples)
    return say("pass_remembering", samples=effort.samples, remembered=effort.remembered)

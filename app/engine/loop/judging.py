"""Everything that is wrong with a run, at once.

A part that is refused is replaced by one that cannot be, so that what comes after it is looked at, too. What
is said of a part only by comparing it with another one is not said where the other one is in doubt.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from optiscope.engine.core.config import (
    LoopConfig,
    ModelConfig,
    OptimizerConfig,
    ProblemConfig,
    RunConfig,
)
from optiscope.engine.core.errors import ConfigError, FieldProblem
from optiscope.engine.core.findings import explain
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits, in_context
from optiscope.engine.core.words import say
from optiscope.engine.loop.effort import effort_problems
from optiscope.engine.loop.record_size import record_values, remembered
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.parameters import shapes_of
from optiscope.engine.recipe.problems import PROBLEMS, complete_problem

_NETWORK = frozenset({"problem", "model"})

_LOOKED_AT: Mapping[str, frozenset[str]] = {
    "unknown_parameter": _NETWORK,
    "every_parameter_frozen": _NETWORK | {"freeze", "steps"},
    "no_matrices": _NETWORK,
    "delay_of_closure": frozenset({"optimizer"}),
    "drift_without_function": frozenset({"problem"}),
    "give_to_a_rest": _NETWORK | {"optimizer"},
    "refused_by": _NETWORK | {"optimizer", "lr_scheduler"},
    "nothing_to_schedule": frozenset({"optimizer"}),
    "no_such_group": frozenset({"optimizer"}),
    "other_milestones": frozenset({"lr_scheduler"}),
    "without_parts": frozenset({"lr_scheduler"}),
}
"""The parts that a sentence rests on, if it is said by comparing a field with others."""

_SIZED_BY = frozenset({"problem", "model", "optimizer", "steps"})
"""The parts that decide how large the records of a run are."""


def check(config: RunConfig, limits: Limits = DEFAULT_LIMITS) -> dict[str, tuple[int, ...]]:
    """Name and shape of each parameter of a run.

    Raises:
        ConfigError: As :func:`built`.
    """
    return shapes_of(built(config, limits).model)


def built(config: RunConfig, limits: Limits = DEFAULT_LIMITS) -> Training:
    """Everything that a run needs, before its first step.

    Raises:
        ConfigError: Naming every field and its bound, or in torch's own words, if the run cannot be started.
    """
    training, problems = _judged(config, limits, frozenset())
    if training is None or problems:
        raise ConfigError(problems)
    return training


def problems_of(config: RunConfig, limits: Limits, doubt: Collection[str]) -> Sequence[FieldProblem]:
    """All that is wrong with a run.

    Args:
        config: The run.
        limits: Its bounds.
        doubt: The fields of the config that are not, or not wholly, what was asked for.
    """
    _, problems = _judged(config, limits, frozenset(doubt))
    return problems


def _judged(
    config: RunConfig, limits: Limits, doubt: frozenset[str]
) -> tuple[Training | None, Sequence[FieldProblem]]:
    stand_ins: dict[str, dict[str, Any]] = {
        "problem": {
            "problem": ProblemConfig(),
            "model": ModelConfig(activation=config.model.activation),
            "freeze": (),
        },
        "model": {"model": ModelConfig(hidden=config.model.hidden)},
        "freeze": {"freeze": ()},
        "optimizer": {"optimizer": OptimizerConfig(name="SGD"), "hyperparameter_schedules": ()},
        "hyperparameter_schedules": {"hyperparameter_schedules": ()},
        "lr_scheduler": {"lr_scheduler": None},
        "loop": {"loop": LoopConfig()},
    }
    asked, problems = config, list[FieldProblem]()
    if "problem" in doubt:
        config = config.model_copy(update=stand_ins.pop("problem"))
    while True:
        try:
            training = Training(config, limits)
        except ConfigError as error:
            part = _part(error.problems[0])
            problems += [problem for problem in error.problems if not _is_doubtful(problem, doubt)]
            if part not in stand_ins:
                return None, problems
            config = config.model_copy(update=stand_ins.pop(part))
            doubt |= {part} - {"model"}
        else:
            break
    problems += _problems_of_defaults(asked, limits, is_known="problem" not in doubt)
    if not doubt & _SIZED_BY:
        problems += _size_problems(config, training, limits.max_record_values)
        problems += effort_problems(training, limits)
    return training, problems


def _problems_of_defaults(config: RunConfig, limits: Limits, *, is_known: bool) -> Iterator[FieldProblem]:
    """What is wrong with fields that were left out: a default, too, may be more than is allowed.

    Args:
        config: The run.
        limits: Its bounds.
        is_known: Whether its problem is, whose options have defaults, too.
    """
    problem = complete_problem(config.problem) if is_known else config.problem
    is_function = is_known and PROBLEMS[problem.name].kind != "dataset"
    whole = config.model_copy(update={"problem": problem}).model_dump_json(
        include=set(RunConfig.model_fields),  # a request may have further fields
        exclude={"model": {"hidden"}} if is_function else None,
    )
    try:
        RunConfig.model_validate_json(whole, context=in_context(limits))
    except ValidationError as error:
        given = config.model_dump(exclude_unset=True)
        for found in explain(error, whole, RunConfig).problems:
            if not _holds(given, found.pointer.split("/")[1:]):
                yield found


def _holds(value: Any, keys: Sequence[str]) -> bool:
    """Whether something is given at a place, or as a whole above it."""
    for key in keys:
        if not isinstance(value, Mapping):
            return True
        if key not in value:
            return False
        value = value[key]
    return True


def _part(problem: FieldProblem) -> str:
    return problem.pointer.removeprefix("/").partition("/")[0]


def _is_doubtful(problem: FieldProblem, doubt: frozenset[str]) -> bool:
    return bool(_LOOKED_AT.get(problem.said.code, frozenset()) & doubt)


def _size_problems(config: RunConfig, training: Training, bound: int) -> list[FieldProblem]:
    """What is wrong if records would not fit: parameters, gradients and state of every step are kept."""
    parameters = sum(param.numel() for param in training.model.parameters())
    values = record_values(training)
    if values * (config.steps + 1) <= bound:
        return []
    most, steps, history = max(bound // values - 1, 0), config.steps, remembered(training)
    said = (
        say("records_too_many_remembered", bound=most, parameters=parameters, history=history, value=steps)
        if history
        else say("records_too_many", bound=most, parameters=parameters, value=steps)
    )
    return [FieldProblem("/steps", said)]

"""What is refused of a sweep before it starts: the run, paths, values, and what all of it comes to."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import isfinite
from typing import Any

from optiscope.engine.core.errors import MOST_TOLD, ConfigError, FieldProblem
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.core.words import rounded, say
from optiscope.engine.loop.effort import Effort, effort_of
from optiscope.engine.recipe.problems import PROBLEMS
from optiscope.engine.sweep.axes import member_of, seedless
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.refusals import is_of_company
from optiscope.engine.sweep.request import AxisConfig, SweepConfig
from optiscope.engine.sweep.ways import Way

_TRIED = 64
"""Of numbers between two ends so many are looked at, once one is refused."""


def plan_of(sweep: SweepConfig, limits: Limits = DEFAULT_LIMITS) -> Plan:
    """The plan of a sweep, with all that can be refused refused.

    Raises:
        ConfigError: Naming every field that is wrong: of the run, of a path, of a value, of what it comes to.
    """
    first = sweep.run.model_dump(mode="json")
    efforts = [_effort(first, limits)] if sweep.optimizers is None else []
    problems = list(_seed_problems(sweep))
    for number, optimizer in enumerate(sweep.optimizers or ()):
        document = {**first, "optimizer": optimizer.model_dump(mode="json")}
        try:
            efforts.append(_effort(document, limits, f"/optimizers/{number}"))
        except ConfigError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise ConfigError(problems[:MOST_TOLD])
    plan = Plan(sweep)
    if plan.members > limits.max_sweep_members:
        said = say(
            "sweep_members", shape=list(plan.shape), value=plan.members, bound=limits.max_sweep_members
        )
        raise ConfigError.at("/axes", said)
    for number in range(len(plan.axes)):
        problems += _value_problems(plan, number, limits, efforts)
    problems = problems or list(_work_problems(plan, efforts, limits))
    if problems:
        raise ConfigError(problems[:MOST_TOLD])
    return plan


def _effort(document: Mapping[str, Any], limits: Limits, optimizer: str = "/run/optimizer") -> Effort:
    """The work of a member.

    Args:
        document: Its run.
        limits: What it is held to.
        optimizer: Where its optimizer stands in the request.

    Raises:
        ConfigError: Naming the fields as they stand in the request.
    """
    try:
        return _effort_of(seedless(document), limits)
    except ConfigError as error:
        raise ConfigError(
            FieldProblem(optimizer + problem.pointer.removeprefix("/optimizer"), problem.said)
            if problem.pointer.startswith("/optimizer")
            else problem.under("/run")
            for problem in error.problems
        ) from error


@lru_cache(maxsize=64)
def _effort_of(run: str, limits: Limits) -> Effort:
    """The work of a run; while a control is dragged most members stay what they were.

    Raises:
        ConfigError: Naming every field that it refuses.
    """
    return effort_of(member_of(run, limits))


def _seed_problems(sweep: SweepConfig) -> Iterator[FieldProblem]:
    problem = PROBLEMS.get(sweep.run.problem.name)
    if sweep.seeds is not None and problem is not None and problem.kind == "function":
        yield FieldProblem("/seeds", say("seeds_of_function", problem=problem.name))


def _value_problems(plan: Plan, number: int, limits: Limits, efforts: list[Effort]) -> Iterator[FieldProblem]:
    """What a run refuses of the values of an axis, each by itself; the work of the others is noted.

    What a field takes of numbers lies between bounds: if it takes the outermost, it takes those between.
    """
    values = plan.axes[number].values
    tried = _outermost(values)
    if any(True for _ in _refused(plan, number, tried, limits, efforts)):
        tried = _tried(plan.sweep.axes[number], len(values))
        yield from _refused(plan, number, tried, limits, efforts)


def _outermost(values: Sequence[Any]) -> Sequence[int]:
    """Of numbers the least, the greatest and one that is none of each type, and a fraction; of others all."""
    if not all(type(value) in {int, float} for value in values):
        return range(len(values))
    found = set[int]()
    for kind in (int, float):
        of_kind = [i for i, value in enumerate(values) if type(value) is kind]
        found |= set([i for i in of_kind if not isfinite(values[i])][:1])
        if of_kind:
            found |= {min(of_kind, key=values.__getitem__), max(of_kind, key=values.__getitem__)}
    fractions = (i for i, value in enumerate(values) if value % 1)
    return sorted({*found, next(fractions, next(iter(found)))})


def _refused(
    plan: Plan, number: int, tried: Sequence[int], limits: Limits, efforts: list[Effort]
) -> Iterator[FieldProblem]:
    axis, asked = plan.axes[number], plan.sweep.axes[number]
    is_own = axis.tokens[0] == "optimizer"
    for i in tried:
        for base in plan.bases if is_own else plan.bases[:1]:
            document = base.varied([axis], [axis.values[i]])
            run = json.dumps(document) if axis.tokens[0] == "model" else seedless(document)
            try:
                efforts.append(_effort_of(run, limits))
            except ConfigError as error:
                problem = error.problems[0]
                if is_of_company(problem) and not plan.refusals.are_all:
                    continue  # cells of their own fail, and are told of
                yield FieldProblem(_value_pointer(asked, number, i), problem.said)
                break


def _tried(asked: AxisConfig, count: int) -> Sequence[int]:
    """Which values are looked at: all that are given, and of numbers between two ends some."""
    if asked.values is not None or count <= _TRIED:
        return range(count)
    return [round(i * (count - 1) / (_TRIED - 1)) for i in range(_TRIED)]


def _value_pointer(asked: AxisConfig, number: int, i: int) -> str:
    """Where a value of an axis stands in the request."""
    if asked.count is None:
        return f"/axes/{number}/values/{i}"
    return f"/axes/{number}/{'from' if i < asked.count / 2 else 'to'}"


def _work_problems(plan: Plan, efforts: Sequence[Effort], limits: Limits) -> Iterator[FieldProblem]:
    """What is wrong if all members together are too much, with the arithmetic."""
    samples, parameters, evaluations, remembered, steps = (
        max(getattr(effort, name) for effort in efforts)
        for name in ("samples", "parameters", "evaluations", "remembered", "steps")
    )
    most = Effort(samples, parameters, evaluations, remembered, steps)
    if (value := plan.members * most.of_the_run) > limits.max_sweep_operations:
        said = say(
            "sweep_too_much",
            members=plan.members,
            steps=steps,
            samples=samples * evaluations,
            parameters=parameters,
            value=rounded(value, 2),
            bound=rounded(limits.max_sweep_operations, 2),
        )
        yield FieldProblem("/axes", said)
    loops = sum(group.count for group in plan.groups if group.way is Way.ONE_BY_ONE)
    if loops * steps > limits.max_sweep_loop_steps:
        said = say(
            "sweep_too_many_loops",
            members=loops,
            steps=steps,
            value=loops * steps,
            bound=limits.max_sweep_loop_steps,
        )
        yield FieldProblem("/axes", said)

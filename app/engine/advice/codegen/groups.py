"""The lines of a loop that add param groups, and that set hyperparameters by hand."""

import ast
from collections.abc import Iterator, Sequence
from itertools import groupby

from optiscope.engine.advice.codegen.layout import block, bracketed, literal
from optiscope.engine.advice.codegen.recipe import Shapes, group_lines
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.expressions import python_source
from optiscope.engine.recipe.hyperparameters import HyperparameterSchedules, Key, Scheduled
from optiscope.engine.recipe.optimizers.places import GroupPlace, places_of


def adding_lines(config: RunConfig, shapes: Shapes, optimizers: Sequence[str]) -> Iterator[str]:
    """What adds param groups, at the beginning of a step."""
    later = [place for place in places_of(config.optimizer) if 0 < place.from_step < config.steps]
    for step, places in groupby(later, key=lambda place: place.from_step):
        yield f"if step == {step}:"
        yield block(_addition(config, shapes, optimizers, place) for place in places)


def added_lines(config: RunConfig, shapes: Shapes, optimizers: Sequence[str], step: int) -> Iterator[str]:
    """What adds to new optimizers the param groups that were added before a step."""
    for place in places_of(config.optimizer):
        if 0 < place.from_step < step:
            yield _addition(config, shapes, optimizers, place)


def _addition(config: RunConfig, shapes: Shapes, optimizers: Sequence[str], place: GroupPlace) -> str:
    group = group_lines(config.optimizer, shapes, place)
    return bracketed(f"{optimizers[place.optimizer]}.add_param_group(", [group], ")")


def moving_lines(
    config: RunConfig, schedules: HyperparameterSchedules, optimizers: Sequence[str]
) -> Iterator[str]:
    """What sets hyperparameters before ``optimizer.step()``."""
    for one in schedules.scheduled:
        for number, optimizer in enumerate(optimizers):
            yield from _moving(config, one, number, optimizer)


def _moving(config: RunConfig, one: Scheduled, number: int, optimizer: str) -> Iterator[str]:
    """The lines of one schedule for one optimizer: a loop, where it moves all groups from the same value."""
    members = [member for member in one.members if member.place.optimizer == number]
    everywhere = [place for place in places_of(config.optimizer) if place.optimizer == number]
    if len(members) == len(everywhere) and len({member.initial for member in members}) == 1:
        yield f"for group in {optimizer}.param_groups:"
        yield block([_assignment("group", one, members[0].initial)])
        return
    for member in members:
        line = _assignment(f"{optimizer}.param_groups[{member.place.position}]", one, member.initial)
        yield from _once_there(member.place, line)


def _once_there(place: GroupPlace, line: str) -> Iterator[str]:
    if place.from_step:
        yield f"if step >= {place.from_step}:"
        yield block([line])
    else:
        yield line


def _assignment(group: str, one: Scheduled, initial: float) -> str:
    value = f"{literal(initial)} * {_factor(one.config.factor)}"
    return f"{group}[{literal(one.key.name)}] = {_within(group, one.key, value)}"


def _factor(text: str) -> str:
    """The expression, in brackets unless it is one thing."""
    source = python_source(text)
    is_one = isinstance(ast.parse(source, mode="eval").body, ast.Call | ast.Constant | ast.Name)
    return source if is_one else f"({source})"


def _within(group: str, key: Key, value: str) -> str:
    """The value, or the tuple with it in its place."""
    if key.index is None:
        return value
    whole = f"{group}[{literal(key.name)}]"
    before = f"*{whole}[:{key.index}], " if key.index else ""
    return f"({before}{value}, *{whole}[{key.index + 1}:])"

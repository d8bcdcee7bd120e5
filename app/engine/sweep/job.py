"""What a worker is asked to do of a sweep: the cells of some positions, in parts."""

import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.parts import Parts
from optiscope.engine.loop.effort import Effort, effort_of
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.problems import PROBLEMS
from optiscope.engine.recipe.problems.datasets import DatasetProblem
from optiscope.engine.sweep.axes import seedless
from optiscope.engine.sweep.cells import Cells, joined
from optiscope.engine.sweep.compiled import is_compiled, load, numba_version
from optiscope.engine.sweep.lanes import Net
from optiscope.engine.sweep.one_by_one import cell_of, failed_cells
from optiscope.engine.sweep.plan import Group, Plan
from optiscope.engine.sweep.points import cells_of_points
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.stacked import stacked
from optiscope.engine.sweep.tables import Tables, net_of
from optiscope.engine.sweep.together import padded, trained
from optiscope.engine.sweep.ways import Way, is_wide

WORTH_COMPILING = 1e9
"""Multiplications of a group of stacked members from which on it saves time to compile a kernel first."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of a group of members before it is trained.

    Attributes:
        is_compiled: Whether there is a kernel for it.
        work: Multiplications of one member.
        evaluations: Of the loss, in a step of torch's loop.
    """

    is_compiled: bool
    work: float
    evaluations: int = 1


Timed = tuple[Cells, float]
"""Cells, and the seconds that they took."""


def cells_at(sweep: str, first: int, last: int, folder: str | None = None) -> Parts[Cells]:
    """The cells of the members at some positions of a plan, see :meth:`Plan.members_at`.

    Args:
        sweep: The sweep as JSON; trusted.
        first: The first position.
        last: The one behind the last.
        folder: Where compiled kernels lie; what is not there goes stacked. Without, everything does.
    """
    plan = planned(sweep)
    found = []
    while first < last:
        group = group_at(plan, first)
        end = min(last, group.first + group.count)
        members = plan.members_at(first, end)
        refused = plan.refused(members)
        if refused.any():
            found.append(failed_cells(members[refused], plan.wanted))
            members = members[~refused]
        way = _one_by_one if group.way is Way.ONE_BY_ONE else _together
        if len(members) > 0:
            found.append((yield from way(plan, group, members, folder)))
        first = end
    return joined(found)


def timed_cells_at(sweep: str, first: int, last: int, folder: str) -> Parts[Timed]:
    """The same, and the seconds of a processor that they took."""
    return timed(cells_at(sweep, first, last, folder))


def timed(parts: Parts[Cells]) -> Parts[Timed]:
    """Some cells, and the seconds of a processor that they took."""
    seconds = 0.0
    while True:
        begun = time.process_time()
        try:
            next(parts)
        except StopIteration as done:
            return done.value, seconds + time.process_time() - begun
        seconds += time.process_time() - begun
        yield


def outlooks(sweep: str, folder: str) -> Parts[list[Outlook]]:
    """What is known of each group of a plan before it is trained.

    Args:
        sweep: The sweep as JSON; trusted.
        folder: Where compiled kernels lie.
    """
    found = []
    for group in planned(sweep).groups:
        net, effort = _known_of(seedless(group.config.model_dump(mode="json")), may_be_compiled(group))
        is_ready = net is not None and is_compiled(net, Path(folder))
        found.append(Outlook(is_ready, effort.of_the_run, effort.evaluations))
        yield
    return found


@lru_cache(maxsize=64)
def _known_of(run: str, may_be_compiled: bool) -> tuple[Net | None, Effort]:  # noqa: FBT001 - a key
    """What the kernel of a run is made for, if it may have one, and its work."""
    training = Training(RunConfig.model_validate_json(run))
    net = None
    if may_be_compiled and isinstance(training.problem, DatasetProblem):
        net = net_of(training.config, training.problem)
    return net, effort_of(training)


def compile_kernels(sweep: str, folder: str) -> Parts[None]:
    """Compile what a sweep needs and is not in the folder yet: seconds for each kernel."""
    plan = planned(sweep)
    for group in plan.groups:
        if may_be_compiled(group):
            load(tables_of(plan, group.first).net, Path(folder))
            yield


def without_kernel(plan: Plan, known: Sequence[Outlook]) -> list[tuple[Group, Outlook]]:
    """The groups that could have a kernel and have none yet, with what is known of each."""
    pairs = zip(plan.groups, known, strict=True)
    return [(group, found) for group, found in pairs if may_be_compiled(group) and not found.is_compiled]


def is_worth_compiling(plan: Plan, known: Sequence[Outlook]) -> bool:
    """Whether the members of a sweep that have no kernel yet, and could, are enough for it."""
    stacked = [group.count * outlook.work for group, outlook in without_kernel(plan, known)]
    return numba_version() is not None and sum(stacked) >= max(1, len(stacked)) * WORTH_COMPILING


def once_compiled(plan: Plan, known: Sequence[Outlook]) -> Sequence[Outlook]:
    """What is known of each group of a sweep once there are the kernels that are worth their seconds."""
    if not is_worth_compiling(plan, known):
        return known
    return [
        replace(outlook, is_compiled=may_be_compiled(group))
        for group, outlook in zip(plan.groups, known, strict=True)
    ]


def are_points(group: Group) -> bool:
    """Whether members are points, which torch itself moves together."""
    return group.way is not Way.ONE_BY_ONE and PROBLEMS[group.config.problem.name].kind == "function"


def are_lanes(group: Group) -> bool:
    """Whether members are networks that are trained together, by a kernel or stacked."""
    return group.way is not Way.ONE_BY_ONE and not are_points(group)


def may_be_compiled(group: Group) -> bool:
    """Whether there can be a kernel: networks of wide layers are faster without."""
    return are_lanes(group) and not is_wide(group.config)


def _one_by_one(plan: Plan, _: Group, members: NDArray[np.int64], __: str | None) -> Parts[Cells]:
    found = []
    for member in members.tolist():
        found.append((yield from cell_of(member, plan.config(member), plan.wanted)))
        yield
    return joined(found)


def _together(plan: Plan, group: Group, members: NDArray[np.int64], folder: str | None) -> Parts[Cells]:
    if are_points(group):
        return (yield from _points(plan, group, members))
    tables = tables_of(plan, group.first)
    is_ready = folder is not None and may_be_compiled(group) and is_compiled(tables.net, Path(folder))
    kernel = load(tables.net, Path(folder or "")) if is_ready else stacked(tables.net)
    try:
        common, lanes = tables.common(), tables.lanes(padded(members, kernel.lanes))
    except Exception:  # noqa: BLE001 - what torch refuses of one member is told of it alone
        return (yield from _one_by_one(plan, group, members, folder))
    yield
    return (yield from trained(kernel, tables.net, common, lanes, members, plan.wanted))


def _points(plan: Plan, group: Group, members: NDArray[np.int64]) -> Parts[Cells]:
    try:
        return (yield from cells_of_points(group.config, plan.alike(members), plan.wanted))
    except ConfigError:  # torch refuses one of them, and perhaps no other one
        return (yield from _one_by_one(plan, group, members, None))


@lru_cache(maxsize=16)
def tables_of(plan: Plan, first: int) -> Tables:
    """The tables of the group that begins at a position; it has many pieces."""
    return Tables(plan, group_at(plan, first))


def number_at(plan: Plan, position: int) -> int:
    """Which group a position is of."""
    return bisect_right(plan.groups, position, key=lambda group: group.first) - 1


def group_at(plan: Plan, position: int) -> Group:
    """The group that a position is of."""
    return plan.groups[number_at(plan, position)]


@lru_cache(maxsize=2)
def planned(sweep: str) -> Plan:
    """The plan of a sweep that was accepted before; a worker is given many blocks of one."""
    return Plan(SweepConfig.model_validate_json(sweep))

"""A sweep over the workers: pieces of it as they get free, cells as they come, and what they come to."""

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from optiscope.engine.core.words import Said, raw, say
from optiscope.engine.sweep.cells import REASONS, Cells
from optiscope.engine.sweep.compiled import numba_version
from optiscope.engine.sweep.job import Outlook, Timed, are_points, may_be_compiled, number_at, without_kernel
from optiscope.engine.sweep.plan import Group, Plan
from optiscope.engine.sweep.summary import Found, OptimizerSummary, notes_of
from optiscope.engine.sweep.ways import Way
from optiscope.runs.kernels import Kernels
from optiscope.runs.service import RunService, drop
from optiscope.runs.speeds import Speeds, way_of
from optiscope.runs.workers.executor import JobTimeoutError
from optiscope.runs.workers.lanes import Kind, Lane

log = logging.getLogger(__name__)

AHEAD = 2
"""Pieces for each worker that are asked for at once, so that none waits for the next."""

_LOOP_STEPS = 1000
"""Steps of a piece whose members are trained one by one: some tenths of a second, as are the next two."""

_STACKED_WORK = 1e8
"""Multiplications of a piece whose members are stacked."""

_COMPILED_WORK = 1e9
"""The same of one that goes through a kernel."""

_FIRST = 1 / 8
"""The part of that for the first pieces, each twice as long as the one before: so there is soon a picture."""

_POINTS = 8192
"""The most starts of a piece: as many as make the calls of a step cheap beside its numbers."""

_OWN_STEPS = 40_000
"""Steps of param groups of a piece whose points have hyperparameters of their own."""

_LANES = 64
"""Members that are trained together come in multiples of so many."""

_TOGETHER = 1024 * _LANES
"""The most of a piece."""


@dataclass(frozen=True, slots=True)
class SweepEnded:
    """The end of a sweep.

    Attributes:
        reason: How it ended.
        said: What there is to say of it.
        summary: What it comes to, one entry an optimizer; None where it is not complete.
    """

    reason: Literal["completed", "cancelled", "failed"]
    said: Said
    summary: Sequence[OptimizerSummary] | None


@dataclass(frozen=True, slots=True)
class WayTaken:
    """How some members are trained.

    Attributes:
        members: How many.
        way: How.
        seconds: What they are thought to take.
        because: Why in no faster way, None if there is none.
    """

    members: int
    way: Way
    seconds: float
    because: Said | None


def ways_of(
    plan: Plan, outlooks: Sequence[Outlook], speeds: Speeds, workers: int, stacked_because: Said
) -> list[WayTaken]:
    """How many members go which way, in the order in which that is met first.

    Args:
        plan: Of the sweep.
        outlooks: What is known of each of its groups.
        speeds: What members are known to take.
        workers: How many train at once.
        stacked_because: Why members are stacked that could be compiled.
    """
    counts: dict[tuple[Way, str], WayTaken] = {}
    for group, outlook in zip(plan.groups, outlooks, strict=True):
        way, because = way_of(group, outlook), _because(group, outlook, stacked_because)
        at_once = min(workers, math.ceil(group.count / _members_of_a_piece(group, outlook, _FIRST)))
        seconds = speeds.seconds(group, outlook, group.count) / at_once
        before = counts.get((way, str(because)), WayTaken(0, way, 0.0, because))
        counts[way, str(because)] = replace(
            before, members=before.members + group.count, seconds=before.seconds + seconds
        )
    return list(counts.values())


def _because(group: Group, outlook: Outlook, stacked_because: Said) -> Said | None:
    if outlook.is_compiled or group.way is Way.ONE_BY_ONE:
        return group.because
    if are_points(group):
        return say("way_points")
    if not may_be_compiled(group):
        return say("way_wide")
    return say("way_no_numba") if numba_version() is None else stacked_because


def started(plan: Plan, ways: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the first event of a sweep says of its members.

    Args:
        plan: Of the sweep.
        ways: How they are trained, as it is told.
    """
    return {
        "shape": plan.shape,
        "axes": [{"path": axis.path, "values": list(axis.values)} for axis in plan.axes],
        "members": plan.members,
        "reasons": [str(reason) for reason in REASONS],
        "ways": ways,
        "runs": plan.runs,
        "notes": [{"pointer": note.pointer, **note.said.document()} for note in notes_of(plan)],
    }


def completed(found: Found) -> SweepEnded:
    """The end of a sweep that has all its cells."""
    return SweepEnded("completed", say("sweep_completed", count=found.plan.members), found.summary())


def failed(found: Found, error: Exception) -> SweepEnded:
    """The end of a sweep that cannot go on."""
    said = say("sweep_failed", count=found.count, members=found.plan.members, why=raw(error))
    return SweepEnded("failed", said, None)


Piece = tuple[int, int]
"""Positions of a plan: the first, and the one behind the last."""


def pieces(plan: Plan, outlooks: Sequence[Outlook], done: Sequence[Piece] = ()) -> Iterator[Piece]:
    """A sweep in pieces of work of some tenths of a second at most, each of members that go one way.

    Those that go fast come first. Groups of one way take turns, and in each a coarse grid comes first: what
    there is soon is a picture of all of it.

    Args:
        plan: Of the sweep.
        outlooks: What is known of each of its groups.
        done: What is not trained again.
    """
    pairs = list(zip(plan.groups, outlooks, strict=True))
    for way in Way:
        rest = [_pieces_of(g, o, done) for g, o in pairs if way_of(g, o) is way]
        while rest:
            found = [next(pieces, None) for pieces in rest]
            yield from (piece for piece in found if piece is not None)
            rest = [pieces for pieces, piece in zip(rest, found, strict=True) if piece is not None]


def _pieces_of(group: Group, outlook: Outlook, done: Sequence[Piece]) -> Iterator[Piece]:
    share = _FIRST
    for begin, end in _gaps(group.first, group.first + group.count, done):
        first = begin
        while first < end:
            last = min(end, first + _members_of_a_piece(group, outlook, share))
            yield first, last
            first, share = last, min(1.0, 2 * share)


def _gaps(first: int, end: int, done: Sequence[Piece]) -> Iterator[Piece]:
    """What of the positions from ``first`` to ``end`` is not done."""
    for begin, behind in sorted(done):
        if first < begin and first < end:
            yield first, min(begin, end)
        first = max(first, behind)
    if first < end:
        yield first, end


def _members_of_a_piece(group: Group, outlook: Outlook, share: float) -> int:
    if group.way is Way.ONE_BY_ONE:
        return max(1, _LOOP_STEPS // (group.config.steps * outlook.evaluations))
    if are_points(group):
        steps_of_groups = group.config.steps * group.choices / group.count
        points = _POINTS if group.choices <= 1 else min(_POINTS, _OWN_STEPS * share / steps_of_groups)
        return math.ceil(group.count / math.ceil(group.count / max(1.0, points)))
    work = _COMPILED_WORK * share if outlook.is_compiled else _STACKED_WORK
    members = int(work / outlook.work)
    if members < _LANES:
        return _LANES if outlook.is_compiled else max(1, members)
    return min(_TOGETHER, members // _LANES * _LANES)


class Trained(NamedTuple):
    """Members that are done: the first position, the one behind the last, and their cells."""

    first: int
    last: int
    cells: Cells


async def sweep(
    service: RunService, kernels: Kernels, plan: Plan
) -> AsyncGenerator[Sequence[Outlook] | Cells | SweepEnded]:
    """Train all members of a sweep; whoever closes this gives up what is left of it.

    Args:
        service: Whose workers train them.
        kernels: Those that there are; what the sweep lacks is compiled for the next one.
        plan: Of a sweep that was accepted.

    Yields:
        What is known of each group, cells in any order, each member once, then the end.
    """
    async with aclosing(sweep_on(service, kernels, Found(plan), ())) as events:
        async for event in events:
            yield event.cells if isinstance(event, Trained) else event


async def sweep_on(
    service: RunService, kernels: Kernels, found: Found, done: Sequence[Piece]
) -> AsyncGenerator[Sequence[Outlook] | Trained | SweepEnded]:
    """Train what is left of a sweep, as :func:`sweep` does.

    Args:
        service: Whose workers train it.
        kernels: Those that there are.
        found: The cells that are done; the others are added as they come.
        done: Their positions.
    """
    plan = found.plan
    outlooks = await kernels.outlooks(plan.text)
    yield outlooks
    if without_kernel(plan, outlooks):
        kernels.compile(plan.text)
    work = _Work(service, kernels, plan, outlooks, done)
    try:
        while work.go_on():
            await service.any_of(*work.pending)
            if service.stopping:
                count, why = found.count, say("shutting_down")
                said = say("sweep_stopped", count=count, members=plan.members, why=why)
                yield SweepEnded("cancelled", said, None)
                return
            for trained in work.take():
                found.add(trained.cells)
                yield trained
    except Exception as error:
        log.exception("a sweep failed after %d of %d members", found.count, plan.members)
        yield failed(found, error)
    else:
        yield completed(found)
    finally:
        work.drop()


def has_failed(job: asyncio.Future[Any] | Future[Any]) -> bool:
    """Whether a job that is done has come to nothing."""
    return job.cancelled() or job.exception() is not None


class _Work:
    """What is left to do of a sweep, and what the workers have of it.

    Attributes:
        pending: What was asked for, and the positions that it is of.
    """

    def __init__(
        self,
        service: RunService,
        kernels: Kernels,
        plan: Plan,
        outlooks: Sequence[Outlook],
        done: Sequence[Piece],
    ) -> None:
        self.pending: dict[asyncio.Future[Timed], Piece] = {}
        self._service = service
        self._lane = Lane(Kind.SWEEP)
        self._plan = plan
        self._outlooks = outlooks
        self._kernels = kernels
        self._rest = pieces(plan, outlooks, done)

    def go_on(self) -> bool:
        """Keep the workers busy; whether there is anything that they have not done."""
        while len(self.pending) < AHEAD * self._service.executor.workers_for(Kind.SWEEP):
            piece = next(self._rest, None)
            if piece is None:
                break
            self._ask(piece)
        return bool(self.pending)

    def take(self) -> Iterator[Trained]:
        """What is done, that which failed last. Of a piece that took too long the halves are asked for."""
        for job in sorted((job for job in self.pending if job.done()), key=has_failed):
            first, last = self.pending.pop(job)
            try:
                cells, seconds = job.result()
            except JobTimeoutError:
                if last - first == 1:
                    raise
                middle = (first + last) // 2
                self._ask((first, middle))
                self._ask((middle, last))
            else:
                self._note(first, last, seconds)
                yield Trained(first, last, cells)

    def _note(self, first: int, last: int, seconds: float) -> None:
        """Learn how long members take."""
        number = number_at(self._plan, first)
        group, outlook = self._plan.groups[number], self._outlooks[number]
        self._service.speeds.note(group, outlook, last - first, seconds)

    def _ask(self, piece: Piece) -> None:
        outlook = self._outlooks[number_at(self._plan, piece[0])]
        job: asyncio.Future[Timed] = self._service.submit(
            self._lane, *self._kernels.job(self._plan.text, piece, outlook)
        )
        self.pending[job] = piece

    def drop(self) -> None:
        """Give up what the workers have not done."""
        for job in self.pending:
            drop(job)

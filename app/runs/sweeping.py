"""A sweep over the workers: pieces of it as they get free, cells as they come, and what they come to."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from optiscope.engine.core.words import Said, raw, say
from optiscope.engine.sweep.cells import Cells
from optiscope.engine.sweep.job import cells_at
from optiscope.engine.sweep.plan import Group, Plan
from optiscope.engine.sweep.summary import Found, OptimizerSummary
from optiscope.engine.sweep.ways import Way
from optiscope.runs.service import RunService, drop
from optiscope.runs.workers.executor import JobTimeoutError
from optiscope.runs.workers.lanes import Kind, Lane

log = logging.getLogger(__name__)

AHEAD = 2
"""Pieces for each worker that are asked for at once, so that none waits for the next."""

_LOOP_STEPS = 1000
"""Steps of a piece whose members are trained one by one: some tenths of a second."""

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


Piece = tuple[int, int]
"""Positions of a plan: the first, and the one behind the last."""


def pieces(plan: Plan) -> Iterator[Piece]:
    """A sweep in pieces of work of some tenths of a second, each of members that go one way."""
    for group in plan.groups:
        size = _members_of_a_piece(group)
        end = group.first + group.count
        for first in range(group.first, end, size):
            yield first, min(end, first + size)


def _members_of_a_piece(group: Group) -> int:
    if group.way is Way.ONE_BY_ONE:
        return max(1, _LOOP_STEPS // group.config.steps)
    return _TOGETHER


async def sweep(service: RunService, plan: Plan) -> AsyncGenerator[Cells | SweepEnded]:
    """Train all members of a sweep; whoever closes this gives up what is left of it.

    Args:
        service: Whose workers train them.
        plan: Of a sweep that was accepted.

    Yields:
        Cells in any order, each member once, then the end.
    """
    found, work = Found(plan), _Work(service, plan)
    try:
        while work.go_on():
            await service.any_of(*work.pending)
            if service.stopping:
                count, why = found.count, say("shutting_down")
                said = say("sweep_stopped", count=count, members=plan.members, why=why)
                yield SweepEnded("cancelled", said, None)
                return
            for cells in work.take():
                found.add(cells)
                yield cells
    except Exception as error:
        log.exception("a sweep failed after %d of %d members", found.count, plan.members)
        said = say("sweep_failed", count=found.count, members=plan.members, why=raw(error))
        yield SweepEnded("failed", said, None)
    else:
        yield SweepEnded("completed", say("sweep_completed", count=plan.members), found.summary())
    finally:
        work.drop()


class _Work:
    """What is left to do of a sweep, and what the workers have of it.

    Attributes:
        pending: What was asked for, and the positions that it is of.
    """

    def __init__(self, service: RunService, plan: Plan) -> None:
        self.pending: dict[asyncio.Future[Cells], Piece] = {}
        self._service = service
        self._lane = Lane(Kind.SWEEP)
        self._text = plan.sweep.model_dump_json(by_alias=True)
        self._rest = pieces(plan)

    def go_on(self) -> bool:
        """Keep the workers busy; whether there is anything that they have not done."""
        while len(self.pending) < AHEAD * len(self._service.executor):
            piece = next(self._rest, None)
            if piece is None:
                break
            self._ask(piece)
        return bool(self.pending)

    def take(self) -> Iterator[Cells]:
        """What is done. Of a piece that took too long the halves are asked for."""
        for job in [job for job in self.pending if job.done()]:
            first, last = self.pending.pop(job)
            try:
                yield job.result()
            except JobTimeoutError:
                if last - first == 1:
                    raise
                middle = (first + last) // 2
                self._ask((first, middle))
                self._ask((middle, last))

    def _ask(self, piece: Piece) -> None:
        function: Callable[..., Any] = cells_at
        self.pending[self._service.submit(self._lane, function, self._text, *piece)] = piece

    def drop(self) -> None:
        """Give up what the workers have not done."""
        for job in self.pending:
            drop(job)

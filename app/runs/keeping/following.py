"""The records of kept runs, from any step on: those on the disk at once, later ones as they come.

Followers read what is on the disk, each at its own speed. They hold nothing up, and nothing waits in memory
for a slow one.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from optiscope.engine.core.words import say
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.runs.keeping.changes import Changes, first_found
from optiscope.runs.keeping.errors import DamagedError, StorageError, UnknownRunError
from optiscope.runs.keeping.reading import StoredPiece
from optiscope.runs.keeping.run import Run
from optiscope.runs.keeping.store import Store
from optiscope.runs.keeping.trainings import Trainings
from optiscope.runs.service import RunService


@dataclass(frozen=True, slots=True)
class Records:
    """Some records of a run as they are in the database.

    Attributes:
        serial: Of the run.
        since: The first step that was asked for; records before it are to be left out.
        piece: The records.
        is_watched: Whether the loop of the run is not ours.
    """

    serial: int
    since: int
    piece: StoredPiece
    is_watched: bool = False

    @property
    def last(self) -> int:
        """Step of the last record."""
        return self.piece.last

    def blocks(self) -> list[Block]:
        """The records from ``since`` on."""
        blocks = [block.since(self.since) for block in self.piece.blocks()]
        return [block for block in blocks if len(block)]


class Following:
    """Follows the runs of one database.

    Args:
        store: Where records are read.
        service: Every stream ends when it stops.
        trainings: What is being trained.
        changes: Says when there is something new.
    """

    def __init__(self, store: Store, service: RunService, trainings: Trainings, changes: Changes) -> None:
        self._store = store
        self._service = service
        self._trainings = trainings
        self._changes = changes

    async def one(self, id_: str, since: int) -> AsyncGenerator[Records | Ended]:
        """The records of a run from step ``since`` on, as they become durable, and its end.

        The end is that of the run, or says that it was paused or deleted or that the server stops.
        """
        change = self._changes.of(id_)
        while event := await first_found(change, self._service, self._next, id_, since):
            yield event
            if isinstance(event, Ended):
                return
            since = event.last + 1
        yield _going_on_later(since)

    async def several(self, wanted: Sequence[tuple[str, int]]) -> AsyncGenerator[tuple[int, Records | Ended]]:
        """Several runs at once, each from a step on: the index of the run, and what :meth:`one` gives."""
        streams = [self.one(id_, since) for id_, since in wanted]
        pending = {asyncio.ensure_future(_next_of(stream)): index for index, stream in enumerate(streams)}
        try:
            while pending:
                await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in [task for task in pending if task.done()]:
                    index, event = pending.pop(task), task.result()
                    if not isinstance(event, Ended):
                        pending[asyncio.ensure_future(_next_of(streams[index]))] = index
                    yield index, event
        finally:
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
            for stream in streams:
                await stream.aclose()

    async def _next(self, id_: str, since: int) -> Records | Ended | None:
        """What there is now for a follower who waits for step ``since``, or None if nothing is."""
        try:
            run, piece = await self._look(id_, since)
        except UnknownRunError:
            return Ended(Reason.STOPPED, since - 1, say("run_deleted"))
        except StorageError as error:
            if self._service.stopping:  # the database was closed under the reader
                return _going_on_later(since)
            return Ended(Reason.STOPPED, since - 1, say("records_unreadable", step=since - 1, why=error.said))
        return (
            self._end_of(run, since - 1)
            if piece is None
            else Records(run.serial, since, piece, run.source is not None)
        )

    async def _look(self, id_: str, since: int) -> tuple[Run, StoredPiece | None]:
        """The run and its records from ``since`` on; a run that is found damaged ends where it is whole."""
        try:
            return await self._store.look(id_, since)
        except DamagedError:
            run = await self._store.judge(id_)
            self._changes.tell(id_)
        return run, await self._store.piece_at(run, since)

    def _end_of(self, run: Run, step: int) -> Ended | None:
        """Why nothing more is to come of a run for now, or None if something is."""
        run = self._trainings.as_it_is(run)
        if run.step > step:  # it went on after that look: those records come first
            return None
        return run.stopped or run.ended


async def _next_of(stream: AsyncGenerator[Records | Ended]) -> Records | Ended:
    return await anext(stream)


def _going_on_later(since: int) -> Ended:
    return Ended(Reason.STOPPED, since - 1, say("going_on_later", step=since))

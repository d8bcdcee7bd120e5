"""One run that lasts, trained chunk by chunk; nobody hears of a step before it is on the disk."""

import asyncio
import logging
from collections.abc import Callable

from optiscope.engine.core.words import Said, say, why
from optiscope.runs.keeping.errors import (
    ConflictError,
    DamagedError,
    NoCheckpointError,
    StorageError,
    StorageFullError,
    StorageLockedError,
    UnknownRunError,
)
from optiscope.runs.keeping.jobs import KeptChunk, keep_chunk
from optiscope.runs.keeping.run import Run, State
from optiscope.runs.keeping.store import Store
from optiscope.runs.service import RunService, drop
from optiscope.runs.workers.executor import JobTimeoutError, WorkerDiedError
from optiscope.runs.workers.lanes import Kind, Lane, Place
from optiscope.runs.workers.pace import Pace

log = logging.getLogger(__name__)

Job = asyncio.Future[KeptChunk]

MAX_DEATHS = 3
"""How often a chunk is sent again whose workers have all died, before the run is paused."""

MAX_TIMEOUTS = 1
"""How often steps are sent again, one alone, that took too long together."""


class Trainer:
    """Feeds the chunks of one run to the workers and their records to the database.

    While one chunk is written, the next is trained. A full disk holds the run up and is tried again; what
    was trained is not trained twice.

    Args:
        run: A run whose state is running.
        store: Where its records go.
        service: Where its chunks are trained.
        retry_seconds: How often to try a full disk.
        on_change: Told whenever there is something new to see of the run.
    """

    def __init__(
        self,
        run: Run,
        store: Store,
        service: RunService,
        retry_seconds: float,
        on_change: Callable[["Trainer"], None],
    ) -> None:
        self.run = run
        self.stalled: Said | None = None
        self.finished = False
        self._deaths = self._timeouts = 0
        self._lane = Lane(Kind.RUN)
        self._job: Job | None = None
        self._store = store
        self._service = service
        self._retry_seconds = retry_seconds
        self._on_change = on_change
        self._pace = Pace(service.chunk_seconds, service.chunk_bytes)
        self._halted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._train(), name=f"trainer of run {run.id}")

    async def halt(self) -> None:
        """Stop training; a chunk that is being written is still written."""
        if not self._halted.done():
            self._halted.set_result(None)
        await asyncio.wait([self._task])

    @property
    def place(self) -> Place | None:
        """Where its next chunk waits for a worker; None while one is trained or written."""
        return None if self._job is None else self._service.place(self._job)

    @property
    def _told_to_stop(self) -> bool:
        return self._halted.done() or self._service.stopping

    async def _train(self) -> None:
        try:
            await self._train_to_the_end()
        except NoCheckpointError as error:
            await self._settle(error.said)
        except (ConflictError, UnknownRunError) as error:
            log.info("run %s is no longer trained: %s", self.run.id, error)
        except DamagedError:
            await self._store.judge(self.run.id)
        except StorageError as error:
            log.exception("run %s is held up after step %d", self.run.id, self.run.step)
            self.stalled = error.said
        except Exception as error:
            log.exception("run %s is held up after step %d", self.run.id, self.run.step)
            await self._settle(say("held_up", step=self.run.step, why=why(error)))
        finally:
            self.finished = True
            self._on_change(self)

    async def _settle(self, said: Said) -> None:
        try:
            await self._store.settle(self.run.serial, said)
        except StorageError:
            self.stalled = said

    async def _train_to_the_end(self) -> None:
        job: Job | None = None
        self.run, checkpoint = await self._store.take_up(self.run)
        try:
            while self.run.state is State.RUNNING:
                job = job or self._submit(checkpoint)
                await self._service.any_of(job, self._halted)
                if self._told_to_stop:
                    return
                chunk, job = self._outcome(job), None
                if chunk is None:
                    continue
                checkpoint = chunk.piece.checkpoint
                if chunk.piece.ended is None:
                    self._pace.learn(chunk)
                    job = self._submit(checkpoint)
                await self._keep(chunk)
        finally:
            if job is not None:
                drop(job)

    def _outcome(self, job: Job) -> KeptChunk | None:
        """The chunk; None if it is to be tried again: workers that die or stop are rarely its fault."""
        try:
            chunk = job.result()
        except JobTimeoutError as error:
            self._timeouts += 1
            if self._timeouts > MAX_TIMEOUTS:
                raise error.again() from error
            self._pace.ease()
            return None
        except WorkerDiedError:
            self._deaths += 1
            if self._deaths > MAX_DEATHS:
                raise
            return None
        self._deaths = self._timeouts = 0
        return chunk

    def _submit(self, checkpoint: bytes | None) -> Job:
        run, pace = self.run, self._pace
        self._job = self._service.submit(
            self._lane, keep_chunk, run.config_json, checkpoint, pace.steps, run.result, pace.longest
        )
        return self._job

    async def _keep(self, chunk: KeptChunk) -> None:
        """Write a chunk, however often the disk is full or another program holds the database."""
        while True:
            try:
                reached = await self._store.append(self.run.serial, chunk.piece)
            except (StorageFullError, StorageLockedError) as error:
                self._hold_up(error.said)
                await asyncio.wait([self._halted], timeout=self._retry_seconds)
                if self._told_to_stop:
                    raise
            else:
                self._service.steps_trained += max(reached.step, 0) - max(self.run.step, 0)
                self.run, self.stalled = reached, None
                self._on_change(self)
                return

    def _hold_up(self, said: Said) -> None:
        if self.stalled is None:
            log.warning("run %s is held up after step %d: %s", self.run.id, self.run.step, said)
            self.stalled = said
            self._on_change(self)

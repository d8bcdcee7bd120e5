"""Runs as streams of records: chunks fed to the workers fairly, and only as fast as they are read.

A run has one chunk with the workers at a time. When it comes back, the next one is submitted at once and
the records are handed on; the one after that waits until the reader has come back for more. So a worker
is never idle because of a reader, and a reader who stops costs one chunk. All that one request asks for has
one lane for each kind of job, and lanes take turns. A run that is known to be short, by the last one of its
kind, is one chunk, and short runs of one request that can go in lockstep share jobs; what takes longer than
was thought is cut. Closing the stream drops the chunk that waits.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Hashable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import aclosing
from typing import Any, TypeVar, overload

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import SaidError
from optiscope.engine.core.parts import Parts
from optiscope.engine.core.words import raw, say
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.engine.loop.lockstep import lockstep_key
from optiscope.runs.cache import FinishedRun, RunCache
from optiscope.runs.speeds import Speeds
from optiscope.runs.workers.executor import Executor, JobTimeoutError
from optiscope.runs.workers.jobs import Chunk, train_chunk, train_whole
from optiscope.runs.workers.lanes import Kind, Lane, Place
from optiscope.runs.workers.pace import SHARED, Costs, Pace, groups_of

log = logging.getLogger(__name__)

T = TypeVar("T")

Event = tuple[int, Block | Ended | Place]
"""The index of a run, and some of its records, or its end, or where it waits in the queue."""

TELL_SECONDS = 0.5
"""How long a run waits before it is told where, and again where it has come to since."""


class StoppedError(SaidError):
    """The service was stopped while somebody waited for a result."""

    def __init__(self) -> None:
        super().__init__(say("shutting_down"))


PendingChunk = asyncio.Future[Chunk]
"""A chunk that a worker has been asked for."""


class _Feed:
    """One run on its way through the workers, or out of the cache.

    Attributes:
        seconds: What the run is known to take, if it is to be sent whole, else 0.
        lockstep_key: What it has in common with the runs that it may go with, if it is to be sent whole.
    """

    def __init__(self, index: int, config: RunConfig, service: "RunService", lane: Lane) -> None:
        self.index = index
        self.key = config.canonical()
        self.step = 0
        self._lane = lane
        self._job: asyncio.Future[Any] | None = None
        self._place: Place | None = None
        self._checkpoint: bytes | None = None
        self._is_last_try = False
        self._config = config
        self._service = service
        self._pace = Pace(service.chunk_seconds, service.chunk_bytes)
        self.seconds = self._pace.begin(config.steps, service.costs.of(config))
        self.lockstep_key = lockstep_key(config) if self.seconds else None
        self._kept: list[Block] | None = []
        self._kept_bytes = 0
        self._is_shared = False

    def replay(self) -> PendingChunk | None:
        """The whole run as one chunk, if it is remembered."""
        run = self._service.cache.get(self.key)
        if run is None:
            return None
        future: PendingChunk = asyncio.get_running_loop().create_future()
        future.set_result(Chunk(list(run.blocks), b"", run.ended.step, run.ended, 0.0))
        self._kept = None
        return future

    def begin(self) -> PendingChunk:
        """Ask for the first chunk."""
        self._is_shared = False
        return self._submit()

    def share(self, job: asyncio.Future[list[Chunk]], place: int) -> PendingChunk:
        """Wait for the whole run from a job that trains others as well."""
        self._is_shared = True
        self._job = job
        return asyncio.ensure_future(_share(job, place))

    def _submit(self) -> PendingChunk:
        pace = self._pace
        job = self._service.submit(
            self._lane, train_chunk, self.key, self._checkpoint, pace.steps, pace.longest
        )
        self._job = job
        return job

    def moved(self) -> Place | None:
        """Where its first job waits in the queue, if that is to be told, and has not been."""
        place = self._service.place(self._job) if self._job and not self.step else None
        is_new = place is not None and place != self._place
        self._place = place
        return place if is_new else None

    def take(self, done: PendingChunk) -> tuple[list[Block], Ended | None, PendingChunk | None]:
        """What was in the chunk that is done, and the next one, which is asked for before that is read."""
        try:
            chunk = done.result()
        except Exception as error:
            if self._is_shared:  # each goes alone now, so that only the one to blame fails
                return [], None, self.begin()
            if isinstance(error, JobTimeoutError):
                if not self._is_last_try:
                    self._is_last_try = True
                    self._pace.ease()
                    return [], None, self._submit()
                error = error.again()
            log.exception("a run failed after step %d", self.step)
            return [], Ended(Reason.FAILED, self.step, say("broke_off", step=self.step, why=raw(error))), None
        if chunk.seconds:  # out of the cache it took none
            self._service.steps_trained += chunk.step - self.step
        self.step, self._checkpoint, self._is_last_try = chunk.step, chunk.checkpoint, False
        if chunk.seconds and not self._is_shared:  # shared it took less
            self._service.costs.note(self._config, chunk)
        pending = None
        if chunk.ended is None:
            self._pace.learn(chunk)
            self._is_shared = False
            pending = self._submit()
        self._keep(chunk)
        return chunk.blocks, chunk.ended, pending

    def _keep(self, chunk: Chunk) -> None:
        """Collect the records, as long as they would fit into the cache."""
        if self._kept is None:
            return
        self._kept += chunk.blocks
        self._kept_bytes += sum(block.nbytes() for block in chunk.blocks)
        if self._kept_bytes > self._service.cache.max_bytes:
            self._kept = None
        elif chunk.ended is not None:
            self._service.cache.put(self.key, FinishedRun(tuple(self._kept), chunk.ended))

    def stopped(self) -> Ended:
        """The end of a run that the server gives up."""
        return Ended(Reason.STOPPED, self.step, say("stopped", step=self.step, why=say("shutting_down")))


def _taken(pending: dict[PendingChunk, _Feed]) -> list[Event]:
    """The events of all chunks that are done; the chunks asked for now take their places."""
    events: list[Event] = []
    for future in [future for future in pending if future.done()]:
        feed = pending.pop(future)
        blocks, ended, more = feed.take(future)
        if more is not None:
            pending[more] = feed
        events += [(feed.index, block) for block in blocks]
        if ended is not None:
            events.append((feed.index, ended))
    return events


def _moved(pending: dict[PendingChunk, _Feed]) -> list[Event]:
    """Where those wait that have come to another place in the queue."""
    return [(feed.index, place) for feed in pending.values() if (place := feed.moved())]


async def each(batches: AsyncGenerator[list[Event]]) -> AsyncGenerator[Event]:
    """One event after the other."""
    async for batch in batches:
        for event in batch:
            yield event


async def _share(job: asyncio.Future[list[Chunk]], place: int) -> Chunk:
    return (await job)[place]


def drop(future: asyncio.Future[Any]) -> None:
    """Give up what nobody will read."""
    if not future.cancel() and not future.cancelled():
        future.exception()  # looked at, so that asyncio does not report it as forgotten


class RunService:
    """Trains runs on an executor. To be made, used and closed in one event loop.

    Args:
        executor: Where chunks and other jobs run.
        chunk_seconds: Work of one chunk.
        chunk_bytes: Records of one chunk.
        cache_bytes: Finished runs to keep.

    Attributes:
        steps_trained: Steps of all runs that were trained, kept ones included.
        jobs: How many jobs the workers were ever given.
    """

    def __init__(
        self, executor: Executor, *, chunk_seconds: float, chunk_bytes: int, cache_bytes: int
    ) -> None:
        self.executor = executor
        self.chunk_seconds = chunk_seconds
        self.chunk_bytes = chunk_bytes
        self.cache = RunCache(cache_bytes)
        self.costs = Costs()
        self.speeds = Speeds()
        self.steps_trained = 0
        self.jobs = 0
        self._submitted: dict[asyncio.Future[Any], Future[Any]] = {}
        self._loop = asyncio.get_running_loop()
        self._left_alone = self._loop.time()
        self._stopping: asyncio.Future[None] = self._loop.create_future()

    def stop(self) -> None:
        """End every stream with ``stopped``; may be called from a signal handler or another thread."""
        self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        if not self._stopping.done():
            self._stopping.set_result(None)

    @property
    def stopping(self) -> bool:
        """Whether the service has been told to stop."""
        return self._stopping.done()

    async def any_of(self, *futures: asyncio.Future[Any], seconds: float | None = None) -> None:
        """Wait until one of the futures is done, the service is stopped, or so many seconds have passed."""
        awaited: list[asyncio.Future[Any]] = [*futures, self._stopping]
        await asyncio.wait(awaited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)

    def submit(self, lane: Lane, function: Callable[..., T], *arguments: Any) -> asyncio.Future[T]:
        """Ask the workers for something; cancelling it drops what is left of it."""
        job = self.executor.submit(function, *arguments, lane=lane)
        waiting = asyncio.wrap_future(job)
        self._submitted[waiting] = job
        self.jobs += 1
        waiting.add_done_callback(self._forget)
        return waiting

    def _forget(self, done: asyncio.Future[Any]) -> None:
        del self._submitted[done]
        self._left_alone = self._loop.time()

    @property
    def idle_seconds(self) -> float:
        """For how long nobody has waited for the workers."""
        return 0.0 if self._submitted else self._loop.time() - self._left_alone

    def place(self, job: asyncio.Future[Any]) -> Place | None:
        """Where a submitted job stands in the queue of its kind; None once it has begun."""
        submitted = self._submitted.get(job)
        return None if submitted is None else self.executor.place(submitted)

    @property
    def waiting(self) -> Mapping[Kind, int]:
        """How many jobs of each kind wait for a worker."""
        return self.executor.waiting_by_kind

    def _begin(self, feeds: Sequence[_Feed], lane: Lane) -> dict[PendingChunk, _Feed]:
        """Ask for the first chunk of each run, and for short runs that can share a job together."""
        pending: dict[PendingChunk, _Feed] = {}
        together: dict[Hashable, list[_Feed]] = {}
        for feed in feeds:
            replayed = feed.replay()
            if replayed is None and feed.lockstep_key is not None:
                together.setdefault(feed.lockstep_key, []).append(feed)
            else:
                pending[replayed or feed.begin()] = feed
        for short in together.values():
            costs = [feed.seconds for feed in short]
            for group in groups_of(costs, self.chunk_seconds, len(self.executor)):
                pending |= self._begin_together([short[index] for index in group], lane)
        return pending

    def _begin_together(self, feeds: Sequence[_Feed], lane: Lane) -> dict[PendingChunk, _Feed]:
        if len(feeds) == 1:
            return {feeds[0].begin(): feeds[0]}
        job = self.submit(lane, train_whole, [feed.key for feed in feeds], SHARED * self.chunk_seconds)
        return {feed.share(job, place): feed for place, feed in enumerate(feeds)}

    async def train(
        self, configs: Sequence[RunConfig], *, telling: bool = False
    ) -> AsyncGenerator[list[Event]]:
        """Train runs side by side, from step 0 to their ends.

        Args:
            configs: Runs that :func:`optiscope.runs.description.describe` has accepted.
            telling: Whether to tell where runs wait that have not begun.

        Yields:
            What has come at once: ``(index, Block)`` in order for each run, ``(index, Ended)`` once for each,
            and before that, if asked for, ``(index, Place)``.
        """
        lane = Lane(Kind.RUN)
        pending = self._begin(
            [_Feed(index, config, self, lane) for index, config in enumerate(configs)], lane
        )
        try:
            while pending:
                await self.any_of(*pending, seconds=TELL_SECONDS if telling else None)
                if self.stopping:
                    yield [(feed.index, feed.stopped()) for feed in pending.values()]
                    return
                if events := _taken(pending) or _moved(pending):
                    yield events
        finally:
            for future in pending:
                drop(future)

    async def finished(self, configs: Sequence[RunConfig]) -> list[FinishedRun]:
        """The runs, trained to their ends or out of the cache.

        Raises:
            StoppedError: If the service is stopped meanwhile.
        """
        blocks: list[list[Block]] = [[] for _ in configs]
        ends: dict[int, Ended] = {}
        async with aclosing(self.train(configs)) as events:
            async for index, event in each(events):
                if isinstance(event, Ended):
                    ends[index] = event
                elif isinstance(event, Block):
                    blocks[index].append(event)
        if self.stopping:
            raise StoppedError
        return [FinishedRun(tuple(found), ends[index]) for index, found in enumerate(blocks)]

    @overload
    async def compute(
        self, function: Callable[..., Parts[T]], *arguments: Any, lane: Lane | None = None
    ) -> T: ...
    @overload
    async def compute(self, function: Callable[..., T], *arguments: Any, lane: Lane | None = None) -> T: ...
    async def compute(self, function: Callable[..., Any], *arguments: Any, lane: Lane | None = None) -> Any:
        """Run one job on a worker; whoever cancels this gives up what is left of it.

        Args:
            function: What to call; of one that returns a generator, what that returns.
            arguments: Its arguments.
            lane: Whose turn it takes; without one it is all that a request for a view needs.

        Raises:
            StoppedError: If the service is stopped meanwhile.
        """
        job = self.submit(lane or Lane(Kind.VIEW), function, *arguments)
        try:
            await self.any_of(job)
            if not job.done():
                raise StoppedError
            return job.result()
        finally:
            job.cancel()

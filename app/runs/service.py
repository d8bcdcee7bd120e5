"""Runs as streams of records: chunks fed to the workers fairly, and only as fast as they are read.

A run has one chunk with the workers at a time. When it comes back, the next one is submitted at once and
the records are handed on; the one after that waits until the reader has come back for more. So a worker
is never idle because of a reader, a reader who stops costs one chunk, and runs take turns, because the
workers take chunks first come, first served. A run that is known to be short, by the last one of its
kind, is one chunk. Closing the stream drops the chunk that waits.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Any, TypeVar

from app.engine.checkpoint import Ended, Reason
from app.engine.config import RunConfig
from app.engine.recorder import Block
from app.runs.cache import FinishedRun, RunCache
from app.runs.executor import Executor
from app.runs.jobs import Chunk, train_chunk
from app.runs.pace import Costs, Pace

log = logging.getLogger(__name__)

T = TypeVar("T")

Event = tuple[int, Block | Ended]
"""The index of a run, and some of its records or its end."""


class StoppedError(RuntimeError):
    """The service was stopped while somebody waited for a result."""


class _Feed:
    """One run on its way through the workers, or out of the cache."""

    def __init__(self, index: int, config: RunConfig, service: "RunService") -> None:
        self.index = index
        self.step = 0
        self._config = config
        self._key = config.canonical()
        self._service = service
        self._pace = Pace(service.chunk_seconds, service.chunk_bytes)
        self._pace.begin(config.steps, service.costs.of(config))
        self._kept: list[Block] | None = []
        self._kept_bytes = 0
        self.pending: asyncio.Future[Chunk] = self._replayed() or self._submit(None, self._pace.steps)

    def _replayed(self) -> "asyncio.Future[Chunk] | None":
        run = self._service.cache.get(self._key)
        if run is None:
            return None
        future: asyncio.Future[Chunk] = asyncio.get_running_loop().create_future()
        future.set_result(Chunk(list(run.blocks), b"", run.ended.step, run.ended, 0.0))
        self._kept = None
        return future

    def _submit(self, checkpoint: bytes | None, steps: int) -> "asyncio.Future[Chunk]":
        return asyncio.wrap_future(self._service.executor.submit(train_chunk, self._key, checkpoint, steps))

    def take(self) -> tuple[list[Block], Ended | None]:
        """The records of the chunk that is done; the next one is submitted before they are read."""
        try:
            chunk = self.pending.result()
        except Exception as error:
            log.exception("a run failed after step %d", self.step)
            return [], Ended(Reason.FAILED, self.step, f"failed after step {self.step}: {error}")
        self.step = chunk.step
        if chunk.seconds:  # out of the cache it took none
            self._service.costs.note(self._config, chunk)
        if chunk.ended is None:
            self._pace.learn(chunk)
            self.pending = self._submit(chunk.checkpoint, self._pace.steps)
        self._keep(chunk)
        return chunk.blocks, chunk.ended

    def _keep(self, chunk: Chunk) -> None:
        """Collect the records, as long as they would fit into the cache."""
        if self._kept is None:
            return
        self._kept += chunk.blocks
        self._kept_bytes += sum(block.nbytes() for block in chunk.blocks)
        if self._kept_bytes > self._service.cache.max_bytes:
            self._kept = None
        elif chunk.ended is not None:
            self._service.cache.put(self._key, FinishedRun(tuple(self._kept), chunk.ended))

    def stopped(self) -> Ended:
        """The end of a run that the server gives up."""
        return Ended(
            Reason.STOPPED, self.step, f"stopped after step {self.step}: the server is shutting down"
        )

    def close(self) -> None:
        """Drop the chunk that nobody will read."""
        if not self.pending.cancel() and not self.pending.cancelled():
            self.pending.exception()  # looked at, so that asyncio does not report it as forgotten


class RunService:
    """Trains runs on an executor. To be made, used and closed in one event loop.

    Args:
        executor: Where chunks and other jobs run.
        chunk_seconds: Work of one chunk.
        chunk_bytes: Records of one chunk.
        cache_bytes: Finished runs to keep.
    """

    def __init__(
        self, executor: Executor, *, chunk_seconds: float, chunk_bytes: int, cache_bytes: int
    ) -> None:
        self.executor = executor
        self.chunk_seconds = chunk_seconds
        self.chunk_bytes = chunk_bytes
        self.cache = RunCache(cache_bytes)
        self.costs = Costs()
        self._loop = asyncio.get_running_loop()
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

    async def any_of(self, *futures: asyncio.Future[Any]) -> None:
        """Wait until one of the futures is done or the service is stopped."""
        awaited: list[asyncio.Future[Any]] = [*futures, self._stopping]
        await asyncio.wait(awaited, return_when=asyncio.FIRST_COMPLETED)

    async def train(self, configs: Sequence[RunConfig]) -> AsyncGenerator[Event]:
        """Train runs side by side, from step 0 to their ends.

        Args:
            configs: Runs that :func:`app.runs.description.describe` has accepted.

        Yields:
            ``(index, Block)`` as records come, in order for each run, and ``(index, Ended)`` once for each.
        """
        feeds: dict[asyncio.Future[Chunk], _Feed] = {}
        try:
            for index, config in enumerate(configs):
                feed = _Feed(index, config, self)
                feeds[feed.pending] = feed
            while feeds:
                await self.any_of(*feeds)
                if self.stopping:
                    for feed in feeds.values():
                        yield feed.index, feed.stopped()
                    return
                for future in [future for future in feeds if future.done()]:
                    feed = feeds.pop(future)
                    blocks, ended = feed.take()
                    if ended is None:
                        feeds[feed.pending] = feed
                    for block in blocks:
                        yield feed.index, block
                    if ended is not None:
                        yield feed.index, ended
        finally:
            for feed in feeds.values():
                feed.close()

    async def finished(self, configs: Sequence[RunConfig]) -> list[FinishedRun]:
        """The runs, trained to their ends or out of the cache.

        Raises:
            StoppedError: If the service is stopped meanwhile.
        """
        blocks: list[list[Block]] = [[] for _ in configs]
        ends: dict[int, Ended] = {}
        async with aclosing(self.train(configs)) as events:
            async for index, event in events:
                if isinstance(event, Ended):
                    ends[index] = event
                else:
                    blocks[index].append(event)
        if self.stopping:
            raise StoppedError("the server is shutting down")
        return [FinishedRun(tuple(found), ends[index]) for index, found in enumerate(blocks)]

    async def compute(self, function: Callable[..., T], *arguments: Any) -> T:
        """Run one job on a worker.

        Raises:
            StoppedError: If the service is stopped meanwhile.
        """
        job = asyncio.wrap_future(self.executor.submit(function, *arguments))
        try:
            await self.any_of(job)
            if not job.done():
                raise StoppedError("the server is shutting down")
            return job.result()
        finally:
            job.cancel()

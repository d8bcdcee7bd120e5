"""SQLite behind two calls, ``write`` and ``read``, that never block the event loop.

::

    write(f) ──> queue ──> one writer thread, one connection:  BEGIN IMMEDIATE  f g h  COMMIT (fsync)
    read(f)  ──> a few reader threads, a connection each:      short reads of what is committed

Writes that wait are committed together, so that many small ones cost one fsync. ``write`` returns after the
commit: what it wrote survives a power cut. A second server cannot open the same database: it would train
the same runs.
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any, TypeVar

from optiscope.engine.core.words import Said, say
from optiscope.runs.keeping.errors import StorageError, StorageUnavailableError
from optiscope.runs.keeping.opening import (
    FULL_CODES,
    NAME,
    code_of,
    connected,
    explained,
    explaining,
    locked,
    make_folder,
)
from optiscope.runs.keeping.reserve import Reserve
from optiscope.runs.keeping.schema import prepare

T = TypeVar("T")

Work = Callable[[sqlite3.Connection], T]

READERS = 2
MAX_BATCH = 64
TROUBLE_SECONDS = 60.0
"""How long a write that failed tells how the disk is, while nothing else is written."""


class _Write:
    def __init__(self, work: Work[Any], *, frees: bool) -> None:
        self.work = work
        self.frees = frees
        self.future: Future[Any] = Future()


class Database:
    """One SQLite file and the threads that use it.

    Args:
        folder: Where it lies; made if need be.
        wait_s: How long to wait for another server to let go of it, as when one takes over from the last.

    Raises:
        StorageError: If it cannot be used.
    """

    def __init__(self, folder: Path, wait_s: float = 0.0) -> None:
        self._path = folder / NAME
        self._reserve = Reserve(folder / f"{NAME}.reserve")
        with explaining(), ExitStack() as opened:
            make_folder(folder)
            opened.enter_context(closing(locked(folder, wait_s)))
            self._connection = opened.enter_context(closing(connected(self._path)))
            prepare(self._connection)
            self._opened = opened.pop_all()
        self._reserve.fill()
        self._local = threading.local()
        self._readers = ThreadPoolExecutor(READERS, "database-reader")
        self._writes: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._closing = False
        self._trouble: tuple[float, Exception] | None = None
        self._writer = threading.Thread(target=self._write_forever, name="database-writer", daemon=True)
        self._writer.start()

    @property
    def trouble(self) -> Said | None:
        """Why the last write failed, unless that was the fault of the write, or long ago."""
        when, error = self._trouble or (0.0, None)
        is_recent = time.monotonic() - when < TROUBLE_SECONDS
        return error.said if is_recent and isinstance(error, StorageError) else None

    async def write(self, work: Work[T], *, frees: bool = False) -> T:
        """What ``work`` returns, once its transaction is on the disk.

        Whoever waits may be cancelled; the write happens all the same.

        Args:
            work: What to do; it may be done twice, if nothing came of it the first time.
            frees: Whether it gives space back, so that it may use what is set aside for a full disk.

        Raises:
            StorageError: Nothing was written.
        """
        if self._closing:
            raise StorageUnavailableError(say("shutting_down"))
        job = _Write(work, frees=frees)
        self._writes.put(job)
        result: T = await asyncio.shield(asyncio.wrap_future(job.future))
        return result

    async def read(self, work: Work[T]) -> T:
        """What ``work`` reads. It should fetch a page, not a table: a long read lets the log grow.

        Raises:
            StorageError: If the database cannot be read.
        """
        if self._closing:
            raise StorageUnavailableError(say("shutting_down"))
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    def close(self) -> None:
        """Finish every write that waits, then let go of the file."""
        self._closing = True
        self._writes.put(None)
        self._writer.join()
        self._readers.shutdown()
        self._opened.close()

    def _read(self, work: Work[T]) -> T:
        try:
            return work(self._reader())
        except sqlite3.Error as error:
            raise explained(error) from error

    def _reader(self) -> sqlite3.Connection:
        """The connection of this thread."""
        if not hasattr(self._local, "connection"):
            connection = connected(self._path)
            connection.execute("PRAGMA query_only = ON")
            self._local.connection = connection
            self._opened.callback(connection.close)
        found: sqlite3.Connection = self._local.connection
        return found

    def _write_forever(self) -> None:
        ended = False
        while not ended:
            batch, ended = self._next_batch()
            if batch:
                self._commit(batch)

    def _next_batch(self) -> tuple[list[_Write], bool]:
        """The writes that wait, at least one, and whether they are the last."""
        batch: list[_Write] = []
        job = self._writes.get()
        while job is not None:
            batch.append(job)
            if len(batch) == MAX_BATCH:
                return batch, False
            try:
                job = self._writes.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _commit(self, batch: list[_Write]) -> None:
        """Write the batch in one transaction; if anything in it fails, each write in one of its own."""
        before = self._connection.total_changes
        try:
            results = self._written(batch)
        except Exception as error:  # noqa: BLE001 - whatever a write raises belongs to who asked for it
            if len(batch) == 1:
                found = explained(error) if isinstance(error, sqlite3.Error) else error
                self._trouble = (time.monotonic(), found)
                batch[0].future.set_exception(found)
                return
            for job in batch:
                self._commit([job])
        else:
            if self._connection.total_changes != before:  # one that wrote nothing says nothing of the disk
                self._trouble = None
            for job, result in zip(batch, results, strict=True):
                job.future.set_result(result)

    def _written(self, batch: list[_Write]) -> list[Any]:
        """The results of a batch; if the disk is full, what gives space back is given some, alone."""
        works = [job.work for job in batch]
        frees = len(batch) == 1 and batch[0].frees
        try:
            results = self._transaction(works)
        except sqlite3.Error as error:
            if not frees or code_of(error) not in FULL_CODES:
                raise
            self._reserve.give_up()
            self._shorten_log()
            results = self._transaction(works)
            self._shorten_log()
        if not frees:
            self._reserve.fill()
        return results

    def _shorten_log(self) -> None:
        """Bring what is in SQLite's log into the database, and give its space back, as far as that goes."""
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _transaction(self, works: list[Work[Any]]) -> list[Any]:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            results = [work(connection) for work in works]
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return results

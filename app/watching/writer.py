"""The thread that writes what a loop has left to be written."""

import queue
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from optiscope.engine.core.words import Said, say, why
from optiscope.engine.loop.checkpoint import Ended
from optiscope.watching.blocks import Blocks
from optiscope.watching.rows import Row
from optiscope.watching.sinks import Sink

MOST_WAITING = 4096
"""So many records may wait, as for a slow server; more are not taken, and the loop goes on."""

MOST_BYTES = 2**22
"""Their size, about, at most."""

TICK_S = 1.0

Make = Callable[[], Ended]
"""The end of the run, once all is written."""


class Batch(NamedTuple):
    """Records that were handed on together, and their size, about."""

    rows: list[Row]
    nbytes: int


class Writer:
    """Makes blocks of rows and writes them, in a thread of its own.

    Args:
        blocks: Makes the blocks.
        sinks: Where they go.
    """

    def __init__(self, blocks: Blocks, sinks: Sequence[Sink]) -> None:
        self._blocks = blocks
        self._sinks = sinks
        self._queue: queue.Queue[Batch | Make | threading.Event] = queue.Queue()
        self._failed: Said | None = None
        self.step = -1
        self._thread = threading.Thread(target=self._write_forever, name="optiscope-writer", daemon=True)
        self._thread.start()

    @property
    def trouble(self) -> Said | None:
        """What went wrong, if something did."""
        return self._failed or next((sink.trouble for sink in self._sinks if sink.trouble), None)

    def take(self, rows: list[Row], nbytes: int) -> bool:
        """Take rows of about this size to be written, unless too many wait."""
        with self._queue.mutex:
            waiting = [job for job in self._queue.queue if isinstance(job, Batch)]
        if (
            sum(len(batch.rows) for batch in waiting) >= MOST_WAITING
            or sum(batch.nbytes for batch in waiting) >= MOST_BYTES
        ):
            return False
        self._queue.put(Batch(rows, nbytes))
        return True

    def drain(self, seconds: float) -> bool:
        """Wait until all that was taken is written; whether it is."""
        done = threading.Event()
        self._queue.put(done)
        return done.wait(seconds)

    def close(self, rest: list[Row], ended: Make, seconds: float) -> None:
        """Write the rest and the end behind all that waits, for so long at most."""
        self._queue.put(Batch(rest, 0))
        self._queue.put(ended)
        self._thread.join(seconds)

    def _write_forever(self) -> None:
        while True:
            try:
                job = self._queue.get(timeout=TICK_S)
            except queue.Empty:
                self._guarded(self._tick)
                continue
            if isinstance(job, threading.Event):
                job.set()
            elif isinstance(job, Batch):
                self._guarded(partial(self._write, job.rows))
            else:
                self._guarded(partial(self._end, job))
                return

    def _tick(self) -> None:
        for sink in self._sinks:
            sink.tick()

    def _end(self, make: Make) -> None:
        for sink in self._sinks:
            sink.end(make())

    def _write(self, rows: Sequence[Row]) -> None:
        blocks = self._blocks.of(rows)
        if blocks:
            self.step = blocks[-1].steps[-1]
        for sink in self._sinks:
            sink.write(blocks)

    def _guarded(self, work: Callable[[], object]) -> None:
        """Whatever goes wrong here is told, and stays here."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - a full disk, a tensor that cannot be read
            self._failed = self._failed or say("watch_failed", why=why(error))

"""A process that compiles kernels while there are some to compile, and can be ended at any moment."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from optiscope.runs.workers.process import WorkerProcess

log = logging.getLogger(__name__)

COMPILE_SECONDS = 600.0
"""After so long the compiling of one sweep's kernels is given up."""


class Compiler:
    """A process at a time; what it has compiled is kept, whenever it is ended.

    Args:
        function: What it calls with each sweep and the folder.
        folder: Where kernels are written.
    """

    def __init__(self, function: Callable[[str, str], None], folder: str) -> None:
        self._function = function
        self._folder = folder
        self._task: asyncio.Task[None] | None = None
        self._process: WorkerProcess | None = None
        self._is_given_up = False

    @property
    def is_busy(self) -> bool:
        """Whether something is being compiled."""
        return self._task is not None and not self._task.done()

    def begin(self, sweeps: Sequence[str]) -> None:
        """Compile what sweeps, as JSON, lack; not while another call's are."""
        self._is_given_up = False
        self._task = asyncio.create_task(self._compile(sweeps))

    async def wait(self, seconds: float | None = None) -> None:
        """Until it is done, or so many seconds have passed."""
        if self._task is not None:
            await asyncio.wait([self._task], timeout=seconds)

    async def give_up(self) -> None:
        """End the process."""
        self._is_given_up = True
        if self._process is not None:
            self._process.kill()
        await self.wait()

    async def _compile(self, sweeps: Sequence[str]) -> None:
        if self._is_given_up:
            return
        try:
            self._process = WorkerProcess()
            for sweep in sweeps:
                job = (self._function, sweep, self._folder)
                succeeded, value = await asyncio.to_thread(self._process.call, job, COMPILE_SECONDS)
                if not succeeded:
                    log.error("kernels could not be compiled; sweeps go on without", exc_info=value)
        except Exception:
            if not self._is_given_up:
                log.exception("kernels could not be compiled; sweeps go on without")
        finally:
            if self._process is not None:
                self._process.close()
                self._process = None

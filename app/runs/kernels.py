"""Compiled kernels: which there are, and the compiling of others beside everything else."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from optiscope.engine.sweep.compiled import numba_version
from optiscope.engine.sweep.job import Outlook, compile_kernels, outlooks
from optiscope.runs.service import RunService
from optiscope.runs.workers.lanes import Kind, Lane

log = logging.getLogger(__name__)


class Kernels:
    """The kernels of a folder, for sweeps.

    Args:
        service: Whose workers look for them and compile them.
        folder: Where they lie; workers write there, whoever else does.

    Attributes:
        folder: The same, as workers are told it.
    """

    def __init__(self, service: RunService, folder: Path) -> None:
        self.folder = str(folder)
        self._service = service
        self._compiling: asyncio.Task[None] | None = None

    async def outlooks(self, sweep: str) -> Sequence[Outlook]:
        """What is known of each group of a sweep: whether its kernel is there, and its work.

        Args:
            sweep: The sweep as JSON.
        """
        function: Callable[..., Any] = outlooks
        found: list[Outlook] = await self._service.compute(
            function, sweep, self.folder, lane=Lane(Kind.SWEEP)
        )
        return found

    def compile(self, sweep: str) -> None:
        """Have what a sweep lacks compiled, unless another one is being helped; nobody waits for it."""
        if numba_version() is not None and (self._compiling is None or self._compiling.done()):
            self._compiling = asyncio.create_task(self._compile(sweep))

    async def _compile(self, sweep: str) -> None:
        function: Callable[..., Any] = compile_kernels
        try:
            await self._service.compute(function, sweep, self.folder, lane=Lane(Kind.SWEEP))
        except Exception:
            log.exception("kernels could not be compiled; sweeps go on without")

    async def close(self) -> None:
        """Give up what is being compiled."""
        if self._compiling is not None:
            self._compiling.cancel()
            await asyncio.wait([self._compiling])

"""Compiled kernels: which there are, and the compiling of others beside everything else.

Those of this machine lie in one folder. On a cluster each worker keeps its own, and compiles what it lacks.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from optiscope.engine.core.words import Said, say
from optiscope.engine.sweep.compiled import numba_version
from optiscope.engine.sweep.job import Outlook, outlooks, timed_cells_at
from optiscope.runs.compiler import Compiler
from optiscope.runs.service import RunService
from optiscope.runs.workers.cluster import Cluster
from optiscope.runs.workers.cluster_sweep import job_there, outlooks_there
from optiscope.runs.workers.compiling import compile_behind_others
from optiscope.runs.workers.executor import Job
from optiscope.runs.workers.lanes import Kind, Lane


class Kernels(Protocol):
    """The kernels of those workers that train sweeps.

    Attributes:
        stacked_because: Why members are stacked that could be compiled.
    """

    stacked_because: Said

    async def ready(self) -> None:
        """Make sure that there is somebody who trains."""

    async def outlooks(self, sweep: str) -> Sequence[Outlook]:
        """What is known of each group of a sweep: whether there is a kernel for it, and its work.

        Args:
            sweep: The sweep as JSON.
        """

    def compile(self, sweep: str) -> None:
        """Have what a sweep lacks compiled for the next one, if that is done here; nobody waits for it."""

    def job(self, sweep: str, piece: tuple[int, int], outlook: Outlook) -> Job:
        """What a worker does for the cells of some positions of one group, and the seconds that they take.

        Args:
            sweep: The sweep as JSON.
            piece: The first position, and the one behind the last.
            outlook: What is known of their group.
        """

    async def close(self) -> None:
        """Give up what is being compiled."""


class KernelsHere:
    """The kernels of a folder.

    Args:
        service: Whose workers look for them.
        folder: Where they lie; workers write there, whoever else does.

    Attributes:
        folder: The same, for workers.
        stacked_because: See :class:`Kernels`.
    """

    stacked_because = say("way_not_compiled")

    def __init__(self, service: RunService, folder: Path) -> None:
        self.folder = str(folder)
        self._service = service
        self._compiler = Compiler(compile_behind_others, self.folder)

    @property
    def is_compiling(self) -> bool:
        """Whether one is being compiled."""
        return self._compiler.is_busy

    async def ready(self) -> None:
        """Nothing is missing."""

    async def outlooks(self, sweep: str) -> Sequence[Outlook]:
        """What is known of each group of a sweep: whether its kernel is there, and its work."""
        function: Callable[..., Any] = outlooks
        found: list[Outlook] = await self._service.compute(
            function, sweep, self.folder, lane=Lane(Kind.SWEEP)
        )
        return found

    def job(self, sweep: str, piece: tuple[int, int], _: Outlook) -> Job:
        """What a worker does for the cells of a piece; what has no kernel when it begins goes stacked."""
        return timed_cells_at, sweep, *piece, self.folder

    def compile(self, sweep: str) -> None:
        """Have what a sweep lacks compiled, unless another one is being helped; nobody waits for it."""
        if numba_version() is not None and not self.is_compiling:
            self._compiler.begin([sweep])

    async def close(self) -> None:
        """Give up what is being compiled."""
        await self._compiler.give_up()


class KernelsThere:
    """The kernels of a cluster, of which each worker compiles what it needs.

    Args:
        service: Whose sweeps the cluster trains.
        cluster: The cluster.
    """

    stacked_because = say("way_small")

    def __init__(self, service: RunService, cluster: Cluster) -> None:
        self._service = service
        self._cluster = cluster

    async def ready(self) -> None:
        """Connect to the scheduler, if that is not so.

        Raises:
            SchedulerError: If it cannot be used.
        """
        await asyncio.to_thread(self._cluster.connect)

    async def outlooks(self, sweep: str) -> Sequence[Outlook]:
        """What is known of each group of a sweep: whether it is worth a kernel, and its work."""
        function: Callable[..., Any] = outlooks_there
        found: list[Outlook] = await self._service.compute(function, sweep, lane=Lane(Kind.SWEEP))
        return found

    def compile(self, _: str) -> None:
        """Workers do that as they need it."""

    def job(self, sweep: str, piece: tuple[int, int], outlook: Outlook) -> Job:
        """What a worker does for the cells of a piece."""
        return job_there(sweep, piece, outlook)

    async def close(self) -> None:
        """There is nothing to give up."""

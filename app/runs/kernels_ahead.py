"""Kernels of the runs that the page suggests, compiled before anybody asks for them, while nobody waits.

A process begins once the workers have had nothing to do for some seconds, and ends at once when they are
given something; the kernels that it has finished stay. Once all are on the disk there is nothing left to do,
in this server or the next.
"""

import asyncio
import json
import logging
from collections.abc import Sequence

from optiscope.engine.advice.defaults import suggested_comparison
from optiscope.engine.recipe.problems import PROBLEMS
from optiscope.engine.sweep.compiled import numba_version
from optiscope.engine.sweep.job import planned, without_kernel
from optiscope.runs.compiler import Compiler
from optiscope.runs.kernels import KernelsHere
from optiscope.runs.service import RunService, StoppedError
from optiscope.runs.workers.compiling import compile_behind_all

log = logging.getLogger(__name__)

QUIET_SECONDS = 5.0
"""Without work for so long, a server is thought to be left alone."""

LOOK_SECONDS = 0.1
"""How often it is looked whether it still is."""


def suggested_sweeps() -> list[str]:
    """A sweep, as JSON, of the suggested comparison of each problem that is trained by a network."""
    return [_sweep_over(name) for name, info in PROBLEMS.items() if info.kind == "dataset"]


def _sweep_over(problem: str) -> str:
    runs = suggested_comparison(problem)
    axis = {"path": "/optimizer/hyperparameters/lr", "values": [0.1]}
    return json.dumps({"run": runs[0], "axes": [axis], "optimizers": [run["optimizer"] for run in runs]})


class KernelsAhead:
    """Compiles what some sweeps need whenever the workers are left alone, until it is there.

    Args:
        service: Whose workers.
        kernels: Where it is looked for.
        sweeps: As JSON, the first that are asked for first.
        quiet_seconds: For how long the workers must have had nothing to do.
    """

    def __init__(
        self,
        service: RunService,
        kernels: KernelsHere,
        sweeps: Sequence[str],
        quiet_seconds: float = QUIET_SECONDS,
    ) -> None:
        self._service = service
        self._kernels = kernels
        self._quiet_seconds = quiet_seconds
        self._compiler = Compiler(compile_behind_all, kernels.folder)
        self._task = None if numba_version() is None else asyncio.create_task(self._run(sweeps))

    @property
    def is_done(self) -> bool:
        """Whether there is nothing left to compile."""
        return self._task is None or self._task.done()

    async def _run(self, sweeps: Sequence[str]) -> None:
        try:
            await asyncio.sleep(self._quiet_seconds)  # those who came first have not asked for anything yet
            await self._quiet()
            while sweeps := [sweep for sweep in sweeps if await self._lacks(sweep)]:
                if await self._compiled(sweeps):
                    return
                await self._quiet()
        except StoppedError:
            pass
        except Exception:
            log.exception("no kernels are compiled ahead; those that sweeps lack are compiled then")

    async def _quiet(self) -> None:
        """Wait until the workers have had nothing to do for a while, and nobody waits for a kernel."""
        while self._left >= 0 or self._kernels.is_compiling:  # noqa: ASYNC110 - work comes and goes
            await asyncio.sleep(max(self._left, LOOK_SECONDS))

    @property
    def _left(self) -> float:
        return self._quiet_seconds - self._service.idle_seconds

    async def _lacks(self, sweep: str) -> bool:
        return bool(without_kernel(planned(sweep), await self._kernels.outlooks(sweep)))

    async def _compiled(self, sweeps: Sequence[str]) -> bool:
        """Whether they are done with, and were not given up for others."""
        begun = self._service.jobs
        self._compiler.begin(sweeps)
        while self._compiler.is_busy:
            await self._compiler.wait(LOOK_SECONDS)
            if self._service.jobs > begun:
                await self._compiler.give_up()
                return False
        return True

    async def close(self) -> None:
        """Give up what is being compiled."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        await self._compiler.give_up()

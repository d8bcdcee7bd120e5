"""One sweep that lasts: what is missing is trained; nobody hears of a cell before it is on the disk."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import asdict

import numpy as np

from optiscope.engine.core.words import Said, say, why
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.summary import Found
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.keeping.errors import (
    ConflictError,
    StorageError,
    StorageFullError,
    StorageLockedError,
    UnknownSweepError,
)
from optiscope.runs.keeping.run import State, to_text
from optiscope.runs.keeping.sweeps.kept_sweep import KeptSweep
from optiscope.runs.keeping.sweeps.store import SweepStore
from optiscope.runs.keeping.uninterrupted import uninterrupted
from optiscope.runs.kernels import Kernels
from optiscope.runs.service import RunService
from optiscope.runs.sweeping import Piece, SweepEnded, Trained, sweep_on

log = logging.getLogger(__name__)


class SweepTrainer:
    """Feeds what is missing of a sweep to the workers, and their cells to the database.

    A full disk holds it up and is tried again; what was trained is not trained twice.

    Args:
        sweep: One whose state is running.
        store: Where its cells go.
        service: Where its members are trained.
        kernels: Those that there are.
        retry_seconds: How often to try a full disk.
        on_change: Told whenever there is something new to see of it.
    """

    def __init__(
        self,
        sweep: KeptSweep,
        store: SweepStore,
        service: RunService,
        kernels: Kernels,
        retry_seconds: float,
        on_change: Callable[["SweepTrainer"], None],
    ) -> None:
        self.sweep = sweep
        self.stalled: Said | None = None
        self.finished = False
        self._store = store
        self._service = service
        self._kernels = kernels
        self._retry_seconds = retry_seconds
        self._on_change = on_change
        self._task = asyncio.create_task(self._train(), name=f"trainer of sweep {sweep.id}")

    async def halt(self) -> None:
        """Stop training; cells that are being written are still written."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _train(self) -> None:
        try:
            await self._train_what_is_missing()
        except (ConflictError, UnknownSweepError) as error:
            log.info("sweep %s is no longer trained: %s", self.sweep.id, error)
        except StorageError as error:
            log.exception("sweep %s is held up", self.sweep.id)
            self.stalled = error.said
        except Exception as error:
            log.exception("sweep %s is held up", self.sweep.id)
            await self._settle(say("sweep_held_up", why=why(error)))
        finally:
            self.finished = True
            self._on_change(self)

    async def _train_what_is_missing(self) -> None:
        await self._kernels.ready()
        found = Found(await in_engine_thread(Plan, self.sweep.config))
        done = await self._take_up(found)
        async with aclosing(sweep_on(self._service, self._kernels, found, done)) as events:
            async for event in events:
                if isinstance(event, Trained):
                    await self._keep(event)
                elif isinstance(event, SweepEnded):
                    await self._end(event)

    async def _take_up(self, found: Found) -> list[Piece]:
        """Add the cells that are there; their positions.

        Dropped are those of a version that had the members in another order: they are trained again.
        """
        part, done, others = 0, list[Piece](), list[int]()
        while True:
            _, stored = await self._store.cells_from(self.sweep.id, part)
            if stored is None:
                break
            part, cells, positions = stored.part + 1, stored.cells(), (stored.first, stored.last)
            if np.array_equal(cells.members, found.plan.members_at(*positions)):
                found.add(cells)
                done.append(positions)
            else:
                others.append(stored.part)
        if others:
            log.warning("sweep %s has parts of another order, which are trained again", self.sweep.id)
            self.sweep = await self._store.drop(self.sweep.serial, others)
        return done

    async def _keep(self, trained: Trained) -> None:
        """Write cells, however often the disk is full or another program holds the database."""
        while True:
            try:
                self.sweep = await uninterrupted(self._store.append(self.sweep.serial, *trained))
            except (StorageFullError, StorageLockedError) as error:
                if self.stalled is None:
                    log.warning("sweep %s is held up: %s", self.sweep.id, error)
                self.stalled = error.said
                self._on_change(self)
                await self._service.any_of(seconds=self._retry_seconds)
                if self._service.stopping:
                    raise
            else:
                self.stalled = None
                self._on_change(self)
                return

    async def _end(self, ended: SweepEnded) -> None:
        """Write down how it ended; one that the server gave up goes on when it is back."""
        if ended.reason == "completed":
            summary = [asdict(entry) for entry in ended.summary or ()]
            self.sweep = await self._store.end(self.sweep.serial, ended.said, summary)
        elif ended.reason == "failed":
            await self._settle(ended.said)

    async def _settle(self, said: Said) -> None:
        try:
            values = {"state": State.PAUSED, "detail": to_text(said)}
            self.sweep = await self._store.change(self.sweep.serial, values)
        except StorageError:
            self.stalled = said

"""How much may be kept: what is beyond it is pruned, with a note; deleted runs give back their space."""

import asyncio
import logging

from optiscope.engine.core.words import say
from optiscope.runs.keeping.changes import Changes
from optiscope.runs.keeping.errors import StorageError, StorageFullError
from optiscope.runs.keeping.store import Store
from optiscope.runs.service import RunService
from optiscope.settings import Settings

log = logging.getLogger(__name__)


class Quota:
    """The bounds of one database.

    Args:
        store: What is kept.
        service: Tidying ends when it stops.
        options: The bounds.
        changes: Whoever follows a run that is pruned is told.
    """

    def __init__(self, store: Store, service: RunService, options: Settings, changes: Changes) -> None:
        self._store = store
        self._service = service
        self._options = options
        self._changes = changes
        self._tidying: asyncio.Task[None] | None = None
        self._untidy = False

    async def require_space(self) -> None:
        """Refuse a run if those that may not be pruned fill the quota.

        Raises:
            StorageFullError: Saying what is full.
        """
        totals, options = await self._store.totals(), self._options
        kept = totals.runs - totals.prunable
        if kept >= options.max_kept_runs:
            raise StorageFullError(say("quota_of_runs_full", count=kept))
        if totals.nbytes - totals.prunable_nbytes >= options.max_kept_bytes:
            raise StorageFullError(say("quota_of_bytes_full"))

    def tidy(self) -> None:
        """Prune and free space beside everything else."""
        self._untidy = True
        if self._tidying is None or self._tidying.done():
            self._tidying = asyncio.create_task(self._tidy_up(), name="tidying runs")

    async def tidied(self) -> None:
        """Wait until there is nothing more to tidy, or the service stops."""
        if self._tidying is not None:
            await asyncio.wait([self._tidying])

    async def _tidy_up(self) -> None:
        try:
            while self._untidy:
                self._untidy = False
                await self._prune()
                while not self._service.stopping and await self._store.sweep():
                    pass
        except StorageError as error:
            log.warning("deleted runs could not be cleared away: %s", error)

    async def _prune(self) -> None:
        options = self._options
        for run in await self._store.prune(options.max_kept_runs, options.max_kept_bytes):
            log.warning("run %s (%s) was pruned: the quota of kept runs is full", run.id, run.name)
            self._changes.tell(run.id)

"""How much may be kept: what is beyond it is pruned, with a note; deleted runs give back their space."""

import logging

from optiscope.engine.core.words import say
from optiscope.runs.keeping.changes import Changes
from optiscope.runs.keeping.errors import StorageFullError
from optiscope.runs.keeping.store import Store
from optiscope.runs.keeping.tidying import Tidying
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
        self._options = options
        self._changes = changes
        self._tidying = Tidying(service, self._prune, store.sweep)

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
        self._tidying.begin()

    async def tidied(self) -> None:
        """Wait until there is nothing more to tidy, or the service stops."""
        await self._tidying.done()

    async def _prune(self) -> None:
        options = self._options
        for run in await self._store.prune(options.max_kept_runs, options.max_kept_bytes):
            log.warning("run %s (%s) was pruned: the quota of kept runs is full", run.id, run.name)
            self._changes.tell(run.id)

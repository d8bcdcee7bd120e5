"""What is beyond the quota is pruned, and the space of what was deleted is freed, beside everything else."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from optiscope.runs.keeping.errors import StorageError
from optiscope.runs.service import RunService

log = logging.getLogger(__name__)


class Tidying:
    """Tidies one kind of what is kept.

    Args:
        service: Tidying ends when it stops.
        prune: Deletes what is beyond the quota.
        clear_away: Frees some space; whether there may be more.
    """

    def __init__(
        self,
        service: RunService,
        prune: Callable[[], Awaitable[None]],
        clear_away: Callable[[], Awaitable[bool]],
    ) -> None:
        self._service = service
        self._prune = prune
        self._clear_away = clear_away
        self._task: asyncio.Task[None] | None = None
        self._is_due = False

    def begin(self) -> None:
        """Tidy from now on; what is deleted meanwhile is cleared away too."""
        self._is_due = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._tidy_up(), name="tidying")

    async def done(self) -> None:
        """Wait until there is nothing more to tidy, or the service stops."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _tidy_up(self) -> None:
        try:
            while self._is_due:
                self._is_due = False
                await self._prune()
                while not self._service.stopping and await self._clear_away():
                    pass
        except StorageError as error:
            log.warning("what was deleted could not be cleared away: %s", error)

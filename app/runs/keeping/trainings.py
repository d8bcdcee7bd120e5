"""The runs that are being trained: each has a trainer and an owner, and there may be so many of them."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from optiscope.engine.core.words import Said, say
from optiscope.runs.keeping.changes import Changes
from optiscope.runs.keeping.errors import BusyError
from optiscope.runs.keeping.run import Run, State
from optiscope.runs.keeping.store import Store
from optiscope.runs.keeping.trainer import Trainer
from optiscope.runs.service import RunService
from optiscope.settings import Settings


class Trainings:
    """The trainers of one database.

    Args:
        store: Where records go.
        service: Where chunks are trained.
        options: Limits.
        changes: Who is told of what is new.
        on_end: Called when a run is no longer trained because it has ended or cannot go on.
    """

    def __init__(
        self,
        store: Store,
        service: RunService,
        options: Settings,
        changes: Changes,
        on_end: Callable[[], None],
    ) -> None:
        self._store = store
        self._service = service
        self._options = options
        self._changes = changes
        self._on_end = on_end
        self._trainers: dict[int, Trainer] = {}
        self._owners: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._trainers)

    @property
    def held_up(self) -> list[Said]:
        """Why runs cannot go on now, one reason for each of them."""
        return [trainer.stalled for trainer in self._trainers.values() if trainer.stalled is not None]

    def require_place(self, client: str) -> None:
        """Refuse a client for whom nothing more may be trained.

        Raises:
            BusyError: Saying what is full.
        """
        active, own = len(self._trainers), Counter(self._owners.values())[client]
        if active >= self._options.max_active_runs:
            raise BusyError(say("too_many_trained", count=active))
        if own >= self._options.max_client_runs:
            raise BusyError(say("too_many_of_yours_trained", count=own))

    def start(self, run: Run, client: str) -> Run:
        """Train a run whose state is running, for a client."""
        self._owners[run.serial] = client
        self._trainers[run.serial] = Trainer(
            run, self._store, self._service, self._options.storage_retry_seconds, self._on_change
        )
        self._changes.tell(run.id)
        return run

    def adopt(self, run: Run) -> Run:
        """Let the trainer of a run, if it has one, know what was changed."""
        trainer = self._trainers.get(run.serial)
        if trainer is not None:
            trainer.run = run
        self._changes.tell(run.id)
        return self.as_it_is(run)

    async def halt(self, run: Run) -> None:
        """Stop training a run; a chunk that is being written is still written."""
        trainer = self._trainers.pop(run.serial, None)
        self._owners.pop(run.serial, None)
        if trainer is not None:
            await trainer.halt()

    async def close(self) -> None:
        """Stop training every run; each goes on when the server starts again."""
        await asyncio.gather(*(trainer.halt() for trainer in list(self._trainers.values())))

    def as_it_is(self, run: Run) -> Run:
        """A run with its place in the queue; one that is held up is paused, whatever could be written."""
        trainer = self._trainers.get(run.serial)
        if run.state is not State.RUNNING or trainer is None:
            return run
        if trainer.stalled is not None:
            return replace(run, state=State.PAUSED, said=trainer.stalled)
        return replace(run, place=trainer.place)

    def _on_change(self, trainer: Trainer) -> None:
        run = trainer.run
        if trainer.finished and trainer.stalled is None and self._trainers.get(run.serial) is trainer:
            del self._trainers[run.serial]
            self._owners.pop(run.serial, None)
            self._on_end()
        self._changes.tell(run.id)

"""Kept sweeps: create, list, follow, pause, resume, rename, export, delete."""

import asyncio
import json
import logging
import secrets
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal
from weakref import WeakValueDictionary

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import Said, say
from optiscope.engine.sweep.plan import Plan
from optiscope.runs.keeping.changes import Changes, first_found
from optiscope.runs.keeping.database import Database
from optiscope.runs.keeping.errors import (
    BusyError,
    ConflictError,
    DamagedError,
    StorageError,
    StorageFullError,
    UnknownSweepError,
)
from optiscope.runs.keeping.run import State, to_text
from optiscope.runs.keeping.sweeps.files import Format, file_of
from optiscope.runs.keeping.sweeps.kept_sweep import KeptSweep, StoredCells
from optiscope.runs.keeping.sweeps.store import NewSweep, SweepPage, SweepStore, Value
from optiscope.runs.keeping.sweeps.trainer import SweepTrainer
from optiscope.runs.keeping.tidying import Tidying
from optiscope.runs.keeping.uninterrupted import uninterrupted
from optiscope.runs.kernels import Kernels
from optiscope.runs.service import RunService
from optiscope.runs.workers.lanes import Kind, Lane
from optiscope.settings import Settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FollowEnded:
    """Why nothing more comes of a sweep, for now or for good; the summary if it is complete."""

    reason: Literal["completed", "paused", "stopped"]
    said: Said
    summary: Sequence[Mapping[str, Any]] | None = None


class KeptSweeps:
    """The sweeps of one database, and their training.

    Args:
        database: Where they are kept.
        service: Where they are trained.
        kernels: Those that there are.
        options: Limits.
    """

    def __init__(self, database: Database, service: RunService, kernels: Kernels, options: Settings) -> None:
        self._store = SweepStore(database)
        self._service = service
        self._kernels = kernels
        self._options = options
        self._changes = Changes()
        self._trainers: dict[int, SweepTrainer] = {}
        self._owners: dict[int, str] = {}
        self._tidying = Tidying(service, self._prune, self._store.clear_away)
        self._commands: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def start(self) -> None:
        """Go on with what was interrupted."""
        for sweep in await self._store.unfinished():
            if self._options.resume_runs:
                self._train(sweep, "")
            else:
                await self._set_state(sweep.serial, State.PAUSED, say("sweep_interrupted"))
        self._tidying.begin()

    async def close(self) -> None:
        """Stop all training; it goes on when the server starts again."""
        await asyncio.gather(*(trainer.halt() for trainer in list(self._trainers.values())))
        await self._tidying.done()

    # Looking

    async def get(self, id_: str) -> KeptSweep:
        """The sweep of an id.

        Raises:
            UnknownSweepError: If there is none.
            DamagedError: If what the database says of it is not what was written.
        """
        return self._as_it_is(await self._store.get(id_))

    async def page(self, *, search: str = "", before: int | None = None, limit: int = 50) -> SweepPage:
        """Sweeps, newest first, and how much is kept; see :meth:`SweepStore.page`."""
        found = await self._store.page(search, before, limit)
        return replace(found, sweeps=[self._as_it_is(sweep) for sweep in found.sweeps])

    async def follow(self, id_: str, part: int = 0) -> AsyncGenerator[StoredCells | FollowEnded]:
        """The cells of a sweep from a part on, as they become durable, and why nothing more comes."""
        change = self._changes.of(id_)
        while event := await first_found(change, self._service, self._next, id_, part):
            yield event
            if isinstance(event, FollowEnded):
                return
            part = event.part + 1
        yield FollowEnded("stopped", say("sweep_going_on_later"))

    async def export(self, id_: str, kind: Format) -> bytes:
        """The cells that there are of a sweep now, as a file.

        Raises:
            UnknownSweepError: If there is no such sweep.
            ExportError: If what writes such files is not installed.
        """
        sweep = await self._store.get(id_)
        parts: list[bytes] = []
        part = 0
        while stored := await self._stored(id_, part):
            parts.append(stored.data)
            part = stored.part + 1
        lane = Lane(Kind.VIEW)
        return await self._service.compute(file_of, sweep.config_json, parts, kind, lane=lane)

    # Commands

    async def create(
        self, plan: Plan, ways: Sequence[Mapping[str, Any]], *, name: str | None, pinned: bool, client: str
    ) -> KeptSweep:
        """Keep a sweep that was accepted, and start it.

        Raises:
            ConfigError: If it has more members than may be kept.
            BusyError: If too many are being trained.
            StorageError: If it cannot be kept.
        """
        bound = self._options.max_kept_sweep_members
        if plan.members > bound:
            said = say("sweep_kept_members", shape=list(plan.shape), value=plan.members, bound=bound)
            raise ConfigError.at("/axes", said)
        new = NewSweep(secrets.token_hex(6), name or _name(plan), plan, json.loads(json.dumps(ways)), pinned)
        return await uninterrupted(self._begun(new, client))

    async def pause(self, id_: str) -> KeptSweep:
        """Stop training a sweep; what is done stays.

        Raises:
            ConflictError: If it is not being trained.
        """
        async with self._commanding(id_) as sweep:
            _require_training(sweep)
            await self._halt(sweep.serial)
            halted = await self._store.get(id_)
            _require_training(halted)
            said = say("sweep_paused", count=halted.done, members=halted.members)
            return await self._change_halted(halted, State.PAUSED, said)

    async def resume(self, id_: str, client: str) -> KeptSweep:
        """Go on with what is missing of a paused sweep.

        Raises:
            ConflictError: If it is not paused.
            BusyError: If too many are being trained.
        """
        async with self._commanding(id_) as sweep:
            _require_paused(self._as_it_is(sweep))
            await self._halt(sweep.serial)
            self._require_place(client)
            return self._train(await self._change_halted(sweep, State.RUNNING, None), client)

    async def edit(self, id_: str, *, name: str | None, pinned: bool | None) -> KeptSweep:
        """Rename a sweep, or pin it."""
        sweep = await self._store.get(id_)
        values: dict[str, Value] = {} if name is None else {"name": name}
        values |= {} if pinned is None else {"pinned": int(pinned)}
        return self._as_it_is(await self._store.change(sweep.serial, values) if values else sweep)

    async def delete(self, id_: str) -> None:
        """Delete a sweep; who follows it is told."""
        await self._halt(await self._store.delete(id_))
        self._changes.tell(id_)
        self._tidying.begin()

    # Inside

    @asynccontextmanager
    async def _commanding(self, id_: str) -> AsyncGenerator[KeptSweep]:
        """The sweep, for one command at a time."""
        commands = self._commands.setdefault(id_, asyncio.Lock())  # held here, so that others find it
        async with commands:
            yield await self._store.get(id_)

    async def _begun(self, new: NewSweep, client: str) -> KeptSweep:
        self._require_place(client)
        await self._require_space()
        sweep = self._train(await self._store.create(new), client)
        self._tidying.begin()
        return sweep

    def _require_place(self, client: str) -> None:
        active, own = len(self._trainers), Counter(self._owners.values())[client]
        if active >= self._options.max_active_sweeps:
            raise BusyError(say("too_many_swept", count=active))
        if own >= self._options.max_client_sweeps:
            raise BusyError(say("too_many_of_yours_swept", count=own))

    async def _require_space(self) -> None:
        """Refuse a sweep if those that may not be pruned fill the quota."""
        totals, options = await self._store.totals(), self._options
        is_full = totals.sweeps - totals.prunable >= options.max_kept_sweeps
        if is_full or totals.nbytes - totals.prunable_nbytes >= options.max_kept_sweep_bytes:
            raise StorageFullError(say("quota_of_sweeps_full"))

    async def _prune(self) -> None:
        options = self._options
        for id_ in await self._store.prune(options.max_kept_sweeps, options.max_kept_sweep_bytes):
            log.warning("sweep %s was pruned: the quota of kept sweeps is full", id_)
            self._changes.tell(id_)

    def _train(self, sweep: KeptSweep, client: str) -> KeptSweep:
        self._owners[sweep.serial] = client
        self._trainers[sweep.serial] = SweepTrainer(
            sweep,
            self._store,
            self._service,
            self._kernels,
            self._options.storage_retry_seconds,
            self._on_change,
        )
        self._changes.tell(sweep.id)
        return sweep

    def _on_change(self, trainer: SweepTrainer) -> None:
        serial = trainer.sweep.serial
        if trainer.finished and trainer.stalled is None and self._trainers.get(serial) is trainer:
            del self._trainers[serial]
            self._owners.pop(serial, None)
        self._changes.tell(trainer.sweep.id)

    async def _halt(self, serial: int) -> None:
        trainer = self._trainers.pop(serial, None)
        self._owners.pop(serial, None)
        if trainer is not None:
            await trainer.halt()

    async def _change_halted(self, sweep: KeptSweep, state: State, said: Said | None) -> KeptSweep:
        """Change a sweep that was just halted; if that cannot be written, it goes on as before."""
        try:
            return await self._set_state(sweep.serial, state, said)
        except StorageError:
            if sweep.state is State.RUNNING:
                self._train(sweep, "")
            raise

    async def _set_state(self, serial: int, state: State, said: Said | None) -> KeptSweep:
        sweep = await self._store.change(serial, {"state": state, "detail": to_text(said)})
        self._changes.tell(sweep.id)
        return sweep

    def _as_it_is(self, sweep: KeptSweep) -> KeptSweep:
        """A sweep; one that is held up is paused, whatever could be written."""
        trainer = self._trainers.get(sweep.serial)
        if sweep.state is not State.RUNNING or trainer is None or trainer.stalled is None:
            return sweep
        return replace(sweep, state=State.PAUSED, said=trainer.stalled)

    async def _next(self, id_: str, part: int) -> StoredCells | FollowEnded | None:
        """What there is now for a follower who waits for a part, or None if nothing is."""
        try:
            stored = await self._stored(id_, part)
            if stored is not None:
                return stored
            sweep = await self.get(id_)
        except UnknownSweepError:
            return FollowEnded("stopped", say("sweep_deleted"))
        except StorageError as error:
            later = self._service.stopping  # the database was closed under the reader
            return FollowEnded("stopped", say("sweep_going_on_later") if later else error.said)
        if sweep.said is None:
            return None
        if sweep.state is State.PAUSED:
            return FollowEnded("paused", sweep.said)
        return FollowEnded("completed", sweep.said, sweep.summary)

    async def _stored(self, id_: str, part: int) -> StoredCells | None:
        """The cells from a part on; what is damaged of a sweep is dropped, and trained again."""
        try:
            return (await self._store.cells_from(id_, part))[1]
        except DamagedError as error:
            log.exception("cells of sweep %s are trained again: %s", id_, error.said)
            await uninterrupted(self._mended(id_))
        return (await self._store.cells_from(id_, part))[1]

    async def _mended(self, id_: str) -> None:
        async with self._commanding(id_):
            sweep = await self._store.mend(id_)
            await self._halt(sweep.serial)
            self._train(sweep, "")


async def open_kept_sweeps(
    database: Database, service: RunService, kernels: Kernels, options: Settings
) -> KeptSweeps | StorageError:
    """The sweeps of a database, going on; or why there are none: the server lives on without them."""
    kept = KeptSweeps(database, service, kernels, options)
    try:
        await kept.start()
    except StorageError as error:
        log.error("sweeps cannot be kept in %s: %s", options.data_dir, error)  # noqa: TRY400 - it says it all
        return error
    return kept


def _name(plan: Plan) -> str:
    names = dict.fromkeys(base.config.optimizer.name for base in plan.bases)
    return f"{', '.join(names)} on {plan.sweep.run.problem.name}"


def _require_training(sweep: KeptSweep) -> None:
    if sweep.state is not State.RUNNING:
        raise ConflictError(say("sweep_not_trained", why=sweep.said or say("being_trained")))


def _require_paused(sweep: KeptSweep) -> None:
    if sweep.state is not State.PAUSED:
        raise ConflictError(say("sweep_not_paused", why=sweep.said or say("being_trained")))

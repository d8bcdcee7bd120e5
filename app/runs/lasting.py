"""Runs that last: create, follow, extend, pause, resume, fork, rename, delete.

::

    command ──> one at a time for each run ──> Store (durable) ──> Trainer ──> chunks ──> Store (durable)
                                                                                             │
    followers <── records out of the database, from any step on <── told of every change <──┘

A command may carry the version of the run that it was made for; if somebody else was faster, it is refused
and nothing happens. Followers read what is on the disk, each at its own speed, and hold nothing up.
"""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakValueDictionary

from app.engine.checkpoint import Ended, Reason
from app.engine.config import RunConfig, parse_config
from app.engine.errors import ConfigError
from app.engine.forking import Restore, changed_config
from app.engine.recorder import Block
from app.runs.cache import FinishedRun
from app.runs.codec import decode_blocks
from app.runs.database import Database
from app.runs.description import describe
from app.runs.errors import BusyError, ConflictError, StorageError, StorageFullError, UnknownRunError
from app.runs.lasting_jobs import checkpoint_file, fork_at, read_upload
from app.runs.run import Run, State
from app.runs.service import RunService
from app.runs.store import NewRun, Store, Totals, Value
from app.runs.trainer import Trainer
from app.settings import Settings

log = logging.getLogger(__name__)

PRUNED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Records:
    """Some records of a run as they are in the database.

    Attributes:
        serial: Of the run.
        last: Step of the last record.
        since: The first step that was asked for; records before it are to be left out.
        data: The blocks, see :mod:`app.runs.codec`.
    """

    serial: int
    last: int
    since: int
    data: bytes

    def blocks(self) -> list[Block]:
        """The records from ``since`` on."""
        blocks = [block[max(0, self.since - block.first) :] for block in decode_blocks(self.data)]
        return [block for block in blocks if len(block)]


@dataclass(frozen=True, slots=True)
class Overview:
    """A page of runs.

    Attributes:
        runs: Newest first.
        following: What to ask the next page with; None if this is the last.
        totals: How much is kept in all.
        pruned: What the quota removed last.
    """

    runs: list[Run]
    following: int | None
    totals: Totals
    pruned: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Branch:
    """What a fork is to be.

    Attributes:
        step: Where it begins.
        changes: A merge patch of the config.
        restore: What it takes over besides the parameters.
        name: What to call it; None for the parent's name and the step.
    """

    step: int
    changes: Mapping[str, Any]
    restore: Restore
    name: str | None = None

    def origin(self, parent: str, notes: Sequence[str]) -> dict[str, Any]:
        """What is remembered of it."""
        return {
            "run": parent,
            "step": self.step,
            "changes": dict(self.changes),
            "restore": self.restore.model_dump(),
            "notes": list(notes),
        }


class _Place:
    """Where commands to one run queue up, and its followers wait."""

    def __init__(self) -> None:
        self.commands = asyncio.Lock()
        self.changed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def tell(self) -> None:
        """Wake all who wait for a change."""
        changed, self.changed = self.changed, asyncio.get_running_loop().create_future()
        changed.set_result(None)


class LastingRuns:
    """The runs of one database, and their training.

    Args:
        database: Where they are kept.
        service: Where they are trained.
        options: Limits.
    """

    def __init__(self, database: Database, service: RunService, options: Settings) -> None:
        self._database = database
        self._store = Store(database, options.max_checkpoints)
        self._service = service
        self._options = options
        self._trainers: dict[int, Trainer] = {}
        self._owners: dict[int, str] = {}
        self._places: WeakValueDictionary[str, _Place] = WeakValueDictionary()
        self._tidying: asyncio.Task[None] | None = None
        self._untidy = False

    async def start(self) -> None:
        """Go on with what was interrupted."""
        for run in await self._store.unfinished():
            if self._options.resume_runs:
                self._start(run, "")
            else:
                detail = f"interrupted after step {run.step}, when the server ended; resume goes on"
                await self._store.settle(run.serial, detail)
        self._tidy()

    async def close(self) -> None:
        """Stop all training; it goes on when the server starts again."""
        await asyncio.gather(*(trainer.halt() for trainer in list(self._trainers.values())))
        if self._tidying is not None:
            await asyncio.wait([self._tidying])
        await asyncio.to_thread(self._database.close)

    @property
    def training(self) -> int:
        """How many runs are being trained."""
        return len(self._trainers)

    # Looking

    async def get(self, id_: str) -> Run:
        """The run of an id.

        Raises:
            UnknownRunError: If there is none.
        """
        return self._as_it_is(await self._store.get(id_))

    async def page(
        self, *, search: str = "", state: State | None = None, before: int | None = None, limit: int = 50
    ) -> Overview:
        """Runs, newest first, and how much is kept; see :meth:`Store.page`."""
        found = await self._store.page(search, state, before, limit + 1)
        return Overview(
            runs=[self._as_it_is(run) for run in found[:limit]],
            following=found[limit - 1].serial if len(found) > limit else None,
            totals=await self._store.totals(),
            pruned=await self._store.pruned(PRUNED_SHOWN),
        )

    async def follow(self, id_: str, since: int) -> AsyncGenerator[Records | Ended]:
        """The records of a run from step ``since`` on, as they become durable, and its end.

        The end is that of the run, or says that it was paused or deleted or that the server stops.
        """
        place = self._place(id_)
        while not self._service.stopping:
            changed = place.changed  # taken before reading, so that no change is missed
            event = await self._coming(id_, since)
            if event is None:
                await self._service.any_of(changed)
                continue
            yield event
            if isinstance(event, Ended):
                return
            since = event.last + 1
        yield _going_on_later(since)

    async def _coming(self, id_: str, since: int) -> Records | Ended | None:
        """What there is now for a follower who waits for step ``since``, or None if nothing is."""
        try:
            run, piece = await self._store.look(id_, since)
        except UnknownRunError:
            return Ended(Reason.STOPPED, since - 1, "the run was deleted")
        except StorageError as error:
            if self._service.stopping:  # the database was closed under the reader
                return _going_on_later(since)
            return Ended(
                Reason.STOPPED, since - 1, f"the records after step {since - 1} cannot be read: {error}"
            )
        if piece is not None:
            last, data = piece
            return Records(run.serial, last, since, data)
        return self._end_of(run, since - 1)

    async def follow_all(
        self, wanted: Sequence[tuple[str, int]]
    ) -> AsyncGenerator[tuple[int, Records | Ended]]:
        """Several runs at once, each from a step on: the index of the run, and what :meth:`follow` gives."""
        streams = [self.follow(id_, since) for id_, since in wanted]
        coming = {asyncio.ensure_future(_next_of(stream)): index for index, stream in enumerate(streams)}
        try:
            while coming:
                await asyncio.wait(coming, return_when=asyncio.FIRST_COMPLETED)
                for task in [task for task in coming if task.done()]:
                    index, event = coming.pop(task), task.result()
                    if not isinstance(event, Ended):
                        coming[asyncio.ensure_future(_next_of(streams[index]))] = index
                    yield index, event
        finally:
            for task in coming:
                task.cancel()
            await asyncio.gather(*coming, return_exceptions=True)
            for stream in streams:
                await stream.aclose()

    def _end_of(self, run: Run, step: int) -> Ended | None:
        """Why nothing more is to come of a run for now, or None if something is."""
        run = self._as_it_is(run)
        if run.step > step:  # it went on after that look: those records come first
            return None
        if run.state is State.PAUSED:
            return Ended(Reason.PAUSED, run.step, run.detail)
        return run.ended

    async def recorded(self, id_: str) -> tuple[RunConfig, FinishedRun]:
        """All records that there are of a run now, for what is computed from whole runs.

        Raises:
            UnknownRunError: If there is none.
        """
        run = await self._store.get(id_)
        blocks: list[Block] = []
        since = run.first
        while since <= run.step and (found := await self._store.piece_at(run.serial, since)):
            since, blocks = found[0] + 1, blocks + decode_blocks(found[1])
        ended = run.ended or Ended(Reason.PAUSED, run.step, f"at step {run.step} so far")
        return run.config, FinishedRun(tuple(blocks), ended)

    async def checkpoint(self, id_: str, step: int) -> bytes:
        """The file of a checkpoint at any recorded step.

        Raises:
            UnknownRunError: If there is no such run.
            ConfigError: If the step is not recorded.
        """
        run = await self._store.get(id_)
        _require_step(run, step)
        before = await self._store.checkpoint_before(run.serial, step)
        return await self._service.compute(checkpoint_file, run.config_json, before, step)

    # Commands

    async def create(self, config: RunConfig, *, name: str | None, pinned: bool, client: str) -> Run:
        """Keep a run that :func:`app.runs.description.describe` has completed, and start it.

        Raises:
            BusyError: If too many are being trained.
            StorageError: If it cannot be kept.
        """
        return await self._begin(NewRun(_new_id(), name or _name(config), config, pinned), client)

    async def fork(self, id_: str, branch: Branch, client: str) -> Run:
        """A new run that begins where this one stood at a step, with changes.

        Raises:
            ConfigError: Naming what keeps it from being forked; pointers are those of the request.
            UnknownRunError, BusyError, StorageError: As elsewhere.
        """
        parent, step = await self._store.get(id_), branch.step
        _require_step(parent, step)
        config = _forked_config(parent.config, branch.changes, step)
        before = await self._store.checkpoint_before(parent.serial, step)
        with _pointing_into_changes():
            start, notes = await self._service.compute(
                fork_at, parent.config_json, before, step, config.canonical(), branch.restore
            )
        name = branch.name or f"{parent.name}, from step {step}"[: self._options.max_run_name]
        origin = branch.origin(parent.id, notes)
        return await self._begin(NewRun(_new_id(), name, config, origin=origin, start=start), client)

    async def create_from_checkpoint(self, data: bytes, *, name: str | None, client: str) -> Run:
        """A new run that goes on from a checkpoint file.

        Raises:
            CheckpointFileError: If the file is not one, or not whole.
            BusyError, StorageError: As elsewhere.
        """
        text, start = await self._service.compute(read_upload, data)
        config = RunConfig.model_validate_json(text)
        if start.last >= config.steps:
            start = replace(start, ended=_completed(start.last))
        origin = {"checkpoint": True, "step": start.first}
        name = name or f"{_name(config)}, from a file"
        return await self._begin(NewRun(_new_id(), name, config, origin=origin, start=start), client)

    async def extend(self, id_: str, steps: int, version: int | None, client: str) -> Run:
        """Add steps to a run; one that had completed goes on.

        Raises:
            ConfigError: If it would be too long.
            ConflictError: If it diverged or failed, or is in another version.
        """
        async with self._commanding(id_, version) as run:
            config = run.config.model_copy(update={"steps": run.config.steps + steps})
            config = describe(parse_config(config.canonical())).config
            if run.ended is None:
                return self._adopt(await self._store.change(id_, run.version, {}, config))
            if run.ended.reason is not Reason.COMPLETED:
                raise ConflictError(f"there is no going on: the run {run.detail}; fork it at an earlier step")
            self._require_place(client)
            again: dict[str, Value] = {"state": State.RUNNING, "detail": "", "reason": None}
            changed = await self._store.change(id_, run.version, again, config)
            return self._start(changed, client)

    async def pause(self, id_: str, version: int | None) -> Run:
        """Stop training after the last durable step.

        Raises:
            ConflictError: If it is not being trained, or is in another version.
        """
        async with self._commanding(id_, version) as run:
            if run.state is not State.RUNNING:
                raise ConflictError(f"the run is not being trained: {run.detail}")
            await self._halt(run)
            halted = await self._store.get(id_)
            if halted.state is not State.RUNNING:
                raise ConflictError(f"the run is not being trained: {halted.detail}")
            detail = f"paused after step {halted.step}"
            return await self._change_halted(halted, {"state": State.PAUSED, "detail": detail})

    async def resume(self, id_: str, version: int | None, client: str) -> Run:
        """Go on with a paused run.

        Raises:
            ConflictError: If it is not paused, or is in another version.
            BusyError: If too many are being trained.
        """
        async with self._commanding(id_, version) as run:
            if self._as_it_is(run).state is not State.PAUSED:
                detail = run.detail or "it is being trained"
                raise ConflictError(f"the run is not paused: {detail}")
            await self._halt(run)
            self._require_place(client)
            return self._start(await self._change_halted(run, {"state": State.RUNNING, "detail": ""}), client)

    async def edit(self, id_: str, version: int | None, *, name: str | None, pinned: bool | None) -> Run:
        """Rename a run, or pin it.

        Raises:
            ConflictError: If it is in another version.
        """
        values: dict[str, Value] = {}
        if name is not None:
            values["name"] = name
        if pinned is not None:
            values["pinned"] = pinned
        async with self._commanding(id_, version) as run:
            if not values:
                return self._as_it_is(run)
            return self._adopt(await self._store.change(id_, run.version, values))

    async def delete(self, id_: str, version: int | None) -> None:
        """Delete a run; who follows it is told.

        Raises:
            ConflictError: If it is in another version.
        """
        async with self._commanding(id_, version) as run:
            await self._store.delete(id_, version)
            await self._halt(run)
        self._tell(id_)
        self._tidy()

    # Inside

    @asynccontextmanager
    async def _commanding(self, id_: str, version: int | None) -> AsyncGenerator[Run]:
        """The run, for one command at a time, if it is still in the version that the command is for."""
        place = self._place(id_)  # held here: the lock must be the one that others find
        async with place.commands:
            run = await self._store.get(id_)
            run.require_version(version)
            yield run

    async def _begin(self, new: NewRun, client: str) -> Run:
        self._require_place(client)
        await self._require_space()
        run = await self._store.create(new)
        self._tidy()
        return self._start(run, client) if run.state is State.RUNNING else run

    def _start(self, run: Run, client: str) -> Run:
        self._owners[run.serial] = client
        self._trainers[run.serial] = Trainer(
            run, self._store, self._service, self._options.storage_retry_seconds, self._on_change
        )
        self._tell(run.id)
        return run

    def _adopt(self, run: Run) -> Run:
        """Let the trainer of a run know what was changed."""
        trainer = self._trainers.get(run.serial)
        if trainer is not None:
            trainer.run = run
        self._tell(run.id)
        return self._as_it_is(run)

    async def _halt(self, run: Run) -> None:
        trainer = self._trainers.pop(run.serial, None)
        self._owners.pop(run.serial, None)
        if trainer is not None:
            await trainer.halt()

    async def _change_halted(self, run: Run, values: Mapping[str, Value]) -> Run:
        """Change a run that was just halted; if that cannot be written, it goes on as before."""
        try:
            changed = await self._store.change(run.id, run.version, values)
        except StorageError:
            if run.state is State.RUNNING:
                self._start(run, "")
            raise
        self._tell(run.id)
        return changed

    def _on_change(self, trainer: Trainer) -> None:
        run = trainer.run
        if trainer.finished and trainer.stalled is None and self._trainers.get(run.serial) is trainer:
            del self._trainers[run.serial]
            self._owners.pop(run.serial, None)
            self._tidy()
        self._tell(run.id)

    def _as_it_is(self, run: Run) -> Run:
        """A run that is held up is paused, whatever could be written about it."""
        trainer = self._trainers.get(run.serial)
        if run.state is State.RUNNING and trainer is not None and trainer.stalled is not None:
            return replace(run, state=State.PAUSED, detail=trainer.stalled)
        return run

    def _place(self, id_: str) -> _Place:
        return self._places.setdefault(id_, _Place())

    def _tell(self, id_: str) -> None:
        place = self._places.get(id_)
        if place is not None:
            place.tell()

    def _require_place(self, client: str) -> None:
        active, own = len(self._trainers), Counter(self._owners.values())[client]
        if active >= self._options.max_active_runs:
            raise BusyError(f"{active} runs are being trained, as many as may be; try again in a moment")
        if own >= self._options.max_client_runs:
            raise BusyError(f"{own} runs of yours are being trained, as many as may be; pause some")

    async def _require_space(self) -> None:
        """Refuse a run if those that may not be pruned fill the quota."""
        totals, options = await self._store.totals(), self._options
        kept = totals.runs - totals.prunable
        if kept >= options.max_kept_runs:
            raise StorageFullError(f"{kept} runs are pinned or unfinished, as many as may be: delete some")
        if totals.nbytes - totals.prunable_nbytes >= options.max_kept_bytes:
            raise StorageFullError("pinned and unfinished runs take all the space there may be: delete some")

    def _tidy(self) -> None:
        """Prune and free space beside everything else."""
        self._untidy = True
        if self._tidying is None or self._tidying.done():
            self._tidying = asyncio.create_task(self._tidy_up(), name="tidying runs")

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
            self._tell(run.id)


async def open_lasting_runs(service: RunService, options: Settings) -> LastingRuns | StorageError:
    """The runs of the data directory, going on; or why there are none: the server lives on without them."""
    try:
        database = await asyncio.to_thread(Database, options.data_dir, options.storage_wait_seconds)
        lasting = LastingRuns(database, service, options)
        await lasting.start()
    except StorageError as error:
        log.error("runs cannot be kept in %s: %s", options.data_dir, error)  # noqa: TRY400 - it says it all
        return error
    return lasting


async def _next_of(stream: AsyncGenerator[Records | Ended]) -> Records | Ended:
    return await anext(stream)


def _new_id() -> str:
    return secrets.token_hex(6)


def _name(config: RunConfig) -> str:
    return f"{config.optimizer.name} on {config.problem.name}"


def _require_step(run: Run, step: int) -> None:
    if not run.first <= step <= run.step:
        raise ConfigError.at("/step", f"step must be between {run.first} and {run.step}, got {step}")


def _forked_config(config: RunConfig, changes: Mapping[str, Any], step: int) -> RunConfig:
    """The complete config of a fork at ``step``."""
    with _pointing_into_changes():
        changed = changed_config(config, changes)
        if changed.steps <= step:
            detail = f"steps must be greater than {step}, where the fork begins, got {changed.steps}"
            raise ConfigError.at("/steps", detail)
        return describe(changed).config


@contextmanager
def _pointing_into_changes() -> Iterator[None]:
    """Let errors about the config of a fork point to what the request changes in it."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(
            p if p.pointer == "/step" else p.under("/changes") for p in error.problems
        ) from error


def _going_on_later(since: int) -> Ended:
    detail = f"the server is shutting down; the run goes on from step {since} when it is back"
    return Ended(Reason.STOPPED, since - 1, detail)


def _completed(step: int) -> Ended:
    return Ended(Reason.COMPLETED, step, f"completed all {step} steps")

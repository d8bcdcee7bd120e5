"""Kept runs: create, follow, extend, pause, resume, fork, rename, delete.

::

    command ──> one at a time for each run ──> Store (durable) ──> Trainer ──> chunks ──> Store (durable)
                                                                                             │
    Following <── records out of the database, from any step on <── told by Changes <───────┘

A command may carry the version of the run that it was made for; if somebody else was faster, it is refused
and nothing happens. Trainings knows what is being trained, Quota how much may be kept.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from weakref import WeakValueDictionary

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.words import Said, say
from optiscope.engine.lens.anatomy import Anatomy
from optiscope.engine.loop.ahead import require_schedule
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.engine.loop.judging import built
from optiscope.engine.loop.refusing import parse_config
from optiscope.runs.cache import FinishedRun
from optiscope.runs.description import Description, describe
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.keeping.branching import Branch, pointing_into_changes, require_step
from optiscope.runs.keeping.changes import Changes
from optiscope.runs.keeping.database import Database
from optiscope.runs.keeping.errors import ConflictError, StorageError
from optiscope.runs.keeping.exports import Exports
from optiscope.runs.keeping.following import Following
from optiscope.runs.keeping.jobs import anatomy_at, checkpoint_file, fork_at, look_ahead, read_upload
from optiscope.runs.keeping.listing import ALL, Page, Wish
from optiscope.runs.keeping.quota import Quota
from optiscope.runs.keeping.removing import Tally
from optiscope.runs.keeping.run import Run, State, to_text
from optiscope.runs.keeping.store import NewRun, Store, Value
from optiscope.runs.keeping.trainings import Trainings
from optiscope.runs.keeping.uninterrupted import uninterrupted
from optiscope.runs.keeping.watched import WatchedRuns
from optiscope.runs.service import RunService
from optiscope.runs.workers.lanes import Kind, Lane
from optiscope.settings import Settings

log = logging.getLogger(__name__)


class KeptRuns:
    """The runs of one database, and their training.

    Args:
        database: Where they are kept.
        service: Where they are trained.
        options: Limits.

    Attributes:
        database: Where they are kept.
        following: Their records, as they come.
        exports: Their records, for files.
        watched: Those whose loop is not ours.
    """

    def __init__(self, database: Database, service: RunService, options: Settings) -> None:
        self.database = database
        self._store = Store(database, options.max_checkpoints)
        self._service = service
        self._options = options
        self._changes = Changes()
        self._quota = Quota(self._store, service, options, self._changes)
        self._trainings = Trainings(self._store, service, options, self._changes, self._quota.tidy)
        self.watched = WatchedRuns(self._store, options, self._changes, self._quota)
        self._commands: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.exports = Exports(self._store)
        self.following = Following(self._store, service, self._trainings, self._changes)

    async def start(self) -> None:
        """Go on with what was interrupted."""
        for run in await self._store.unfinished():
            if run.source is not None:
                await self.watched.give_up(run)
            elif self._options.resume_runs and run.stored_config is not None:
                self._trainings.start(run, "")
            else:
                await self._store.settle(run.serial, say("interrupted", step=run.step))
        self._quota.tidy()

    async def close(self) -> None:
        """Stop all training; it goes on when the server starts again."""
        await self.watched.close()
        await self._trainings.close()
        await self._quota.tidied()
        await asyncio.to_thread(self.database.close)

    @property
    def training(self) -> int:
        """How many runs are being trained."""
        return len(self._trainings)

    @property
    def held_up(self) -> list[Said]:
        """Why runs that are being trained cannot go on now, one reason for each of them."""
        return self._trainings.held_up

    @property
    def trouble(self) -> Said | None:
        """Why the database does not take what is written, if that was so a moment ago."""
        return self.database.trouble

    async def by_state(self) -> dict[str, Tally]:
        """How many runs are in each state, and their sizes.

        Raises:
            StorageError: If they cannot be read.
        """
        return await self._store.by_state()

    # Looking

    async def get(self, id_: str) -> Run:
        """The run of an id.

        Raises:
            UnknownRunError: If there is none.
        """
        return self._trainings.as_it_is(await self._store.get(id_))

    async def page(self, wish: Wish = ALL, *, before: int | None = None, limit: int = 50) -> Page:
        """Runs, newest first, and how much is kept; see :meth:`Store.page`."""
        found = await self._store.page(wish, before, limit)
        return replace(found, runs=[self._trainings.as_it_is(run) for run in found.runs])

    async def recorded(self, id_: str) -> tuple[RunConfig, FinishedRun]:
        """All records that there are of a run now, for what is computed from whole runs.

        Raises:
            UnknownRunError: If there is none.
        """
        run, pieces = await self._store.whole(id_)
        if run.state is State.DAMAGED:
            self._changes.tell(id_)
        blocks = [block for piece in pieces for block in piece.blocks()]
        so_far = say("so_far", step=run.step) if blocks else say("no_record_yet")
        ended = run.stopped or run.ended or Ended(Reason.PAUSED, run.step, so_far)
        return run.config, FinishedRun(tuple(blocks), ended)

    async def checkpoint(self, id_: str, step: int) -> bytes:
        """The file of a checkpoint at any recorded step.

        Raises:
            UnknownRunError: If there is no such run.
            ConfigError: If the step is not recorded.
        """
        run = await self._store.get(id_)
        require_step(run, step)
        before = await self._store.checkpoint_before(run, step)
        return await self._service.compute(checkpoint_file, run.config_json, before, step)

    async def anatomy(
        self, id_: str, step: int, parameters: Sequence[str] | None, iteration: int | None = None
    ) -> Anatomy:
        """A recorded step, phase by phase, with the updates of some parameters, or of all.

        Of an optimizer that makes inner iterations they are of one of these, the last unless it is given.

        Raises:
            UnknownRunError: If there is no such run.
            ConfigError: If the step is not recorded, or is the first record, which no step led to.
        """
        run = await self._store.get(id_)
        require_step(run, step, taken=True)
        before = await self._store.checkpoint_before(run, step - 1)
        return await self._service.compute(
            anatomy_at, run.config_json, before, step, parameters, self._options.limits, iteration
        )

    # Commands

    async def create(self, config: RunConfig, *, name: str | None, pinned: bool, client: str) -> Run:
        """Keep a run that :func:`optiscope.runs.description.describe` has completed, and start it.

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
        require_step(parent, step)
        config = await in_engine_thread(branch.config, parent.config, self._options.limits)
        before = await self._store.checkpoint_before(parent, step)
        with pointing_into_changes():
            start, notes = await self._service.compute(
                fork_at, parent.config_json, before, step, config.canonical(), branch.restore
            )
        name = branch.name or f"{parent.name}, from step {step}"[: self._options.max_run_name]
        origin = branch.origin(parent.id, notes)
        return await self._begin(NewRun(_new_id(), name, config, origin=origin, pieces=(start,)), client)

    async def create_from_checkpoint(self, data: bytes, *, name: str | None, client: str) -> Run:
        """A new run that goes on from a checkpoint file.

        Raises:
            CheckpointFileError: If the file is not one, or not whole.
            BusyError, StorageError: As elsewhere.
        """
        options, lane = self._options, Lane(Kind.IMPORT)
        seconds = options.job_seconds / 2  # so that the process ends before the worker that waits for it
        text, start = await self._service.compute(read_upload, data, options.limits, seconds, lane=lane)
        config = RunConfig.model_validate_json(text)
        origin = {"checkpoint": True, "step": start.first}
        name = name or f"{_name(config)}, from a file"
        return await self._begin(NewRun(_new_id(), name, config, origin=origin, pieces=(start,)), client)

    async def extend(self, id_: str, steps: int, version: int | None, client: str) -> Run:
        """Add steps to a run; one that had completed goes on.

        Raises:
            ConfigError: If it would be too long, for the server or for its schedule; nothing is changed then.
            ConflictError: If it diverged or failed, or is in another version.
        """
        async with self._commanding(id_, version) as run:
            config = run.config.model_copy(update={"steps": run.config.steps + steps})
            if run.ended is not None:
                _require_completed(run.ended)
            config = (await in_engine_thread(_described, config, self._options.limits)).config
            await self._look_ahead(run, config)
            return await uninterrupted(self._extended(run, config, client))

    async def pause(self, id_: str, version: int | None) -> Run:
        """Stop training after the last durable step.

        Raises:
            ConflictError: If it is not being trained, or is in another version.
        """
        async with self._commanding(id_, version) as run:
            _ = run.config_json  # a loop that is not ours is not halted
            _require_training(run)
            await self._trainings.halt(run)
            halted = await self._store.get(id_)
            _require_training(halted)
            said = say("paused", step=halted.step) if halted.step >= 0 else say("paused_before_start")
            return await self._change_halted(halted, {"state": State.PAUSED, "detail": to_text(said)})

    async def resume(self, id_: str, version: int | None, client: str) -> Run:
        """Go on with a paused run, or with a damaged one from its last whole checkpoint.

        Raises:
            ConfigError: If what it is made of is not there any more, or is refused now; it stays as it is.
            ConflictError: If it is not paused, or is in another version.
            BusyError: If too many are being trained.
        """
        async with self._commanding(id_, version) as run:
            if run.ended is not None and run.ended.reason is Reason.FAILED:
                _require_completed(run.ended)
            if self._trainings.as_it_is(run).state not in {State.PAUSED, State.DAMAGED}:
                raise ConflictError(say("not_paused", why=run.said or say("being_trained")))
            await in_engine_thread(built, run.config, UNLIMITED)
            await self._trainings.halt(run)
            self._trainings.require_place(client)
            resumed = await self._change_halted(run, {"state": State.RUNNING, "detail": to_text(None)})
            return self._trainings.start(resumed, client)

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
                return self._trainings.as_it_is(run)
            return self._trainings.adopt(await self._store.change(id_, run.version, values))

    async def delete(self, id_: str, version: int | None) -> None:
        """Delete a run; who follows it is told.

        Raises:
            ConflictError: If it is in another version.
        """
        async with self._commanding(id_, version) as run:
            await self._store.delete(id_, version)
            await self._trainings.halt(run)
        self._changes.tell(id_)
        self._quota.tidy()

    # Inside

    async def _extended(self, run: Run, config: RunConfig, client: str) -> Run:
        if run.ended is None and run.state is not State.DAMAGED:
            return self._trainings.adopt(await self._store.change(run.id, run.version, {}, config))
        self._trainings.require_place(client)
        again: dict[str, Value] = {"state": State.RUNNING, "detail": to_text(None), "reason": None}
        return self._trainings.start(await self._store.change(run.id, run.version, again, config), client)

    async def _look_ahead(self, run: Run, config: RunConfig) -> None:
        require_schedule(config, run.config.steps)
        if config.lr_scheduler is not None:
            before = await self._store.checkpoint_before(run, run.step)
            most = self._options.limits.max_linted_steps
            await self._service.compute(look_ahead, config.canonical(), before, most)

    @asynccontextmanager
    async def _commanding(self, id_: str, version: int | None) -> AsyncGenerator[Run]:
        """The run, for one command at a time, if it is still in the version that the command is for."""
        commands = self._commands.setdefault(id_, asyncio.Lock())  # held here, so that others find it
        async with commands:
            run = await self._store.get(id_)
            run.require_version(version)
            yield run

    async def _begin(self, new: NewRun, client: str) -> Run:
        return await uninterrupted(self._begun(new, client))

    async def _begun(self, new: NewRun, client: str) -> Run:
        self._trainings.require_place(client)
        await self._quota.require_space()
        run = await self._store.create(new)
        self._quota.tidy()
        return self._trainings.start(run, client) if run.state is State.RUNNING else run

    async def _change_halted(self, run: Run, values: Mapping[str, Value]) -> Run:
        """Change a run that was just halted; if that cannot be written, it goes on as before."""
        try:
            changed = await self._store.change(run.id, run.version, values)
        except StorageError:
            if run.state is State.RUNNING:
                self._trainings.start(run, "")
            raise
        self._changes.tell(run.id)
        return changed


async def open_kept_runs(service: RunService, options: Settings) -> KeptRuns | StorageError:
    """The runs of the data directory, going on; or why there are none: the server lives on without them."""
    try:
        database = await asyncio.to_thread(Database, options.data_dir, options.storage_wait_seconds)
        kept = KeptRuns(database, service, options)
        await kept.start()
    except StorageError as error:
        log.error("runs cannot be kept in %s: %s", options.data_dir, error)  # noqa: TRY400 - it says it all
        return error
    return kept


def _new_id() -> str:
    return secrets.token_hex(6)


def _name(config: RunConfig) -> str:
    return f"{config.optimizer.name} on {config.problem.name}"


def _described(config: RunConfig, limits: Limits) -> Description:
    return describe(parse_config(config.canonical(), limits), limits)


def _require_completed(ended: Ended) -> None:
    if ended.reason is Reason.FAILED:
        raise ConflictError(say("fork_to_mend", end=ended.said, step=ended.step))
    if ended.reason is not Reason.COMPLETED:
        raise ConflictError(say("no_going_on", end=ended.said))


def _require_training(run: Run) -> None:
    if run.state is not State.RUNNING and run.said is not None:
        raise ConflictError(say("not_being_trained", why=run.said))

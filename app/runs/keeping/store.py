"""What is kept of runs: every query there is, each with its meaning.

A run is append-only: ``append`` adds the records behind the last one and nothing else, and only to a run
that is being trained and stands where the records begin. So no step is kept twice, whoever asks.
"""

import json
import logging
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.runs.keeping.damage import Prefix, damage_of, name_damaged, named, take_up, with_its_ends
from optiscope.runs.keeping.database import Database
from optiscope.runs.keeping.errors import (
    ConflictError,
    DamagedError,
    NoCheckpointError,
    StorageError,
    UnknownRunError,
)
from optiscope.runs.keeping.listing import Page, Wish, page_of
from optiscope.runs.keeping.pieces import Piece, keep, replace, thin_checkpoints
from optiscope.runs.keeping.reading import StoredPiece, checkpoint_before, piece_at, run_of, runs_where
from optiscope.runs.keeping.removing import Tally, Totals, by_state, prune, remove, sweep, totals
from optiscope.runs.keeping.run import Run, State, to_text
from optiscope.runs.keeping.seals import resealed, seal_run

log = logging.getLogger(__name__)

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run that is not in the database yet.

    Attributes:
        id: The name in addresses.
        name: What a person calls it.
        config: What is trained; None for a watched run.
        pinned: Whether it is kept whatever the quota says.
        origin: Where it was forked from.
        pieces: Its first records, of a fork or of a run that was watched.
        source: Where a watched run comes from.
    """

    id: str
    name: str
    config: RunConfig | None
    pinned: bool = False
    origin: Mapping[str, Any] | None = None
    pieces: Sequence[Piece] = ()
    source: Mapping[str, Any] | None = None


def about(name: str, config: RunConfig | None) -> str:
    """What a search looks through."""
    parts = [name]
    if config is not None:
        parts += [config.problem.name, config.optimizer.name]
        parts += [config.lr_scheduler.name] if config.lr_scheduler else []
    return "\n".join(parts).lower()


class Store:
    """The runs of one database.

    Args:
        database: Where they are.
        max_checkpoints: Checkpoints kept of one run; old ones are thinned out beyond it.
    """

    def __init__(self, database: Database, max_checkpoints: int) -> None:
        self._database = database
        self._max_checkpoints = max_checkpoints

    async def create(self, new: NewRun) -> Run:
        """Keep a new run. It is running, or has ended if its start says so."""
        return await self._database.write(lambda db: _create(db, new))

    async def get(self, id_: str) -> Run:
        """The run of an id.

        Raises:
            UnknownRunError: If there is none.
        """
        run = await self._database.read(lambda db: run_of(db, id_))
        return await self.judge(id_) if run.row_damaged else run

    async def page(self, wish: Wish, before: int | None, limit: int) -> Page:
        """Runs, newest first, and how much is kept in all.

        Args:
            wish: Which runs.
            before: Only runs whose serial is smaller.
            limit: How many at most.
        """
        return await self._database.read(lambda db: page_of(db, wish, before, limit))

    async def unfinished(self) -> list[Run]:
        """Every run that is to be trained."""
        return await self._database.read(lambda db: list(runs_where(db, "state = ?", (State.RUNNING,)))[::-1])

    async def totals(self) -> Totals:
        """How much is kept."""
        return await self._database.read(totals)

    async def by_state(self) -> dict[str, Tally]:
        """How many runs are in each state, and their sizes."""
        return await self._database.read(by_state)

    async def append(self, serial: int, piece: Piece) -> Run:
        """Add records behind the last one; they are durable when this returns.

        Raises:
            ConflictError: If the run is no longer trained, or does not stand where the records begin.
            UnknownRunError: If the run was deleted.
        """
        return await self._database.write(lambda db: _append(db, serial, piece, self._max_checkpoints))

    async def change(
        self, id_: str, version: int, columns: Mapping[str, Value], config: RunConfig | None = None
    ) -> Run:
        """Change a run for a person, which makes its next version.

        Args:
            id_: Which run.
            version: The version that it must be in.
            columns: New values by column.
            config: A new config.

        Raises:
            ConflictError: If it is not in ``version`` any more.
            UnknownRunError: If there is none.
        """
        return await self._database.write(lambda db: _change(db, id_, version, config, columns))

    async def settle(self, serial: int, said: Said) -> None:
        """Pause a run that cannot go on, with the reason; no version of a person's."""
        query = "UPDATE runs SET state = ?, detail = ?, updated = ? WHERE serial = ? AND state = ?"
        values = (State.PAUSED, to_text(said), time.time(), serial, State.RUNNING)
        await self._database.write(lambda db: _changed(db, serial, query, values))

    async def reopen(self, run: Run) -> Run:
        """Let a watched run go on that had ended, since more of it has come."""
        query = "UPDATE runs SET state = ?, detail = '', reason = NULL, updated = ? WHERE serial = ?"
        values = (State.RUNNING, time.time(), run.serial)

        def reopened(db: sqlite3.Connection) -> Run:
            _changed(db, run.serial, query, values)
            return run_of(db, run.id)

        return await self._database.write(reopened)

    async def replace(self, serial: int, pieces: Sequence[Piece]) -> None:
        """Put other pieces in the place of those that hold the same steps of a run."""
        await self._database.write(lambda db: replace(db, serial, pieces), frees=True)

    async def piece_at(self, run: Run, step: int) -> StoredPiece | None:
        """The records that hold ``step``; None if the run has not come there.

        Raises:
            DamagedError: If they are not what was written; see :meth:`judge`.
        """
        return await self._database.read(lambda db: piece_at(db, run, step))

    async def whole(self, id_: str) -> tuple[Run, list[StoredPiece]]:
        """A run, and its records up to the last whole one; one that is found damaged is named so.

        Raises:
            UnknownRunError: If there is none.
        """
        run = await self.get(id_)
        found: list[StoredPiece] = []
        try:
            while piece := await self.piece_at(run, found[-1].last + 1 if found else run.first):
                found.append(piece)
        except DamagedError:
            run = await self.judge(id_)
        return run, found

    async def look(self, id_: str, step: int) -> tuple[Run, StoredPiece | None]:
        """A run, and the records of it that hold ``step``, see :meth:`piece_at`.

        Raises:
            UnknownRunError: If there is none.
            DamagedError: If the row or the records are not what was written.
        """

        def both(db: sqlite3.Connection) -> tuple[Run, StoredPiece | None]:
            run = run_of(db, id_)
            if run.row_damaged:
                raise DamagedError(say("row_unread"))
            return run, piece_at(db, run, step)

        return await self._database.read(both)

    async def checkpoint_before(self, run: Run, step: int) -> bytes | None:
        """The last whole checkpoint at or before ``step``; None if the run has to begin anew.

        Raises:
            NoCheckpointError: If there is none, and it did not begin at step 0.
        """
        found = await self._database.read(lambda db: checkpoint_before(db, run.serial, step))
        if found is None and run.first > 0:
            raise NoCheckpointError(say("no_checkpoint_left", step=step))
        return found and found[1]

    async def take_up(self, run: Run) -> tuple[Run, bytes | None]:
        """Take a run back to its last whole checkpoint, if it is not there; the run then, and the checkpoint.

        Raises:
            NoCheckpointError: If there is none, and it did not begin at step 0.
            DamagedError: If its records up to there are damaged.
        """

        def taken(db: sqlite3.Connection) -> tuple[Run, bytes | None]:
            checkpoint = take_up(db, run)
            return run_of(db, run.id), checkpoint

        return await self._database.write(taken)

    async def judge(self, id_: str) -> Run:
        """Look at all that is stored of a run; if it is damaged it is named so, and ends where it is whole.

        Raises:
            UnknownRunError: If there is none.
        """
        run = await self._database.read(lambda db: with_its_ends(db, run_of(db, id_)))
        prefix = await self._prefix(run)
        said = damage_of(run, prefix.step)
        if said is None:
            return run
        log.error("run %s (%s) is damaged: %s", run.id, run.name, said)
        try:
            await self._database.write(lambda db: name_damaged(db, run, prefix, said))
        except StorageError as error:
            log.warning("that run %s is damaged could not be written down: %s", run.id, error)
        return named(run, prefix, said)

    async def _prefix(self, run: Run) -> Prefix:
        """The records of a run up to which all are whole."""
        prefix = Prefix(run.first - 1, None)
        try:
            while piece := await self.piece_at(run, prefix.step + 1):
                prefix = prefix.grown(piece)
        except DamagedError:
            pass
        return prefix

    async def delete(self, id_: str, version: int | None) -> Run:
        """Delete a run; its records follow by :meth:`sweep`.

        Raises:
            ConflictError: If ``version`` is given and it is in another.
            UnknownRunError: If there is none.
        """
        return await self._database.write(lambda db: _delete(db, id_, version), frees=True)

    async def prune(self, max_runs: int, max_bytes: int) -> list[Run]:
        """Delete the runs that were not touched for the longest time, beyond the quota, and note that.

        Only ended runs that nobody pinned are counted and deleted.
        """
        return await self._database.write(lambda db: prune(db, max_runs, max_bytes), frees=True)

    async def sweep(self) -> bool:
        """Free some of the space of deleted runs; whether there may be more."""
        return await self._database.write(sweep, frees=True)


def _create(db: sqlite3.Connection, new: NewRun) -> Run:
    now = time.time()
    first = new.pieces[0].first if new.pieces else 0
    serial = db.execute(
        "INSERT INTO runs (id, name, config, steps, source, about, state, detail, created, updated, pinned, "
        "first, step, origin) VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?)",
        (
            new.id,
            new.name,
            new.config and new.config.canonical(),
            new.config and new.config.steps,
            new.source and json.dumps(new.source),
            about(new.name, new.config),
            State.RUNNING,
            now,
            now,
            new.pinned,
            first,
            first - 1,
            new.origin and json.dumps(new.origin),
        ),
    ).lastrowid
    assert serial is not None  # noqa: S101 - an INSERT that did not raise has one
    seal_run(db, serial)
    for piece in new.pieces:
        _append(db, serial, piece, 1)
    return run_of(db, new.id)


def _append(db: sqlite3.Connection, serial: int, piece: Piece, max_checkpoints: int) -> Run:
    row = db.execute("SELECT * FROM runs WHERE serial = ?", (serial,)).fetchone()
    if row is None:
        raise UnknownRunError(str(serial))
    run = Run.of_row(row)
    if run.state is not State.RUNNING or run.step != piece.first - 1:
        raise ConflictError(say("run_elsewhere"))
    keep(db, serial, piece)
    freed = 0 if piece.checkpoint is None else thin_checkpoints(db, serial, max_checkpoints)
    ended = _ended_now(piece.ended, run.steps)
    db.execute(
        "UPDATE runs SET step = ?, bytes = bytes + ?, result = ?, updated = ?, state = ?, reason = ?, "
        "detail = ? WHERE serial = ?",
        (
            piece.last,
            piece.nbytes - freed,
            json.dumps(piece.result),
            time.time(),
            State.ENDED if ended else State.RUNNING,
            ended and ended.reason,
            to_text(ended.said if ended else None),
            serial,
        ),
    )
    seal_run(db, serial, config=False)
    return run_of(db, run.id)


def _ended_now(ended: Ended | None, steps: int | None) -> Ended | None:
    """The end, unless the run was extended while its last steps were under way."""
    if ended is not None and ended.reason is Reason.COMPLETED and ended.step < (steps or 0):
        return None
    return ended


def _change(
    db: sqlite3.Connection,
    id_: str,
    version: int,
    config: RunConfig | None,
    columns: Mapping[str, Value],
) -> Run:
    run = run_of(db, id_)
    run.require_version(version)
    values = dict(columns)
    if config is not None:
        values |= {"config": config.canonical(), "steps": config.steps}
    if "name" in values:
        known = config or (run.config if run.stored_config is not None else None)
        values["about"] = about(str(values["name"]), known)
    values |= {"version": version + 1, "updated": time.time()}
    assignments = ", ".join(f"{column} = ?" for column in values)
    query = f"UPDATE runs SET {assignments} WHERE serial = ?"  # noqa: S608 - the columns are ours
    with resealed(db, run.serial):
        db.execute(query, (*values.values(), run.serial))
    return run_of(db, id_)


def _changed(db: sqlite3.Connection, serial: int, query: str, values: Sequence[Value]) -> None:
    with resealed(db, serial):
        db.execute(query, values)


def _delete(db: sqlite3.Connection, id_: str, version: int | None) -> Run:
    run = run_of(db, id_)
    run.require_version(version)
    remove(db, [run])
    return run

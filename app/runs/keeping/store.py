"""What is kept of runs: every query there is, each with its meaning.

A run is append-only: ``append`` adds the records behind the last one and nothing else, and only to a run
that is being trained and stands where the records begin. So no step is kept twice, whoever asks.
"""

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.runs.keeping.database import Database
from optiscope.runs.keeping.errors import ConflictError, UnknownRunError
from optiscope.runs.keeping.removing import Tally, Totals, by_state, prune, remove, sweep, totals
from optiscope.runs.keeping.run import Run, State, kept_words, to_text

Row = sqlite3.Row
Value = str | int | float | None

_PRUNED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Piece:
    """Records that are kept together, as :mod:`optiscope.runs.keeping.codec` writes them.

    Attributes:
        first, last: Their steps.
        data: The blocks.
        result: The losses of the run up to here, see :class:`~optiscope.runs.keeping.run.Run`.
        checkpoint: Where the run stands behind them; None where it diverged or failed.
        ended: The end of the run, if it has come to it.
    """

    first: int
    last: int
    data: bytes
    result: Mapping[str, Any] | None
    checkpoint: bytes | None
    ended: Ended | None

    @property
    def nbytes(self) -> int:
        """What it adds to the database."""
        return len(self.data) + len(self.checkpoint or b"")


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run that is not in the database yet; ``start`` holds the first records of a fork."""

    id: str
    name: str
    config: RunConfig
    pinned: bool = False
    origin: Mapping[str, Any] | None = None
    start: Piece | None = None


@dataclass(frozen=True, slots=True)
class Pruned:
    """A run that the quota removed: when (seconds since 1970, UTC) and why."""

    id: str
    name: str
    at: float
    said: Said


@dataclass(frozen=True, slots=True)
class Page:
    """A page of runs.

    Attributes:
        runs: Newest first.
        following: What to ask the next page with; None if this is the last.
        totals: How much is kept in all.
        pruned: What the quota removed last, newest first.
    """

    runs: Sequence[Run]
    following: int | None
    totals: Totals
    pruned: Sequence[Pruned]


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
        return await self._database.read(lambda db: _run(db, id_))

    async def page(self, search: str, state: State | None, before: int | None, limit: int) -> Page:
        """Runs, newest first, and how much is kept in all.

        Args:
            search: Words that must all occur in its name, problem, optimizer or scheduler.
            state: Only runs in this state.
            before: Only runs whose serial is smaller.
            limit: How many at most.
        """
        return await self._database.read(lambda db: _page(db, search, state, before, limit))

    async def unfinished(self) -> list[Run]:
        """Every run that is to be trained."""
        return await self._database.read(
            lambda db: [
                Run.of_row(row)
                for row in db.execute("SELECT * FROM runs WHERE state = ? ORDER BY serial", (State.RUNNING,))
            ]
        )

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
        await self._database.write(lambda db: db.execute(query, values).rowcount)

    async def piece_at(self, serial: int, step: int) -> tuple[int, bytes] | None:
        """The records that hold ``step``: their last step and their bytes; None if there are none yet."""
        return await self._database.read(lambda db: _piece_at(db, serial, step))

    async def look(self, id_: str, step: int) -> tuple[Run, tuple[int, bytes] | None]:
        """A run, and the records of it that hold ``step``, see :meth:`piece_at`.

        Raises:
            UnknownRunError: If there is none.
        """

        def both(db: sqlite3.Connection) -> tuple[Run, tuple[int, bytes] | None]:
            run = _run(db, id_)
            return run, _piece_at(db, run.serial, step)

        return await self._database.read(both)

    async def checkpoint_before(self, serial: int, step: int) -> bytes | None:
        """The last checkpoint at or before ``step``; None if the run has to begin anew."""
        query = "SELECT data FROM checkpoints WHERE run = ? AND step <= ? ORDER BY step DESC LIMIT 1"
        row: Row | None = await self._database.read(lambda db: db.execute(query, (serial, step)).fetchone())
        return None if row is None else row["data"]

    async def delete(self, id_: str, version: int | None) -> Run:
        """Delete a run; its records follow by :meth:`sweep`.

        Raises:
            ConflictError: If ``version`` is given and it is in another.
            UnknownRunError: If there is none.
        """
        return await self._database.write(lambda db: _delete(db, id_, version))

    async def prune(self, max_runs: int, max_bytes: int) -> list[Run]:
        """Delete the runs that were not touched for the longest time, beyond the quota, and note that.

        Only ended runs that nobody pinned are counted and deleted.
        """
        return await self._database.write(lambda db: prune(db, max_runs, max_bytes))

    async def sweep(self) -> bool:
        """Free some of the space of deleted runs; whether there may be more."""
        return await self._database.write(sweep)


def _run(db: sqlite3.Connection, id_: str) -> Run:
    row = db.execute("SELECT * FROM runs WHERE id = ?", (id_,)).fetchone()
    if row is None:
        raise UnknownRunError(id_)
    return Run.of_row(row)


def _piece_at(db: sqlite3.Connection, serial: int, step: int) -> tuple[int, bytes] | None:
    query = "SELECT last, data FROM blocks WHERE run = ? AND last >= ? ORDER BY last LIMIT 1"
    row = db.execute(query, (serial, step)).fetchone()
    return None if row is None else (row["last"], row["data"])


def _create(db: sqlite3.Connection, new: NewRun) -> Run:
    now = time.time()
    start = new.start
    first = start.first if start else 0
    serial = db.execute(
        "INSERT INTO runs (id, name, config, steps, about, state, detail, created, updated, pinned, first, "
        "step, origin) VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?)",
        (
            new.id,
            new.name,
            new.config.canonical(),
            new.config.steps,
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
    if start is not None:
        _append(db, serial, start, 1)
    return _run(db, new.id)


def _page(db: sqlite3.Connection, search: str, state: State | None, before: int | None, limit: int) -> Page:
    found = _found(db, search, state, before, limit + 1)
    return Page(
        runs=found[:limit],
        following=found[limit - 1].serial if len(found) > limit else None,
        totals=totals(db),
        pruned=_pruned(db),
    )


def _found(
    db: sqlite3.Connection, search: str, state: State | None, before: int | None, limit: int
) -> list[Run]:
    conditions = ["TRUE"]
    values: list[Any] = []
    for word in search.lower().split():
        conditions.append("instr(about, ?) > 0")
        values.append(word)
    if state is not None:
        conditions.append("state = ?")
        values.append(state)
    if before is not None:
        conditions.append("serial < ?")
        values.append(before)
    where = " AND ".join(conditions)
    query = f"SELECT * FROM runs WHERE {where} ORDER BY serial DESC LIMIT ?"  # noqa: S608 - fixed texts only
    return [Run.of_row(row) for row in db.execute(query, (*values, limit))]


def _pruned(db: sqlite3.Connection) -> list[Pruned]:
    query = "SELECT * FROM pruned ORDER BY at DESC LIMIT ?"
    return [
        Pruned(row["id"], row["name"], row["at"], kept_words(row["detail"]))
        for row in db.execute(query, (_PRUNED_SHOWN,))
    ]


def _append(db: sqlite3.Connection, serial: int, piece: Piece, max_checkpoints: int) -> Run:
    row = db.execute("SELECT * FROM runs WHERE serial = ?", (serial,)).fetchone()
    if row is None:
        raise UnknownRunError(str(serial))
    if row["state"] != State.RUNNING or row["step"] != piece.first - 1:
        raise ConflictError(say("run_elsewhere"))
    if piece.data:
        db.execute("INSERT INTO blocks VALUES (?, ?, ?, ?)", (serial, piece.first, piece.last, piece.data))
    freed = 0
    if piece.checkpoint is not None:
        db.execute("INSERT INTO checkpoints VALUES (?, ?, ?)", (serial, piece.last, piece.checkpoint))
        freed = _thin(db, serial, max_checkpoints)
    ended = _ended_now(piece.ended, row["steps"])
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
    return _run(db, row["id"])


def _ended_now(ended: Ended | None, steps: int) -> Ended | None:
    """The end, unless the run was extended while its last steps were under way."""
    if ended is not None and ended.reason is Reason.COMPLETED and ended.step < steps:
        return None
    return ended


def _thin(db: sqlite3.Connection, serial: int, most: int) -> int:
    """Drop checkpoints that lie close together, once there are more than ``most``; the bytes freed.

    What is left lies evenly over the run, so that any step is reached by replaying about
    ``2 * step / most`` steps from the checkpoint before it. The first and the last one stay.
    """
    query = "SELECT step, length(data) AS size FROM checkpoints WHERE run = ? ORDER BY step"
    *kept, last = db.execute(query, (serial,)).fetchall()
    if len(kept) < most:
        return 0
    gap = 2 * (last["step"] - kept[0]["step"]) / most
    here = kept[0]["step"]
    freed = 0
    for row in kept[1:]:
        if row["step"] - here >= gap:
            here = row["step"]
        else:
            db.execute("DELETE FROM checkpoints WHERE run = ? AND step = ?", (serial, row["step"]))
            freed += row["size"]
    return freed


def _change(
    db: sqlite3.Connection,
    id_: str,
    version: int,
    config: RunConfig | None,
    columns: Mapping[str, Value],
) -> Run:
    run = _run(db, id_)
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
    db.execute(query, (*values.values(), run.serial))
    return _run(db, id_)


def _delete(db: sqlite3.Connection, id_: str, version: int | None) -> Run:
    run = _run(db, id_)
    run.require_version(version)
    remove(db, [run])
    return run

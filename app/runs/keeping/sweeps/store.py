"""What is kept of sweeps: every query there is, each with its meaning.

Cells come in parts, in any order of positions, each position once. So a sweep that was interrupted goes on
with the positions that are missing, and so does one of which some cells are damaged: these are dropped.
"""

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from optiscope.engine.core.words import Said, say
from optiscope.engine.sweep.cells import Cells
from optiscope.engine.sweep.plan import Plan
from optiscope.runs.keeping.database import Database
from optiscope.runs.keeping.errors import ConflictError, DamagedError, UnknownSweepError
from optiscope.runs.keeping.listing import matching
from optiscope.runs.keeping.removing import sweep as clear_away
from optiscope.runs.keeping.run import State, to_text
from optiscope.runs.keeping.seals import cells_seal, row_seal
from optiscope.runs.keeping.sweeps.codec import DamagedCellsError, encode_cells
from optiscope.runs.keeping.sweeps.kept_sweep import KeptSweep, StoredCells

Value = str | int | None


@dataclass(frozen=True, slots=True)
class NewSweep:
    """A sweep that is not in the database yet; ``ways`` are those of the wire."""

    id: str
    name: str
    plan: Plan
    ways: Sequence[Mapping[str, Any]]
    pinned: bool


@dataclass(frozen=True, slots=True)
class SweepTotals:
    """How much is kept: all sweeps, those that the quota may prune, and their sizes in bytes."""

    sweeps: int
    nbytes: int
    prunable: int
    prunable_nbytes: int


@dataclass(frozen=True, slots=True)
class SweepPage:
    """A page of sweeps.

    Attributes:
        sweeps: Newest first.
        following: What to ask the next page with; None if this is the last.
        totals: How much is kept in all.
    """

    sweeps: Sequence[KeptSweep]
    following: int | None
    totals: SweepTotals


class SweepStore:
    """The sweeps of one database.

    Args:
        database: Where they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, new: NewSweep) -> KeptSweep:
        """Keep a new sweep; it is running."""
        return await self._database.write(lambda db: _create(db, new))

    async def get(self, id_: str) -> KeptSweep:
        """The sweep of an id.

        Raises:
            UnknownSweepError: If there is none.
            DamagedError: If its row is not what was written.
        """
        return await self._database.read(lambda db: sweep_of(db, id_))

    async def page(self, search: str, before: int | None, limit: int) -> SweepPage:
        """Sweeps, newest first; damaged rows are left out.

        Args:
            search: Words that must all occur in its name, problem, optimizers or axes.
            before: Only sweeps whose serial is smaller.
            limit: How many at most.
        """
        return await self._database.read(lambda db: _page(db, search, before, limit))

    async def unfinished(self) -> list[KeptSweep]:
        """Every sweep that is to be trained."""
        return await self._database.read(lambda db: list(_sweeps(db, "state = ?", (State.RUNNING,)))[::-1])

    async def totals(self) -> SweepTotals:
        """How much is kept."""
        return await self._database.read(_totals)

    async def cells_from(self, id_: str, part: int) -> tuple[KeptSweep, StoredCells | None]:
        """A sweep, and its first cells from a part on, if there are any.

        Raises:
            UnknownSweepError: If there is no such sweep.
            DamagedError: If the row or the cells are not what was written.
        """
        return await self._database.read(lambda db: (sweep_of(db, id_), cells_from(db, id_, part)))

    async def append(self, serial: int, first: int, last: int, cells: Cells) -> KeptSweep:
        """Add the cells of some positions; they are durable when this returns.

        Raises:
            ConflictError: If the sweep is no longer trained.
            UnknownSweepError: If it was deleted.
        """
        return await self._database.write(lambda db: _append(db, serial, first, last, encode_cells(cells)))

    async def end(self, serial: int, said: Said, summary: Sequence[Mapping[str, Any]]) -> KeptSweep:
        """All members are done."""
        values: dict[str, Value] = {
            "state": State.ENDED,
            "detail": to_text(said),
            "summary": json.dumps(summary),
        }
        return await self._database.write(lambda db: _change(db, serial, values))

    async def change(self, serial: int, values: Mapping[str, Value]) -> KeptSweep:
        """Other values of some columns."""
        return await self._database.write(lambda db: _change(db, serial, values))

    async def mend(self, id_: str) -> KeptSweep:
        """Drop cells that are not what was written; if there are any, the sweep is to be trained again."""
        return await self._database.write(lambda db: _mend(db, id_))

    async def drop(self, serial: int, parts: Sequence[int]) -> KeptSweep:
        """Drop cells that are to be trained again."""
        return await self._database.write(lambda db: _drop(db, serial, parts))

    async def delete(self, id_: str) -> int:
        """Delete a sweep, whose serial is given back; its cells follow by :meth:`clear_away`.

        Raises:
            UnknownSweepError: If there is none.
        """
        return await self._database.write(lambda db: _delete(db, id_), frees=True)

    async def prune(self, most: int, max_bytes: int) -> list[str]:
        """Delete the ended sweeps beyond the quota that nobody pinned, the oldest first; their ids."""
        return await self._database.write(lambda db: _prune(db, most, max_bytes), frees=True)

    async def clear_away(self) -> bool:
        """Free some of the space of deleted sweeps; whether there may be more."""
        return await self._database.write(clear_away, frees=True)


def sweep_of(db: sqlite3.Connection, id_: str) -> KeptSweep:
    """The sweep of an id, see :meth:`SweepStore.get`."""
    row = db.execute("SELECT * FROM sweeps WHERE id = ?", (id_,)).fetchone()
    if row is None:
        raise UnknownSweepError(id_)
    return KeptSweep.of_row(row)


def cells_from(db: sqlite3.Connection, id_: str, part: int) -> StoredCells | None:
    """The first cells of a sweep from a part on, see :meth:`SweepStore.cells_from`."""
    query = (
        "SELECT cells.* FROM cells JOIN sweeps ON sweep = serial "
        "WHERE id = ? AND part >= ? ORDER BY part LIMIT 1"
    )
    row = db.execute(query, (id_, part)).fetchone()
    return None if row is None else stored_cells(row)


def stored_cells(row: sqlite3.Row) -> StoredCells:
    """The cells of a row.

    Raises:
        DamagedError: If they are not what was written.
    """
    stored = StoredCells(row["part"], row["first"], row["last"], row["data"])
    seal = cells_seal(row["sweep"], stored.part, stored.first, stored.last, stored.data)
    try:
        if row["seal"] == seal and len(stored.cells()) == stored.last - stored.first:
            return stored
    except DamagedCellsError:
        pass
    raise DamagedError(say("cells_damaged", first=stored.first, last=stored.last))


def _sweeps(db: sqlite3.Connection, where: str, values: Sequence[Any]) -> Iterator[KeptSweep]:
    query = f"SELECT * FROM sweeps WHERE {where} ORDER BY serial DESC"  # noqa: S608 - fixed texts only
    for row in db.execute(query, values):
        try:
            yield KeptSweep.of_row(row)
        except DamagedError:
            continue


def _page(db: sqlite3.Connection, search: str, before: int | None, limit: int) -> SweepPage:
    conditions, values = matching(search, before)
    found = list(islice(_sweeps(db, " AND ".join(conditions), values), limit + 1))
    following = found[limit - 1].serial if len(found) > limit else None
    return SweepPage(found[:limit], following, _totals(db))


def _totals(db: sqlite3.Connection) -> SweepTotals:
    query = (
        "SELECT count(*), coalesce(sum(bytes), 0), count(*) FILTER (WHERE state = 'ended' AND NOT pinned), "
        "coalesce(sum(bytes) FILTER (WHERE state = 'ended' AND NOT pinned), 0) FROM sweeps"
    )
    return SweepTotals(*db.execute(query).fetchone())


def _create(db: sqlite3.Connection, new: NewSweep) -> KeptSweep:
    now, plan = time.time(), new.plan
    serial = db.execute(
        "INSERT INTO sweeps (id, name, config, about, shape, ways, state, detail, created, updated, pinned, "
        "members, seal) VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, 0)",
        (
            new.id,
            new.name,
            plan.text,
            _about(new.name, plan),
            json.dumps(plan.shape),
            json.dumps(new.ways),
            State.RUNNING,
            now,
            now,
            new.pinned,
            plan.members,
        ),
    ).lastrowid
    assert serial is not None  # noqa: S101 - an INSERT that did not raise has one
    return _sealed(db, serial)


def _about(name: str, plan: Plan) -> str:
    """What a search looks through."""
    optimizers = [base.config.optimizer.name for base in plan.bases]
    return "\n".join([name, plan.sweep.run.problem.name, *optimizers, *(a.path for a in plan.axes)]).lower()


def _append(db: sqlite3.Connection, serial: int, first: int, last: int, data: bytes) -> KeptSweep:
    sweep = _found(db, serial)
    if sweep.state is not State.RUNNING:
        raise ConflictError(say("sweep_elsewhere"))
    (part,) = db.execute("SELECT parts FROM sweeps WHERE serial = ?", (serial,)).fetchone()
    row = (serial, part, first, last, data)
    db.execute("INSERT INTO cells VALUES (?, ?, ?, ?, ?, ?)", (*row, cells_seal(*row)))
    db.execute(
        "UPDATE sweeps SET parts = parts + 1, done = done + ?, bytes = bytes + ?, updated = ? "
        "WHERE serial = ?",
        (last - first, len(data), time.time(), serial),
    )
    return _sealed(db, serial)


def _change(db: sqlite3.Connection, serial: int, values: Mapping[str, Value]) -> KeptSweep:
    before = _found(db, serial)
    changed: dict[str, Any] = {**values, "updated": time.time()}
    if "name" in values:
        changed["about"] = _about(str(values["name"]), Plan(before.config))
    assignments = ", ".join(f"{column} = ?" for column in changed)
    query = f"UPDATE sweeps SET {assignments} WHERE serial = ?"  # noqa: S608 - the columns are ours
    db.execute(query, (*changed.values(), serial))
    return _sealed(db, serial)


def _mend(db: sqlite3.Connection, id_: str) -> KeptSweep:
    sweep = sweep_of(db, id_)
    lost = [
        row["part"]
        for row in db.execute("SELECT * FROM cells WHERE sweep = ?", (sweep.serial,))
        if _lost(row)
    ]
    if not lost:
        return sweep
    query = "UPDATE sweeps SET state = ?, detail = '', summary = NULL WHERE serial = ?"
    db.execute(query, (State.RUNNING, sweep.serial))
    return _drop(db, sweep.serial, lost)


def _drop(db: sqlite3.Connection, serial: int, parts: Sequence[int]) -> KeptSweep:
    db.executemany("DELETE FROM cells WHERE sweep = ? AND part = ?", [(serial, part) for part in parts])
    db.execute(
        "UPDATE sweeps SET done = (SELECT coalesce(sum(last - first), 0) FROM cells WHERE sweep = serial), "
        "bytes = (SELECT coalesce(sum(length(data)), 0) FROM cells WHERE sweep = serial) WHERE serial = ?",
        (serial,),
    )
    return _sealed(db, serial)


def _lost(row: sqlite3.Row) -> bool:
    try:
        stored_cells(row)
    except DamagedError:
        return True
    return False


def _delete(db: sqlite3.Connection, id_: str) -> int:
    row = db.execute("SELECT serial FROM sweeps WHERE id = ?", (id_,)).fetchone()
    if row is None:
        raise UnknownSweepError(id_)
    db.execute("DELETE FROM sweeps WHERE serial = ?", (row["serial"],))
    return int(row["serial"])


def _prune(db: sqlite3.Connection, most: int, max_bytes: int) -> list[str]:
    kept = _totals(db)
    count, nbytes = kept.prunable, kept.prunable_nbytes
    oldest = (
        "SELECT serial, id, bytes FROM sweeps WHERE state = 'ended' AND NOT pinned ORDER BY updated, serial"
    )
    pruned: list[str] = []
    for row in db.execute(oldest).fetchall():
        if count <= most and nbytes <= max_bytes:
            break
        count, nbytes = count - 1, nbytes - row["bytes"]
        db.execute("DELETE FROM sweeps WHERE serial = ?", (row["serial"],))
        pruned.append(row["id"])
    return pruned


def _found(db: sqlite3.Connection, serial: int) -> KeptSweep:
    row = db.execute("SELECT * FROM sweeps WHERE serial = ?", (serial,)).fetchone()
    if row is None:
        raise UnknownSweepError(str(serial))
    return KeptSweep.of_row(row)


def _sealed(db: sqlite3.Connection, serial: int) -> KeptSweep:
    """A row that was just written, sealed."""
    query = "SELECT * FROM sweeps WHERE serial = ?"
    seal = row_seal(db.execute(query, (serial,)).fetchone())
    db.execute("UPDATE sweeps SET seal = ? WHERE serial = ?", (seal, serial))
    return KeptSweep.of_row(db.execute(query, (serial,)).fetchone())

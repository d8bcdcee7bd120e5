"""What is removed: runs by hand or by the quota at once, and their records bit by bit."""

import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass

from optiscope.engine.core.words import say
from optiscope.runs.keeping.opening import is_damage
from optiscope.runs.keeping.reading import readable
from optiscope.runs.keeping.run import Run, to_text

TOTALS = """
SELECT count(*), coalesce(sum(bytes), 0),
    count(*) FILTER (WHERE state = 'ended' AND NOT pinned),
    coalesce(sum(bytes) FILTER (WHERE state = 'ended' AND NOT pinned), 0)
FROM runs
"""

_SWEEP_ROWS = 32
_VACUUM_PAGES = 256

_CELLS_OF_NOBODY = """
DELETE FROM cells WHERE rowid IN (
    SELECT cells.rowid FROM cells LEFT JOIN sweeps ON serial = sweep WHERE serial IS NULL LIMIT 8
)
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """How much is kept: all runs, those that the quota may prune, and their sizes in bytes."""

    runs: int
    nbytes: int
    prunable: int
    prunable_nbytes: int


def totals(db: sqlite3.Connection) -> Totals:
    """How much is kept now; of a damaged file, as far as it can be read."""
    try:
        return Totals(*db.execute(TOTALS).fetchone())
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
    sizes = [run.nbytes for run in readable(db, "TRUE", ())]
    loose = [run.nbytes for run in readable(db, "state = 'ended' AND NOT pinned", ())]
    return Totals(len(sizes), sum(sizes), len(loose), sum(loose))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many runs are in one state, and their size in bytes."""

    runs: int
    nbytes: int


def by_state(db: sqlite3.Connection) -> dict[str, Tally]:
    """What is kept now of each state that there is."""
    rows = db.execute("SELECT state, count(*), coalesce(sum(bytes), 0) FROM runs GROUP BY state")
    return {state: Tally(runs, nbytes) for state, runs, nbytes in rows}


def remove(db: sqlite3.Connection, runs: Iterable[Run]) -> None:
    """Delete rows of ``runs``, and note whose records are to be cleared away."""
    serials = [(run.serial,) for run in runs]
    db.executemany("DELETE FROM runs WHERE serial = ?", serials)
    db.executemany("INSERT INTO deleted VALUES (?)", serials)


def prune(db: sqlite3.Connection, max_runs: int, max_bytes: int) -> list[Run]:
    """Delete what is beyond the quota, see :meth:`~optiscope.runs.keeping.store.Store.prune`."""
    kept = totals(db)
    runs, nbytes = kept.prunable, kept.prunable_nbytes
    if runs <= max_runs and nbytes <= max_bytes:
        return []
    pruned: list[Run] = []
    oldest = "SELECT * FROM runs WHERE state = 'ended' AND NOT pinned ORDER BY updated, serial"
    for row in db.execute(oldest):
        if runs <= max_runs and nbytes <= max_bytes:
            break
        run = Run.of_row(row)
        said = say("pruned_runs", count=max_runs) if runs > max_runs else say("pruned_bytes", bytes=max_bytes)
        runs, nbytes = runs - 1, nbytes - run.nbytes
        db.execute(
            "INSERT OR REPLACE INTO pruned VALUES (?, ?, ?, ?)",
            (run.id, run.name, time.time(), to_text(said)),
        )
        pruned.append(run)
    remove(db, pruned)
    return pruned


def sweep(db: sqlite3.Connection) -> bool:
    """Free some of the space of deleted runs and sweeps; whether there may be more."""
    row = db.execute("SELECT run FROM deleted LIMIT 1").fetchone()
    if row is None:
        swept = db.execute(_CELLS_OF_NOBODY).rowcount
        return _shrink(db) or swept > 0
    swept = 0
    for table in ("blocks", "checkpoints"):
        records = (
            f"DELETE FROM {table} WHERE rowid IN "  # noqa: S608 - fixed texts
            f"(SELECT rowid FROM {table} WHERE run = ? LIMIT {_SWEEP_ROWS})"
        )
        swept += db.execute(records, (row["run"],)).rowcount
    if not swept:
        db.execute("DELETE FROM deleted WHERE run = ?", (row["run"],))
    _shrink(db)
    return True


def _shrink(db: sqlite3.Connection) -> bool:
    """Give some free pages back to the disk; whether there were any."""
    before = db.execute("PRAGMA freelist_count").fetchone()[0]
    db.execute(f"PRAGMA incremental_vacuum({_VACUUM_PAGES})").fetchall()
    return bool(db.execute("PRAGMA freelist_count").fetchone()[0] < before)

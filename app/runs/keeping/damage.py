"""What becomes of a run whose records, or whose row, are no longer what was written.

It keeps the records before the damage, is named as damaged, and goes on from the last whole checkpoint at or
before them; what lies behind that checkpoint is deleted then, and trained again with the same bits.
"""

import json
import sqlite3
import time
from dataclasses import dataclass, replace

from optiscope.engine.core.words import Said, say
from optiscope.runs.keeping.errors import NoCheckpointError
from optiscope.runs.keeping.losses import Result, losses_of
from optiscope.runs.keeping.reading import StoredPiece, checkpoint_before, piece_at
from optiscope.runs.keeping.run import Run, State, to_text
from optiscope.runs.keeping.seals import resealed, seal_run


@dataclass(frozen=True, slots=True)
class Prefix:
    """The records of a run up to which all are whole: the last step, and their losses."""

    step: int
    result: Result | None

    def grown(self, piece: StoredPiece) -> "Prefix":
        """The same with a piece behind it."""
        return Prefix(piece.last, losses_of(piece.blocks(), self.result))


def with_its_ends(db: sqlite3.Connection, run: Run) -> Run:
    """A run, between the first and the last record that there are of it if its row cannot say."""
    if not run.row_damaged:
        return run
    query = "SELECT coalesce(min(first), 0), coalesce(max(last), -1) FROM blocks WHERE run = ?"
    first, step = db.execute(query, (run.serial,)).fetchone()
    return replace(run, first=first, step=step)


def damage_of(run: Run, step: int) -> Said | None:
    """What is to be said of a run whose records are whole up to ``step``; None if nothing is damaged."""
    if run.config_damaged:
        return say("config_damaged", step=step)
    if step < run.step:
        return say("records_damaged", step=step) if step >= run.first else say("all_records_damaged")
    return say("row_damaged", step=step) if run.row_damaged else None


def named(run: Run, prefix: Prefix, said: Said) -> Run:
    """A run as it is once its damage is known."""
    return replace(run, state=State.DAMAGED, said=said, reason=None, step=prefix.step, result=prefix.result)


def name_damaged(db: sqlite3.Connection, run: Run, prefix: Prefix, said: Said) -> None:
    """Write down that a run is damaged; a row that was itself damaged is written anew."""
    if not run.row_damaged:
        with resealed(db, run.serial):
            _note(db, run.serial, prefix, said)
        return
    _note(db, run.serial, prefix, said)
    columns = {
        "id": run.id, "name": run.name, "about": run.name.lower(), "version": run.version,
        "created": run.created, "updated": run.updated, "pinned": int(run.pinned), "first": run.first,
        "bytes": _bytes_of(db, run.serial), "origin": None,
    }  # fmt: skip
    assignments = ", ".join(f"{column} = ?" for column in columns)
    query = f"UPDATE runs SET {assignments} WHERE serial = ?"  # noqa: S608 - the columns are ours
    db.execute(query, (*columns.values(), run.serial))
    seal_run(db, run.serial, config=not run.config_damaged)


def _note(db: sqlite3.Connection, serial: int, prefix: Prefix, said: Said) -> None:
    query = "UPDATE runs SET state = ?, detail = ?, reason = NULL, step = ?, result = ? WHERE serial = ?"
    result = json.dumps(prefix.result)
    db.execute(query, (State.DAMAGED, to_text(said), prefix.step, result, serial))


def take_up(db: sqlite3.Connection, run: Run) -> bytes | None:
    """Take a run back to its last whole checkpoint, if it is not there, and give that.

    Raises:
        NoCheckpointError: If none is whole, and the run does not begin at its own beginning.
    """
    found = checkpoint_before(db, run.serial, run.step)
    if found is None and run.first > 0:
        raise NoCheckpointError(say("no_checkpoint_left", step=run.step))
    step, checkpoint = found or (run.first - 1, None)
    behind = "SELECT EXISTS (SELECT 1 FROM blocks WHERE run = ? AND last > ?)"
    if step == run.step and not db.execute(behind, (run.serial, step)).fetchone()[0]:
        return checkpoint
    with resealed(db, run.serial):
        _take_back(db, run, step)
    return checkpoint


def _take_back(db: sqlite3.Connection, run: Run, step: int) -> None:
    db.execute("DELETE FROM blocks WHERE run = ? AND last > ?", (run.serial, step))
    db.execute("DELETE FROM checkpoints WHERE run = ? AND step > ?", (run.serial, step))
    prefix = Prefix(run.first - 1, None)
    whole = replace(run, step=step)
    while piece := piece_at(db, whole, prefix.step + 1):
        prefix = prefix.grown(piece)
    query = "UPDATE runs SET step = ?, bytes = ?, result = ?, updated = ? WHERE serial = ?"
    values = (step, _bytes_of(db, run.serial), json.dumps(prefix.result), time.time(), run.serial)
    db.execute(query, values)


def _bytes_of(db: sqlite3.Connection, serial: int) -> int:
    """The size of all that is kept of a run."""
    query = (
        "SELECT (SELECT coalesce(sum(length(data)), 0) FROM blocks WHERE run = ?) + "
        "(SELECT coalesce(sum(length(data)), 0) FROM checkpoints WHERE run = ?)"
    )
    return int(db.execute(query, (serial, serial)).fetchone()[0])

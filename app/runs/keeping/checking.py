"""Looking at all that is in a database, and at whether it is what was written; it changes nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from optiscope.engine.core.words import Said, say
from optiscope.runs.keeping.damage import Prefix, damage_of, with_its_ends
from optiscope.runs.keeping.errors import DamagedError, StorageUnavailableError
from optiscope.runs.keeping.opening import explaining, is_damage, read_only
from optiscope.runs.keeping.reading import checkpoint_at, checkpoint_steps, piece_at, readable
from optiscope.runs.keeping.run import Run, State
from optiscope.runs.keeping.schema import VERSION, require_columns, require_ours
from optiscope.runs.keeping.sweeps.kept_sweep import KeptSweep
from optiscope.runs.keeping.sweeps.store import stored_cells

_TOLD = 20


@dataclass(frozen=True, slots=True)
class Damaged:
    """A run or a sweep that is not what was written, and what of it is whole."""

    id: str
    name: str
    said: Said


@dataclass(slots=True)
class Report:
    """What was found in a database.

    Attributes:
        runs, pieces, checkpoints: How many there are, whole or not.
        damaged: The runs that are damaged.
        checkpoints_lost: How many checkpoints are damaged; an earlier one is used for each.
        sweeps, parts: How many sweeps there are, and parts of their cells, whole or not.
        damaged_sweeps: The sweeps that are damaged.
        file: What SQLite says of the file itself, if that is damaged.
    """

    runs: int = 0
    pieces: int = 0
    checkpoints: int = 0
    damaged: list[Damaged] = field(default_factory=list)
    checkpoints_lost: int = 0
    sweeps: int = 0
    parts: int = 0
    damaged_sweeps: list[Damaged] = field(default_factory=list)
    file: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether everything is what was written."""
        return not (self.damaged or self.damaged_sweeps or self.checkpoints_lost or self.file)


def check(path: Path) -> Report:
    """Read everything that a database holds, beside a server that uses it or without one.

    Raises:
        StorageError: If it cannot be opened, or is of another version.
    """
    if not path.is_file():
        raise StorageUnavailableError(say("no_database", path=str(path)))
    report = Report()
    with explaining(), closing(read_only(path)) as db:
        require_ours(db)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version != VERSION:
            raise StorageUnavailableError(say("database_older", schema=version, known=VERSION))
        require_columns(db)
        report.file = _integrity(db)
        for run in readable(db, "TRUE", ()):
            with _unchanging(db):
                _check_run(db, run, report)
        with _unchanging(db):
            _check_sweeps(db, report)
    return report


def _integrity(db: sqlite3.Connection) -> list[str]:
    try:
        lines = [row[0] for row in db.execute(f"PRAGMA integrity_check({_TOLD})")]
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return [str(error)]
    return [line for line in lines if line != "ok"]


@contextmanager
def _unchanging(db: sqlite3.Connection) -> Iterator[None]:
    """See one state of the database, whatever a server writes meanwhile."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


def _check_run(db: sqlite3.Connection, listed: Run, report: Report) -> None:
    row = db.execute("SELECT * FROM runs WHERE serial = ?", (listed.serial,)).fetchone()
    if row is None:  # it was deleted since
        return
    run = with_its_ends(db, Run.of_row(row))
    report.runs += 1
    step = _last_whole(db, run, report)
    said = damage_of(run, step) or (run.said if run.state is State.DAMAGED else None)
    if said is not None:
        report.damaged.append(Damaged(run.id, run.name, said))
    for at in checkpoint_steps(db, run.serial, run.step):
        report.checkpoints += 1
        report.checkpoints_lost += checkpoint_at(db, run.serial, at) is None


def _last_whole(db: sqlite3.Connection, run: Run, report: Report) -> int:
    prefix = Prefix(run.first - 1, None)
    try:
        while piece := piece_at(db, run, prefix.step + 1):
            report.pieces += 1
            prefix = Prefix(piece.last, None)
    except DamagedError:
        report.pieces += 1
    return prefix.step


def _check_sweeps(db: sqlite3.Connection, report: Report) -> None:
    """All sweeps; what cannot be read since the file is damaged is told with the file."""
    try:
        for row in db.execute("SELECT * FROM sweeps ORDER BY serial").fetchall():
            report.sweeps += 1
            try:
                _check_sweep(db, row, report)
            except DamagedError as error:
                report.damaged_sweeps.append(Damaged(str(row["id"]), str(row["name"]), error.said))
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise


def _check_sweep(db: sqlite3.Connection, row: sqlite3.Row, report: Report) -> None:
    sweep = KeptSweep.of_row(row)
    for cells in db.execute("SELECT * FROM cells WHERE sweep = ? ORDER BY part", (sweep.serial,)):
        report.parts += 1
        stored_cells(cells)

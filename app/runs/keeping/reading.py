"""Reading what was stored of runs, each time with the question whether it is what was written."""

import io
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.block import Block
from optiscope.runs.keeping.codec import DamagedBlocksError, decode_blocks
from optiscope.runs.keeping.errors import DamagedError, UnknownRunError
from optiscope.runs.keeping.opening import is_damage
from optiscope.runs.keeping.run import Run
from optiscope.runs.keeping.seals import checkpoint_seal, piece_is_whole


@contextmanager
def told_as_damage(said: Said) -> Iterator[None]:
    """What is damaged in the file itself is damage of what is being read."""
    try:
        yield
    except sqlite3.Error as error:
        if is_damage(error):
            raise DamagedError(said) from error
        raise


@dataclass(frozen=True, slots=True)
class StoredPiece:
    """Records that lie together: their steps and their bytes, which are whole."""

    first: int
    last: int
    data: bytes

    def blocks(self) -> list[Block]:
        """The records."""
        return decode_blocks(self.data)


def runs_where(db: sqlite3.Connection, where: str, values: Sequence[Any]) -> Iterator[Run]:
    """The runs that a condition holds for, newest first; of a damaged file those that can still be read."""
    query = f"SELECT * FROM runs WHERE {where} ORDER BY serial DESC"  # noqa: S608 - fixed texts only
    last = None
    try:
        for row in db.execute(query, values):
            last = row["serial"]
            yield Run.of_row(row)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        yield from readable(db, where, values, last)


def readable(
    db: sqlite3.Connection, where: str, values: Sequence[Any], behind: int | None = None
) -> Iterator[Run]:
    """The runs of a damaged file that can still be read, newest first: each is looked for by itself.

    Args:
        db: Where they are.
        where: A condition.
        values: What stands in it.
        behind: Only those that are older than the run of this serial.
    """
    if behind is None:
        query = "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'runs'"
        (behind,) = db.execute(query).fetchone()  # nothing stands there before the first run is kept
    query = f"SELECT * FROM runs NOT INDEXED WHERE serial = ? AND {where}"  # noqa: S608 - fixed texts only
    for serial in range(behind - 1, 0, -1):
        try:
            row = db.execute(query, (serial, *values)).fetchone()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
        else:
            if row is not None:
                yield Run.of_row(row)


def run_of(db: sqlite3.Connection, id_: str) -> Run:
    """The run of an id.

    Raises:
        UnknownRunError: If there is none.
        DamagedError: If the file is damaged where it lies.
    """
    try:
        row = db.execute("SELECT * FROM runs WHERE id = ?", (id_,)).fetchone()
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        return _found_without_index(db, id_)
    if row is None:
        raise UnknownRunError(id_)
    return Run.of_row(row, id_)


def _found_without_index(db: sqlite3.Connection, id_: str) -> Run:
    with told_as_damage(say("row_unread")):
        for run in readable(db, "id = ?", (id_,)):
            return run
    raise DamagedError(say("row_unread"))


def piece_at(db: sqlite3.Connection, run: Run, step: int) -> StoredPiece | None:
    """The records that hold ``step``, or the first ones; None if the run has not come there.

    Raises:
        DamagedError: If they are not there, or not as they were written.
    """
    step = max(step, run.first)
    if step > run.step:
        return None
    query = "SELECT first, last, data, seal FROM blocks WHERE run = ? AND last >= ? ORDER BY last LIMIT 1"
    with told_as_damage(say("piece_damaged", step=step)):
        row = db.execute(query, (run.serial, step)).fetchone()
    if row is None or not _holds(row, run, step):
        raise DamagedError(say("piece_damaged", step=step))
    return StoredPiece(row["first"], row["last"], row["data"])


def _holds(row: sqlite3.Row, run: Run, step: int) -> bool:
    """Whether a row of ``blocks`` is the piece of a run that holds a step."""
    if [type(value) for value in row[:3]] != [int, int, bytes]:
        return False
    if not row["first"] <= step <= row["last"] <= run.step:
        return False
    try:
        blocks = decode_blocks(row["data"])
    except DamagedBlocksError:
        return False
    begins = row["first"] == blocks[0].first or (run.source is not None and row["first"] < blocks[0].first)
    is_there = begins and blocks[-1].steps[-1] == row["last"]
    return is_there and piece_is_whole(run.serial, row)


def checkpoint_before(db: sqlite3.Connection, serial: int, step: int) -> tuple[int, bytes] | None:
    """The step and the bytes of the last whole checkpoint at or before ``step``; None if there is none."""
    for at in checkpoint_steps(db, serial, step):
        data = checkpoint_at(db, serial, at)
        if data is not None:
            return at, data
    return None


def checkpoint_steps(db: sqlite3.Connection, serial: int, step: int) -> list[int]:
    """The steps of the checkpoints at or before ``step``, the last first, whole or not."""
    query = "SELECT step FROM checkpoints WHERE run = ? AND step <= ? ORDER BY step DESC"
    with told_as_damage(say("piece_damaged", step=step)):
        return [row["step"] for row in db.execute(query, (serial, step))]


def checkpoint_at(db: sqlite3.Connection, serial: int, step: int) -> bytes | None:
    """A checkpoint, unless it is damaged."""
    query = "SELECT data, seal FROM checkpoints WHERE run = ? AND step = ?"
    try:
        with told_as_damage(say("piece_damaged", step=step)):
            row = db.execute(query, (serial, step)).fetchone()
    except DamagedError:
        return None
    if row is None or not isinstance(row["data"], bytes):
        return None
    data: bytes = row["data"]
    whole = _old_is_whole(data) if row["seal"] is None else row["seal"] == checkpoint_seal(serial, step, data)
    return data if whole else None


def _old_is_whole(data: bytes) -> bool:
    """Whether the entries of a file of ``torch.save`` have the checksums that it says they have."""
    try:
        return zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        return False

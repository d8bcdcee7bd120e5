"""Checksums of rows: whether what is read is what was written, and where it was written.

A piece of records has a checksum of its own (:mod:`optiscope.runs.keeping.codec`), so its seal only binds
that to the run and the steps. Rows that an earlier version wrote have no seal, and are taken as they are.
"""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from optiscope.runs.keeping.codec import MAGIC, checksum_of

Row = sqlite3.Row

_WITHOUT = frozenset({"seal"})


def seal(*values: Any) -> int:
    """One number for all of the values and their order."""
    checksum = 0
    for value in values:
        part = value if isinstance(value, bytes) else orjson.dumps(value)
        checksum = zlib.crc32(part, zlib.crc32(b"%d:" % len(part), checksum))
    return checksum


def piece_seal(serial: int, first: int, last: int, data: bytes) -> int:
    """Of a row of ``blocks``."""
    return seal(serial, first, last, checksum_of(data))


def cells_seal(serial: int, part: int, first: int, last: int, data: bytes) -> int:
    """Of a row of ``cells``."""
    return seal(serial, part, first, last, checksum_of(data))


def piece_is_whole(serial: int, row: Row) -> bool:
    """Whether a row of ``blocks`` is that piece of that run; what its bytes hold is for the codec to say."""
    if row["seal"] is None:
        return not row["data"].startswith(MAGIC)
    return bool(row["seal"] == piece_seal(serial, row["first"], row["last"], row["data"]))


def checkpoint_seal(serial: int, step: int, data: bytes) -> int:
    """Of a row of ``checkpoints``."""
    return seal(serial, step, data)


def config_is_whole(row: Row) -> bool:
    """Whether what decides the numbers of a run is as it was written."""
    return row["config_seal"] in {None, _config_seal(row)}


def run_is_whole(row: Row) -> bool:
    """Whether a row of ``runs`` is as it was written."""
    return row["seal"] in {None, row_seal(row)}


def seal_run(db: sqlite3.Connection, serial: int, *, config: bool = True) -> None:
    """Seal a row of ``runs`` as it is now, and its config unless that was found damaged."""
    if config:
        found = _row(db, serial)
        db.execute("UPDATE runs SET config_seal = ? WHERE serial = ?", (_config_seal(found), serial))
    db.execute("UPDATE runs SET seal = ? WHERE serial = ?", (row_seal(_row(db, serial)), serial))


@contextmanager
def resealed(db: sqlite3.Connection, serial: int) -> Iterator[None]:
    """Seal a row again that is changed meanwhile; one that was damaged before stays known as damaged."""
    before = _row(db, serial)
    is_whole, has_config = run_is_whole(before), config_is_whole(before)
    yield
    if is_whole:
        seal_run(db, serial, config=has_config)


def _row(db: sqlite3.Connection, serial: int) -> Row:
    found: Row = db.execute("SELECT * FROM runs WHERE serial = ?", (serial,)).fetchone()
    return found


def _config_seal(row: Row) -> int:
    return seal(*(row[name] for name in ("serial", "config", "steps", "source")))


def row_seal(row: Row) -> int:
    """Of all columns of a row but its seal."""
    return seal(*(row[name] for name in row.keys() if name not in _WITHOUT))  # noqa: SIM118 - a Row is no mapping

"""The files of a database: whose they are, how they are opened, and what is said when they cannot be."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from optiscope.engine.core.words import say
from optiscope.runs.keeping.errors import (
    StorageError,
    StorageFullError,
    StorageLockedError,
    StorageUnavailableError,
)

log = logging.getLogger(__name__)

NAME = "runs.sqlite"
LOCK = f"{NAME}.lock"
BESIDE = ("-wal", "-shm")
"""What SQLite lays beside a database while it is used."""

BUSY_S = 5.0
OWNER_ONLY = 0o600
FOLDER_MODE = 0o700

FULL_CODES = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    }
)
_PRIMARY = 0xFF
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_CLOSED_TO_US = frozenset(
    {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR}
)
_IN_USE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


def code_of(error: sqlite3.Error) -> int | None:
    """SQLite's code of an error, if it comes from SQLite."""
    return getattr(error, "sqlite_errorcode", None)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file is not what it wrote."""
    return (code_of(error) or 0) & _PRIMARY in _DAMAGED


def explained(error: sqlite3.Error) -> Exception:
    """SQLite's error as a sentence for a person, or the error itself if it is a defect of ours."""
    code = code_of(error)
    if code is None:
        return error
    primary = code & _PRIMARY
    if code in FULL_CODES:
        return StorageFullError(say("storage_full"))
    if primary in _DAMAGED:
        return StorageUnavailableError(say("database_damaged"))
    if primary in _CLOSED_TO_US:
        return StorageUnavailableError(say("data_dir_unusable", why=str(error)))
    if primary in _IN_USE:
        return StorageLockedError(say("database_locked"))
    return error


@contextmanager
def explaining() -> Iterator[None]:
    """Whatever keeps a database from being opened is told as a :class:`StorageError`."""
    try:
        yield
    except OSError as error:
        said = say("data_dir_unusable", why=error.strerror or str(error))
        raise StorageUnavailableError(said) from error
    except UnicodeDecodeError as error:  # in what SQLite says of tables whose names are damaged
        raise StorageUnavailableError(say("database_damaged")) from error
    except sqlite3.Error as error:
        found = explained(error)
        if not isinstance(found, StorageError):
            found = StorageUnavailableError(say("database_unusable", why=str(error)))
        raise found from error


def make_folder(folder: Path) -> None:
    """Make the folder of a database, for its owner alone; one that is there stays as it is."""
    folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)


def connected(path: Path, timeout: float = BUSY_S) -> sqlite3.Connection:
    """A connection to a database, which is made for its owner alone, as is what SQLite lays beside it."""
    _make_private(path)
    return _with_rows(sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False))


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that only reads a database, which must be there; a server may be using it."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    return _with_rows(sqlite3.connect(address, uri=True, timeout=BUSY_S, isolation_level=None))


def locked(folder: Path, wait_s: float) -> sqlite3.Connection:
    """A lock that lasts as long as this process: a transaction on a database of its own, on any platform.

    Raises:
        StorageUnavailableError: If another Optiscope holds it, and does not let go for ``wait_s``.
    """
    connection = connected(folder / LOCK, wait_s)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        connection.close()
        if (code_of(error) or 0) & _PRIMARY in _IN_USE:
            raise StorageUnavailableError(say("data_dir_in_use")) from error
        raise
    return connection


def _make_private(path: Path) -> None:
    """Make a file that nobody else can read; one that others could is tightened, if it is ours."""
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT, OWNER_ONLY))
    for file in (path, *(path.with_name(path.name + suffix) for suffix in BESIDE)):
        with suppress(FileNotFoundError):
            _tighten(file)


def _tighten(file: Path) -> None:
    mode = file.stat().st_mode & 0o777
    if os.name == "nt" or mode & ~OWNER_ONLY == 0:
        return
    try:
        file.chmod(mode & OWNER_ONLY)
    except OSError as error:
        log.warning("others can read %s (mode %o), and that cannot be changed: %s", file, mode, error)
    else:
        log.warning("others could read %s (mode %o); now its owner alone can", file, mode)


def _with_rows(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.row_factory = sqlite3.Row
    connection.text_factory = _text
    return connection


def _text(data: bytes) -> str:
    """A text of the database; what is not one, since it is damaged, must not keep its row from being read."""
    return data.decode(errors="replace")

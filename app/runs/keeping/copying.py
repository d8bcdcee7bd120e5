"""Copies of a database: taken while a server uses it, verified, and put in its place."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from optiscope.engine.core.words import say
from optiscope.runs.keeping.checking import Report, check
from optiscope.runs.keeping.errors import StorageUnavailableError
from optiscope.runs.keeping.opening import (
    BESIDE,
    NAME,
    connected,
    explaining,
    locked,
    make_folder,
    read_only,
)
from optiscope.runs.keeping.removing import sweep
from optiscope.runs.keeping.schema import prepare, require_ours


def back_up(folder: Path, copy: Path, *, replace: bool = False) -> Report:
    """Copy the database of a folder as it is at one moment; what the copy holds, read back.

    Args:
        folder: Where the database lies; a server may be using it.
        copy: The file to write, for its owner alone.
        replace: Whether a file that is there may go.

    Raises:
        StorageError: If the copy cannot be made. Then no file is left, and one that was there is as it was.
    """
    source = folder / NAME
    if not source.is_file():
        raise StorageUnavailableError(say("no_database", path=str(source)))
    if copy.parent.resolve() == folder.resolve() and copy.name.startswith(NAME):
        raise StorageUnavailableError(say("file_of_database", path=str(copy)))
    if copy.exists() and not replace:
        raise StorageUnavailableError(say("file_exists", path=str(copy)))
    with explaining(), _writing(copy):
        return _put(source, copy, damaged=True)


def restore(copy: Path, folder: Path, wait_s: float = 0.0, *, damaged: bool = False) -> Report:
    """Put a copy in the place of the database of a folder; what it holds.

    Args:
        copy: What :func:`back_up` wrote, now or in an older version.
        folder: Where the database lies, or shall lie.
        wait_s: How long to wait for a server to let go of it.
        damaged: Whether a copy may be used that is not whole.

    Raises:
        StorageError: If the copy cannot be used, or a server uses the folder. Then nothing has changed.
    """
    if not copy.is_file():
        raise StorageUnavailableError(say("no_database", path=str(copy)))
    with _of_a_copy(copy):
        make_folder(folder)
        with closing(locked(folder, wait_s)):
            return _put(copy, folder / NAME, damaged=damaged)


def vacuum(folder: Path, wait_s: float = 0.0) -> tuple[int, int]:
    """Write the database of a folder anew, without gaps; its size in bytes before and after.

    Raises:
        StorageError: If a server uses the folder, or the disk has no space for both.
    """
    path = folder / NAME
    if not path.is_file():
        raise StorageUnavailableError(say("no_database", path=str(path)))
    with explaining(), closing(locked(folder, wait_s)), closing(connected(path)) as db:
        prepare(db)
        before = _size(path)
        db.execute("BEGIN IMMEDIATE")
        while sweep(db):
            pass
        db.execute("COMMIT")
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return before, _size(path)


def _put(source: Path, target: Path, *, damaged: bool) -> Report:
    """Copy a database beside its target, read all of the copy, and only then let it take the place."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        _copy(source, part)
        report = check(part)
        if not (report.is_whole or damaged):
            raise StorageUnavailableError(say("copy_damaged", path=str(source)))
        for suffix in BESIDE:  # of what is replaced: they are no part of the copy
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        part.replace(target)
        _sync(target.parent)
    finally:
        for suffix in ("", *BESIDE):
            with suppress(OSError):
                part.with_name(part.name + suffix).unlink()
    return report


@contextmanager
def _writing(copy: Path) -> Iterator[None]:
    """What keeps a file from being written is said of that file, not of the folder of the database."""
    try:
        yield
    except OSError as error:
        said = say("file_unwritable", path=str(copy), why=error.strerror or str(error))
        raise StorageUnavailableError(said) from error


@contextmanager
def _of_a_copy(copy: Path) -> Iterator[None]:
    """A file that is no database of ours, or none that can be read, is named."""
    try:
        with explaining():
            yield
    except StorageUnavailableError as error:
        if error.said.code in {"database_damaged", "database_foreign"}:
            raise StorageUnavailableError(say("no_copy", path=str(copy))) from error
        raise


def _copy(source: Path, part: Path) -> None:
    with closing(read_only(source)) as db, closing(connected(part)) as copy:
        require_ours(db)
        db.backup(copy)
        prepare(copy)  # a copy that an older version wrote
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()  # one file, with nothing beside it
    with part.open("rb") as file:
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Let the new name of a file be on the disk, where a folder can be opened for that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _size(path: Path) -> int:
    return sum(
        file.stat().st_size
        for file in (path, *(path.with_name(path.name + suffix) for suffix in BESIDE))
        if file.exists()
    )

"""Writes are on the disk when they return; what cannot be used is said in words."""

import asyncio
import os
import sqlite3
import subprocess
import sys

import pytest

from optiscope.runs.keeping.database import NAME, Database
from optiscope.runs.keeping.errors import StorageFullError, StorageLockedError, StorageUnavailableError


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path)
    yield database
    database.close()


def insert(number):
    return lambda db: db.execute("INSERT INTO pruned VALUES (?, 'n', 1.0, 'd')", (str(number),)).lastrowid


def count(db):
    return db.execute("SELECT count(*) FROM pruned").fetchone()[0]


async def test_what_was_written_is_read(database):
    """Many writes at once all arrive, each with its own answer."""
    answers = await asyncio.gather(*(database.write(insert(n)) for n in range(200)))
    assert sorted(answers) == list(range(1, 201))
    assert await database.read(count) == 200


async def test_a_write_that_fails_takes_no_other_with_it(database):
    """Of writes that are committed together, only the wrong ones fail."""

    def wrong(_):
        raise LookupError("wrong")

    works = [insert(0), wrong, insert(1), insert(0), insert(2)]
    answers = await asyncio.gather(*map(database.write, works), return_exceptions=True)
    assert [type(answer).__name__ for answer in answers] == [
        "int",
        "LookupError",
        "int",
        "IntegrityError",
        "int",
    ]
    assert await database.read(count) == 3


async def test_a_reader_cannot_write(database):
    """Reads run on connections that only read."""
    with pytest.raises(StorageUnavailableError):
        await database.read(insert(1))


async def test_a_write_outlives_who_asked_for_it(database):
    """Cancelling who waits does not undo half of it."""
    waiting = asyncio.ensure_future(database.write(insert(1)))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await database.write(insert(2))
    assert await database.read(count) == 2


async def test_closing_writes_what_waits(tmp_path):
    """Nothing that was accepted is dropped, and nothing is accepted afterwards."""
    database = Database(tmp_path)
    writes = [asyncio.ensure_future(database.write(insert(n))) for n in range(50)]
    await asyncio.sleep(0)
    await asyncio.to_thread(database.close)
    await asyncio.gather(*writes)
    with pytest.raises(StorageUnavailableError, match="shutting down"):
        await database.write(insert(1))
    again = Database(tmp_path)
    assert await again.read(count) == 50
    again.close()


def test_a_second_server_is_refused(database, tmp_path):
    """Two would train the same runs."""
    with pytest.raises(StorageUnavailableError, match="another Optiscope"):
        Database(tmp_path)


def test_a_server_that_waits_takes_over(tmp_path):
    """When the last one lets go, the next one goes on; a killed one lets go too."""
    code = (
        "import sys, pathlib; from optiscope.runs.keeping.database import Database; "
        "Database(pathlib.Path(sys.argv[1])); "
        "print('open', flush=True); input()"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with first:
        assert first.stdout.readline() == "open\n"
        first.kill()
        Database(tmp_path, wait_s=10).close()


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to look like one" * 100, b"SQLite format 3"]
)
def test_a_damaged_file_is_said_so(tmp_path, content):
    """It is neither opened nor overwritten."""
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(StorageUnavailableError, match="damaged"):
        Database(tmp_path)
    assert (tmp_path / NAME).read_bytes() == content


def test_a_newer_file_is_said_so(tmp_path):
    """A schema that this version does not know is left alone."""
    Database(tmp_path).close()
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StorageUnavailableError, match=r"newer Optiscope \(schema 99"):
        Database(tmp_path)


def test_a_file_of_another_program_is_said_so(tmp_path):
    """Tables that are not ours are left alone."""
    with sqlite3.connect(tmp_path / NAME) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with pytest.raises(StorageUnavailableError, match="another program"):
        Database(tmp_path)


def test_a_folder_that_cannot_be_is_said_so(tmp_path):
    """A file in the way of the folder."""
    (tmp_path / "data").touch()
    with pytest.raises(StorageUnavailableError, match="data directory"):
        Database(tmp_path / "data")


async def test_a_full_disk_is_said_so_and_gone_on_from(tmp_path):
    """What does not fit raises and is not there; once there is space, it is written."""
    database = Database(tmp_path)
    pages = (await database.read(lambda db: db.execute("PRAGMA page_count").fetchone()))[0]
    await database.write(lambda db: db.execute(f"PRAGMA max_page_count = {pages + 2}").fetchone()[0])

    def large(db):
        db.execute("INSERT INTO pruned VALUES ('large', ?, 1.0, 'd')", ("x" * 100_000,))

    small, big = await asyncio.gather(
        database.write(insert(1)), database.write(large), return_exceptions=True
    )
    assert isinstance(big, StorageFullError)
    assert isinstance(small, int)
    assert str(database.trouble) == str(big)
    assert await database.read(count) == 1
    await database.write(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchone()[0])
    await database.write(large)
    assert database.trouble is None
    assert await database.read(count) == 2
    database.close()


def foreign(folder):
    """Another program that holds the database, as a shell of SQLite does behind BEGIN EXCLUSIVE."""
    other = sqlite3.connect(folder / NAME, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    return other


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr("optiscope.runs.keeping.opening.connected.__defaults__", (0.05,))


async def test_another_program_that_holds_the_database_is_not_called_a_server(impatient, tmp_path):
    """Neither while runs are kept nor at the start; it goes on once that lets go."""
    database = Database(tmp_path)
    other = foreign(tmp_path)
    with pytest.raises(StorageLockedError, match="another program holds"):
        await database.write(insert(1))
    other.execute("ROLLBACK")
    await database.write(insert(1))
    database.close()
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageLockedError, match="another program holds"):
        Database(tmp_path)
    other.close()
    Database(tmp_path).close()


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no modes")
@pytest.mark.parametrize("umask", [0o022, 0o000])
async def test_the_files_are_the_owners_alone(tmp_path, umask):
    """Whatever the umask, database, log, lock and reserve, and the folder if it is made."""
    before = os.umask(umask)
    try:
        database = Database(tmp_path / "data")
        await database.write(insert(1))
        modes = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "data").iterdir()}
        database.close()
    finally:
        os.umask(before)
    assert len(modes) >= len((NAME, "-wal", "-shm", ".lock", ".reserve"))
    assert set(modes.values()) == {0o600}
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no modes")
def test_a_file_that_others_could_read_is_tightened_and_said(tmp_path, caplog):
    """As an earlier version left it; the folder is a person's and stays."""
    Database(tmp_path).close()
    (tmp_path / NAME).chmod(0o644)
    mode = tmp_path.stat().st_mode
    Database(tmp_path).close()
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600
    assert "others could read" in caplog.text
    assert tmp_path.stat().st_mode == mode


async def test_what_gives_space_back_is_written_on_a_full_disk(tmp_path, monkeypatch):
    """The space that was set aside is given up for it, and set aside again once there is some."""
    database = Database(tmp_path)
    reserve = tmp_path / f"{NAME}.reserve"
    assert reserve.stat().st_size > 10**6
    whole, full = Database._transaction, sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL

    def on_a_full_disk(self, works):
        if reserve.exists():
            raise full
        return whole(self, works)

    monkeypatch.setattr(Database, "_transaction", on_a_full_disk)
    with pytest.raises(StorageFullError):
        await database.write(insert(1))
    await database.write(insert(2), frees=True)
    assert not reserve.exists()
    assert await database.read(count) == 1
    await database.write(insert(3))
    assert reserve.exists()
    database.close()

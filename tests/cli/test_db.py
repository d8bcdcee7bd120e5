"""The database of kept runs from the command line: verified, copied, put back, made small."""

import shutil

import pytest
from typer.testing import CliRunner

from optiscope.cli.commands import optiscope
from optiscope.runs.keeping.database import NAME, Database
from optiscope.runs.keeping.listing import ALL
from optiscope.runs.keeping.store import Store
from tests.runs.keeping.test_codec import flipped
from tests.runs.keeping.test_damage import change, folder, kept, records, value, written
from tests.runs.records import assert_same_records

__all__ = ["folder"]


@pytest.fixture
def db(folder, monkeypatch):
    """Runs a command of ``optiscope db`` for the folder."""
    monkeypatch.setenv("OPTISCOPE_STORAGE_WAIT_SECONDS", "0")
    return lambda *command: CliRunner().invoke(
        optiscope, ["db", *map(str, command), "--data-dir", str(folder)]
    )


@pytest.fixture
def server(folder):
    """What a server holds while it runs."""
    database = Database(folder)
    yield database
    database.close()


def damage(folder):
    data = value(folder, "SELECT data FROM blocks WHERE run = 1 AND last = 8")
    change(folder, "UPDATE blocks SET data = ? WHERE run = 1 AND last = 8", flipped(data, 999))


def test_a_whole_database_is_said_so(db):
    """With how much it holds."""
    done = db("check")
    assert (done.exit_code, done.stdout) == (0, "2 runs, 6 pieces, 6 checkpoints: all whole\n")


def test_a_database_without_runs_is_whole(db, folder, tmp_path):
    """That of a server which has kept none yet, and a copy of it."""
    for file in folder.iterdir():
        file.unlink()
    Database(folder).close()
    for command in (("check",), ("backup", tmp_path / "copy"), ("restore", tmp_path / "copy", "--yes")):
        done = db(*command)
        assert (done.exit_code, done.stdout) == (
            0,
            "0 runs, 0 pieces, 0 checkpoints: all whole\n",
        )


async def test_damage_is_named_with_what_is_whole_while_a_server_runs(db, folder, server):
    """A line for each run, and a status that scripts see; nothing is changed by looking."""
    damage(folder)
    data = value(folder, "SELECT data FROM checkpoints WHERE run = 2 AND step = 12")
    change(folder, "UPDATE checkpoints SET data = ? WHERE run = 2 AND step = 12", flipped(data, 9999))
    done = db("check")
    assert done.exit_code == 1
    assert "run a (run a): its records are whole up to step 4;" in done.stdout
    assert "damaged checkpoints: 1" in done.stdout
    assert "run b" not in done.stdout
    assert (await Store(server, 8).get("a")).step == 12


def test_a_file_that_is_damaged_itself_is_said_so(db, folder):
    """In SQLite's words, and with the runs that can still be read."""
    change(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    original = bytearray((folder / NAME).read_bytes())
    page = value(folder, "SELECT rootpage FROM sqlite_schema WHERE name = 'runs_by_quota'")
    size = value(folder, "PRAGMA page_size")
    original[(page - 1) * size : (page - 1) * size + 60] = bytes(60)
    (folder / NAME).write_bytes(original)
    done = db("check")
    assert done.exit_code == 1
    assert "the file is damaged: " in done.stdout
    assert "2 runs, 6 pieces" in done.stdout


async def test_a_backup_is_one_whole_file_of_a_moment_while_a_server_writes(db, folder, server, tmp_path):
    """For its owner alone; put back, every run is as it was."""
    copy = tmp_path / "elsewhere" / "copy.sqlite"
    copy.parent.mkdir()
    done = db("backup", copy)
    assert (done.exit_code, [file.name for file in copy.parent.iterdir()]) == (0, ["copy.sqlite"])
    assert copy.stat().st_mode & 0o777 == 0o600
    await kept(Store(server, 8), "c")
    assert db("check").stdout.startswith("3 runs")
    server.close()
    assert db("restore", copy, "--yes").exit_code == 0
    again = Database(folder)
    assert_same_records((await records(Store(again, 8), "b"))[1], written(1))
    assert len((await Store(again, 8).page(ALL, None, 9)).runs) == 2
    again.close()


def test_a_backup_replaces_nothing_unless_told_to(db, folder, tmp_path):
    """A file that is there is left as it is."""
    copy = tmp_path / "copy"
    copy.write_text("mine")
    assert (db("backup", copy).exit_code, copy.read_text()) == (1, "mine")
    assert db("backup", copy, "--force").exit_code == 0


def test_a_backup_never_takes_the_place_of_the_database(db, folder, tmp_path):
    """Whatever it is told; what else cannot be written is named."""
    before = (folder / NAME).read_bytes()
    for name in (NAME, f"{NAME}-wal", f"{NAME}.lock"):
        refused = db("backup", folder / name, "--force")
        assert (refused.exit_code, "the database itself" in refused.stderr) == (1, True)
    assert (folder / NAME).read_bytes() == before
    for place in (tmp_path / "none" / "copy", tmp_path):
        refused = db("backup", place, "--force")
        assert (refused.exit_code, f"{place} cannot be written: " in refused.stderr) == (1, True)


def test_restoring_asks_and_is_refused_while_a_server_runs(db, folder, server, tmp_path):
    """Nothing has changed then."""
    assert db("backup", tmp_path / "copy").exit_code == 0
    before = (folder / NAME).read_bytes()
    assert db("restore", tmp_path / "copy").exit_code == 1
    refused = db("restore", tmp_path / "copy", "--yes")
    assert (refused.exit_code, "another Optiscope server" in refused.stderr) == (1, True)
    assert (folder / NAME).read_bytes() == before


def test_a_damaged_copy_is_put_back_only_if_told_to(db, folder, tmp_path):
    """What a copy holds is read before anything is replaced."""
    damage(folder)
    assert db("backup", tmp_path / "copy").exit_code == 1
    refused = db("restore", tmp_path / "copy", "--yes")
    assert (refused.exit_code, "is damaged" in refused.stderr) == (1, True)
    assert db("restore", tmp_path / "copy", "--yes", "--force").exit_code == 0
    (tmp_path / "copy").write_text("not a database at all" * 100)
    refused = db("restore", tmp_path / "copy", "--yes", "--force")
    assert (refused.exit_code, "is no database of Optiscope's" in refused.stderr) == (1, True)
    assert db("check").stdout.endswith("1 damaged run\n")


def test_a_lost_database_is_put_back(db, folder, tmp_path):
    """Also into a folder that is no longer there, which is then its owner's alone."""
    assert db("backup", tmp_path / "copy").exit_code == 0
    shutil.copy(tmp_path / "copy", tmp_path / "copy2")
    away = tmp_path / "new"
    done = CliRunner().invoke(optiscope, ["db", "restore", str(tmp_path / "copy2"), "--data-dir", str(away)])
    assert done.exit_code == 0, done.output
    assert away.stat().st_mode & 0o777 == 0o700
    assert (away / NAME).stat().st_mode & 0o777 == 0o600


async def test_vacuum_gives_the_space_of_deleted_runs_back(db, folder, server):
    """Refused while a server runs, which gives it back itself, bit by bit."""
    store = Store(server, 8)
    await store.delete("a", None)
    assert db("vacuum").exit_code == 1
    server.close()
    before = (folder / NAME).stat().st_size
    done = db("vacuum")
    assert (done.exit_code, done.stdout.endswith(" MB now\n")) == (0, True)
    assert (folder / NAME).stat().st_size < before
    assert db("check").stdout == "1 run, 3 pieces, 3 checkpoints: all whole\n"


@pytest.mark.parametrize("command", [("check",), ("backup", "x"), ("restore", "x", "--yes"), ("vacuum",)])
def test_where_there_is_no_database_it_is_said_so(tmp_path, command):
    """And none is made by asking."""
    away = tmp_path / "none"
    done = CliRunner().invoke(optiscope, ["db", *command, "--data-dir", str(away)])
    assert (done.exit_code, "there is no database at" in done.stderr) == (1, True)
    assert not (away / NAME).exists()

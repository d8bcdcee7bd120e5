"""A database of an older version becomes one of this version, with everything that is in it."""

import sqlite3
from pathlib import Path

import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance
from optiscope.runs.keeping.codec import decode_blocks, encode_blocks
from optiscope.runs.keeping.database import NAME, Database
from optiscope.runs.keeping.errors import StorageUnavailableError
from optiscope.runs.keeping.run import State
from optiscope.runs.keeping.schema import APPLICATION, MIGRATIONS, VERSION
from optiscope.runs.keeping.store import Store
from tests.runs.records import assert_same_records

SCHEMA_1 = Path(__file__).with_name("schema_1.sql").read_text()
CONFIG = RunConfig.model_validate({"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 8})
BLOCKS, CHECKPOINT = advance(CONFIG, None, 8)


@pytest.fixture
def first_version(tmp_path):
    """A file of schema 1: a run that has ended, one to be trained, and records of one that was deleted."""
    file = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    file.executescript(f"PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; {SCHEMA_1}")
    file.execute(f"PRAGMA application_id = {APPLICATION}")
    file.execute("PRAGMA user_version = 1")
    run = (
        "INSERT INTO runs (id, name, config, steps, about, state, detail, reason, created, updated, first, "
        "step, bytes) VALUES (?, ?, ?, 8, 'adam', ?, ?, ?, 1.0, 1.0, 0, ?, ?)"
    )
    config, data = CONFIG.canonical(), encode_blocks(BLOCKS)
    file.execute(run, ("old", "old", config, "ended", "completed all 8 steps", "completed", 8, len(data)))
    file.execute(run, ("new", "new", config, "running", "", None, -1, 0))
    for serial in (1, 77):
        file.execute("INSERT INTO blocks VALUES (?, 0, 8, ?)", (serial, data))
        file.execute("INSERT INTO checkpoints VALUES (?, 8, ?)", (serial, CHECKPOINT.to_bytes()))
    file.close()
    return tmp_path


async def test_an_older_database_is_changed_and_loses_nothing(first_version):
    """Its runs are there, their records too, and what was deleted is still cleared away."""
    database = Database(first_version)
    store = Store(database, 8)
    old, new = await store.get("old"), await store.get("new")
    assert (old.state, old.ended.reason, new.state) == (State.ENDED, "completed", State.RUNNING)
    assert old.ended.detail == "completed all 8 steps"
    assert [run.id for run in await store.unfinished()] == ["new"]
    assert_same_records(decode_blocks((await store.piece_at(old.serial, 0))[1]), BLOCKS)
    assert (await store.page("", None, None, 9)).totals.prunable_nbytes == old.nbytes
    while await store.sweep():
        pass
    left = "SELECT run FROM blocks UNION ALL SELECT run FROM checkpoints"
    assert [row[0] for row in await database.read(lambda db: db.execute(left).fetchall())] == [old.serial] * 2
    database.close()


def shape(folder):
    """The tables and indexes of a database, without what was written about them."""
    with sqlite3.connect(folder / NAME) as file:
        rows = file.execute("SELECT type, name, tbl_name FROM sqlite_schema ORDER BY type, name").fetchall()
        columns = [file.execute(f"PRAGMA table_xinfo({row[1]})").fetchall() for row in rows]
        found = rows, columns, file.execute("PRAGMA user_version").fetchone()[0]
    file.close()
    return found


def test_what_was_changed_is_as_what_was_made_anew(first_version, tmp_path_factory):
    """Whichever version a database began with, it has the same tables and indexes."""
    fresh = tmp_path_factory.mktemp("fresh")
    for folder in (first_version, fresh):
        Database(folder).close()
    assert shape(first_version) == shape(fresh)
    assert shape(fresh)[-1] == VERSION


def test_every_older_version_has_a_way_to_the_next():
    """None is left behind."""
    assert list(MIGRATIONS) == list(range(1, VERSION))


def test_a_change_that_fails_leaves_the_file_as_it_was(first_version):
    """It is said why, and the older Optiscope can still use it."""
    with sqlite3.connect(first_version / NAME) as file:
        file.execute("DROP INDEX runs_by_state")
    file.close()
    before = shape(first_version)
    with pytest.raises(StorageUnavailableError, match="no such index: runs_by_state"):
        Database(first_version)
    assert shape(first_version) == before

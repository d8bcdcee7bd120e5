"""A database of an older version becomes one of this version, with everything that is in it."""

import sqlite3
from pathlib import Path

import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.words import say
from optiscope.engine.loop.training import advance
from optiscope.runs.keeping.checking import check
from optiscope.runs.keeping.database import NAME, Database
from optiscope.runs.keeping.errors import StorageUnavailableError
from optiscope.runs.keeping.listing import ALL
from optiscope.runs.keeping.run import State, to_text
from optiscope.runs.keeping.schema import APPLICATION, MIGRATIONS, VERSION
from optiscope.runs.keeping.store import NewRun, Store
from tests.runs.keeping.old_blocks import old_bytes
from tests.runs.records import assert_same_records

HERE = Path(__file__).parent
CONFIG = RunConfig.model_validate({"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 8})
BLOCKS, CHECKPOINT = advance(CONFIG, None, 8)
COMPLETED = {1: "completed all 8 steps"} | dict.fromkeys((2, 3), to_text(say("completed", count=8)))

LAST_THAT_CHANGES_RUNS = 2


@pytest.fixture(params=[1, 2, 3])
def older(tmp_path, request):
    """A file of an older schema: a run that has ended, one to be trained, and records of a deleted one."""
    file = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    schema = (HERE / f"schema_{request.param}.sql").read_text()
    file.executescript(f"PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; {schema}")
    file.execute(f"PRAGMA application_id = {APPLICATION}")
    file.execute(f"PRAGMA user_version = {request.param}")
    run = (
        "INSERT INTO runs (id, name, config, steps, about, state, detail, reason, created, updated, first, "
        "step, bytes) VALUES (?, ?, ?, 8, 'adam', ?, ?, ?, 1.0, 1.0, 0, ?, ?)"
    )
    config, data = CONFIG.canonical(), old_bytes(BLOCKS)
    file.execute(run, ("old", "old", config, "ended", COMPLETED[request.param], "completed", 8, len(data)))
    file.execute(run, ("new", "new", config, "running", "", None, -1, 0))
    file.execute("UPDATE sqlite_sequence SET seq = 77")
    for serial in (1, 77):
        file.execute("INSERT INTO blocks (run, first, last, data) VALUES (?, 0, 8, ?)", (serial, data))
        stand = (serial, CHECKPOINT.to_bytes())
        file.execute("INSERT INTO checkpoints (run, step, data) VALUES (?, 8, ?)", stand)
    if request.param > 1:
        file.execute("INSERT INTO deleted VALUES (77)")
    file.close()
    return tmp_path


async def test_an_older_database_is_changed_and_loses_nothing(older):
    """Its runs are there, their records too, and what was deleted is still cleared away."""
    database = Database(older)
    store = Store(database, 8)
    old, new = await store.get("old"), await store.get("new")
    assert (old.state, old.ended.reason, new.state) == (State.ENDED, "completed", State.RUNNING)
    assert old.ended.detail == "completed all 8 steps"
    assert (old.config, old.steps, old.source) == (CONFIG, 8, None)
    assert [run.id for run in await store.unfinished()] == ["new"]
    assert_same_records((await store.piece_at(old, 0)).blocks(), BLOCKS)
    assert (await store.page(ALL, None, 9)).totals.prunable_nbytes == old.nbytes
    while await store.sweep():
        pass
    left = "SELECT run FROM blocks UNION ALL SELECT run FROM checkpoints"
    assert [row[0] for row in await database.read(lambda db: db.execute(left).fetchall())] == [old.serial] * 2
    database.close()


async def test_no_serial_is_used_again_after_the_change(older):
    """Records of a deleted run are cleared away by its serial, so no other run may get it."""
    database = Database(older)
    run = await Store(database, 8).create(NewRun("next", "next", CONFIG))
    assert run.serial == 78
    database.close()


def shape(folder):
    """The tables and indexes of a database, without what was written about them."""
    with sqlite3.connect(folder / NAME) as file:
        rows = file.execute("SELECT type, name, tbl_name FROM sqlite_schema ORDER BY type, name").fetchall()
        columns = [file.execute(f"PRAGMA table_xinfo({row[1]})").fetchall() for row in rows]
        found = rows, columns, file.execute("PRAGMA user_version").fetchone()[0]
    file.close()
    return found


def test_what_was_changed_is_as_what_was_made_anew(older, tmp_path_factory):
    """Whichever version a database began with, it has the same tables and indexes."""
    fresh = tmp_path_factory.mktemp("fresh")
    for folder in (older, fresh):
        Database(folder).close()
    assert shape(older) == shape(fresh)
    assert shape(fresh)[-1] == VERSION


def test_every_older_version_has_a_way_to_the_next():
    """None is left behind."""
    assert list(MIGRATIONS) == list(range(1, VERSION))


def test_a_change_that_fails_leaves_the_file_as_it_was(older):
    """It is said why, and the older Optiscope can still use it."""
    with sqlite3.connect(older / NAME) as file:
        version = file.execute("PRAGMA user_version").fetchone()[0]
        index = file.execute("SELECT name FROM sqlite_schema WHERE name LIKE 'runs_by_%'").fetchone()[0]
        in_the_way, why = f"DROP INDEX {index}", f"no such index: {index}"
        if version == LAST_THAT_CHANGES_RUNS + 1:
            in_the_way, why = "CREATE TABLE cells (x)", "table cells already exists"
        file.execute(in_the_way)
    file.close()
    before = shape(older)
    with pytest.raises(StorageUnavailableError, match=why):
        Database(older)
    assert shape(older) == before


@pytest.mark.parametrize(("place", "byte"), [(b"pinned", b"q"), (b"updated", b"\xf5")])
def test_a_file_that_tells_of_other_columns_is_damaged(tmp_path, place, byte):
    """A flipped bit in the names of its tables is told in words, also where they are text no longer."""
    Database(tmp_path).close()
    file = tmp_path / NAME
    assert check(file).is_whole
    file.write_bytes(file.read_bytes().replace(place, byte + place[1:]))
    for opened in (Database, lambda folder: check(folder / NAME)):
        with pytest.raises(StorageUnavailableError, match="database of runs is damaged"):
            opened(tmp_path)

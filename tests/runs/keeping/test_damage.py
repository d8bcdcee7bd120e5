"""Whatever is damaged: records are those that were written, or the run is named as damaged."""

import shutil
import sqlite3
from dataclasses import replace

import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.training import advance
from optiscope.runs.keeping.database import NAME, Database
from optiscope.runs.keeping.errors import ConflictError, DamagedError, NoCheckpointError, StorageError
from optiscope.runs.keeping.jobs import keep_chunk
from optiscope.runs.keeping.listing import ALL, Wish
from optiscope.runs.keeping.run import State
from optiscope.runs.keeping.store import NewRun, Store
from tests.runs.keeping.test_codec import flipped
from tests.runs.records import assert_same_records

CONFIG = RunConfig.model_validate({"problem": {"name": "xor"}, "optimizer": {"name": "Adam"}, "steps": 12})
PIECES = ((0, 4), (5, 8), (9, 12))


async def kept(store, id_, seed=0):
    """A completed run in three pieces."""
    config = CONFIG.model_copy(update={"model": CONFIG.model.model_copy(update={"seed": seed})})
    run = await store.create(NewRun(id_, f"run {id_}", config))
    checkpoint = None
    for first, last in PIECES:
        chunk = keep_chunk(run.config_json, checkpoint, last - max(first - 1, 0), run.result)
        run, checkpoint = await store.append(run.serial, chunk.piece), chunk.piece.checkpoint
    return run


@pytest.fixture
async def folder(tmp_path):
    """A database with two runs that were trained in the same pieces."""
    database = Database(tmp_path)
    store = Store(database, 8)
    for id_, seed in (("a", 0), ("b", 1)):
        assert (await kept(store, id_, seed)).state is State.ENDED
    database.close()
    return tmp_path


@pytest.fixture
def store(folder):
    database = Database(folder)
    yield Store(database, 8)
    database.close()


def change(folder, query, *values):
    file = sqlite3.connect(folder / NAME, isolation_level=None)
    file.execute(query, values)
    file.close()


def value(folder, query, *values):
    file = sqlite3.connect(folder / NAME)
    (found,) = file.execute(query, values).fetchone()
    file.close()
    return found


async def records(store, id_):
    """What a follower is given of a run: its records, and the run at the end."""
    blocks, step = [], 0
    run = await store.get(id_)
    while True:
        try:
            run, piece = await store.look(id_, step)
        except DamagedError:
            run = await store.judge(id_)
            piece = await store.piece_at(run, step)
        if piece is None:
            return run, blocks
        blocks += piece.blocks()
        step = piece.last + 1


def written(seed=0):
    config = CONFIG.model_copy(update={"model": CONFIG.model.model_copy(update={"seed": seed})})
    return advance(config, None, 12)[0]


def up_to(blocks, step):
    """The records up to a step."""
    cut = [block[: max(0, step + 1 - block.first)] for block in blocks]
    return [block for block in cut if len(block)]


@pytest.mark.parametrize(("last", "good"), [(4, -1), (8, 4), (12, 8)])
async def test_a_damaged_piece_ends_the_run_where_it_is_whole(folder, store, last, good):
    """It is named in state, sentence, step and losses, whoever asks, and also later."""
    data = value(folder, "SELECT data FROM blocks WHERE run = 1 AND last = ?", last)
    change(folder, "UPDATE blocks SET data = ? WHERE run = 1 AND last = ?", flipped(data, 8 * 900 + 3), last)
    with pytest.raises(DamagedError):
        await store.piece_at(await store.get("a"), last)
    for _ in range(2):
        run, blocks = await records(store, "a")
        assert (run.state, run.step, run.ended, run.stopped.reason) == (State.DAMAGED, good, None, "damaged")
        assert run.said.code == ("all_records_damaged" if good < 0 else "records_damaged")
        assert_same_records(blocks, up_to(written(), good))
    assert (run.result and run.result["loss"]) == (
        up_to(written(), good)[-1].loss[-1].item() if good >= 0 else None
    )
    other, blocks = await records(store, "b")
    assert other.state is State.ENDED
    assert_same_records(blocks, written(1))


async def test_any_flipped_bit_of_a_stored_piece_is_damage(folder, store):
    """Through the store as through the codec: never another number."""
    data = value(folder, "SELECT data FROM blocks WHERE run = 1 AND last = 8")
    run = await store.get("a")
    for bit in range(0, 8 * len(data), 97):
        change(folder, "UPDATE blocks SET data = ? WHERE run = 1 AND last = 8", flipped(data, bit))
        with pytest.raises(DamagedError):
            await store.piece_at(run, 6)


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM blocks WHERE run = 1 AND last = 8",
        "UPDATE blocks SET first = 4 WHERE run = 1 AND last = 8",
        "UPDATE blocks SET last = 9 WHERE run = 1 AND last = 8",
        "UPDATE blocks SET seal = seal + 1 WHERE run = 1 AND last = 8",
        "UPDATE blocks SET seal = NULL WHERE run = 1 AND last = 8",
        (
            "UPDATE blocks SET (data, seal) = (SELECT data, seal FROM blocks WHERE run = 2 AND last = 8) "
            "WHERE run = 1 AND last = 8"
        ),
    ],
)
async def test_a_piece_that_is_not_this_one_is_damage(folder, store, query):
    """Missing, misplaced, or of another run at the same steps."""
    change(folder, query)
    run, blocks = await records(store, "a")
    assert (run.state, run.step) == (State.DAMAGED, 4)
    assert_same_records(blocks, up_to(written(), 4))


ROW = {
    "id": "'c'",
    "name": "'other'",
    "state": "'running'",
    "detail": "'{'",
    "reason": "'diverged'",
    "version": "9",
    "created": "9e99",
    "first": "3",
    "step": "11",
    "bytes": "-5",
    "result": '\'{"loss": 0.25, "lowest": null}\'',
    "origin": "'[]'",
    "seal": "1",
}


@pytest.mark.parametrize(("column", "wrong"), ROW.items(), ids=ROW)
async def test_a_damaged_row_is_named_and_its_records_are_whole(folder, store, column, wrong):
    """What it said is not believed; what can be found again is, and the run can go on."""
    change(folder, f"UPDATE runs SET {column} = {wrong} WHERE serial = 1")  # noqa: S608 - the table above
    (listed,) = [run for run in (await store.page(ALL, None, 9)).runs if run.serial == 1]
    assert (listed.state, listed.result) == (State.DAMAGED, None)
    for _ in range(2):
        run, blocks = await records(store, listed.id)
        assert (run.state, run.said.code, run.step) == (State.DAMAGED, "row_damaged", 12)
        assert_same_records(blocks, written())
        assert run.result["loss"] == written()[-1].loss[-1].item()


async def test_a_damaged_config_is_never_used(folder, store):
    """Its records are read; whatever needs it is refused, now and later."""
    change(
        folder, "UPDATE runs SET config = replace(config, '\"steps\":12', '\"steps\":13') WHERE serial = 1"
    )
    for _ in range(2):
        run, blocks = await records(store, "a")
        assert (run.state, run.said.code, run.stored_config, run.steps) == (
            State.DAMAGED,
            "config_damaged",
            None,
            None,
        )
        assert_same_records(blocks, written())
        with pytest.raises(ConflictError, match="config of this run is damaged"):
            _ = run.config
    renamed = await store.change("a", run.version, {"name": "still"})
    assert (renamed.name, renamed.stored_config) == ("still", None)


async def test_an_earlier_checkpoint_is_used_for_a_damaged_one(folder, store):
    """Or the beginning; what lies behind it is deleted, and trained again with the same bits."""
    for step, left in ((12, 8), (8, 4), (4, -1)):
        data = value(folder, "SELECT data FROM checkpoints WHERE run = 1 AND step = ?", step)
        change(
            folder, "UPDATE checkpoints SET data = ? WHERE run = 1 AND step = ?", flipped(data, 5000), step
        )
        run, checkpoint = await store.take_up(await store.get("a"))
        assert (run.step, checkpoint is None) == (left, left < 0)
        assert checkpoint is None or Checkpoint.from_bytes(checkpoint).step == left
        assert value(folder, "SELECT coalesce(max(last), -1) FROM blocks WHERE run = 1") == left
    assert (run.result, run.nbytes) == (None, 0)


async def test_a_fork_without_a_whole_checkpoint_cannot_go_on(folder, store):
    """It did not begin at a beginning of its own, and says so."""
    change(folder, "DELETE FROM checkpoints WHERE run = 1")
    fork = replace(await store.get("a"), first=5)
    for asked in (store.take_up(fork), store.checkpoint_before(fork, 9)):
        with pytest.raises(NoCheckpointError):
            await asked


async def test_old_checkpoints_are_verified_as_far_as_their_form_allows(folder, store):
    """A checkpoint of an older version has no seal; the file has checksums of its own."""
    change(folder, "UPDATE checkpoints SET seal = NULL")
    assert (await store.take_up(await store.get("a")))[0].step == 12
    data = value(folder, "SELECT data FROM checkpoints WHERE run = 1 AND step = 12")
    middle = 8 * data.index(b"model") + 70
    change(folder, "UPDATE checkpoints SET data = ? WHERE run = 1 AND step = 12", flipped(data, middle))
    assert (await store.take_up(await store.get("a")))[0].step == 8


async def test_damage_of_the_file_itself_makes_no_other_numbers(folder, tmp_path_factory):
    """For every page of SQLite's own: what can be read is what was written, and what cannot is said."""
    change(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    size = value(folder, "PRAGMA page_size")
    original = (folder / NAME).read_bytes()
    expected = {"a": written(), "b": written(1)}
    whole = named = 0
    for page in range(len(original) // size):
        for offset in (3, 40, size // 2, size - 9):
            copy = tmp_path_factory.mktemp("copy")
            (copy / NAME).write_bytes(flipped(original, 8 * (page * size + offset) + offset % 8))
            try:
                database = Database(copy)
            except StorageError:
                named += 1
                continue
            for id_, blocks in expected.items():
                try:
                    run, found = await records(Store(database, 8), id_)
                except (StorageError, LookupError):
                    named += 1
                    continue
                assert run.state in {State.ENDED, State.DAMAGED}, (page, offset)
                assert_same_records(found, up_to(blocks, run.step))
                whole += run.state is State.ENDED and run.step == 12
                named += run.state is State.DAMAGED
            database.close()
            shutil.rmtree(copy)
    assert whole > 50
    assert named > 10


@pytest.mark.parametrize("index", ["runs_by_quota", "sqlite_autoindex_runs_1"])
async def test_runs_are_found_without_an_index_that_is_damaged(folder, index):
    """Listed, counted, looked at by id and taken up, as long as their rows can be read."""
    change(folder, "PRAGMA wal_checkpoint(TRUNCATE)")
    page = value(folder, "SELECT rootpage FROM sqlite_schema WHERE name = ?", index)
    size = value(folder, "PRAGMA page_size")
    data = bytearray((folder / NAME).read_bytes())
    data[(page - 1) * size : (page - 1) * size + 12] = bytes(12)
    (folder / NAME).write_bytes(data)
    database = Database(folder)
    store = Store(database, 8)
    found = await store.page(Wish("run"), None, 9)
    assert [run.id for run in found.runs] == ["b", "a"]
    assert (found.totals.runs, found.totals.prunable) == (2, 2)
    assert found.totals.nbytes == sum(run.nbytes for run in found.runs)
    assert await store.unfinished() == []
    assert_same_records((await records(store, "a"))[1], written())
    database.close()

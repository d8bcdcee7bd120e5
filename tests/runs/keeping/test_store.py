"""The store appends, and keeps no step twice."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.training import completed
from optiscope.runs.keeping.codec import encode_blocks
from optiscope.runs.keeping.database import Database
from optiscope.runs.keeping.errors import ConflictError, UnknownRunError
from optiscope.runs.keeping.listing import ALL, Wish
from optiscope.runs.keeping.reading import StoredPiece
from optiscope.runs.keeping.removing import TOTALS
from optiscope.runs.keeping.run import State
from optiscope.runs.keeping.store import NewRun, Piece, Store

CONFIG = RunConfig.model_validate({"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 100})
RESULT = {"loss": 0.5, "lowest": None}


def data(first, last):
    """Records of a run with one parameter."""
    count = last - first + 1
    none = dict.fromkeys(("momentum", "grad_norm", "grads"))
    columns = {"loss": np.zeros(count), "lr": np.zeros((count, 1)), "params": {"w": np.zeros((count, 1))}}
    return encode_blocks([Block.of(first, columns | none | {"state": {}})])


def piece(first, last, ended=None):
    return Piece(first, last, data(first, last), RESULT, b"checkpoint", ended)


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path)
    yield database
    database.close()


@pytest.fixture
def store(database):
    return Store(database, max_checkpoints=8)


async def kept(store, id_="a", **changes):
    return await store.create(NewRun(id_, "a name", CONFIG, **changes))


async def test_records_are_added_behind_the_last(store):
    """Each piece begins where the last one ended, or is refused and changes nothing."""
    run = await kept(store)
    assert (run.first, run.step, run.version, run.state) == (0, -1, 1, State.RUNNING)
    run = await store.append(run.serial, piece(0, 9))
    for first in (0, 5, 9, 11):
        with pytest.raises(ConflictError):
            await store.append(run.serial, piece(first, 20))
    assert (await store.append(run.serial, piece(10, 20))).step == 20
    run = await store.get(run.id)
    first, second = StoredPiece(0, 9, data(0, 9)), StoredPiece(10, 20, data(10, 20))
    found = [await store.piece_at(run, step) for step in (0, 9, 10, 20, 21)]
    assert found == [first, first, second, second, None]


async def test_the_end_is_kept_with_the_last_records(store):
    """One transaction holds both; a run that was extended meanwhile goes on."""
    ended = completed(100)
    run = await kept(store)
    run = await store.append(run.serial, piece(0, 100, ended))
    assert (run.state, run.ended) == (State.ENDED, ended)
    other = await kept(store, "b")
    longer = CONFIG.model_copy(update={"steps": 200})
    await store.change("b", 1, {}, longer)
    other = await store.append(other.serial, piece(0, 100, ended))
    assert (other.state, other.ended) == (State.RUNNING, None)


async def test_a_version_can_be_changed_once(store):
    """The second of two commands for the same version is refused."""
    await kept(store)
    assert (await store.change("a", 1, {"name": "other"})).version == 2
    with pytest.raises(ConflictError, match="version 2, not 1"):
        await store.change("a", 1, {"name": "third"})
    assert (await store.get("a")).name == "other"


async def test_a_deleted_run_is_gone(store, database):
    """Nothing is added to it any more, and its space is given back."""
    run = await kept(store)
    await store.append(run.serial, piece(0, 9))
    with pytest.raises(ConflictError):
        await store.delete("a", 7)
    await store.delete("a", 1)
    for asked in (store.get("a"), store.delete("a", None), store.append(run.serial, piece(10, 11))):
        with pytest.raises(UnknownRunError):
            await asked
    while await store.sweep():
        pass
    assert await database.read(lambda db: db.execute("SELECT count(*) FROM blocks").fetchone()[0]) == 0
    assert (await kept(store, "b")).serial > run.serial


async def test_checkpoints_are_thinned_evenly(store):
    """However long a run is, there are few checkpoints, spread over all of it; the first and last stay."""
    run = await kept(store)
    for first in range(0, 3000, 10):
        run = await store.append(run.serial, piece(first, first + 9))
    found = {}
    for step in range(0, 3000, 10):
        found[step + 9] = await store.checkpoint_before(run, step + 9)
    assert all(found.values())
    steps = await store._database.read(
        lambda db: [row[0] for row in db.execute("SELECT step FROM checkpoints ORDER BY step")]
    )
    assert (steps[0], steps[-1]) == (9, 2999)
    assert len(steps) <= 9
    assert max(b - a for a, b in pairwise(steps)) <= 3000 / 2
    records = sum(len(data(first, first + 9)) for first in range(0, 3000, 10))
    assert run.nbytes == records + len(steps) * len(b"checkpoint")


async def test_runs_are_listed_newest_first_in_pages(store):
    """By words in name, problem and optimizer, by state, and behind a place."""
    for number in range(5):
        await store.create(NewRun(f"id{number}", f"Run {number} 100%", CONFIG))

    async def ids(*wanted):
        return [run.id for run in (await store.page(*wanted)).runs]

    page = await store.page(ALL, None, 2)
    assert [run.id for run in page.runs] == ["id4", "id3"]
    assert await ids(ALL, page.following, 9) == ["id2", "id1", "id0"]
    assert (await store.page(ALL, page.following, 3)).following is None
    assert await ids(Wish("RUN adam 3"), None, 9) == ["id3"]
    assert len(await ids(Wish("100% moons"), None, 9)) == 5
    assert await ids(Wish("_", State.RUNNING), None, 9) == []
    assert await ids(Wish(state=State.ENDED), None, 9) == []
    await store.create(NewRun("watched", "Mine", None, source={"program": "mine.py"}))
    assert await ids(Wish(watched=True), None, 9) == ["watched"]
    assert len(await ids(Wish(watched=False), None, 9)) == 5


async def test_the_quota_removes_the_longest_untouched_and_says_so(store):
    """Pinned and unfinished runs stay, and what went is listed."""
    ended = completed(100)
    for id_ in "abcd":
        run = await kept(store, id_, pinned=id_ == "a")
        if id_ != "d":
            await store.append(run.serial, piece(0, 100, ended))
    assert await store.prune(2, 10**9) == []
    assert [run.id for run in await store.prune(1, 10**9)] == ["b"]
    assert [run.id for run in await store.prune(1, 5)] == ["c"]
    page = await store.page(ALL, None, 9)
    assert {run.id for run in page.runs} == {"a", "d"}
    assert [(gone.id, str(gone.said)) for gone in page.pruned] == [
        ("c", "more than 5 bytes were kept"),
        ("b", "more than 1 run was kept"),
    ]
    assert (page.totals.runs, page.totals.prunable, page.totals.nbytes) == (2, 0, piece(0, 100).nbytes)


async def test_totals_are_read_without_the_rows(database):
    """An index holds all that they need, however long the configs are."""
    plan = await database.read(lambda db: db.execute(f"EXPLAIN QUERY PLAN {TOTALS}").fetchall())
    assert [row["detail"] for row in plan] == ["SCAN runs USING COVERING INDEX runs_by_quota"]


async def test_space_is_given_back_to_the_disk(store, database, tmp_path):
    """A sweep at a time, until the file is as small as it was."""

    async def pages():
        return await database.read(lambda db: db.execute("PRAGMA page_count").fetchone()[0])

    before = await pages()
    run = await kept(store)
    for first in range(50):
        await store.append(run.serial, replace(piece(first, first), data=bytes(100_000)))
    assert await pages() > before + 1000
    await store.delete("a", None)
    while await store.sweep():
        pass
    assert await pages() <= before + 1

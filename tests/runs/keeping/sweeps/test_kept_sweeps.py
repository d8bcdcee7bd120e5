"""A kept sweep goes on where it was interrupted, and what is damaged of it is trained again."""

import asyncio
import sqlite3
from dataclasses import replace

import numpy as np
import pytest

from optiscope.engine.core.words import say
from optiscope.runs.keeping.checking import check
from optiscope.runs.keeping.database import NAME, Database
from optiscope.runs.keeping.errors import (
    ConflictError,
    DamagedError,
    StorageFullError,
    StorageUnavailableError,
)
from optiscope.runs.keeping.run import State
from optiscope.runs.keeping.seals import cells_seal
from optiscope.runs.keeping.sweeps.codec import decode_cells, encode_cells
from optiscope.runs.keeping.sweeps.kept_sweep import StoredCells
from optiscope.runs.keeping.sweeps.kept_sweeps import FollowEnded, KeptSweeps, open_kept_sweeps
from optiscope.runs.sweeping import ways_of
from optiscope.settings import Settings
from tests.runs.slow_hand import SlowHand, serve
from tests.runs.test_sweeping import NoKernels, plan_of
from tests.waiting import until_async

PLAN = plan_of(seeds=5, steps=500)
"""Ten members, two to a piece."""

PATIENCE = 6000
"""Looks, a hundred a second, before it is said that nothing happens."""


@pytest.fixture
def opened(tmp_path):
    """Opens the sweeps of one folder with a service whose workers do nothing before the test says so."""
    open_ones = []

    async def opener(**changes):
        hand = SlowHand()
        service = serve(hand)
        options = Settings(data_dir=tmp_path, storage_retry_seconds=0.01, **changes)
        database = Database(tmp_path)
        kept = KeptSweeps(database, service, NoKernels(PLAN), options)
        open_ones.append((kept, database))
        await kept.start()
        return kept, hand, service, database

    return opener


async def closed(kept, database):
    """Let another one open the folder."""
    await kept.close()
    await asyncio.to_thread(database.close)


async def begun(kept, service):
    outlooks = await NoKernels(PLAN).outlooks("")
    ways = [
        {"members": w.members, "way": w.way, "seconds": w.seconds, "because": None}
        for w in ways_of(PLAN, outlooks, service.speeds, 2, say("way_small"))
    ]
    return await kept.create(PLAN, ways, name=None, pinned=False, client="")


async def worked(hand, kept, id_, members):
    """Let the workers work until so many members are done."""
    for _ in range(PATIENCE):
        if (await kept.get(id_)).done >= members:
            return
        if hand.jobs:
            hand.work()
        await asyncio.sleep(0.01)
    pytest.fail("the sweep does not go on")


async def all_of(kept, id_):
    """The members that come, and the end."""
    members, ended = [], None
    async for event in kept.follow(id_):
        if isinstance(event, StoredCells):
            members += event.cells().members.tolist()
        else:
            ended = event
    return members, ended


async def test_an_interrupted_sweep_goes_on_with_what_is_missing(opened, tmp_path):
    """Each server trains the pieces that those before have not kept, and the summary is of all."""
    kept, hand, service, database = await opened()
    id_ = (await begun(kept, service)).id
    for members in (2, 6):
        await worked(hand, kept, id_, members)
        await closed(kept, database)
        kept, hand, _, database = await opened()

    done = (await kept.get(id_)).done
    await worked(hand, kept, id_, PLAN.members)
    assert hand.submitted == (PLAN.members - done) / 2
    members, ended = await all_of(kept, id_)
    assert sorted(members) == list(range(PLAN.members))
    assert (ended.reason, len(ended.summary)) == ("completed", 1)
    await closed(kept, database)
    report = check(tmp_path / NAME)
    assert (report.is_whole, report.sweeps, report.parts) == (True, 1, PLAN.members / 2)


async def test_without_resuming_it_is_paused(opened):
    """The setting that lets runs be lets sweeps be, and resume goes on."""
    kept, hand, service, database = await opened()
    id_ = (await begun(kept, service)).id
    await closed(kept, database)
    kept, hand, _, database = await opened(resume_runs=False)
    assert ((await kept.get(id_)).state, hand.submitted) == (State.PAUSED, 0)
    assert await all_of(kept, id_) == ([], FollowEnded("paused", (await kept.get(id_)).said))
    await kept.resume(id_, "")
    await worked(hand, kept, id_, PLAN.members)
    await closed(kept, database)


async def test_a_sweep_is_resumed_once(opened):
    """Of two who resume it at the same time one is refused, and every member is kept once."""
    kept, hand, service, database = await opened()
    id_ = (await begun(kept, service)).id
    await worked(hand, kept, id_, 2)
    await kept.pause(id_)
    resumed = await asyncio.gather(*(kept.resume(id_, "") for _ in range(2)), return_exceptions=True)
    assert sum(isinstance(outcome, ConflictError) for outcome in resumed) == 1
    await worked(hand, kept, id_, PLAN.members)
    members, ended = await all_of(kept, id_)
    assert (sorted(members), ended.reason) == (list(range(PLAN.members)), "completed")
    await closed(kept, database)


async def test_cells_that_are_damaged_are_trained_again(opened, tmp_path):
    """A follower is given every member, none of them damaged."""
    kept, hand, service, database = await opened()
    id_ = (await begun(kept, service)).id
    await worked(hand, kept, id_, PLAN.members)
    before, _ = await all_of(kept, id_)
    damage = "UPDATE cells SET data = CAST(substr(data, 1, length(data) - 1) || x'01' AS BLOB) WHERE part = 1"
    await database.write(lambda db: db.execute(damage))
    assert [found.id for found in check(tmp_path / NAME).damaged_sweeps] == [id_]
    following = asyncio.ensure_future(all_of(kept, id_))
    await until_async(lambda: hand.jobs)
    await worked(hand, kept, id_, PLAN.members)
    members, ended = await following
    assert (sorted(members), ended.reason) == (sorted(before), "completed")
    assert check(tmp_path / NAME).is_whole
    await closed(kept, database)


async def test_cells_of_another_order_are_trained_again(opened, tmp_path):
    """A version that hands members out otherwise goes on with a sweep, and each comes once."""
    kept, hand, service, database = await opened()
    id_ = (await begun(kept, service)).id
    await worked(hand, kept, id_, 4)
    await closed(kept, database)
    with sqlite3.connect(tmp_path / NAME) as db:
        row = db.execute("SELECT sweep, part, first, last, data FROM cells ORDER BY part LIMIT 1").fetchone()
        other = replace(decode_cells(row[4]), members=np.array([6, 7]))
        changed = (*row[:4], encode_cells(other))
        db.execute(
            "UPDATE cells SET data = ?, seal = ? WHERE part = ?", (changed[4], cells_seal(*changed), row[1])
        )
    kept, hand, *_ = await opened()
    await worked(hand, kept, id_, 10)
    members, _ = await all_of(kept, id_)
    assert sorted(members) == list(range(10))


async def test_a_damaged_row_is_said_so_and_can_be_deleted(opened):
    """It is neither shown nor listed, and nothing is trained by it."""
    kept, _, service, database = await opened()
    id_ = (await begun(kept, service)).id
    await database.write(lambda db: db.execute("UPDATE sweeps SET members = 11"))
    with pytest.raises(DamagedError, match="can only be deleted"):
        await kept.get(id_)
    assert (await kept.page()).sweeps == []
    await kept.delete(id_)
    assert (await kept.page()).totals.sweeps == 0
    await closed(kept, database)


async def test_a_full_disk_holds_a_sweep_up_and_loses_nothing(opened, monkeypatch):
    """What was trained waits, and is written once there is space."""
    kept, hand, service, database = await opened()
    id_ = (await begun(kept, service)).id
    write, full = database.write, [True]

    async def failing(work, **more):
        if full[0]:
            raise StorageFullError(say("storage_full"))
        return await write(work, **more)

    await until_async(lambda: hand.jobs)
    monkeypatch.setattr(database, "write", failing)
    hand.work()
    for _ in range(PATIENCE):
        if (await kept.get(id_)).state is State.PAUSED:
            break
        await asyncio.sleep(0.01)
    assert (await kept.get(id_)).said == say("storage_full")
    full[0] = False
    await worked(hand, kept, id_, PLAN.members)
    members, _ = await all_of(kept, id_)
    assert sorted(members) == list(range(PLAN.members))
    await closed(kept, database)


async def test_space_of_deleted_sweeps_is_given_back(opened):
    """Their cells go with them."""
    kept, hand, service, database = await opened()
    id_ = (await begun(kept, service)).id
    await worked(hand, kept, id_, PLAN.members)
    await kept.delete(id_)
    await kept.close()
    [count] = await database.read(lambda db: db.execute("SELECT count(*) FROM cells").fetchone())
    assert count == 0
    await closed(kept, database)


async def test_a_database_that_cannot_be_read_is_said_so(tmp_path, monkeypatch):
    """The server lives on without its sweeps."""
    error = StorageUnavailableError(say("database_damaged"))

    async def failing(_work):
        raise error

    database = Database(tmp_path)
    monkeypatch.setattr(database, "read", failing)
    options = Settings(data_dir=tmp_path)
    assert await open_kept_sweeps(database, serve(SlowHand()), NoKernels(PLAN), options) is error
    await asyncio.to_thread(database.close)

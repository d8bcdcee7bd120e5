"""A damaged run ends where it is whole, and goes on from there with the bits of the unbroken one."""

import sqlite3

import pytest

from optiscope.engine.loop.forking import Restore
from optiscope.engine.loop.training import advance
from optiscope.runs.keeping.branching import Branch
from optiscope.runs.keeping.database import NAME
from optiscope.runs.keeping.errors import ConflictError
from optiscope.runs.keeping.listing import Wish
from optiscope.runs.keeping.run import State
from tests.runs.keeping.test_codec import flipped
from tests.runs.keeping.test_kept_runs import config, create, followed, serving, steps_of
from tests.runs.records import assert_same_records

__all__ = ["serving"]
LONG = config(300)
EXPECTED = advance(LONG, None, 300)[0]


@pytest.fixture
async def runs(serving):
    async with serving() as kept:
        yield kept


@pytest.fixture
async def run(runs, tmp_path):
    """A completed run of which a bit of a piece in the middle was flipped, and the last step before that."""
    run = await create(runs, LONG)
    await followed(runs, run.id)
    file = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    first, last, data = file.execute(
        "SELECT first, last, data FROM blocks WHERE run = ? AND last > 150 ORDER BY last LIMIT 1",
        (run.serial,),
    ).fetchone()
    file.execute(
        "UPDATE blocks SET data = ? WHERE run = ? AND last = ?", (flipped(data, 4321), run.serial, last)
    )
    file.close()
    return run.id, first - 1


async def test_it_is_followed_to_where_it_is_whole(runs, run):
    """The stream ends with an end that says so, from wherever one follows; views have what is whole."""
    id_, good = run
    for since in (0, good, good + 1, 299):
        blocks, ended = await followed(runs, id_, since)
        assert steps_of(blocks) == list(range(since, good + 1))
        assert (ended.reason, ended.step, ended.said.code) == ("damaged", good, "records_damaged")
    found = await runs.get(id_)
    assert (found.state, found.step, found.ended) == (State.DAMAGED, good, None)
    _, recorded = await runs.recorded(id_)
    assert (recorded.ended.reason, recorded.blocks[-1].steps[-1]) == ("damaged", good)


async def test_a_view_that_reads_it_first_finds_the_damage(runs, run):
    """It has what is whole, and the run is named as damaged from then on."""
    id_, good = run
    _, recorded = await runs.recorded(id_)
    assert (recorded.ended.reason, recorded.blocks[-1].steps[-1]) == ("damaged", good)
    assert (await runs.page(Wish(state=State.DAMAGED))).runs[0].id == id_


async def test_resume_trains_it_again_with_the_same_bits(runs, run):
    """What is damaged is deleted, and nothing tells the run from one that was never damaged."""
    id_, _ = run
    await followed(runs, id_)
    resumed = await runs.resume(id_, None, "me")
    assert resumed.state is State.RUNNING
    blocks, ended = await followed(runs, id_)
    assert (ended.reason, ended.step) == ("completed", 300)
    assert_same_records(blocks, EXPECTED)
    again = await runs.get(id_)
    lowest = min(float(loss) for block in EXPECTED for loss in block.loss)
    assert again.result["lowest"]["loss"] == lowest
    assert (again.state, again.result["loss"]) == (State.ENDED, float(EXPECTED[-1].loss[-1]))


async def test_extend_goes_on_from_where_it_is_whole(runs, run):
    """To the longer end."""
    id_, _ = run
    await followed(runs, id_)
    assert (await runs.extend(id_, 20, None, "me")).steps == 320
    blocks, ended = await followed(runs, id_)
    assert (ended.reason, ended.step) == ("completed", 320)
    assert_same_records(blocks, advance(config(320), None, 320)[0])


async def test_it_can_be_forked_before_the_damage_and_not_behind_it(runs, run):
    """The fork begins with the bits of the step."""
    id_, good = run
    await followed(runs, id_)
    fork = await runs.fork(id_, Branch(good, {}, Restore()), "me")
    blocks, _ = await followed(runs, fork.id, good + 1)
    assert_same_records(blocks, [block for block in (b.since(good + 1) for b in EXPECTED) if len(block)])
    with pytest.raises(ValueError, match=f"step must be between 0 and {good}, got {good + 1}"):
        await runs.fork(id_, Branch(good + 1, {}, Restore()), "me")


async def test_a_run_that_starts_where_its_checkpoint_is_damaged_goes_back(serving, tmp_path):
    """A server that takes up an interrupted run uses the checkpoint before, whatever became of the last."""
    async with serving() as kept:
        run = await create(kept, LONG)
        await followed(kept, run.id)
    file = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    file.execute("UPDATE checkpoints SET data = zeroblob(length(data)) WHERE step > 100")
    file.execute("UPDATE runs SET state = 'running', reason = NULL, detail = '', seal = NULL")
    file.close()
    async with serving() as kept:
        blocks, ended = await followed(kept, run.id)
        assert (ended.reason, ended.step) == ("completed", 300)
        assert_same_records(blocks, EXPECTED)


async def test_a_damaged_config_is_not_trained(runs, run, tmp_path):
    """Nothing goes on with a config that may be another; that it is damaged is said."""
    id_, good = run
    file = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    file.execute("UPDATE runs SET config = replace(config, '0.001', '0.003')")
    file.close()
    blocks, ended = await followed(runs, id_)
    assert (ended.reason, ended.step, ended.said.code) == ("damaged", good, "config_damaged")
    assert_same_records(blocks, [b for b in (b[: max(0, good + 1 - b.first)] for b in EXPECTED) if len(b)])
    for command in (runs.resume(id_, None, "me"), runs.extend(id_, 5, None, "me"), runs.recorded(id_)):
        with pytest.raises(ConflictError, match="config of this run is damaged"):
            await command

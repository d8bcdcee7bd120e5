"""Runs last: what anybody is given is on the disk, commands come one at a time, nothing is done twice."""

import asyncio
import os
import signal
import sqlite3
from concurrent.futures import Future
from contextlib import asynccontextmanager

import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import say
from optiscope.engine.loop.checkpoint import Ended
from optiscope.engine.loop.forking import Restore
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.runs.description import describe
from optiscope.runs.keeping.branching import Branch
from optiscope.runs.keeping.errors import (
    BusyError,
    ConflictError,
    StorageError,
    StorageFullError,
    StorageUnavailableError,
    UnknownRunError,
)
from optiscope.runs.keeping.kept_runs import KeptRuns, open_kept_runs
from optiscope.runs.keeping.run import State
from optiscope.runs.service import RunService
from optiscope.runs.workers.executor import JobTimeoutError
from optiscope.runs.workers.pace import FIRST
from optiscope.settings import Settings
from tests.processes import kill
from tests.runs.records import assert_same_records
from tests.waiting import until_async


def config(steps=60, **changes):
    given = {"problem": {"name": "moons", "samples": 32}, "optimizer": {"name": "Adam"}, "steps": steps}
    return describe(RunConfig.model_validate(given | changes)).config


ENDLESS = config(100_000)


@pytest.fixture
def serving(warm_pool, tmp_path):
    """Opens the runs of one folder, as a server does that starts."""

    @asynccontextmanager
    async def opened(executor=warm_pool, **changes):
        options = Settings(data_dir=tmp_path, storage_retry_seconds=0.02, **changes)
        service = RunService(executor, chunk_seconds=0.02, chunk_bytes=2**21, cache_bytes=0)
        kept = await open_kept_runs(service, options)
        assert isinstance(kept, KeptRuns), kept
        try:
            yield kept
        finally:
            service.stop()
            await kept.close()

    return opened


@pytest.fixture
async def runs(serving):
    async with serving() as kept:
        yield kept


async def create(runs, wanted=None, **changes):
    given = {"name": None, "pinned": False, "client": "me"} | changes
    return await runs.create(wanted or config(), **given)


async def followed(runs, id_, since=0):
    blocks = []
    async for event in runs.following.one(id_, since):
        if isinstance(event, Ended):
            return blocks, event
        blocks += event.blocks()
    raise AssertionError("a stream must end with an end")


async def reached(runs, id_, step):
    """Wait until a step is on the disk."""
    async for event in runs.following.one(id_, step):
        assert not isinstance(event, Ended), event
        return


def steps_of(blocks):
    return [step for block in blocks for step in block.steps]


async def test_a_run_is_followed_to_its_end(runs):
    """Its records are those of advance, bit for bit, each once."""
    run = await create(runs)
    blocks, ended = await followed(runs, run.id)
    assert steps_of(blocks) == list(range(61))
    assert_same_records(blocks, advance(config(), None, 60)[0])
    assert (ended.reason, ended.step) == ("completed", 60)
    run = await runs.get(run.id)
    assert (run.state, run.step, run.name, run.version) == (State.ENDED, 60, "Adam on moons", 1)
    assert run.result["lowest"]["loss"] <= run.result["loss"]
    assert run.nbytes > 0


async def test_many_follow_one_run_from_anywhere(runs):
    """Live, late, from the middle, from behind the end: the same records."""
    run = await create(runs, config(300))
    live = [asyncio.ensure_future(followed(runs, run.id, since)) for since in (0, 0, 7, 150, 300)]
    seen = await asyncio.gather(*live)
    seen += [await followed(runs, run.id, since) for since in (0, 299, 301)]
    for (blocks, ended), since in zip(seen, (0, 0, 7, 150, 300, 0, 299, 301), strict=True):
        assert steps_of(blocks) == list(range(since, 301))
        assert ended.reason == "completed"


async def test_nobody_is_given_a_step_that_is_not_on_the_disk(runs, tmp_path):
    """Another connection finds every record in the file by the time that a follower has it."""
    run = await create(runs, config(400))
    file = sqlite3.connect(tmp_path / "runs.sqlite")
    async for event in runs.following.one(run.id, 0):
        if not isinstance(event, Ended):
            assert file.execute("SELECT max(last) FROM blocks").fetchone()[0] >= event.last
    file.close()


async def test_pausing_and_resuming_leave_no_trace(runs):
    """However often a run is interrupted, its records are those of one that was not."""
    wanted = config(400, batch_size=7)
    run = await create(runs, wanted)
    for step in (5, 40, 41, 200):
        await reached(runs, run.id, step)
        paused = await runs.pause(run.id, None)
        assert paused.state is State.PAUSED
        _, ended = await followed(runs, run.id, paused.step + 1)
        assert (ended.reason, ended.step) == ("paused", paused.step)
        assert (await runs.get(run.id)).step == paused.step
        await runs.resume(run.id, paused.version, "me")
    blocks, ended = await followed(runs, run.id)
    assert_same_records(blocks, advance(wanted, None, 400)[0])
    assert steps_of(blocks) == list(range(401))
    assert ended.reason == "completed"


async def test_extending_is_as_if_it_had_been_longer(runs):
    """Before the end, at the end, and while it is paused."""
    run = await create(runs, config(50))
    await runs.extend(run.id, 10, None, "me")
    await followed(runs, run.id)
    run = await runs.extend(run.id, 40, None, "me")
    assert (run.steps, run.version) == (100, 3)
    blocks, ended = await followed(runs, run.id)
    assert_same_records(blocks, advance(config(100), None, 100)[0])
    assert (ended.reason, ended.step) == ("completed", 100)


async def test_a_pause_before_the_first_record_says_so(runs, monkeypatch):
    """A run of which nothing is kept yet was not paused after a step."""
    monkeypatch.setattr(runs._trainings, "start", lambda run, _: run)
    run = await create(runs, config(1000))
    paused = await runs.pause(run.id, None)
    assert (paused.step, str(paused.said)) == (-1, "paused before the first record")


async def test_a_paused_run_stays_paused_when_it_is_extended(runs):
    """It has more to do once it is resumed."""
    run = await create(runs, ENDLESS.model_copy(update={"steps": 99_000}))
    paused = await runs.pause(run.id, None)
    extended = await runs.extend(run.id, 1000, paused.version, "me")
    assert (extended.state, extended.steps) == (State.PAUSED, 100_000)


async def test_stale_commands_are_refused(runs):
    """Two who command one run: the slower one is told, and nothing is done twice."""
    run = await create(runs, config(20))
    await followed(runs, run.id)
    commands = [runs.extend(run.id, 30, 1, "me") for _ in range(5)]
    answers = await asyncio.gather(*commands, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["ConflictError"] * 4 + ["Run"]
    blocks, _ = await followed(runs, run.id)
    assert steps_of(blocks) == list(range(51))
    for command in (
        runs.pause(run.id, 1),
        runs.resume(run.id, 1, "me"),
        runs.edit(run.id, 1, name="x", pinned=None),
        runs.delete(run.id, 1),
    ):
        with pytest.raises(ConflictError, match="somebody else"):
            await command


async def test_commands_fit_the_state(runs):
    """What has ended cannot be paused, what runs cannot be resumed, what diverged cannot be extended."""
    ended = await create(runs, config(5))
    await followed(runs, ended.id)
    going = await create(runs, ENDLESS)
    diverging = config(
        300, problem={"name": "seed-example"}, optimizer={"name": "SGD", "hyperparameters": {"lr": 1e6}}
    )
    diverged = await create(runs, diverging)
    await followed(runs, diverged.id)
    for command in (
        runs.pause(ended.id, None),
        runs.resume(ended.id, None, "me"),
        runs.resume(going.id, None, "me"),
        runs.extend(diverged.id, 10, None, "me"),
    ):
        with pytest.raises(ConflictError):
            await command
    with pytest.raises(ConfigError, match="at most 100000"):
        await runs.extend(going.id, 1, None, "me")
    with pytest.raises(UnknownRunError):
        await runs.pause("nothing", None)


async def test_commands_at_once_leave_one_run(runs):
    """Pause, resume and extend in a heap: every step is there once at the end."""
    run = await create(runs, config(300))
    heap = [
        command
        for _ in range(10)
        for command in (
            runs.pause(run.id, None),
            runs.resume(run.id, None, "me"),
            runs.extend(run.id, 5, None, "me"),
        )
    ]
    answers = await asyncio.gather(*heap, return_exceptions=True)
    assert all(isinstance(answer, ConflictError) or answer.id == run.id for answer in answers)
    if (await runs.get(run.id)).state is State.PAUSED:
        await runs.resume(run.id, None, "me")
    blocks, _ = await followed(runs, run.id)
    wanted = (await runs.get(run.id)).config
    assert wanted.steps == 350
    assert_same_records(blocks, advance(wanted, None, wanted.steps)[0])
    assert steps_of(blocks) == list(range(351))


@pytest.mark.parametrize("step", [0, 3, 57, 120])
async def test_a_fork_without_changes_is_the_run_itself(runs, step):
    """From any step, between checkpoints too, bit for bit."""
    wanted = config(120, batch_size=5)
    run = await create(runs, wanted)
    await followed(runs, run.id)
    fork = await runs.fork(run.id, Branch(step, {"steps": 150}, Restore()), "me")
    assert (fork.first, fork.origin["run"], fork.origin["step"]) == (step, run.id, step)
    blocks, _ = await followed(runs, fork.id)
    assert steps_of(blocks) == list(range(step, 151))
    longer = advance(wanted.model_copy(update={"steps": 150}), None, 150)[0]
    tail = [block[max(0, step + 1 - block.first) :] for block in longer]
    assert_same_records([b for b in blocks if b.first > step], [b for b in tail if len(b)])


async def forking(runs, parent):
    return await runs.fork(parent.id, Branch(2, {}, Restore()), "me")


async def extending(runs, parent):
    return await runs.extend(parent.id, 10, None, "me")


@pytest.mark.parametrize("command", [forking, extending])
async def test_a_command_whose_client_leaves_is_carried_out_whole_or_not_at_all(runs, monkeypatch, command):
    """Left while it is computed, nothing has changed; left while it is written, the run goes on as told."""
    parent = await create(
        runs, config(steps=4, lr_scheduler={"name": "StepLR", "hyperparameters": {"step_size": 2}})
    )
    await followed(runs, parent.id)
    computing = asyncio.Event()

    async def compute(*_, **__):
        computing.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr(runs._service, "compute", compute)
        asked = asyncio.create_task(command(runs, parent))
        await computing.wait()
        asked.cancel()
        await asyncio.wait([asked])
    assert asked.cancelled()
    [untouched] = (await runs.page()).runs
    assert (untouched.version, untouched.steps, runs.training) == (parent.version, 4, 0)

    writing, going_on = asyncio.Event(), asyncio.Event()

    def held(write):
        async def written(*given):
            writing.set()
            await going_on.wait()
            return await write(*given)

        return written

    for name in ("create", "change"):
        monkeypatch.setattr(runs._store, name, held(getattr(runs._store, name)))
    asked = asyncio.create_task(command(runs, parent))
    await writing.wait()
    asked.cancel()
    going_on.set()
    await asyncio.wait([asked])
    assert asked.cancelled()
    changed = (await runs.page()).runs[0]
    _, ended = await followed(runs, changed.id)
    assert (ended.reason, ended.step) == ("completed", changed.steps)
    assert (changed.id, changed.steps) != (parent.id, 4)


async def test_a_fork_of_a_fork(runs):
    """The second fork begins in the records of the first, and outlives it."""
    run = await create(runs, config(40))
    await followed(runs, run.id)
    first = await runs.fork(run.id, Branch(20, {"optimizer": {"name": "SGD"}}, Restore()), "me")
    await followed(runs, first.id)
    second = await runs.fork(first.id, Branch(30, {}, Restore(), "again"), "me")
    await runs.delete(run.id, None)
    await runs.delete(first.id, None)
    blocks, _ = await followed(runs, second.id)
    assert (second.name, steps_of(blocks)) == ("again", list(range(30, 41)))


@pytest.mark.parametrize(
    ("step", "changes", "pointer"),
    [
        (41, {}, "/step"),
        (40, {}, "/changes/steps"),
        (20, {"steps": 20}, "/changes/steps"),
        (20, {"optimizer": {"hyperparameters": {"lr": -1}}}, "/changes/optimizer/hyperparameters/lr"),
        (20, {"model": {"hidden": [3]}}, "/changes/model/hidden"),
        (20, {"freeze": [{"params": ["fc9"]}]}, "/changes/freeze/0/params/0"),
        (
            20,
            {"lr_scheduler": {"name": "OneCycleLR", "hyperparameters": {"max_lr": 1.0, "total_steps": 9}}},
            "/changes/lr_scheduler",
        ),
    ],
)
async def test_a_fork_that_cannot_be_is_refused(runs, step, changes, pointer):
    """The error points into the request."""
    run = await create(runs, config(40))
    await followed(runs, run.id)
    with pytest.raises(ConfigError) as caught:
        await runs.fork(run.id, Branch(step, changes, Restore()), "me")
    assert caught.value.problems[0].pointer == pointer


async def test_what_diverged_can_be_forked_before_it_did(runs):
    """Not at the step itself, from which there is no going on."""
    diverging = config(
        300, problem={"name": "seed-example"}, optimizer={"name": "SGD", "hyperparameters": {"lr": 1e6}}
    )
    run = await create(runs, diverging)
    _, ended = await followed(runs, run.id)
    with pytest.raises(ConfigError, match="no going on"):
        await runs.fork(run.id, Branch(ended.step, {}, Restore()), "me")
    calm = {"optimizer": {"hyperparameters": {"lr": 0.01}}}
    fork = await runs.fork(run.id, Branch(0, calm, Restore()), "me")
    assert (await followed(runs, fork.id))[1].reason == "completed"


TOTAL = "/lr_scheduler/hyperparameters/total_steps"


def one_cycle(total, steps):
    schedule = {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.05, "total_steps": total}}
    return config(steps, lr_scheduler=schedule)


def longer(total):
    return {"lr_scheduler": {"hyperparameters": {"total_steps": total}}}


@pytest.mark.parametrize(
    ("schedule", "detail"),
    [
        (
            {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.05, "total_steps": 22}},
            f"at most 2 steps can be added, got 3; to go further, fork the run with a larger {TOTAL}",
        ),
        (
            {"name": "LambdaLR", "hyperparameters": {"lr_lambda": "1 / (22 - epoch)"}},
            '"1 / (22 - epoch)" has no value at epoch 22: float division by zero',
        ),
    ],
)
async def test_an_extension_beyond_the_schedule_is_refused_before_anything_is_changed(runs, schedule, detail):
    """The run stays completed, at its version, and goes on as far as its schedule does."""
    run = await create(runs, config(20, lr_scheduler=schedule))
    await followed(runs, run.id)
    before = await runs.get(run.id)
    with pytest.raises(ConfigError) as caught:
        await runs.extend(run.id, 3, None, "me")
    [problem] = caught.value.problems
    assert problem.pointer == "/steps"
    assert detail in problem.detail
    assert await runs.get(run.id) == before
    await runs.extend(run.id, 1, None, "me")
    blocks, ended = await followed(runs, run.id)
    assert (ended.reason, steps_of(blocks)) == ("completed", list(range(22)))


async def test_a_run_that_its_schedule_ended_is_mended_from_its_last_record(runs):
    """As it is it cannot go on; with a longer schedule it does."""
    run = await create(runs, one_cycle(10, 30))
    blocks, ended = await followed(runs, run.id)
    assert (ended.reason, ended.step, steps_of(blocks)) == ("failed", 11, list(range(12)))
    for command in (runs.extend(run.id, 1, None, "me"), runs.resume(run.id, None, "me")):
        with pytest.raises(ConflictError, match="fork it at step 11 with that changed"):
            await command
    with pytest.raises(ConfigError) as caught:
        await runs.fork(run.id, Branch(11, {}, Restore()), "me")
    assert [problem.pointer for problem in caught.value.problems] == [f"/changes{TOTAL}"]
    fork = await runs.fork(run.id, Branch(11, longer(30), Restore()), "me")
    mended, ended = await followed(runs, fork.id)
    assert (ended.reason, steps_of(mended)) == ("completed", list(range(11, 31)))
    assert mended[0].params["fc1.weight"][0].tolist() == blocks[-1].params["fc1.weight"][-1].tolist()


async def test_what_a_run_is_made_of_may_have_gone(runs, monkeypatch):
    """To go on is refused with the field, and changes nothing; once it is back the run goes on."""
    run = await create(runs, config(50_000))
    paused = await runs.pause(run.id, None)
    with monkeypatch.context() as gone:
        gone.delitem(OPTIMIZERS._entries, "Adam")
        for command in (runs.resume(run.id, None, "me"), runs.extend(run.id, 5, None, "me")):
            with pytest.raises(ConfigError) as caught:
                await command
            assert caught.value.problems[0].pointer == "/optimizer/name"
        assert await runs.get(run.id) == paused
    assert (await runs.resume(run.id, None, "me")).state is State.RUNNING


async def test_a_schedule_that_begins_anew_goes_on_from_where_it_ended(runs):
    """Without its state the same schedule has all its steps again."""
    run = await create(runs, one_cycle(10, 21))
    await followed(runs, run.id)
    fork = await runs.fork(run.id, Branch(11, {}, Restore(lr_scheduler=False)), "me")
    assert (await followed(runs, fork.id))[1].reason == "completed"


async def test_the_steps_before_an_end_are_taken_apart(runs):
    """Also the one whose schedule could not go on, and it says so."""
    run = await create(runs, one_cycle(10, 30))
    await followed(runs, run.id)
    assert "failed" not in (await runs.anatomy(run.id, 10, None)).phases[-1].values
    last = (await runs.anatomy(run.id, 11, None)).phases[-1]
    assert (last.name, last.values["failed"]["code"]) == ("scheduler_step", "failed")


async def test_an_uploaded_checkpoint_goes_on(runs):
    """Bit for bit where it was taken; one of a finished run waits to be extended."""
    run = await create(runs, config(40))
    await followed(runs, run.id)
    again = await runs.create_from_checkpoint(await runs.checkpoint(run.id, 17), name=None, client="me")
    blocks, _ = await followed(runs, again.id)
    mine, _ = await followed(runs, run.id, 18)
    assert_same_records([block for block in blocks if block.first > 17], mine)
    last = await runs.create_from_checkpoint(await runs.checkpoint(run.id, 40), name="x", client="me")
    assert (last.state, last.first, last.step) == (State.ENDED, 40, 40)
    await runs.extend(last.id, 10, None, "me")
    assert steps_of((await followed(runs, last.id))[0]) == list(range(40, 51))


async def test_a_deleted_run_ends_its_followers(runs):
    """They are told, its training stops, and its space is freed."""
    run = await create(runs, ENDLESS)
    following = asyncio.ensure_future(followed(runs, run.id))
    await reached(runs, run.id, 10)
    await runs.delete(run.id, None)
    _, ended = await asyncio.wait_for(following, 10)
    assert (ended.reason, ended.detail) == ("stopped", "the run was deleted")
    assert runs.training == 0
    with pytest.raises(UnknownRunError):
        await runs.get(run.id)


async def test_a_run_that_was_interrupted_goes_on_by_itself(serving):
    """When the server is back, and its end is that of a run never interrupted."""
    wanted = config(2000)
    async with serving() as runs:
        run = await create(runs, wanted)
        following = asyncio.ensure_future(followed(runs, run.id))
        await reached(runs, run.id, 20)
    first, ended = await following
    assert ended.reason == "stopped"
    async with serving() as runs:
        rest, ended = await followed(runs, run.id, ended.step + 1)
        whole, _ = await followed(runs, run.id)
    assert ended.reason == "completed"
    assert steps_of(first + rest) == list(range(2001))
    assert_same_records(whole, advance(wanted, None, 2000)[0])


async def test_a_follower_whose_database_is_closed_is_told_where_the_run_goes_on(serving):
    """The end of its stream is an event, however far it had read."""
    async with serving() as runs:
        run = await create(runs, config(400))
        await followed(runs, run.id)
        events = runs.following.one(run.id, 0)
        first = await anext(events)
    ended = await anext(events)
    assert (ended.reason, ended.step) == ("stopped", first.last)
    assert f"from step {first.last + 1}" in ended.detail


async def test_a_database_that_fails_under_a_reader_ends_the_stream_with_the_reason(runs, monkeypatch):
    """What was given stands; the rest cannot be read, and the stream says why."""
    run = await create(runs, config(400))
    await followed(runs, run.id)
    events = runs.following.one(run.id, 0)
    first = await anext(events)

    async def fails(*_):
        raise StorageUnavailableError("the database of runs is damaged")

    monkeypatch.setattr(runs._store, "look", fails)
    ended = await anext(events)
    assert (ended.reason, ended.step) == ("stopped", first.last)
    assert "is damaged" in ended.detail


async def test_an_interrupted_run_can_wait_to_be_resumed(serving):
    """With resume_runs off it is paused, and says why."""
    async with serving() as runs:
        run = await create(runs, ENDLESS)
        await reached(runs, run.id, 4)
    async with serving(resume_runs=False) as runs:
        found = await runs.get(run.id)
        assert (found.state, runs.training) == (State.PAUSED, 0)
        assert "server ended" in str(found.said)
        await runs.resume(run.id, None, "me")
        await reached(runs, run.id, found.step + 1)


async def test_workers_that_are_killed_cost_nothing_but_time(runs, warm_pool):
    """Killed again and again in the middle of a run."""
    wanted = config(600)
    run = await create(runs, wanted)
    for step in (4, 30, 90, 200):
        await reached(runs, run.id, step)
        for pid in warm_pool.pids:
            kill(pid)
    blocks, _ = await followed(runs, run.id)
    assert_same_records(blocks, advance(wanted, None, 600)[0])


async def test_a_chunk_that_cannot_be_trained_pauses_the_run(serving):
    """With the reason, and it can be tried again."""

    class Unlucky:
        def submit(self, *_, **__):
            raise RuntimeError("out of luck")

    async with serving(Unlucky()) as runs:
        run = await create(runs)
        _, ended = await followed(runs, run.id)
        assert ended.reason == "paused"
        assert "out of luck" in ended.detail
        assert (await runs.get(run.id)).state is State.PAUSED
    async with serving() as runs:
        await runs.resume(run.id, None, "me")
        assert (await followed(runs, run.id))[1].reason == "completed"


async def test_workers_that_are_stopped_for_a_while_pause_nothing(runs, warm_pool, monkeypatch):
    """What they were at is sent again, and the run has the records that it always has."""
    pids: set[int] = set()
    while pids != {*warm_pool.pids}:  # each of them has answered, so it is warm
        pids.add(await asyncio.wrap_future(warm_pool.submit(os.getpid)))
    monkeypatch.setattr(warm_pool, "_deadline", 2.0)
    wanted = config(300)
    run = await create(runs, wanted)
    await reached(runs, run.id, 4)
    for pid in warm_pool.pids:
        os.kill(pid, signal.SIGSTOP)
    blocks, ended = await followed(runs, run.id)
    assert ended.reason == "completed"
    assert_same_records(blocks, advance(wanted, None, 300)[0])


class Slow:
    """An executor without a job that ends in time."""

    def __init__(self):
        self.steps = []

    def submit(self, _function, _config, _checkpoint, steps, *_, **__):
        self.steps.append(steps)
        future = Future()
        future.set_exception(JobTimeoutError(say("job_too_long", seconds=60)))
        return future

    def place(self, _job):
        return None


async def test_a_step_that_never_ends_pauses_the_run_and_says_why(serving):
    """Sent once more, a step alone; then it is paused with the reason, and can be resumed by hand."""
    slow = Slow()
    async with serving(slow) as runs:
        run = await create(runs)
        _, ended = await followed(runs, run.id)
        assert (ended.reason, slow.steps) == ("paused", [FIRST, 1])
        assert "longer than 60 s, and so did a single step" in ended.detail
    async with serving() as runs:
        await runs.resume(run.id, None, "me")
        assert (await followed(runs, run.id))[1].reason == "completed"


async def _outcome(command):
    return (await asyncio.gather(command, return_exceptions=True))[0]


async def test_a_full_disk_pauses_runs_until_there_is_space(runs):
    """The run says so, loses nothing, refuses what cannot be kept, and goes on by itself."""
    database = runs.database
    wanted = config(3000)
    run = await create(runs, wanted)
    await reached(runs, run.id, 50)
    pages = await database.write(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    await database.write(lambda db: db.execute(f"PRAGMA max_page_count = {pages + 8}").fetchone()[0])
    blocks, ended = await followed(runs, run.id)
    assert ended.reason == "paused"
    assert "no space" in ended.detail
    assert [said.code for said in runs.held_up] == ["storage_full"]
    assert steps_of(blocks) == list(range(ended.step + 1))
    full = [await _outcome(create(runs, name="x" * 200)) for _ in range(100)]
    assert any(isinstance(outcome, StorageFullError) for outcome in full)
    await database.write(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchone()[0])
    await until_async(lambda: runs._trainings.as_it_is(run).state is State.RUNNING)
    blocks, ended = await followed(runs, run.id)
    assert_same_records(blocks, advance(wanted, None, 3000)[0])


async def test_runs_at_once_are_bounded(serving):
    """For all and for one client; whoever has ended or is paused does not count."""
    async with serving(max_active_runs=3, max_client_runs=2) as runs:
        mine = [await create(runs, ENDLESS, client="me") for _ in range(2)]
        with pytest.raises(BusyError, match="yours"):
            await create(runs, client="me")
        await create(runs, ENDLESS, client="you")
        with pytest.raises(BusyError, match="3 runs"):
            await create(runs, client="somebody")
        await runs.pause(mine[0].id, None)
        await create(runs, config(3), client="me")


async def test_pinned_runs_may_fill_the_quota(serving):
    """Then nothing new is kept, and it is said why."""
    async with serving(max_kept_runs=2) as runs:
        for _ in range(2):
            await followed(runs, (await create(runs, config(2), pinned=True)).id)
        with pytest.raises(StorageFullError, match="pinned"):
            await create(runs)


async def test_the_oldest_runs_make_room(serving):
    """Beyond the quota they are pruned, and the list says so."""
    async with serving(max_kept_runs=3) as runs:
        made = []
        for _ in range(6):
            made.append(await create(runs, config(2)))
            await followed(runs, made[-1].id)
        await create(runs, config(2))
        await runs._quota.tidied()
        page = await runs.page()
        assert {entry.id for entry in page.pruned} >= {made[0].id, made[1].id, made[2].id}
        assert made[5].id in {run.id for run in page.runs}


async def test_recorded_gives_whole_runs(runs):
    """For what is computed from runs that are there already."""
    run = await create(runs, config(30))
    await followed(runs, run.id)
    wanted, found = await runs.recorded(run.id)
    assert_same_records(found.blocks, advance(wanted, None, 30)[0])
    assert found.ended.reason == "completed"


async def test_a_folder_that_cannot_be_used_is_no_reason_to_die(warm_pool, tmp_path):
    """Opening says why, instead of raising."""
    (tmp_path / "runs.sqlite").write_bytes(b"no database at all, but long enough to look" * 100)
    service = RunService(warm_pool, chunk_seconds=0.02, chunk_bytes=2**21, cache_bytes=0)
    found = await open_kept_runs(service, Settings(data_dir=tmp_path))
    assert isinstance(found, StorageError)
    assert "damaged" in str(found)

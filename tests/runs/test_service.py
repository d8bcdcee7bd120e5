"""Runs stream as they are trained, fairly, only as fast as they are read, and never differently."""

import asyncio
import gc
import os
import weakref
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.words import say
from optiscope.engine.loop.checkpoint import Ended
from optiscope.engine.loop.training import advance
from optiscope.runs.service import StoppedError, each
from optiscope.runs.workers.executor import JobTimeoutError
from optiscope.runs.workers.jobs import Chunk, train_chunk
from optiscope.runs.workers.lanes import Place
from optiscope.runs.workers.pace import FIRST, GROWTH, LONGEST, SHARED, Pace, groups_of
from tests.processes import kill
from tests.runs.records import assert_same_records
from tests.runs.slow_hand import SlowHand, serve
from tests.waiting import until_async


def run(steps=60, **changes):
    given = {"problem": {"name": "moons", "samples": 32}, "optimizer": {"name": "Adam"}, "steps": steps}
    return RunConfig.model_validate(given | changes)


ENDLESS = run(100_000)


async def collect(service, configs):
    """Everything that a stream gives: blocks and ends by run."""
    blocks, ends = [[] for _ in configs], [None for _ in configs]
    async for index, event in each(service.train(configs)):
        if isinstance(event, Ended):
            assert ends[index] is None
            ends[index] = event
        else:
            assert ends[index] is None
            blocks[index].append(event)
    return blocks, ends


async def test_a_stream_holds_the_records_of_advance(warm_pool):
    """What comes back from the workers is what advance computes here, bit for bit, in order, to the end."""
    configs = [run(), run(freeze=[{"params": ["fc2"], "to_step": 30}]), run(optimizer={"name": "SGD"})]
    blocks, ends = await collect(serve(warm_pool), configs)
    for config, found, ended in zip(configs, blocks, ends, strict=True):
        assert [step for block in found for step in block.steps] == list(range(61))
        assert_same_records(found, advance(config, None, 60)[0])
        assert (ended.reason, ended.step) == ("completed", 60)


async def test_runs_beside_others_are_the_same(warm_pool):
    """The same run four times, while others train beside it, is the same run, bit for bit."""
    service = serve(warm_pool, cache_bytes=0)
    others = [run(120, optimizer={"name": name}) for name in ("SGD", "RMSprop", "Adagrad", "Adamax")]
    same = [run(80, batch_size=7) for _ in range(4)]
    blocks, _ = await collect(service, [config for pair in zip(same, others, strict=True) for config in pair])
    for found in blocks[2::2]:
        assert_same_records(found, blocks[0])


async def test_a_diverging_run_ends_with_the_record_that_says_so(warm_pool):
    """The last record of a diverging run is the first one with a number that is none."""
    config = run(
        300, problem={"name": "seed-example"}, optimizer={"name": "SGD", "hyperparameters": {"lr": 1e6}}
    )
    [blocks], [ended] = await collect(serve(warm_pool), [config])
    assert ended.reason == "diverged"
    assert blocks[-1].steps[-1] == ended.step < 300
    assert str(ended.step) in ended.detail


async def test_the_first_records_come_before_the_run_is_over():
    """One small chunk is enough for the first records."""
    hand = SlowHand()
    stream = serve(hand).train([ENDLESS])
    reading = asyncio.ensure_future(anext(stream))
    await until_async(lambda: hand.jobs)
    hand.work()
    (index, block), *_ = await reading
    assert (index, block.first, len(block)) == (0, 0, 1)
    await stream.aclose()


async def test_a_reader_who_stops_costs_one_chunk():
    """Beyond the chunk being read, one is trained ahead and no more."""
    hand = SlowHand()
    stream = serve(hand).train([ENDLESS])
    reading = asyncio.ensure_future(anext(stream))
    await until_async(lambda: hand.jobs)
    hand.work()
    await reading
    hand.work()
    await asyncio.sleep(0)
    assert (hand.submitted, hand.jobs) == (2, [])
    await stream.aclose()


async def test_closing_a_stream_drops_its_chunk():
    """A closed stream leaves nothing for the workers to do."""
    hand = SlowHand()
    stream = serve(hand).train([ENDLESS, ENDLESS])
    reading = asyncio.ensure_future(anext(stream))
    await until_async(lambda: hand.jobs)
    hand.work()
    await reading
    await stream.aclose()
    await until_async(lambda: all(future.cancelled() for future, *_ in hand.jobs))
    assert hand.submitted == 3


async def test_runs_take_turns():
    """Each run has one chunk with the workers at a time, so that none waits for all of another."""
    hand = SlowHand()
    of_one_step = serve(hand, chunk_seconds=1e-9)
    stream = of_one_step.train([run(20, model={"seed": seed}) for seed in range(3)])
    reading = asyncio.ensure_future(_drain(stream))
    turns = []
    while not reading.done():
        await until_async(lambda: hand.jobs or reading.done())
        if hand.jobs:
            turns.append(RunConfig.model_validate_json(hand.jobs[0][2][0]).model.seed)
            hand.work()
        for _ in range(10):
            await asyncio.sleep(0)
    assert turns[:6] == [0, 1, 2, 0, 1, 2]
    assert len(set(Counter(turns).values())) == 1


async def _drain(stream):
    return [event async for event in stream]


async def test_a_run_known_to_be_short_is_sent_whole():
    """The second run of its kind is one chunk, where the first had to be cut to learn what a step takes."""
    hand = SlowHand()
    service = serve(hand, chunk_seconds=60.0)
    assert await _chunks(hand, service.train([run(model={"seed": 1})])) == [
        FIRST,
        FIRST * GROWTH,
        FIRST * GROWTH**2,
    ]
    assert await _chunks(hand, service.train([run(model={"seed": 2})])) == [60]


async def _chunks(hand, stream):
    """The steps of each chunk, while a stream is read to its end."""
    reading = asyncio.ensure_future(_drain(stream))
    steps = []
    while not reading.done():
        await until_async(lambda: hand.jobs or reading.done())
        if hand.jobs:
            steps.append(hand.jobs[0][2][2])
            hand.work()
    return steps


async def _begun(hand, service, configs):
    """The stream of runs whose first jobs are there, being read."""
    reading = asyncio.ensure_future(collect(service, configs))
    await until_async(lambda: hand.jobs)
    return reading


def _knowing(hand, *configs):
    """A service that knows what such runs take."""
    service = serve(hand, chunk_seconds=60.0)
    for config in configs:
        service.costs.note(config, train_chunk(config.canonical(), None, config.steps))
    return service


SHORT = [run(8, problem={"name": "booth"}, model={"start": (0, place)}) for place in range(5)]


async def test_short_runs_on_a_function_share_jobs():
    """Each of two workers gets its part of them; a short run of a network beside them goes alone."""
    hand = SlowHand()
    reading = await _begun(hand, _knowing(hand, run(8), SHORT[0]), [*SHORT, run(8, model={"seed": 1})])
    network, *shared = [(function.__name__, arguments) for _, function, arguments in hand.jobs]
    assert network == ("train_chunk", (run(8, model={"seed": 1}).canonical(), None, 8, 60.0 * LONGEST))
    assert [name for name, _ in shared] == ["train_whole", "train_whole"]
    assert [keys for _, (keys, _) in shared] == [
        [config.canonical() for config in SHORT[first::2]] for first in range(2)
    ]
    hand.work(3)
    blocks, ends = await reading
    for index, config in enumerate(SHORT):
        assert_same_records(blocks[index], advance(config, None, 8)[0])
        assert ends[index].reason == "completed"


async def test_runs_that_shared_a_job_come_at_once():
    """So that they are sent at once, and drawn at once."""
    hand = SlowHand()
    stream = _knowing(hand, SHORT[0]).train(SHORT)
    reading = asyncio.ensure_future(anext(stream))
    await until_async(lambda: hand.jobs)
    hand.work()
    assert [index for index, event in await reading if isinstance(event, Ended)] == [0, 2, 4]
    await stream.aclose()


async def test_a_job_that_fails_is_done_again_run_by_run():
    """So that a defect ends the run which it is of, and no other."""
    hand = SlowHand()
    reading = await _begun(hand, _knowing(hand, SHORT[0]), SHORT[:4])
    for _ in range(2):
        hand.jobs.pop(0)[0].set_exception(RuntimeError("out of luck"))
    await until_async(lambda: len(hand.jobs) == 4)
    hand.jobs.pop(0)[0].set_exception(RuntimeError("out of luck"))
    hand.work(3)
    _, ends = await reading
    assert sorted(end.reason for end in ends) == ["completed"] * 3 + ["failed"]


async def test_closing_a_stream_drops_its_shared_jobs():
    """None of them is left to a worker."""
    hand = SlowHand()
    reading = await _begun(hand, _knowing(hand, SHORT[0]), SHORT)
    jobs = [future for future, *_ in hand.jobs]
    reading.cancel()
    await until_async(lambda: all(job.cancelled() for job in jobs))


def test_short_runs_are_shared_out():
    """To as many jobs as there are workers, and to more where those would take too long."""
    assert groups_of([0.01] * 5, 0.1, 2) == [[0, 2, 4], [1, 3]]
    assert groups_of([0.01], 0.1, 2) == [[0]]
    assert groups_of([], 0.1, 2) == []
    assert len(groups_of([0.125] * 10 * SHARED, 0.125, 2)) == 10


async def test_a_run_of_a_slow_kind_is_still_cut():
    """What would take longer than a chunk, by the last one of its kind, begins with a few steps."""
    hand = SlowHand()
    service = serve(hand, chunk_seconds=1e-6)
    service.costs.note(run(), train_chunk(run(8).canonical(), None, 8))
    assert (await _chunks(hand, service.train([run()])))[0] == FIRST


async def test_a_finished_run_is_not_trained_again():
    """A config that was trained to its end is answered from memory, with the same records."""
    hand = SlowHand()
    service = serve(hand)
    trained = asyncio.ensure_future(collect(service, [run(3)]))
    await until_async(lambda: hand.jobs)
    hand.work()
    first = await trained
    second = await collect(service, [run(3)])
    assert hand.submitted == 1
    assert_same_records(first[0][0], second[0][0])
    assert first[1] == second[1]


async def test_a_run_that_was_broken_off_is_not_kept():
    """Only runs that came to their end are replayed."""
    hand = SlowHand()
    service = serve(hand)
    stream = service.train([ENDLESS])
    reading = asyncio.ensure_future(anext(stream))
    await until_async(lambda: hand.jobs)
    hand.work()
    await reading
    await stream.aclose()
    assert len(service.cache) == 0


async def test_finished_runs_are_kept_within_their_bytes(warm_pool):
    """The cache never holds more than it may, and drops what was not used for the longest time."""
    one = sum(block.nbytes() for block in advance(run(50), None, 50)[0])
    service = serve(warm_pool, cache_bytes=2 * one + 8)
    for seed in (0, 1, 0, 2):
        await collect(service, [run(50, model={"seed": seed})])
    assert service.cache.nbytes == 2 * one
    kept = [service.cache.get(run(50, model={"seed": seed}).canonical()) for seed in (0, 1, 2)]
    assert [entry is not None for entry in kept] == [True, False, True]


async def test_a_run_too_large_for_the_cache_is_not_collected(warm_pool):
    """A long run streams as well without being kept."""
    service = serve(warm_pool, cache_bytes=1000)
    [blocks], _ = await collect(service, [run(50)])
    assert sum(map(len, blocks)) == 51
    assert (len(service.cache), service.cache.nbytes) == (0, 0)


async def test_nothing_is_left_of_a_job_once_it_is_done(warm_pool):
    """Neither the service nor the workers hold its result, and no collector is needed to let go of it."""
    service, gone = serve(warm_pool), []
    gc.disable()
    try:
        for _ in range(3):
            found = await service.compute(np.ones, 10)
            gone.append(weakref.ref(found))
            del found
        await until_async(lambda: not any(reference() is not None for reference in gone))
    finally:
        gc.enable()


async def test_a_killed_worker_costs_nothing_but_time(warm_pool):
    """Workers killed in the middle of a run change none of its records."""
    config = run(400, model={"seed": 5})
    found = []
    async for _, event in each(serve(warm_pool).train([config])):
        if isinstance(event, Ended):
            assert event.reason == "completed"
            continue
        found.append(event)
        if event.first in (1, 5):
            for pid in warm_pool.pids:
                kill(pid)
    assert_same_records(found, advance(config, None, 400)[0])


async def test_a_chunk_that_fails_ends_its_run_and_no_other():
    """A defect in a worker becomes run_ended with reason failed; the runs beside it go on."""
    hand = SlowHand()
    reading = asyncio.ensure_future(collect(serve(hand), [run(3), run(3, model={"seed": 1})]))
    await until_async(lambda: len(hand.jobs) == 2)
    hand.jobs.pop(0)[0].set_exception(RuntimeError("out of luck"))
    hand.work()
    _, ends = await reading
    assert (ends[0].reason, ends[0].step) == ("failed", 0)
    assert "out of luck" in ends[0].detail
    assert ends[1].reason == "completed"


def too_long():
    return JobTimeoutError(say("job_too_long", seconds=60))


async def test_a_chunk_that_took_too_long_is_sent_once_more_and_smaller():
    """The stop of a worker costs a run nothing: the same steps are sent again, the first of them alone."""
    hand = SlowHand()
    reading = await _begun(hand, serve(hand), [run(5)])
    hand.work()
    await until_async(lambda: hand.jobs)
    future, _, (_, checkpoint, *_) = hand.jobs.pop(0)
    future.set_exception(too_long())
    await until_async(lambda: hand.jobs)
    assert hand.jobs[0][2][1:3] == (checkpoint, 1)
    hand.work()
    blocks, [ended] = await reading
    assert ended.reason == "completed"
    assert_same_records(blocks[0], advance(run(5), None, 5)[0])


async def test_a_step_that_takes_too_long_twice_ends_its_run_and_says_so():
    """A run whose single step has no end is given up, with the reason."""
    hand = SlowHand()
    reading = await _begun(hand, serve(hand), [run(5)])
    for _ in range(2):
        await until_async(lambda: hand.jobs)
        hand.jobs.pop(0)[0].set_exception(too_long())
    _, [ended] = await reading
    assert ended.reason == "failed"
    assert "longer than 60 s, and so did a single step" in ended.detail


async def test_all_runs_of_a_request_take_one_turn():
    """A request that trains eight runs waits in one lane, another one in its own, a view in a third."""
    hand = SlowHand()
    service = serve(hand)
    requests = [
        asyncio.ensure_future(collect(service, [run(3, model={"seed": seed}) for seed in range(8)])),
        asyncio.ensure_future(collect(service, [run(3)])),
        asyncio.ensure_future(service.compute(abs, -1)),
    ]
    await until_async(lambda: hand.submitted == 10)
    assert [hand.lanes.count(lane) for lane in dict.fromkeys(hand.lanes)] == [8, 1, 1]
    assert [lane.kind for lane in dict.fromkeys(hand.lanes)] == ["run", "run", "view"]
    while not all(request.done() for request in requests):  # a chunk is cut where the machine is slow
        hand.work(len(hand.jobs))
        await asyncio.sleep(0)
    await asyncio.gather(*requests)


async def test_a_shared_job_that_is_cut_goes_on_run_by_run():
    """Runs that are not as short as was thought stop where they are, and each goes on alone."""
    hand = SlowHand()
    reading = await _begun(hand, _knowing(hand, SHORT[0]), SHORT[:4])
    for future, function, (keys, _) in [hand.jobs.pop(0) for _ in range(2)]:
        future.set_result(function(keys, 0.0))
    await until_async(lambda: len(hand.jobs) == 4)
    assert [function.__name__ for _, function, _ in hand.jobs] == ["train_chunk"] * 4
    while not reading.done():
        hand.work(len(hand.jobs))
        await asyncio.sleep(0)
    blocks, ends = await reading
    for index, config in enumerate(SHORT[:4]):
        assert_same_records(blocks[index], advance(config, None, 8)[0])
        assert ends[index].reason == "completed"


async def test_who_asks_is_told_where_a_run_waits(monkeypatch):
    """Its place in the queue, once it has waited a while, and again when that has changed."""
    monkeypatch.setattr("optiscope.runs.service.TELL_SECONDS", 0.0)
    hand = SlowHand()
    service = serve(hand)
    others = [asyncio.ensure_future(service.compute(abs, -number)) for number in range(2)]
    await until_async(lambda: hand.submitted == 2)
    stream = service.train([run(3)], telling=True)
    assert await anext(stream) == [(0, Place(3, 3))]
    hand.work()
    assert await anext(stream) == [(0, Place(2, 2))]
    hand.work(2)
    events = [event async for batch in stream for _, event in batch]
    assert not [event for event in events if isinstance(event, Place)][1:]
    assert events[-1].reason == "completed"
    await asyncio.gather(*others)


async def test_stopping_ends_every_stream():
    """A service that stops ends each run with `stopped`, without waiting for workers."""
    hand = SlowHand()
    service = serve(hand)
    reading = asyncio.ensure_future(collect(service, [ENDLESS, run()]))
    await until_async(lambda: len(hand.jobs) == 2)
    hand.work()
    await until_async(lambda: hand.submitted == 3)
    service.stop()
    _, ends = await asyncio.wait_for(reading, 5)
    assert [end.reason for end in ends] == ["stopped", "stopped"]
    assert [end.step for end in ends] == [4, 0]
    with pytest.raises(StoppedError):
        await service.finished([run()])
    with pytest.raises(StoppedError):
        await service.compute(abs, -1)


async def test_finished_gives_whole_runs(warm_pool):
    """Runs asked for whole come in the order asked for, with their ends."""
    configs = [run(40), run(10, model={"seed": 3})]
    runs = await serve(warm_pool).finished(configs)
    for config, found in zip(configs, runs, strict=True):
        assert_same_records(found.blocks, advance(config, None, config.steps)[0])
        assert found.ended.step == config.steps


async def test_other_jobs_run_on_the_same_workers(warm_pool):
    """A computation that is no run goes through the same executor."""
    assert await serve(warm_pool).compute(os.getpid) in warm_pool.pids


async def test_an_abandoned_computation_is_dropped():
    """Cancelling who waits cancels the job, if it has not begun."""
    hand = SlowHand()
    waiting = asyncio.ensure_future(serve(hand).compute(abs, -1))
    await until_async(lambda: hand.jobs)
    waiting.cancel()
    await until_async(hand.jobs[0][0].cancelled)


def test_chunks_grow_towards_their_time():
    """A cheap step gets long chunks, an expensive one short ones, and neither jumps."""
    chunk = train_chunk(run().canonical(), None, FIRST)
    fast, slow = Pace(0.1, 2**21), Pace(0.1, 2**21)
    fast.learn(Chunk(chunk.blocks, b"", FIRST, None, 1e-6))
    slow.learn(Chunk(chunk.blocks, b"", FIRST, None, 10.0))
    assert (fast.steps, slow.steps) == (FIRST * GROWTH, 1)
    small = Pace(0.1, 1)
    small.learn(Chunk(chunk.blocks, b"", FIRST, None, 1e-6))
    assert small.steps == 1


def test_chunks_do_not_grow_while_their_records_do():
    """As those of LBFGS until its history is full; then they grow again."""
    pace, lengths = Pace(1.0, 2**30), []
    for record_nbytes in (1000, 4000, 8000, 8000, 8000):
        lengths.append(pace.steps)
        pace.learn(SimpleNamespace(records=pace.steps, nbytes=record_nbytes * pace.steps, seconds=1e-9))
    assert lengths == [FIRST, FIRST * GROWTH, FIRST * GROWTH, FIRST * GROWTH, FIRST * GROWTH**2]

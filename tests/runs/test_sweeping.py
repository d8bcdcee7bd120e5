"""A sweep keeps the workers busy, gives every member once, and says how it ended."""

import asyncio
import json
from dataclasses import replace

import numpy as np
import pytest

from optiscope.engine.core.words import say
from optiscope.engine.sweep.cells import Cells, joined
from optiscope.engine.sweep.job import Outlook, is_worth_compiling, timed_cells_at
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.ways import Way
from optiscope.runs.speeds import Speeds
from optiscope.runs.sweeping import AHEAD, SweepEnded, pieces, sweep, ways_of
from optiscope.runs.workers.executor import JobTimeoutError
from optiscope.runs.workers.lanes import Kind, Lane
from tests.runs.pretended import meet, traced
from tests.runs.slow_hand import SlowHand, serve
from tests.waiting import until_async


def plan_of(seeds=9, steps=60):
    """Members that go one by one, some to a piece."""
    asked = {
        "run": {
            "problem": {"name": "moons", "samples": 16},
            "optimizer": {"name": "SGD", "hyperparameters": {"momentum": 0.9}},
            "steps": steps,
        },
        "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.1, 1e9]}],
        "seeds": list(range(seeds)),
        "exact": True,
    }
    return Plan(SweepConfig.model_validate_json(json.dumps(asked)))


SMALL = say("way_small")


class NoKernels:
    """There are none, and none are compiled."""

    stacked_because = SMALL

    def __init__(self, plan):
        self._plan = plan

    async def ready(self):
        """Nothing is missing."""

    async def outlooks(self, _):
        """Of each group."""
        return [Outlook(is_compiled=False, work=1e4) for _ in self._plan.groups]

    def job(self, sweep, piece, _outlook):
        """What a worker does without them."""
        return timed_cells_at, sweep, *piece, None


def swept(service, plan):
    """The events of a sweep."""
    return sweep(service, NoKernels(plan), plan)


async def collected(events):
    """All cells, and the end."""
    _outlooks, *cells, ended = [event async for event in events]
    assert isinstance(ended, SweepEnded)
    assert [type(event) for event in cells] == [Cells] * len(cells)
    return cells, ended


async def test_every_member_comes_once(warm_pool):
    """Whatever the workers do when; the summary is of all of them."""
    plan = plan_of()
    cells, ended = await collected(swept(serve(warm_pool), plan))
    whole = joined(cells)
    assert sorted(whole.members.tolist()) == list(range(plan.members))
    assert (ended.reason, ended.said) == ("completed", say("sweep_completed", count=18))
    [entry] = ended.summary
    assert entry.diverged == pytest.approx(float((whole.ended != 0).mean()))


def test_pieces_are_of_one_group_and_cover_all():
    """They follow each other without a gap, each of a size that takes some tenths of a second."""
    plan = plan_of(seeds=9, steps=400)
    found = list(pieces(plan, [Outlook(is_compiled=False, work=1e4)] * len(plan.groups)))
    assert [first for first, _ in found[1:]] == [last for _, last in found[:-1]]
    assert (found[0][0], found[-1][1]) == (0, plan.members)
    assert {last - first for first, last in found} <= {2, 1}


def test_what_is_done_is_left_out():
    """The rest has no gap and no member twice, whatever is done in whatever order."""
    plan = plan_of(seeds=9, steps=400)
    outlooks = [Outlook(is_compiled=False, work=1e4)] * len(plan.groups)
    done = [(11, 14), (0, 3), (5, 6)]
    found = [position for first, last in pieces(plan, outlooks, done) for position in range(first, last)]
    assert found == [p for p in range(plan.members) if not any(a <= p < b for a, b in done)]
    assert list(pieces(plan, outlooks, [(0, plan.members)])) == []


async def test_seconds_are_said_before_and_corrected_by_what_was_trained(warm_pool):
    """A second plan of the same sweep says what the first took, not what was guessed."""
    plan, service = plan_of(), serve(warm_pool)
    outlooks = [Outlook(is_compiled=False, work=1e4)] * len(plan.groups)
    [guessed] = ways_of(plan, outlooks, service.speeds, 2, SMALL)
    service.speeds.note(plan.groups[0], outlooks[0], plan.members, 100 * guessed.seconds)
    [corrected] = ways_of(plan, outlooks, service.speeds, 2, SMALL)
    assert 0 < guessed.seconds < corrected.seconds < 100 * guessed.seconds
    await collected(swept(service, plan))
    [measured] = ways_of(plan, outlooks, service.speeds, 2, SMALL)
    assert measured.seconds < corrected.seconds


def test_a_step_that_evaluates_its_loss_many_times_takes_as_many_times_as_long():
    """LBFGS does so: its members are said to take longer, and come in smaller pieces."""
    plan = plan_of(seeds=100, steps=10)
    once, often = (Outlook(is_compiled=False, work=1.0, evaluations=count) for count in (1, 25))
    [[way_of_one], [way_of_many]] = (
        ways_of(plan, [one] * len(plan.groups), Speeds(), 1, SMALL) for one in (once, often)
    )
    assert way_of_many.seconds == pytest.approx(25 * way_of_one.seconds, rel=0.01)
    first = [next(iter(pieces(plan, [one] * len(plan.groups)))) for one in (once, often)]
    assert first == [(0, 100), (0, 4)]


def planned(run, axes, **more):
    """A plan whose members are trained together."""
    return Plan(SweepConfig.model_validate_json(json.dumps({"run": run, "axes": axes} | more)))


def test_groups_take_turns_and_their_pieces_grow():
    """The first pieces are short and of every group, so that all of them are soon seen."""
    run = {"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}, "steps": 100}
    axis = {"path": "/optimizer/hyperparameters/lr", "from": 1e-3, "to": 1, "count": 2000, "scale": "log"}
    plan = planned(run, [axis], optimizers=[{"name": "SGD"}, {"name": "Adam"}])
    found = list(pieces(plan, [Outlook(is_compiled=True, work=5e5)] * 2))
    assert [first // 2000 for first, _ in found] == [0, 1] * (len(found) // 2)
    of_the_first = found[::2]
    assert [last - first for first, last in of_the_first] == [192, 448, 960, 400]
    assert [first for first, _ in of_the_first[1:]] == [last for _, last in of_the_first[:-1]]


def test_members_that_take_long_come_in_small_pieces_and_wide_ones_without_a_kernel():
    """One of them is a piece; where layers are wide no kernel is compiled, and it is said why."""
    run = {"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}, "model": {"hidden": [64, 64]}}
    plan = planned(run, [{"path": "/optimizer/hyperparameters/lr", "values": [0.1, 0.2, 0.3]}])
    outlooks = [Outlook(is_compiled=False, work=6e7)]
    assert list(pieces(plan, outlooks)) == [(0, 1), (1, 2), (2, 3)]
    assert not is_worth_compiling(plan, [replace(outlooks[0], work=1e12)])
    [way] = ways_of(plan, outlooks, Speeds(), 2, SMALL)
    assert (way.way, way.because) == (Way.STACKED, say("way_wide"))


def test_what_goes_fast_comes_first():
    """One slow optimizer keeps no other one from its map."""
    run = {"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}, "steps": 100}
    axis = {"path": "/optimizer/hyperparameters/lr", "values": [0.1, 1.0]}
    plan = planned(run, [axis], optimizers=[{"name": "LBFGS"}, {"name": "SGD"}, {"name": "Adam"}])
    outlooks = [Outlook(is_compiled=is_compiled, work=1e4) for is_compiled in (False, False, True)]
    assert list(pieces(plan, outlooks)) == [(4, 6), (2, 4), (0, 2)]


def test_points_with_hyperparameters_of_their_own_come_in_pieces_by_their_steps():
    """A param group takes as long as many starts that share one; the first pieces are short."""
    run = {"problem": {"name": "himmelblau"}, "optimizer": {"name": "SGD"}, "steps": 200}
    axis = {"path": "/optimizer/hyperparameters/lr", "from": 0.001, "to": 0.04, "count": 480}
    found = list(pieces(planned(run, [axis]), [Outlook(is_compiled=False, work=20.0)]))
    sizes = [last - first for first, last in found]
    assert sizes[:4] == [24, 48, 96, 160]
    assert sum(sizes) == 480


def test_starts_of_a_function_are_shared_out_evenly():
    """Every step of a piece has its calls to pay for, so there are few, and none is a mere rest."""
    run = {"problem": {"name": "himmelblau"}, "optimizer": {"name": "SGD"}, "steps": 10}
    axes = [{"path": f"/model/start/{i}", "from": -5, "to": 5, "count": 101} for i in range(2)]
    found = list(pieces(planned(run, axes), [Outlook(is_compiled=False, work=20.0)]))
    assert found == [(0, 5101), (5101, 10201)]


async def test_no_more_is_asked_for_than_keeps_the_workers_busy():
    """A sweep of many members leaves the queue to others, and what is not done is dropped with it."""
    hand = SlowHand()
    events = swept(serve(hand), plan_of(seeds=40, steps=1000))
    await anext(events)
    first = asyncio.ensure_future(anext(events))
    await until_async(lambda: hand.submitted == AHEAD * len(hand))
    hand.work()
    assert (await first).members.tolist() == [0]
    await events.aclose()
    await until_async(lambda: all(future.cancelled() for future, *_ in hand.jobs))


async def test_closing_a_sweep_frees_all_workers(warm_pool, tmp_path):
    """None begins another piece, and none ends the one in hand, which would take minutes."""
    trace, workers = tmp_path / "trace", len(warm_pool)
    run = {"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}, "steps": 100_000}
    axis = {"path": "/optimizer/hyperparameters/lr", "values": [0.01 * (1 + n) for n in range(8)]}
    plan, service = planned(run, [axis], exact=True), serve(warm_pool)
    kernels = NoKernels(plan)
    kernels.job = lambda text, piece, _: (traced, str(trace), text, *piece)
    events = sweep(service, kernels, plan)
    await anext(events)
    first = asyncio.ensure_future(anext(events))
    await until_async(lambda: trace.exists() and trace.read_text().count("piece") == workers)
    first.cancel()
    await asyncio.wait([first])
    others = [
        service.submit(Lane(Kind.RUN), meet, str(tmp_path), worker, workers) for worker in range(workers)
    ]
    await asyncio.gather(*others)
    await service.compute(abs, -3)
    left = trace.read_text()
    assert left.count("piece") == workers
    await collected(swept(service, plan_of(seeds=1)))
    assert trace.read_text() == left


async def test_a_piece_that_takes_too_long_is_halved(monkeypatch):
    """Its members are done by themselves; a member that takes too long even so ends the sweep."""
    hand, plan = SlowHand(), plan_of(seeds=3, steps=10)
    events = asyncio.ensure_future(collected(swept(serve(hand), plan)))
    await until_async(lambda: hand.jobs)
    sizes = [arguments[2] - arguments[1] for _, _, arguments in hand.jobs]
    future, *_ = hand.jobs.pop(0)
    future.set_exception(JobTimeoutError(say("as_written", text="too long")))
    await until_async(lambda: len(hand.jobs) == len(sizes) + 1)
    hand.work(len(hand.jobs))
    cells, ended = await events
    assert ended.reason == "completed"
    assert sorted(np.concatenate([c.members for c in cells]).tolist()) == list(range(6))


async def test_a_sweep_that_cannot_go_on_says_why():
    """What came before was sent; the end has the reason, and no summary."""
    hand = SlowHand()
    events = asyncio.ensure_future(collected(swept(serve(hand), plan_of(seeds=40, steps=1000))))
    await until_async(lambda: hand.jobs)
    hand.work()
    await until_async(lambda: hand.submitted > AHEAD * len(hand))
    future, *_ = hand.jobs.pop(0)
    future.set_exception(JobTimeoutError(say("as_written", text="too long")))
    cells, ended = await events
    assert len(cells) == 1
    assert (ended.reason, ended.summary, ended.said.code) == ("failed", None, "sweep_failed")
    assert "after 1 of 80 members: too long" in str(ended.said)


async def test_a_server_that_stops_ends_it():
    """As cancelled, with what was there."""
    hand = SlowHand()
    service = serve(hand)
    events = asyncio.ensure_future(collected(swept(service, plan_of(seeds=40, steps=1000))))
    await until_async(lambda: hand.jobs)
    service.stop()
    cells, ended = await events
    assert (cells, ended.reason, ended.said.code) == ([], "cancelled", "sweep_stopped")

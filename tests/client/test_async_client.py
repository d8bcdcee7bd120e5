"""A program that awaits gets what one that waits does, from the application in this process."""

import asyncio

import httpx
import numpy as np
import pytest

from optiscope import AsyncClient, NoServerError, RequestRefusedError, lr_range_test, race, train
from optiscope.client import StreamBrokenError
from tests.application import client, connect, workers

__all__ = ["client", "connect", "workers"]

CONFIG = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 12}
END = b'{"event": "run_ended", "run": 0, "reason": "completed", "step": 0, "detail": "", "end_loss": null}\n'


@pytest.fixture
async def ours(client):
    async with AsyncClient(transport=httpx.ASGITransport(client.app)) as ours:
        yield ours


async def test_records_come_as_they_are(ours):
    """Of a run, of several in one stream, and of a kept one; wanted columns alone, where they are named."""
    losses = train(CONFIG).loss.tolist()
    assert [record.loss async for record in ours.train(CONFIG)] == losses
    [first, *_] = [record async for record in ours.train(CONFIG, record=["loss"])]
    assert (first.loss, first.params) == (losses[0], None)
    found = [block async for block in ours.compare([CONFIG, CONFIG | {"steps": 3}], record=["loss"])]
    assert {run for run, _ in found} == {0, 1}
    run = await ours.create(CONFIG, name="mine")
    assert [record.loss async for record in ours.follow(run.id, 5)] == losses[5:]
    assert (await ours.rename(run.id, "yours")).name == "yours"
    assert (await ours.export(run.id)).startswith(b"step,loss")
    await ours.delete(run.id)
    with pytest.raises(RequestRefusedError, match="no run"):
        await ours.run(run.id)


async def test_every_view_of_a_run(ours):
    """Several asked for at once, with arrays as arrays."""
    surface, curvature, boundary, schedule, anatomy, noise = await asyncio.gather(
        ours.loss_surface([CONFIG], resolution=5),
        ours.curvature([CONFIG], every=6),
        ours.decision_boundary([CONFIG], resolution=5),
        ours.lr_schedule({"optimizer": {"name": "SGD"}, "steps": 4}),
        ours.anatomy(CONFIG, 3),
        ours.gradient_noise(CONFIG),
    )
    assert surface["z"].shape == (5, 5)
    assert isinstance(surface["paths"][0]["xy"], np.ndarray)
    assert schedule["lr"].shape == (1, 4)
    assert all((curvature, boundary, anatomy, noise))
    assert "import torch" in await ours.code(CONFIG)
    assert await ours.lint(CONFIG) == []
    assert len(await ours.lessons("en")) > 3
    assert "Adam" in [entry["name"] for entry in (await ours.catalog())["optimizers"]]


SWEEP = {
    "run": CONFIG,
    "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.01, 0.1]}],
    "optimizers": [{"name": "SGD"}, {"name": "Adam"}],
    "seeds": [0, 1],
}


async def test_a_sweep_is_awaited(ours):
    """As its cells come, or whole; kept, listed, followed and deleted like a run."""
    async with await ours.sweep(SWEEP) as begun:
        cells = [columns async for columns in begun]
    assert sorted(np.concatenate([columns["members"] for columns in cells]).tolist()) == list(range(8))
    kept = await ours.sweep(SWEEP, keep=True, name="mine")
    whole = await kept.whole()
    np.testing.assert_array_equal(whole.columns["end_loss"], begun.found.columns["end_loss"])
    [found] = [sweep async for sweep in ours.sweeps("mine")]
    again = await (await ours.follow_sweep(found.id)).whole()
    assert again.summary == whole.summary == begun.found.summary
    assert (await ours.plan_sweep(SWEEP))["members"] == 8
    assert len((await ours.export_sweep(found.id)).splitlines()) == 9
    await ours.delete_sweep(found.id)
    with pytest.raises(RequestRefusedError):
        await ours.follow_sweep(found.id)


async def test_races_and_range_tests_are_awaited(ours):
    """They come to what they come to here."""
    found = await ours.race(SWEEP, [7, 8])
    assert [difference.detail for difference in found.differences] == [
        difference.detail for difference in race(SWEEP, [7, 8]).differences
    ]
    asked = {"seeds": [0], "between": (0.001, 1.0), "count": 4}
    assert (await ours.lr_range_test(CONFIG, **asked)).lr == lr_range_test(CONFIG, **asked).lr
    with pytest.raises(ValueError, match="cannot judge"):
        await ours.race(SWEEP, [0])


async def test_many_seeds_of_many_optimizers(ours):
    """Twenty seeds of five optimizers are one request, of which only the losses are sent."""
    names, seeds = ("SGD", "RMSprop", "Adam", "AdamW", "NAdam"), range(20)
    configs = [CONFIG | {"optimizer": {"name": n}, "model": {"seed": s}} for n in names for s in seeds]
    losses = np.zeros((len(configs), CONFIG["steps"] + 1))
    async for run, block in ours.compare(configs, record=["loss"]):
        losses[run, block.steps.start : block.steps.stop] = block.columns["loss"]
    assert losses[2 * 20 + 3].tolist() == train(configs[2 * 20 + 3]).loss.tolist()


async def test_kept_runs_are_listed_and_followed_together(ours):
    """By words and states; each block with the id of its run."""
    names = ("first", "second")
    ids = [(await ours.create(CONFIG | {"steps": 3}, name=name)).id for name in names]
    assert [(run, block.columns.keys()) async for run, block in ours.follow_all(ids, record=["loss"])]
    events = [event async for event in ours.follow_events(ids[0], 2, record=["loss"])]
    assert [event["event"] for event in events] == ["step", "step", "run_ended"]
    assert [block.first async for block in ours.follow_blocks(ids[0], 3)] == [3]
    assert [run.name async for run in ours.runs("s", state="ended")] == ["second", "first"]
    assert [run.id async for run in ours.runs("second")] == ids[1:]
    assert (await ours.health())["status"] == "ok"


async def test_a_server_that_never_answered_is_not_awaited():
    """One that is busy is, and a stream without an end is told."""
    gone = httpx.ConnectError("refused")

    def nobody(_):
        raise gone

    async with AsyncClient(transport=httpx.MockTransport(nobody)) as none:
        with pytest.raises(NoServerError, match=r"no server answers at http://127\.0\.0\.1:8000"):
            [record async for record in none.follow("a")]
    answers = [httpx.Response(429, headers={"Retry-After": "0"}), httpx.Response(200, content=END)]
    async with AsyncClient(transport=httpx.MockTransport(lambda _: answers.pop(0))) as busy:
        assert [block async for block in busy.compare([{}])] == []
    async with AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as broken:
        with pytest.raises(StreamBrokenError):
            [record async for record in broken.train({})]

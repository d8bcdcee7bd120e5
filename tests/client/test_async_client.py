"""A program that awaits gets what one that waits does, from the application in this process."""

import asyncio

import httpx
import numpy as np
import pytest

from optiscope import AsyncClient, RequestRefusedError, train
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


async def test_a_server_that_never_answered_is_not_awaited():
    """One that is busy is, and a stream without an end is told."""
    gone = httpx.ConnectError("refused")

    def nobody(_):
        raise gone

    async with AsyncClient(transport=httpx.MockTransport(nobody)) as none:
        with pytest.raises(httpx.ConnectError):
            [record async for record in none.follow("a")]
    answers = [httpx.Response(429, headers={"Retry-After": "0"}), httpx.Response(200, content=END)]
    async with AsyncClient(transport=httpx.MockTransport(lambda _: answers.pop(0))) as busy:
        assert [block async for block in busy.compare([{}])] == []
    async with AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as broken:
        with pytest.raises(StreamBrokenError):
            [record async for record in broken.train({})]

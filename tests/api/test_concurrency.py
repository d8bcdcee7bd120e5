"""Streams have bounded places, and whoever finds none is told when to come back."""

import asyncio
import json

import pytest
from fastapi import HTTPException

from optiscope.runs import service
from optiscope.runs.workers.lanes import Place
from tests.runs.slow_hand import SlowHand
from tests.waiting import until_async

MOONS = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 1}


async def test_places_are_bounded_and_given_back(connect):
    """Beyond the limit: 429 with Retry-After; the health check answers; a place is free again afterwards."""
    hand = SlowHand()
    async with connect(executor=hand, max_streams=2) as client:
        streams = [asyncio.ensure_future(client.post("/api/train", json=MOONS)) for _ in range(2)]
        await until_async(lambda: len(hand.jobs) == 2)
        refused = await client.post("/api/compare", json={"runs": [MOONS]})
        assert refused.status_code == 429
        assert refused.headers["content-type"] == "application/problem+json"
        assert int(refused.headers["retry-after"]) >= 1
        assert "2" in refused.json()["detail"]
        assert (await client.get("/api/health")).json()["streams"] == 2
        hand.work(2)
        for stream in streams:
            assert json.loads((await stream).text.splitlines()[-1])["reason"] == "completed"
        assert (await client.get("/api/health")).json()["streams"] == 0
        assert (await client.post("/api/train", json=MOONS)).status_code == 200


async def test_one_client_cannot_take_all_places(connect):
    """Beyond its own number it is asked to come back, while another address finds a place."""
    hand = SlowHand()
    async with connect(executor=hand, max_streams=3, max_client_streams=2) as client:
        streams = [asyncio.ensure_future(client.post("/api/train", json=MOONS)) for _ in range(2)]
        await until_async(lambda: len(hand.jobs) == 2)
        refused = await client.post("/api/train", json=MOONS)
        assert (refused.status_code, refused.json()["code"]) == (429, "no_place_of_yours")
        with client.app.state.places.take("another"), pytest.raises(HTTPException, match="all 3 places"):
            client.app.state.places.take("a third").__enter__()
        hand.work(2)
        await asyncio.gather(*streams)
        assert (await client.post("/api/train", json=MOONS)).status_code == 200
        assert client.app.state.places.taken == 0


async def test_a_refused_body_takes_no_place(connect):
    """What is wrong with a body is said even when all places are taken, and takes none."""
    hand = SlowHand()
    async with connect(executor=hand, max_streams=1) as client:
        stream = asyncio.ensure_future(client.post("/api/train", json=MOONS))
        await until_async(lambda: hand.jobs)
        assert (await client.post("/api/train", json=MOONS | {"steps": 0})).status_code == 422
        hand.work()
        await stream


async def test_stopping_ends_open_streams_with_an_event(connect):
    """A server that stops ends each stream with run_ended, reason `stopped`."""
    hand = SlowHand()
    async with connect(executor=hand) as client:
        runs = {"runs": [MOONS, MOONS | {"steps": 2}]}
        stream = asyncio.ensure_future(client.post("/api/compare", json=runs))
        await until_async(lambda: len(hand.jobs) == 2)
        client.app.state.service.stop()
        ends = [json.loads(line) for line in (await stream).text.splitlines()[2:]]
        assert [(end["event"], end["run"], end["reason"]) for end in ends] == [
            ("run_ended", 0, "stopped"),
            ("run_ended", 1, "stopped"),
        ]
        assert (await client.get("/api/health")).json()["status"] == "stopping"


async def test_who_asks_is_told_where_a_run_waits(connect, monkeypatch):
    """With queue=true a run that has not begun says its place; without it, nothing."""
    places, moved = [], service._moved

    def noted(pending):
        events = moved(pending)
        places.extend(events)
        return events

    monkeypatch.setattr(service, "TELL_SECONDS", 0.01)
    monkeypatch.setattr(service, "_moved", noted)
    hand = SlowHand()
    async with connect(executor=hand) as client:
        runs = {"runs": [MOONS, MOONS | {"steps": 2}]}
        told = asyncio.ensure_future(client.post("/api/compare?queue=true", json=runs))
        await until_async(lambda: len(hand.jobs) == 2)
        silent = asyncio.ensure_future(client.post("/api/train", json=MOONS | {"steps": 3}))
        await until_async(lambda: len(hand.jobs) == 3)
        await until_async(lambda: (1, Place(2, 3)) in places)
        hand.work(3)
        queued = [event for event in _events(await told) if event["event"] == "queued"]
        assert {"event": "queued", "run": 1, "position": 2, "of": 3} in queued
        assert {event["event"] for event in _events(await silent)} == {"run_started", "step", "run_ended"}


def _events(response):
    return [json.loads(line) for line in response.text.splitlines()]


async def test_a_kept_run_says_where_it_waits(connect):
    """Its document has its place in the queue, and null once it is being trained."""
    hand = SlowHand()
    async with connect(executor=hand) as client:
        runs = [(await client.post("/api/runs", json=MOONS | {"steps": n})).json()["id"] for n in (1, 2)]
        await until_async(lambda: len(hand.jobs) == 2)
        second = (await client.get(f"/api/runs/{runs[1]}")).json()
        assert second["queue"] == {"position": 2, "of": 2}
        hand.work(2)
        await until_async(lambda: client.app.state.kept_runs.training == 0)
        assert (await client.get(f"/api/runs/{runs[1]}")).json()["queue"] is None

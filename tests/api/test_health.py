"""Health is ok only while workers answer; whoever looks at the status alone knows as much."""

import asyncio
from types import SimpleNamespace
from typing import ClassVar

import pytest

from optiscope.engine.core.words import say
from optiscope.runs.workers.lanes import Kind
from optiscope.runs.workers.status import WorkersStatus
from tests.application import Borrowed


@pytest.fixture
def changing(workers):
    """An executor that says what the test lets it say."""

    class Changing(Borrowed):
        status = WorkersStatus("starting")
        waiting_by_kind: ClassVar = {}

    return Changing(workers)


async def test_health_follows_the_workers(connect, changing):
    """503 with a reason while they fail; 200 again once they live again; the rest stays."""
    reason = say("no_worker", why="out of luck")
    states = [WorkersStatus("starting"), WorkersStatus("degraded", reason), WorkersStatus("ok")]
    found = []
    async with connect(executor=changing) as client:
        for status in states:
            changing.status = status
            response = await client.get("/api/health")
            health = response.json()
            found.append((response.status_code, health["status"], health["reason"], health["reason_code"]))
            assert (health["storage"], health["streams"], health["training"]) == ("ok", 0, 0)
            assert response.headers["cache-control"] == "no-store"
    assert found == [
        (503, "starting", "", None),
        (503, "degraded", "no worker process can be started: out of luck", "no_worker"),
        (200, "ok", "", None),
    ]


async def test_health_tells_of_queues_workers_and_runs(connect, changing):
    """How many jobs of each kind wait, how the workers are, and how many runs cannot go on and why."""
    changing.status = WorkersStatus("ok", ready=1, starting=1, restarts=3)
    changing.waiting_by_kind = {Kind.VIEW: 2}
    async with connect(executor=changing) as client:
        health = (await client.get("/api/health")).json()
        assert health["workers"] == {"ready": 1, "starting": 1, "failing": 0, "restarts": 3}
        assert health["waiting"] == {kind: 2 if kind == "view" else 0 for kind in Kind}
        assert (health["held_up"], health["held_up_by"], health["held_up_by_code"]) == (0, "", None)
        trainings = client.app.state.kept_runs._trainings
        trainings._trainers = {
            n: SimpleNamespace(stalled=say("storage_full") if n else None) for n in (0, 1, 2)
        }
        health = (await client.get("/api/health")).json()
        assert (health["training"], health["held_up"], health["held_up_by_code"]) == (3, 2, "storage_full")
        trainings._trainers = {}


async def test_a_server_that_stops_is_not_well(client):
    """Whoever sends requests is to send them elsewhere."""
    client.app.state.service.stop()
    await asyncio.sleep(0)
    response = await client.get("/api/health")
    assert (response.status_code, response.json()["status"]) == (503, "stopping")

"""What a Prometheus server collects: of every kind something, in its format, and no more for more use."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

TOKEN = "a token that is long enough"  # noqa: S105 - of these tests alone
MOONS = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 20}


async def collected(client, **headers):
    """The value of every sample, by its name and labels."""
    answer = await client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_requests_are_counted_by_route_method_and_status(client):
    """By the name of what answered, refusals and files included; ids and strange methods add no label."""
    before = await collected(client)
    await client.post("/api/code", json=MOONS)
    await client.post("/api/code", json={})
    await client.head("/api/health")
    await client.get("/api/runs/one")
    await client.get("/api/runs/two")
    await client.get("/static/js/main.js")
    await client.get("/nothing")
    await client.request("PROPFIND", "/api/health")
    await client.get("/api/health", headers={"host": "evil.com"})
    after = await collected(client)
    new = {
        key[1:]: value - before.get(key, 0)
        for key, value in after.items()
        if key[0] == "optiscope_requests_total" and value != before.get(key, 0)
    }
    assert new == {
        ("POST", "code", "200"): 1,
        ("POST", "code", "422"): 1,
        ("HEAD", "health", "200"): 1,
        ("GET", "read_run", "404"): 2,
        ("GET", "static", "200"): 1,
        ("GET", "none", "404"): 1,
        ("other", "health", "405"): 1,
        ("GET", "none", "400"): 1,
        ("GET", "metrics", "200"): 1,
    }
    assert after["optiscope_request_seconds_count", "code"] == 2


async def test_runs_and_workers_are_told(client):
    """Steps that were trained, kept runs by state with their bytes, workers, queues and places."""
    before = await collected(client)
    await client.post("/api/train", json=MOONS)
    await client.post("/api/train", json=MOONS)
    run = (await client.post("/api/runs", json={"config": MOONS})).json()
    await client.get(f"/api/runs/{run['id']}/steps")
    after = await collected(client)
    assert after["optiscope_steps_trained_total",] - before["optiscope_steps_trained_total",] == 40
    assert after["optiscope_runs", "ended"] == 1
    assert after["optiscope_stored_bytes",] > 0 == before["optiscope_stored_bytes",]
    assert after["optiscope_workers", "ready"] == 2
    assert after["optiscope_jobs_waiting", "view"] == 0
    assert after["optiscope_streams", "follow"] == 0
    assert after["optiscope_stream_places", "compute"] == 64
    assert after["optiscope_runs_held_up",] == 0
    assert after["process_resident_memory_bytes",] > 0


async def test_metrics_are_guarded(connect):
    """By the token as everything else is."""
    async with connect(token=TOKEN) as client:
        assert (await client.get("/metrics")).status_code == 401
        assert await collected(client, authorization=f"Bearer {TOKEN}")


@pytest.mark.parametrize("data_dir", ["/proc/nowhere"])
async def test_metrics_are_told_without_a_database(connect, data_dir):
    """What is known without one."""
    async with connect(data_dir=data_dir) as client:
        found = await collected(client)
    assert found["optiscope_stored_bytes",] == 0
    assert found["optiscope_workers", "ready"] == 2

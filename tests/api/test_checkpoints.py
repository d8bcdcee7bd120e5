"""Checkpoints of kept runs as files: what goes out comes back, and what is none is refused."""

import io

import pytest
import torch

from tests.api.test_runs import ended, moons, stream

FILE = {"content-type": "application/octet-stream"}


async def test_a_checkpoint_goes_out_and_comes_back(client):
    """Plain torch reads it, and what comes back goes on bit for bit."""
    run = await ended(client)
    response = await client.get(f"/api/runs/{run['id']}/checkpoints/25")
    assert response.status_code == 200
    assert response.headers["content-disposition"] == f'attachment; filename="{run["id"]}-25.pt"'
    found = torch.load(io.BytesIO(response.content), weights_only=True)
    assert {"model", "optimizer", "lr_scheduler", "step", "config"} <= set(found)
    up = await client.post("/api/runs/from-checkpoint?name=again", content=response.content, headers=FILE)
    assert (up.status_code, up.json()["name"], up.json()["first"]) == (201, "again", 25)
    assert up.json()["origin"]["checkpoint"] is True
    _, *again, _ = await stream(client, up.json(), "?from=26")
    _, *parent, _ = await stream(client, run, "?from=26")
    assert again == parent
    assert (await client.get(f"/api/runs/{run['id']}/checkpoints/41")).status_code == 422


async def test_a_file_of_no_declared_type_is_taken_for_one(client):
    """An upload that says nothing of its type is read as the bytes that it is."""
    run = await ended(client)
    file = (await client.get(f"/api/runs/{run['id']}/checkpoints/25")).content
    response = await client.post("/api/runs/from-checkpoint", content=file)
    assert (response.status_code, response.json()["first"]) == (201, 25)


async def test_uploads_are_refused_in_words(client):
    """What is no checkpoint gets 422, what is too large 413, what says it is something else 415."""
    post = "/api/runs/from-checkpoint"
    for content in (b"", b"hello", b"PK\x05\x06" + bytes(18)):
        response = await client.post(post, content=content, headers=FILE)
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/problem+json"
    assert (await client.post(post, content=bytes(5_000_000), headers=FILE)).status_code == 413

    async def pieces():
        for _ in range(60):
            yield bytes(100_000)

    assert (await client.post(post, content=pieces(), headers=FILE)).status_code == 413
    assert (await client.post(post, content=b"", headers={"content-type": "text/plain"})).status_code == 415
    assert (await client.post(f"{post}?name=%00", content=b"", headers=FILE)).status_code == 422


OWN = {
    "a warm-up in a sequence": {
        "lr_scheduler": {
            "name": "SequentialLR",
            "schedulers": [
                {"name": "LinearLR", "hyperparameters": {"total_iters": 30}},
                {"name": "ExponentialLR", "hyperparameters": {"gamma": 0.9}},
            ],
            "milestones": [30],
        }
    },
    "an optimizer of a package": {"optimizer": {"name": "pytorch_optimizer.Prodigy"}},
}


@pytest.mark.parametrize("changes", OWN.values(), ids=OWN)
async def test_a_file_of_the_same_server_comes_back(client, changes):
    """Also a warm-up before its end, and what another package keeps in its groups."""
    run = await ended(client, moons(**changes))
    file = (await client.get(f"/api/runs/{run['id']}/checkpoints/25")).content
    up = await client.post("/api/runs/from-checkpoint", content=file, headers=FILE)
    assert (up.status_code, up.json()["first"]) == (201, 25)
    _, *again, _ = await stream(client, up.json(), "?from=26")
    _, *parent, _ = await stream(client, run, "?from=26")
    assert again == parent
    fork = await client.post(f"/api/runs/{run['id']}/fork", json={"step": 25})
    assert (fork.status_code, fork.json()["origin"]["notices"]) == (201, [])
    _, *forked, _ = await stream(client, fork.json(), "?from=26")
    assert forked == parent


async def test_a_file_gets_no_more_memory_than_the_settings_give(connect):
    """An ordinary file, where there is next to none."""
    async with connect(max_checkpoint_memory_bytes=1000) as client:
        run = await ended(client)
        file = (await client.get(f"/api/runs/{run['id']}/checkpoints/25")).content
        response = await client.post("/api/runs/from-checkpoint", content=file, headers=FILE)
        assert response.status_code == 422
        assert response.json()["detail"].startswith("reading the file takes more than 1000 bytes of memory")

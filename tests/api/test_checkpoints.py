"""Checkpoints of kept runs as files: what goes out comes back, and what is none is refused."""

import io

import torch

from tests.api.test_runs import ended, stream

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

"""Runs as files over HTTP: kept ones whatever their state, and what is trained for it."""

import csv
import io
import json
from zipfile import ZipFile

import numpy as np
import pytest
from safetensors.numpy import load

from optiscope import train
from optiscope.export.about import about_of
from tests.api.test_runs_without_config import ID
from tests.api.test_runs_without_config import client as client_of_theirs

theirs = client_of_theirs

CONFIG = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 12}


@pytest.fixture
async def kept(client):
    """A run that has ended."""
    run = (await client.post("/api/runs", json={"config": CONFIG, "name": "a/b: mine"})).json()
    await client.get(f"/api/runs/{run['id']}/steps")
    return run["id"]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "npz", "parquet", "safetensors", "tensorboard"])
async def test_a_kept_run_in_each_format(client, kept, kind, tmp_path):
    """Under its id."""
    response = await client.get(f"/api/runs/{kept}/export", params={"format": kind})
    suffix = ".zip" if kind == "tensorboard" else f".{kind}"
    assert response.headers["content-disposition"] == f'attachment; filename="{kept}{suffix}"'
    if kind == "tensorboard":
        [name] = ZipFile(io.BytesIO(response.content)).namelist()
        assert name == "a-b-mine/events.out.tfevents.0.optiscope"
    elif kind == "csv":
        rows = list(csv.DictReader(io.StringIO(response.text)))
        assert np.float32(rows[-1]["loss"]) == train(CONFIG).loss[-1]
    else:
        (tmp_path / f"run{suffix}").write_bytes(response.content)
        about = about_of(tmp_path / f"run{suffix}")
        assert (about["name"], about["id"], about["ended"]["reason"]) == ("a/b: mine", kept, "completed")
        assert about["config"]["steps"] == 12


async def test_what_there_is_of_a_run_that_goes_on(client):
    """It has no end, or that it is paused."""
    run = (await client.post("/api/runs", json=CONFIG | {"steps": 100_000})).json()
    path = f"/api/runs/{run['id']}"
    while (await client.get(path)).json()["step"] < 0:
        pass
    for reason in (None, "paused"):
        if reason:
            await client.post(f"{path}/pause")
        exported = await client.get(f"{path}/export", params={"format": "safetensors"})
        told = json.loads(exported.content[8 : 8 + int.from_bytes(exported.content[:8], "little")])
        ended = json.loads(told["__metadata__"]["optiscope"])["ended"]
        assert (ended and ended["reason"]) == reason
        assert len(load(exported.content)["loss"]) > 0
    assert (await client.delete(path)).status_code == 204


async def test_several_runs_are_a_zip_of_their_files(client, kept):
    """Configs are trained for it; ids are what is recorded."""
    body = {"runs": [CONFIG | {"optimizer": {"name": "SGD"}}, {"id": kept}], "format": "npz"}
    response = await client.post("/api/export", json=body)
    with ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.namelist() == ["0-SGD-on-moons.npz", "1-a-b-mine.npz"]
        losses = [np.load(io.BytesIO(archive.read(name)))["loss"] for name in archive.namelist()]
    np.testing.assert_array_equal(losses[0], train(body["runs"][0]).loss)
    np.testing.assert_array_equal(losses[1], train(CONFIG).loss)
    together = await client.post("/api/export", json=body | {"format": "tensorboard"})
    names = ZipFile(io.BytesIO(together.content)).namelist()
    assert {name.split("/")[1] for name in names} == {"0-SGD-on-moons", "1-a-b-mine"}


async def test_the_held_out_loss_is_a_column_where_it_is_asked_for(client, kept):
    """Of kept runs and of configs, at every record; of data that hold nothing out it is left out."""
    body = {"runs": [{"id": kept}], "every": 1}
    [told] = (await client.post("/api/held-out-loss", json=body)).json()["runs"]
    fixed = {"problem": {"name": "seed-example"}, "optimizer": {"name": "SGD"}, "steps": 2}
    asked = {"runs": [CONFIG, fixed], "format": "npz", "held_out": True}
    archive = ZipFile(io.BytesIO((await client.post("/api/export", json=asked)).content))
    one, other = [np.load(io.BytesIO(archive.read(name))) for name in archive.namelist()]
    assert one["held_out_loss"].tolist() == told["held_out"]["loss"]
    assert "held_out_loss" not in other.files
    query = {"format": "npz", "held_out": True}
    alone = await client.get(f"/api/runs/{kept}/export", params=query)
    assert np.array_equal(np.load(io.BytesIO(alone.content))["held_out_loss"], one["held_out_loss"])


async def test_what_cannot_be_exported_is_refused(client):
    """By field; a run that is not there is not found."""
    wrong = await client.post("/api/export", json={"runs": [CONFIG | {"steps": 0}], "format": "csv"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/runs/0/steps")
    for call in (
        client.post("/api/export", json={"runs": [{"id": "f00"}]}),
        client.get("/api/runs/f00/export"),
    ):
        assert (await call).status_code == 404
    unknown = await client.get("/api/runs/f00/export", params={"format": "xlsx"})
    assert (unknown.status_code, [e["pointer"] for e in unknown.json()["errors"]]) == (422, ["/format"])


async def test_a_run_that_is_not_ours_comes_as_it_can_be_imported(connect, tmp_path):
    """Its lines are taken by the server again."""
    from tests.watching.recorded import trained  # noqa: PLC0415 - it brings torch's hooks

    trained(tmp_path / "mine.optiscope", around=True)
    lines = {"content-type": "application/jsonl"}
    async with connect() as client:
        content = (tmp_path / "mine.optiscope").read_bytes()
        first = (await client.post("/api/runs/import", content=content, headers=lines)).json()
        file = (await client.get(f"/api/runs/{first['id']}/export?format=jsonl")).content
        again = (await client.post("/api/runs/import", content=file, headers=lines)).json()
        tables = [(await client.get(f"/api/runs/{run['id']}/export")).text for run in (first, again)]
    assert (again["step"], again["ended"]["reason"]) == (first["step"], first["ended"]["reason"])
    assert tables[0].replace(first["id"], again["id"]) == tables[1]
    assert b'"surface"' in file
    assert "surface" in tables[0].partition("\n")[0]


async def test_a_run_without_a_record_is_an_empty_table(theirs):
    """It has its steps, and what run it is of."""
    head, row = csv.reader((await theirs.get(f"/api/runs/{ID}/export")).text.splitlines())
    assert (head, row[0], json.loads(row[1])["name"]) == (["step", "optiscope"], "", "theirs")

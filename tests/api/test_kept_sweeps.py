"""A kept sweep over HTTP lasts: it is listed, followed by its id, paused, exported and deleted."""

import asyncio
import csv
import io
import json

import numpy as np
import pytest

from optiscope.api.kept_sweep_documents import SweepDocument, SweepPageDocument
from tests.api.test_sweeps import BODY, MODELS
from tests.typed_arrays import decoded

PATH = "/api/sweeps"


async def kept(client, body=BODY, **query):
    """The events of a sweep that is kept."""
    response = await client.post(PATH, json=body, params={"keep": "true", **query})
    assert response.status_code == 200, response.text
    return events_of(response)


def events_of(response):
    """The lines of a stream, each as its documentation says."""
    events = [json.loads(line, parse_constant=pytest.fail) for line in response.text.splitlines()]
    for event in events:
        MODELS[event["event"]].model_validate(event)
    return events


def columns_of(events):
    """All cells by name, in the order of members."""
    cells = [event for event in events if event["event"] == "cells"]
    names = [name for name in cells[0] if name not in {"event", "part"}]
    columns = {name: np.concatenate([decoded(one[name]) for one in cells]) for name in names}
    order = np.argsort(columns["members"])
    return {name: column[order] for name, column in columns.items()}


async def left(client, body):
    """The id of a sweep whose connection was closed once it had begun."""
    request = asyncio.ensure_future(client.post(PATH, json=body, params={"keep": "true"}))
    found = []
    while not found:
        await asyncio.sleep(0.01)
        found = (await client.get(PATH)).json()["sweeps"]
    request.cancel()
    return found[0]["id"]


def large():
    """A sweep that is not done at once."""
    return BODY | {"seeds": list(range(4)), "run": BODY["run"] | {"steps": 600}}


async def test_a_kept_sweep_is_the_same_and_stays(client):
    """Its cells and its summary are those of one that is not kept, now and when it is replayed."""
    plain = events_of(await client.post(PATH, json=BODY))
    first = await kept(client, name="the grid")
    id_ = first[0].pop("id")
    for name, column in columns_of(plain).items():
        np.testing.assert_array_equal(columns_of(first)[name], column)
    assert first[-1] == plain[-1]
    document = (await client.get(f"{PATH}/{id_}")).json()
    SweepDocument.model_validate(document)
    assert (document["name"], document["state"], document["done"]) == ("the grid", "ended", 8)
    assert document["summary"] == plain[-1]["summary"]
    again = events_of(await client.get(f"{PATH}/{id_}/cells"))
    assert again[0].pop("id") == id_
    assert again == first
    behind = events_of(await client.get(f"{PATH}/{id_}/cells", params={"from": 1}))
    assert [event["part"] for event in behind[1:-1]] == list(range(1, len(first) - 2))
    once_more = events_of(await client.post(PATH, json=document["sweep"]))
    np.testing.assert_array_equal(columns_of(once_more)["end_loss"], columns_of(first)["end_loss"])


async def test_sweeps_are_listed_found_renamed_and_deleted(client):
    """Newest first, by words of their names, optimizers and axes."""
    ids = [(await kept(client, name=name))[0]["id"] for name in ("one", "two")]
    page = (await client.get(PATH, params={"search": "adam /lr"})).json()
    SweepPageDocument.model_validate(page)
    assert [sweep["id"] for sweep in page["sweeps"]][:2] == ids[::-1]
    found = (await client.get(PATH, params={"limit": 1})).json()
    assert [sweep["id"] for sweep in found["sweeps"]] == [ids[1]]
    following = (await client.get(PATH, params={"limit": 1, "before": found["next"]})).json()
    assert [sweep["id"] for sweep in following["sweeps"]] == [ids[0]]
    renamed = (await client.patch(f"{PATH}/{ids[0]}", json={"name": "three", "pinned": True})).json()
    assert (renamed["name"], renamed["pinned"]) == ("three", True)
    assert [s["id"] for s in (await client.get(PATH, params={"search": "three"})).json()["sweeps"]] == [
        ids[0]
    ]
    for id_ in ids:
        assert (await client.delete(f"{PATH}/{id_}")).status_code == 204
        for call in (client.get(f"{PATH}/{id_}"), client.delete(f"{PATH}/{id_}")):
            response = await call
            assert (response.status_code, response.json()["code"]) == (404, "unknown_sweep")


async def test_a_sweep_that_is_paused_goes_on_with_what_is_missing(connect):
    """Each member comes once, whatever was done before."""
    async with connect() as client:
        id_ = await left(client, large())

        async def document():
            return (await client.get(f"{PATH}/{id_}")).json()

        while (await document())["done"] == 0:
            pass
        paused = (await client.post(f"{PATH}/{id_}/pause")).json()
        assert paused["state"] == "paused"
        assert 0 < paused["done"] < paused["members"]
        assert (await client.post(f"{PATH}/{id_}/pause")).status_code == 409
        some = events_of(await client.get(f"{PATH}/{id_}/cells"))
        assert (some[-1]["reason"], some[-1]["code"]) == ("paused", "sweep_paused")
        resumed = (await client.post(f"{PATH}/{id_}/resume")).json()
        assert resumed["state"] == "running"
        assert (await client.post(f"{PATH}/{id_}/resume")).status_code == 409
        every = events_of(await client.get(f"{PATH}/{id_}/cells"))
        assert every[1 : len(some) - 1] == some[1:-1]
        assert columns_of(every)["members"].tolist() == list(range(paused["members"]))
        assert every[-1]["reason"] == "completed"


@pytest.mark.parametrize("kind", ["csv", "jsonl", "npz", "parquet"])
async def test_a_file_has_a_row_for_each_member(client, kind):
    """With its optimizer, its values and seed, and the numbers of its cell."""
    events = await kept(client)
    response = await client.get(f"{PATH}/{events[0]['id']}/export", params={"format": kind})
    assert response.status_code == 200, response.text
    assert response.headers["content-disposition"].endswith(f'.{kind}"')
    losses, seeds = rows_of(kind, response.content)
    np.testing.assert_array_equal(np.array(losses, float), columns_of(events)["end_loss"])
    assert [int(seed) for seed in seeds] == [0, 7] * 4


def rows_of(kind, data):
    """The end losses and the seeds in a file."""
    if kind == "npz":
        arrays = np.load(io.BytesIO(data))
        assert arrays["shape"].tolist() == [2, 2, 2]
        return arrays["end_loss"], arrays["seed"]
    if kind == "parquet":
        from pyarrow import parquet  # noqa: PLC0415 - an extra

        table = parquet.read_table(io.BytesIO(data)).to_pydict()
        return table["end_loss"], table["seed"]
    text = data.decode()
    rows = (
        [json.loads(line) for line in text.splitlines()]
        if kind == "jsonl"
        else csv.DictReader(io.StringIO(text))
    )
    return zip(*((row["end_loss"], row["seed"]) for row in rows), strict=True)


async def test_bounds_are_said_before_anything_is_kept(connect):
    """Members of one sweep, how many are trained, and a name."""
    async with connect(max_kept_sweep_members=7) as client:
        refused = await client.post(PATH, json=BODY, params={"keep": "true"})
        assert refused.status_code == 422
        assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
            ("/axes", "sweep_kept_members")
        ]
        assert (await client.post(PATH, json=BODY)).status_code == 200
        named = await client.post(PATH, json=BODY, params={"keep": "true", "name": "n" * 999})
        assert [e["pointer"] for e in named.json()["errors"]] == ["/name"]
    async with connect(max_client_sweeps=1) as client:
        await left(client, large())
        second = await client.post(PATH, json=BODY, params={"keep": "true"})
        assert (second.status_code, second.json()["code"]) == (429, "too_many_of_yours_swept")


async def test_the_oldest_sweeps_make_room(connect):
    """But those that are pinned; if they fill the quota there is none."""
    async with connect(max_kept_sweeps=1) as client:
        first, second = [(await kept(client))[0]["id"] for _ in range(2)]

        async def ids():
            return [sweep["id"] for sweep in (await client.get(PATH)).json()["sweeps"]]

        third = (await kept(client))[0]["id"]
        assert await ids() == [third, second]
        assert (await client.get(f"{PATH}/{first}")).status_code == 404
        await client.patch(f"{PATH}/{third}", json={"pinned": True})
        full = await client.post(PATH, json=BODY, params={"keep": "true"})
        assert (full.status_code, full.json()["code"]) == (507, "quota_of_sweeps_full")

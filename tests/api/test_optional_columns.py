"""A column that no code here knows travels from the database to a script without loss."""

import json
from dataclasses import replace

import numpy as np
import pytest

from optiscope.client import Stream
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance
from optiscope.export.table import Table
from optiscope.records import Ended, Run
from optiscope.runs.keeping.codec import encode_blocks
from optiscope.runs.keeping.store import NewRun, Piece

CONFIG = RunConfig.model_validate(
    {"problem": {"name": "xor"}, "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1}}, "steps": 6}
)
WEIGHT = "fc1.weight"
ID = "a" * 12


def unknown(block):
    """An array, arrays by name, arrays by two names; not every value is a number."""
    thirds = np.array(block.steps, dtype=np.float64) / 3
    layers = {"fc1": {"update_norm": np.where(thirds > 1, np.nan, thirds)}}
    return {"average_loss": thirds.astype(np.float32), "average": dict(block.params), "layers": layers}


@pytest.fixture
async def blocks(client):
    """What is kept of a run: its records from step 1 on have such columns."""
    (initial, *later), reached = advance(CONFIG, None, 6)
    blocks = [initial, *(replace(block, optional=unknown(block)) for block in later)]
    piece = Piece(0, 6, encode_blocks(blocks), None, reached.to_bytes(), reached.ended)
    store = client.app.state.kept_runs._store
    await store.append((await store.create(NewRun(ID, "a run", CONFIG))).serial, piece)
    return blocks


async def events(client, query=""):
    answer = await client.get(f"/api/runs/{ID}/steps{query}")
    return [json.loads(line, parse_constant=pytest.fail) for line in answer.text.splitlines()]


async def test_rows_have_it_where_it_is_and_nowhere_else(client, blocks):
    """Absent where a record has none, with its names and its numbers where it has."""
    _, first, *steps, _ = await events(client)
    assert "average_loss" not in first
    for step in steps:
        assert step["average_loss"] == np.float32(step["step"] / 3)
        assert step["average"][WEIGHT] == step["params"][WEIGHT]
        expected = "NaN" if step["step"] > 3 else step["step"] / 3
        assert step["layers"] == {"fc1": {"update_norm": expected}}
    assert list(steps[-1]) == ["event", "step", *blocks[-1].columns()]


async def read(client, query):
    """The records as a script has them."""
    return list(Stream(iter(await events(client, query))))


async def test_columns_come_to_a_script_with_their_bits(client, blocks):
    """Also where a stream begins in the middle of a block; a record has its values, whatever their names."""
    got = await read(client, "?layout=columns&from=4")
    assert [block.steps for block in got] == [range(4, 7)]
    average = blocks[-1].optional["average"][WEIGHT][-3:]
    assert got[0].columns["average"][WEIGHT].tobytes() == average.tobytes()
    record = got[0].record(0)
    assert record.optional["average_loss"] == np.float32(4 / 3)
    assert np.isnan(record.optional["layers"]["fc1"]["update_norm"])
    assert record.clipped_grad_norm is None


async def test_a_script_and_a_file_have_it_over_all_records(client, blocks):
    """With NaN, and in tables nothing, where a record has none."""
    got = await read(client, "?layout=columns")
    run = Run(CONFIG.model_dump(mode="json"), Ended("completed", 6, ""), tuple(got))
    assert list(run.optional) == ["average_loss", "average", "layers"]
    np.testing.assert_equal(run.optional["average"][WEIGHT][0], np.full((2, 2), np.nan, np.float32))
    column = Table.of(got).columns["layers.fc1.update_norm"]
    assert column.present.tolist() == [False] + [True] * 6
    np.testing.assert_equal(column.values, run.optional["layers"]["fc1"]["update_norm"])


async def test_records_at_a_distance_say_their_steps(client, blocks):
    """`every` is on the wire where it is not 1, and steps count with it everywhere."""
    store = client.app.state.kept_runs._store
    sparse = encode_blocks([replace(blocks[-1], first=0, every=10)])
    run = await store.create(NewRun("b" * 12, "a run", CONFIG))
    await store.append(run.serial, Piece(0, 50, sparse, None, None, None))
    changed = await store.change(run.id, 1, {"state": "paused", "detail": "paused"})
    answer = await client.get(f"/api/runs/{run.id}/steps?layout=columns&from=21")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert (lines[1]["first"], lines[1]["count"], lines[1]["every"]) == (30, 3, 10)
    (block,) = Stream(iter(lines))
    assert [record.step for record in block.records()] == [30, 40, 50]
    assert Table.of([block]).steps.tolist() == [30, 40, 50]
    assert changed.step == 50

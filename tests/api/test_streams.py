"""What is streamed is what the engine computes, bit for bit, in the form that DESIGN describes."""

import asyncio
import json
import math
import shutil
import subprocess

import pytest

from optiscope.api.events import BlockOfSteps, RunEnded, RunStarted, Step
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance
from tests.runs.records import assert_same_records, columns
from tests.typed_arrays import decoded

MOONS = {
    "problem": {"name": "moons", "samples": 32},
    "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.02}},
    "steps": 40,
}
FROZEN = MOONS | {
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1, "momentum": 0.9}},
    "freeze": [{"params": ["fc2"], "from_step": 10, "to_step": 20}],
    "clip_grad": {"name": "clip_grad_norm_", "max_norm": 0.1},
    "dtype": "float64",
}
FUNCTION = {
    "problem": {"name": "rosenbrock"},
    "model": {"start": [-1.5, 2.0]},
    "optimizer": {
        "name": "AdamW",
        "param_groups": [{"params": ["xy"], "lr": 0.1}],
    },
    "steps": 15,
}
DIVERGING = {
    "problem": {"name": "seed-example"},
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 1e6}},
    "steps": 50,
}
GROUPS = MOONS | {"optimizer": {"name": "Muon", "rest": {"name": "Adadelta"}}, "steps": 5}
LISTS = MOONS | {"optimizer": {"name": "LBFGS", "hyperparameters": {"lr": 0.1, "max_iter": 4}}, "steps": 4}
RUNS = {
    "moons": MOONS,
    "frozen": FROZEN,
    "function": FUNCTION,
    "diverging": DIVERGING,
    "groups": GROUPS,
    "lists": LISTS,
}
MODELS = {"run_started": RunStarted, "step": Step, "block": BlockOfSteps, "run_ended": RunEnded}


async def stream(client, path, body):
    """All events of a stream, each in the form that the documentation gives it."""
    response = await client.post(path, json=body)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/jsonl"
    events = [json.loads(line, parse_constant=pytest.fail) for line in response.text.splitlines()]
    for event in events:
        MODELS[event["event"]].model_validate(event)
    return events


def spelled(value):
    """A number as the wire writes it."""
    if isinstance(value, list):
        return [spelled(part) for part in value]
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def as_rows(blocks):
    """The `step` events that the records of the engine should become."""
    for block in blocks:
        clipped = dict(block.optional)
        for row, step in enumerate(block.steps):
            yield {
                "event": "step",
                "step": step,
                "loss": spelled(block.loss[row].item()),
                "lr": spelled(block.lr[row].tolist()),
                "momentum": block.momentum
                if block.momentum is None
                else [None if math.isnan(value) else value for value in block.momentum[row].tolist()],
                "grad_norm": None if block.grad_norm is None else spelled(block.grad_norm[row].item()),
                **{name: spelled(norms[row].item()) for name, norms in clipped.items()},
                "params": {name: spelled(values[row].tolist()) for name, values in block.params.items()},
                "grads": block.grads
                and {
                    name: None if values is None else spelled(values[row].tolist())
                    for name, values in block.grads.items()
                },
                "state": {
                    name: {key: spelled(values[row].tolist()) for key, values in state.items()}
                    for name, state in block.state.items()
                },
            }


@pytest.mark.parametrize("body", RUNS.values(), ids=RUNS)
async def test_rows_are_the_records_of_the_engine(client, body):
    """Every number of every `step` event is the exact double of what torch computed here."""
    started, *steps, ended = await stream(client, "/api/train", body)
    blocks, checkpoint = advance(RunConfig.model_validate(body), None, body["steps"])
    assert started["event"] == "run_started"
    assert steps == list(as_rows(blocks))
    assert (ended["reason"], ended["step"]) == (checkpoint.ended.reason, checkpoint.ended.step)
    assert steps[0]["grads"] is None
    assert steps[0]["state"] == {}
    assert steps[0]["grad_norm"] is None


@pytest.mark.parametrize("body", RUNS.values(), ids=RUNS)
async def test_columns_are_the_records_of_the_engine(client, body):
    """Every byte of every typed array is torch's own, and every step comes once, in order."""
    _, *events, _ = await stream(client, "/api/train?layout=columns", body)
    blocks, _ = advance(RunConfig.model_validate(body), None, body["steps"])
    expected = columns(blocks)
    steps = []
    for event in events:
        steps += range(event["first"], event["first"] + event["count"])
        named = {"loss": event["loss"], "lr": event["lr"], "momentum": event["momentum"]}
        named["grad_norm"] = event["grad_norm"]
        if "clipped_grad_norm" in event:
            named["optional clipped_grad_norm"] = event["clipped_grad_norm"]
        named |= {f"params {name}": array for name, array in event["params"].items()}
        named |= {f"grads {name}": array for name, array in (event["grads"] or {}).items()}
        for name, state in event["state"].items():
            named |= {f"state {name} {key}": array for key, array in state.items()}
        for name, array in named.items():
            values = None if array is None else decoded(array)
            assert array is None or len(values) == event["count"]
            for row in range(event["count"]):
                bits = None if values is None else values[row].tobytes()
                assert bits == expected[name][event["first"] + row], name
    assert steps == [step for block in blocks for step in block.steps]


async def test_the_momentum_of_a_group_without_is_null(client):
    """In rows, of every record; nothing there is spelled NaN."""
    _, *steps, _ = await stream(client, "/api/train", GROUPS)
    assert [step["momentum"] for step in steps] == [[0.95, None]] * 6


async def test_a_stream_begins_with_everything_that_determines_the_run(client):
    """`run_started` holds the complete config, the parameters, the data, and torch's version."""
    started, *_ = await stream(client, "/api/train", MOONS)
    config = started["config"]
    assert {key: value for key, value in config["problem"].items() if value is not None} == {
        "name": "moons",
        "samples": 32,
        "noise": 0.15,
        "seed": 0,
    }
    assert config["model"] == {
        "hidden": [2, 2],
        "activation": "relu",
        "seed": 0,
        "state_dict": None,
        "start": None,
    }
    assert config["optimizer"]["hyperparameters"]["betas"] == [0.9, 0.999]
    assert config["loop"] == {
        "drift": None,
        "gradient_delay": 0,
        "zero_grad": True,
        "set_to_none": True,
        "scheduler_first": False,
        "order": None,
        "accumulate": 1,
        "scale_loss": True,
        "autocast": None,
        "restart": None,
        "replaced": None,
    }
    assert started["parameters"][0] == {"name": "fc1.weight", "shape": [2, 2], "layer": "fc1"}
    assert (len(started["data"]["x"]), len(started["data"]["y"][0])) == (32, 1)
    assert started["torch"].startswith("2.")
    assert started["warnings"] == []


@pytest.mark.parametrize("body", [MOONS, FROZEN, FUNCTION], ids=["moons", "frozen", "function"])
async def test_the_complete_config_is_the_same_run(client, body):
    """Sending back what a stream began with gives the same records."""
    started, *first = await stream(client, "/api/train", body)
    again, *second = await stream(client, "/api/train", started["config"])
    assert again == started
    assert first == second
    config = RunConfig.model_validate(started["config"])
    records = [advance(c, None, body["steps"])[0] for c in (RunConfig.model_validate(body), config)]
    assert_same_records(*records)


async def test_a_test_function_has_one_parameter_and_no_data(client):
    """For a test function the model is `xy`, which is in no layer."""
    started, *_ = await stream(client, "/api/train", FUNCTION)
    assert started["parameters"] == [{"name": "xy", "shape": [2], "layer": None}]
    assert started["data"] is None
    columns_started, *_ = await stream(client, "/api/train?layout=columns", MOONS)
    assert columns_started["data"]["x"]["shape"] == "32, 2"


async def test_a_diverging_run_spells_what_is_no_number(client):
    """Infinity and NaN travel as strings, and the run ends with the step at which it diverged."""
    body = DIVERGING | {"problem": {"name": "six-hump-camel"}}
    *_, last, ended = await stream(client, "/api/train", body)
    assert last["loss"] == "NaN"
    assert (ended["reason"], ended["step"]) == ("diverged", last["step"])
    assert f"step {last['step']}" in ended["detail"]
    *_, last, ended = await stream(client, "/api/train", DIVERGING)
    assert last["params"]["fc3.bias"][0] in {"Infinity", "-Infinity", "NaN"}


async def test_javascript_reads_every_line(client):
    """A real JSON.parse accepts each line and gives back the same numbers."""
    node = shutil.which("node")
    assert node is not None
    response = await client.post("/api/train", json=DIVERGING)
    script = """
        const lines = require("fs").readFileSync(0, "utf8").trimEnd().split("\\n");
        console.log(JSON.stringify(lines.map((line) => JSON.parse(line))));
    """
    read = await asyncio.to_thread(
        subprocess.run, [node, "-e", script], input=response.text, capture_output=True, text=True, check=True
    )
    sent = [json.loads(line, parse_int=float) for line in response.text.splitlines()]
    assert json.loads(read.stdout, parse_int=float) == sent


async def test_no_character_ends_a_line_before_its_time(client):
    """Whatever a reader takes for the end of a line, every line is an event, with the texts as they came."""
    odd = "0.9**\u2028\u2029\x85epoch"
    schedule = {"name": "LambdaLR", "hyperparameters": {"lr_lambda": odd}}
    response = await client.post("/api/train", json=MOONS | {"lr_scheduler": schedule, "steps": 1})
    started, *_ = events = [json.loads(line) for line in response.iter_lines()]
    assert [event["event"] for event in events] == ["run_started", "step", "step", "run_ended"]
    assert started["config"]["lr_scheduler"]["hyperparameters"]["lr_lambda"] == odd


async def test_a_comparison_holds_each_run_as_if_alone(client):
    """In a comparison every event names its run, and each run's events are those of its own stream."""
    bodies = list(RUNS.values())
    events = await stream(client, "/api/compare", {"runs": bodies})
    assert events[-1]["event"] == "run_ended"
    for index, body in enumerate(bodies):
        own = [{**event} for event in events if event["run"] == index]
        assert all(event.pop("run") == index for event in own)
        alone = await stream(client, "/api/train?layout=columns", body)
        assert own == alone
    assert [event["run"] for event in events[: len(bodies)]] == list(range(len(bodies)))


async def test_the_runs_of_a_comparison_arrive_interleaved(connect):
    """No run waits for the end of another."""
    runs = [MOONS | {"steps": 200, "model": {"seed": seed}} for seed in range(3)]
    async with connect(chunk_seconds=0.005) as client:
        events = await stream(client, "/api/compare", {"runs": runs})
    blocks = [event["run"] for event in events if event["event"] == "block"]
    first_end = next(place for place, event in enumerate(events) if event["event"] == "run_ended")
    assert {event["run"] for event in events[3:first_end]} == {0, 1, 2}
    assert len(blocks) > 6


@pytest.mark.parametrize("layout", ["rows", "columns"])
async def test_only_the_wanted_columns_are_sent(client, layout):
    """With the numbers that they have among all; others are absent, not null."""
    config = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 5}
    query = {"layout": layout, "record": ["loss", "momentum"]}
    some, whole = [
        [
            json.loads(line)
            for line in (await client.post("/api/train", json=config, params=asked)).text.splitlines()
        ]
        for asked in (query, {"layout": layout})
    ]
    for part, event in zip(some[1:-1], whole[1:-1], strict=True):
        place = ({"event", "first", "count"} if layout == "columns" else {"event", "step"}) & event.keys()
        assert part == {name: event[name] for name in event if name in {*place, "loss", "momentum"}}
    none = await client.post("/api/train", json=config, params=query | {"record": ["average"]})
    assert json.loads(none.text.splitlines()[1]).keys() <= {"event", "step", "first", "count"}
    wrong = await client.post("/api/train", json=config, params={"record": "losses"})
    assert wrong.status_code == 422


async def test_many_runs_are_streamed_where_little_of_each_is_wanted(client):
    """Twenty seeds of five optimizers in one request; whole records of so many are refused."""
    body = {
        "runs": [
            {"problem": {"name": "xor"}, "model": {"seed": s}, "optimizer": {"name": name}, "steps": 3}
            for name in ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad")
            for s in range(20)
        ]
    }
    refused = await client.post("/api/compare", json=body | {"record": ["loss", "params"]})
    assert refused.json()["errors"][0]["detail"] == "runs must have at most 8 entries, got 100"
    response = await client.post("/api/compare", json=body | {"record": ["loss"]})
    events = [json.loads(line) for line in response.text.splitlines()]
    assert sum(event["event"] == "run_ended" for event in events) == 100
    blocks = [event for event in events if event["event"] == "block"]
    assert all(block.keys() == {"event", "run", "first", "count", "loss"} for block in blocks)

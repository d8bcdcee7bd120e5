"""Runs trained in this process are those of a server, record for record."""

import json
from dataclasses import fields

import httpx
import numpy as np
import pytest
import torch

from optiscope import Client, ConfigError, RequestRefusedError, RunConfig, compare, lint, race, sweep, train
from tests.engine.bare_loop import TinyNet

CONFIG = {
    "problem": {"name": "moons"},
    "model": {"hidden": [4, 4], "seed": 33},
    "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.05}},
    "lr_scheduler": {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 40}},
    "clip_grad": {"name": "clip_grad_norm_", "max_norm": 0.5},
    "freeze": [{"params": ["fc2"], "from_step": 10, "to_step": 20}],
    "batch_size": 32,
    "average": {"name": "EMA", "decay": 0.9, "from_step": 5},
    "steps": 40,
}
DIVERGING = {"problem": {"name": "rosenbrock"}, "optimizer": {"name": "SGD", "hyperparameters": {"lr": 1.0}}}


def flat(record):
    """A record as names and bytes."""
    return {field.name: _bytes(getattr(record, field.name)) for field in fields(record)}


def _bytes(value):
    if isinstance(value, dict):
        return {name: _bytes(part) for name, part in value.items()}
    return None if value is None else np.asarray(value).tobytes()


@pytest.mark.live
@pytest.mark.parametrize("config", [CONFIG, DIVERGING], ids=["to its end", "until it diverges"])
def test_train_gives_what_a_server_gives(live_server, config):
    """Every record has the same bits, and the run the same config and the same end."""
    run = train(config)
    with Client(live_server) as client:
        served = list(client.train(config))
    assert [flat(record) for record in run] == [flat(record) for record in served]
    answer = httpx.post(f"{live_server}/api/train", json=config, timeout=240)
    first, *_, last = map(json.loads, answer.text.splitlines())
    assert run.config == first["config"]
    assert (run.ended.reason, run.ended.step, run.ended.detail) == (
        last["reason"],
        last["step"],
        last["detail"],
    )


@pytest.mark.live
def test_lint_says_what_a_server_says(live_server):
    """The same warnings in the same order, with the same numbers."""
    config = CONFIG | {"optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.5, "weight_decay": 0.1}}}
    with Client(live_server) as client:
        told = client.lint(config)
    assert [warning.document() for warning in lint(config)] == told
    assert {"adam_weight_decay", "rate_replaced"} <= {warning["code"] for warning in told}


SWEEP = {
    "run": {"problem": {"name": "moons", "samples": 16}, "optimizer": {"name": "SGD"}, "steps": 20},
    "axes": [{"path": "/optimizer/hyperparameters/lr", "values": np.array([0.1, 1e9])}],
    "optimizers": [{"name": "SGD"}, {"name": "Adam", "hyperparameters": {"amsgrad": True}}],
    "seeds": [3, 4, 5],
    "target": 0.6,
    "exact": True,
}


@pytest.mark.live
def test_sweep_gives_what_a_server_gives(live_server):
    """Every column and the summary, and the runs that cells are opened as."""
    here = sweep(SWEEP)
    asked = SWEEP | {"axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.1, 1e9]}]}
    with Client(live_server) as client:
        there = client.sweep(asked)
        with pytest.raises(RequestRefusedError, match="/axes"):
            client.sweep(SWEEP | {"axes": []})
        np.testing.assert_equal(dict(here.columns), dict(there.columns))
        assert (here.shape, here.axes, here.ways[0]["way"]) == (there.shape, there.axes, "one by one")
        np.testing.assert_equal(here.summary, there.summary)
    runs = [found.run((1, 0, 2)) for found in (here, there)]
    assert runs[0] == runs[1]
    assert train(runs[0]).ended.end_loss == here.columns["end_loss"][1, 0, 2]


@pytest.mark.live
def test_a_race_is_that_of_a_server(live_server):
    """Each optimizer in the run of its best cell, on seeds of its own."""
    config = SWEEP | {"axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.1, 1e9]}]}
    here = race(json.dumps(config), range(10, 16))
    with Client(live_server) as client:
        there = client.race(config, range(10, 16))
    assert [one.run for one in here.judged] == [one.run for one in there.judged]
    assert [one.losses.tolist() for one in here.judged] == [one.losses.tolist() for one in there.judged]
    adam = here.judged[1]
    run = {**adam.run, "model": {**adam.run["model"], "seed": 12}}
    assert train(run).ended.end_loss == adam.losses[2]
    assert here.differences == there.differences


def test_what_cannot_be_swept_is_named():
    """By its place in the request, before anything is trained; the settings bound it."""
    for changes, pointer in (
        ({"axes": [{"path": "/optimizer/rate", "values": [1]}]}, "/axes/0/path"),
        ({"run": SWEEP["run"] | {"steps": 0}}, "/run/steps"),
        ({"seeds": list(range(10**6)), "run": SWEEP["run"] | {"steps": 1000}}, "/axes"),
    ):
        with pytest.raises(ConfigError) as caught:
            sweep(SWEEP | changes)
        assert [p.pointer for p in caught.value.problems] == [pointer]


def test_an_average_is_read_by_its_name():
    """Of a record and over all of them; a run without has none."""
    run, without = train(CONFIG), train(DIVERGING)
    assert run[-1].average_loss == run.average_loss[-1]
    assert run[-1].average["fc1.weight"].tobytes() == run.average["fc1.weight"][-1].tobytes()
    assert (without.average, without.average_loss, without[0].average, without[0].average_loss) == (None,) * 4


def test_what_follows_a_factor_is_read_by_its_name():
    """Of a record and over all of them, by group; a run without has none."""
    factor = {"hyperparameter": "weight_decay", "factor": "0.5"}
    adam = {"name": "AdamW", "hyperparameters": {"weight_decay": 0.2}}
    run = train(CONFIG | {"optimizer": adam, "hyperparameter_schedules": [factor]})
    assert run[-1].hyperparameters["weight_decay"].tolist() == [0.1]
    assert run.hyperparameters["weight_decay"][:2].tolist() == [[0.2], [0.1]]
    without = train(CONFIG)
    assert (without.hyperparameters, without[0].hyperparameters) == (None, None)


def test_a_config_may_be_a_mapping_a_text_or_a_run_config():
    """They are the same run; what a run says of itself gives it again."""
    expected = [flat(record) for record in train(CONFIG)]
    text = json.dumps(CONFIG)
    for config in (text, text.encode(), RunConfig.model_validate_json(text), train(CONFIG).config):
        assert [flat(record) for record in train(config)] == expected


def test_numbers_may_be_those_of_numpy_and_torch():
    """A network made by hand is a state_dict, and a rate may come from a grid."""
    torch.manual_seed(0)
    start = TinyNet((2, 2)).state_dict()
    config = {
        "problem": {"name": "xor"},
        "model": {"state_dict": start},
        "optimizer": {"name": "SGD", "hyperparameters": {"lr": np.geomspace(0.01, 1, 3)[1]}},
        "steps": np.int64(3),
    }
    run = train(config)
    assert run.params["fc1.weight"][0].tobytes() == start["fc1.weight"].numpy().tobytes()
    assert run.lr[-1].tolist() == [0.1]
    with pytest.raises(TypeError, match="a config holds what JSON can, not object"):
        train(CONFIG | {"steps": object()})


def test_compared_runs_are_those_that_each_has_alone():
    """In lockstep or not, in the order in which they were given."""
    functions = [
        {"problem": {"name": "rosenbrock"}, "optimizer": {"name": name}, "steps": 20}
        for name in ("SGD", "Adam", "RMSprop")
    ]
    configs = [CONFIG, *functions, DIVERGING]
    runs = compare(iter(configs))
    assert [run.ended.reason for run in runs] == ["completed"] * 4 + ["diverged"]
    for run, config in zip(runs, configs, strict=True):
        assert [flat(record) for record in run] == [flat(record) for record in train(config)]
    assert compare([]) == []


def test_one_config_is_not_taken_for_several():
    """A mapping has keys, and a text letters, that are no configs."""
    for config in (CONFIG, json.dumps(CONFIG), RunConfig.model_validate(CONFIG)):
        with pytest.raises(TypeError, match="train takes one"):
            compare(config)


def test_everything_that_is_wrong_is_named():
    """In each run, under its place, whether it can be read or not."""
    with pytest.raises(ConfigError) as caught:
        train(CONFIG | {"steps": 0, "dtype": "float16", "optimizer": {}})
    assert {p.pointer for p in caught.value.problems} == {"/steps", "/dtype", "/optimizer/name"}
    with pytest.raises(ConfigError) as caught:
        compare([CONFIG, CONFIG | {"steps": 0}, {"problem": {"name": "moons"}, "optimizer": {"name": "Adm"}}])
    assert [p.pointer for p in caught.value.problems] == ["/1/steps", "/2/optimizer/name"]
    with pytest.raises(ConfigError, match="not valid JSON"):
        train("{")


def test_the_program_keeps_its_random_numbers():
    """A run has generators of its own."""
    before = torch.get_rng_state()
    train(CONFIG | {"steps": 2})
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("text", ["{", "[]", b"5"])
def test_a_race_of_a_text_that_is_no_sweep_is_refused_as_a_sweep_of_it(text):
    """As a config, not as JSON."""
    problems = []
    for begin in (sweep, lambda asked: race(asked, [1])):
        with pytest.raises(ConfigError) as refused:
            begin(text)
        problems.append(refused.value.problems)
    assert problems[0] == problems[1]

"""Configs that nobody would write, made from the registries: each runs, or is refused in words."""

import json
import os
import time
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optiscope.engine.advice.linter import lint_built
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.loop.refusing import parse_config
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS
from optiscope.engine.recipe.models import ACTIVATIONS
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.problems import PROBLEMS
from optiscope.runs.description import describe
from optiscope.runs.workers.jobs import train_chunk

EXAMPLES = int(os.environ.get("OPTISCOPE_GENERATED_CONFIGS", "500"))
LONGEST_S = 5.0
TORCH = [name for name, info in OPTIMIZERS.items() if "." not in name]
LARGEST_INT = 20
WRONG = [-1, 0, 1, 1e300, -0.5, "x", True, None, [], {}, float("nan")]
LAYERS = ["fc1", "fc2", "fc3", "fc2.weight", "fc1.bias"]


def mostly(good, bad):
    """A strategy that is good nineteen times of twenty."""
    return st.integers(0, 19).flatmap(lambda n: good if n else bad)


def number(low, high, *, whole):
    """A number between bounds, or at them."""
    low, high = 0 if low is None else low, 1e3 if high is None else high
    if whole:
        small = st.integers(int(low), max(int(low), min(int(high), LARGEST_INT)))
        return st.one_of(small, st.sampled_from([int(low), int(high)]))
    small = st.floats(low, max(low, min(high, 1)))
    return st.one_of(small, st.floats(low, high), st.sampled_from([float(low), float(high)]))


def usual(hyperparameter):
    """A value that is likely to be accepted."""
    h = hyperparameter
    low, high = h.usual or (h.minimum, h.maximum)
    match h.kind:
        case "float" | "int":
            return number(low, high, whole=h.kind == "int")
        case "pair" | "triple":
            length = 2 if h.kind == "pair" else 3
            return st.lists(number(low, high, whole=False), min_size=length, max_size=length)
        case "bool":
            return st.booleans()
        case "choice":
            return st.sampled_from(h.choices)
        case "int_list":
            return st.lists(st.integers(0, LARGEST_INT), max_size=4)
    return st.sampled_from(["0.5 ** epoch", "1", "1 / epoch", "x", "epoch.real", "9 ** 9 ** 9"])


def hyperparameters(declared):
    """Those that must be given and some of the others, most with values that are likely to be accepted."""
    values = {h.name: mostly(usual(h), st.sampled_from(WRONG)) for h in declared}
    needed = {h.name: values.pop(h.name) for h in declared if h.default is None and not h.optional}
    return st.fixed_dictionaries(needed, optional=values)


def optimizers(names):
    return st.sampled_from(names).flatmap(
        lambda name: st.fixed_dictionaries(
            {"name": st.just(name), "hyperparameters": hyperparameters(OPTIMIZERS[name].hyperparameters)},
            optional={
                "param_groups": st.lists(st.fixed_dictionaries({"params": layers}), min_size=1, max_size=2),
                "rest": mostly(st.none(), st.just({"name": "AdamW"}))
                if name != "Muon"
                else st.just({"name": "AdamW"}),
            },
        )
    )


def schedulers(names, parts=None):
    composite = {} if parts is None else {"schedulers": st.lists(parts, max_size=3)}
    return st.sampled_from(names).flatmap(
        lambda name: st.fixed_dictionaries(
            {"name": st.just(name), "hyperparameters": hyperparameters(LR_SCHEDULERS[name].hyperparameters)},
            optional={"interval": st.integers(0, 3), "milestones": st.lists(st.integers(0, 4), max_size=3)}
            | composite,
        )
    )


layers = st.lists(mostly(st.sampled_from(LAYERS), st.sampled_from(["fc9", "xy"])), min_size=1, max_size=2)
simple = [name for name in LR_SCHEDULERS if name not in {"SequentialLR", "ChainedScheduler"}]
problems = st.fixed_dictionaries(
    {"name": st.sampled_from([*PROBLEMS])},
    optional={
        "samples": mostly(st.integers(2, 64), st.sampled_from([1, 4097])),
        "noise": mostly(st.floats(0, 2), st.sampled_from([-0.1, 2.1])),
    },
)
models = st.fixed_dictionaries(
    {},
    optional={
        "hidden": mostly(st.just([3, 5]), st.lists(st.integers(0, 65), max_size=7)),
        "activation": st.sampled_from([*ACTIVATIONS]),
        "seed": mostly(st.integers(0, 9), st.sampled_from([-1, 2**32])),
    },
)
rules = st.fixed_dictionaries(
    {"params": layers}, optional={"from_step": st.integers(0, 4), "to_step": st.integers(5, 6)}
)
clips = st.sampled_from(
    [
        {"name": "clip_grad_norm_", "max_norm": 0.1},
        {"name": "clip_grad_norm_", "max_norm": 1, "norm_type": "inf"},
        {"name": "clip_grad_value_", "clip_value": 0.5},
        {"name": "clip_grad_value_", "clip_value": 0},
    ]
)
configs = st.fixed_dictionaries(
    {
        "problem": st.one_of(st.just({"name": "moons"}), problems),
        "optimizer": optimizers(TORCH),
        "steps": mostly(st.integers(1, 6), st.just(0)),
    },
    optional={
        "model": models,
        "lr_scheduler": st.one_of(schedulers(simple), schedulers([*LR_SCHEDULERS], schedulers(simple))),
        "freeze": st.lists(rules, max_size=1),
        "clip_grad": clips,
        "batch_size": mostly(st.integers(1, 64), st.sampled_from([0, 4097])),
        "dtype": mostly(st.sampled_from(["float32", "float64"]), st.just("float16")),
        "loop": st.fixed_dictionaries({"zero_grad": st.booleans(), "scheduler_first": st.booleans()}),
    },
)


def tried(config):
    """The run that can be started, or why it cannot."""
    try:
        return describe(parse_config(json.dumps(config)))
    except ConfigError as error:
        return error


def at_no_rate(chunk):
    """Whether torch divided by a rate that the schedule had taken to zero, as LBFGS does."""
    return "division by zero" in chunk.ended.detail and not chunk.blocks[-1].lr[-1].all()


def is_warned_of(found):
    """Whether the linter knows that torch takes a value of it which hardly anybody means."""
    return any(warning.code in {"unusual_value", "momentum_grows"} for warning in lint_built(found.training))


@pytest.mark.timeout(120 + EXAMPLES)
def test_what_is_accepted_runs_and_what_is_refused_says_why():
    """An accepted one trains to an end, a refused one says what is wrong with each field; neither takes long.

    There are 500, or as many as OPTISCOPE_GENERATED_CONFIGS says.
    """
    outcomes = Counter()

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(configs)
    def look_at(config):
        begun = time.process_time()
        found = tried(config)
        assert time.process_time() - begun < LONGEST_S
        if isinstance(found, ConfigError):
            assert found.problems
            assert all(len(p.detail) > 10 and p.pointer[:1] in {"", "/"} for p in found.problems)
            outcomes["refused"] += 1
            return
        chunk = train_chunk(found.config.canonical(), None, config["steps"])
        ended = chunk.ended.reason in {Reason.COMPLETED, Reason.DIVERGED}
        assert ended or at_no_rate(chunk) or is_warned_of(found), chunk.ended
        outcomes["trained"] += 1

    look_at()
    assert min(outcomes["refused"], outcomes["trained"]) > EXAMPLES / 10

"""Members that are trained together beside torch's own loop, in float64."""

import datetime as dt
import json

import numpy as np
import pytest

from optiscope.engine.core.parts import whole
from optiscope.engine.sweep.compiled import is_compiled, numba_version
from optiscope.engine.sweep.job import cells_at, compile_kernels
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.tables import Tables
from optiscope.engine.sweep.updates.table import UPDATES
from optiscope.engine.sweep.ways import Way

LR = "/optimizer/hyperparameters/lr"
MOONS = {
    "problem": {"name": "moons", "samples": 24},
    "model": {"hidden": [3, 2]},
    "steps": 40,
    "batch_size": 10,
    "dtype": "float64",
}
POINTS = {
    "problem": {
        "name": "points",
        "points": {
            "x": [[0.5, 1, 2], [1, 0.5, -1], [2, 2.5, 0], [3, -1, 1], [4, 0, 0.5], [0.1, 1, 0], [2, 2, 2]],
            "y": [0.5, 1, -2, 3, 0.25, 1, 2],
            "held_out": 0.3,
            "standardize": True,
        },
        "seed": 3,
    },
    "model": {"hidden": [3]},
    "steps": 40,
    "batch_size": 2,
    "dtype": "float64",
}
SEED_EXAMPLE = {"problem": {"name": "seed-example"}, "steps": 40, "dtype": "float64"}
MORE = {"SGD": {"momentum": 0.8}, "Adagrad": {"lr_decay": 0.1, "initial_accumulator_value": 0.2}}
COSINE = {"name": "CosineAnnealingLR", "hyperparameters": {"T_max": 30}}
ONE_CYCLE = {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.05, "total_steps": 50}}
PLATEAU = {
    "name": "ReduceLROnPlateau",
    "hyperparameters": {"patience": 1, "factor": 0.5, "cooldown": 2},
    "interval": 2,
}
BY_NORM = {"name": "clip_grad_norm_", "max_norm": 0.3}
BY_LARGEST = {"clip_grad": BY_NORM | {"norm_type": "inf"}}
BY_VALUE = {"clip_grad": {"name": "clip_grad_value_", "clip_value": 0.1}}
WINDOW = [{"params": ["fc2"], "from_step": 5, "to_step": 20}, {"params": ["fc1.bias"], "to_step": 9}]
GROUPS = [{"params": ["fc1", "fc2"]}, {"params": ["fc3"], "weight_decay": 0.1, "lr": 0.02}]

RUNS = {
    "own points": POINTS,
    "cosine": MOONS | {"lr_scheduler": COSINE},
    "one cycle": MOONS | {"lr_scheduler": ONE_CYCLE},
    "plateau": MOONS | {"lr_scheduler": PLATEAU, "clip_grad": BY_NORM},
    "window and norm": MOONS | {"freeze": WINDOW, "clip_grad": BY_NORM},
    "largest": SEED_EXAMPLE | BY_LARGEST,
    "values": SEED_EXAMPLE | BY_VALUE,
    "accumulated": MOONS | {"loop": {"accumulate": 3}},
    "summed": SEED_EXAMPLE | {"loop": {"accumulate": 2, "scale_loss": False}},
    "factor": MOONS
    | {"hyperparameter_schedules": [{"hyperparameter": "weight_decay", "factor": "1 + step / 10"}]},
}


def sweep_of(run, optimizer, values=(0.003, 0.03), path=LR, **more):
    document = {"run": run | {"optimizer": optimizer}, "axes": [{"path": path, "values": list(values)}]}
    return SweepConfig.model_validate_json(json.dumps(document | {"seeds": [0, 4], "target": 0.69} | more))


def assert_agrees(sweep, folder=None, tolerance=1e-9):
    """Every column is that of torch's own loop, but for what torch rounds at the size of an output."""
    plan = Plan(sweep)
    assert {group.way for group in plan.groups} == {Way.STACKED}
    text = sweep.model_dump_json(by_alias=True)
    exact = sweep.model_copy(update={"exact": True}).model_dump_json(by_alias=True)
    found = whole(cells_at(text, 0, plan.members, folder)).columns()
    order = np.argsort(found["members"])
    for name, column in whole(cells_at(exact, 0, plan.members)).columns().items():
        np.testing.assert_allclose(found[name][order], column, rtol=tolerance, atol=1e-14, err_msg=name)


@pytest.mark.parametrize("key", UPDATES, ids=lambda key: " ".join([key[0], *sorted(key[1])]))
def test_an_update_is_that_of_its_class(key):
    """Every update moves members as torch's own class does, with all of its columns in use."""
    name, flags = key
    more = MORE.get(name, {}) | dict.fromkeys(flags, True)
    if name != "Rprop":
        more |= {"weight_decay": 0.01}
    assert UPDATES[key].oracle.__name__ == name
    assert_agrees(sweep_of(MOONS, {"name": name, "hyperparameters": more}))


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_all_that_a_run_may_have_is_torchs_own(name, optimizer):
    """Schedules, clipping, frozen windows, minibatches and accumulation change nothing of the agreement."""
    assert_agrees(sweep_of(RUNS[name], {"name": optimizer, "hyperparameters": {"weight_decay": 0.01}}))


def test_wide_layers_are_products_of_matrices():
    """They change nothing of the agreement, with all samples and with minibatches."""
    wide = MOONS | {"model": {"hidden": [32, 33, 3]}, "steps": 20}
    for run in (wide, wide | {"batch_size": None}):
        assert_agrees(sweep_of(run, {"name": "Adam"}))


@pytest.mark.parametrize(
    "activation",
    ["relu", "leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid", "softplus", "identity"],
)
def test_bends_and_slopes_are_torchs_own(activation):
    """Every activation, and its derivative, is the one of torch."""
    run = MOONS | {"model": {"hidden": [3], "activation": activation}}
    assert_agrees(sweep_of(run, {"name": "SGD"}, (0.1, 1.0)))


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/optimizer/hyperparameters/betas", [[0.8, 0.9], [0.9, 0.99]]),
        ("/optimizer/hyperparameters/betas/1", [0.9, 0.99]),
        ("/optimizer/param_groups/1/lr", [0.01, 0.1]),
        ("/clip_grad/max_norm", [0.01, 1.0]),
        ("/lr_scheduler/hyperparameters/T_max", [5, 20]),
        ("/lr_scheduler/hyperparameters/eta_min", [0.0, 0.01]),
        (LR, [0.001, 0.1]),
    ],
)
def test_numbers_of_all_kinds_vary_within_a_group(path, values):
    """An axis of numbers is one group, and each member has its own number."""
    run = MOONS | {"clip_grad": BY_NORM, "lr_scheduler": COSINE}
    sweep = sweep_of(run, {"name": "Adam", "param_groups": GROUPS}, values, path)
    assert len(Plan(sweep).groups) == 1
    assert_agrees(sweep)


@pytest.mark.parametrize("run", [MOONS, SEED_EXAMPLE], ids=["moons", "seed-example"])
def test_a_member_diverges_at_the_same_step(run):
    """A member ends at the step at which torch's own loop ends, with nothing said of it after that."""
    assert_agrees(sweep_of(run, {"name": "SGD"}, (0.1, 1e3, 1e9)))


TODAY = dt.datetime.now(dt.UTC).toordinal()
KEY_OF_TODAY = list(UPDATES)[TODAY % len(UPDATES)]
"""The update whose kernel is compiled, another one each day: each takes some seconds."""


def runs_of_kernel(key):
    """All that one kernel has to do: the runs of the same network whose schedules its optimizer takes."""
    refused = {"one cycle"} if key[0] in {"Adagrad", "Adadelta", "ASGD", "Rprop"} else set()
    refused |= {"factor"} if key[0] == "Rprop" else set()
    runs = {name: run for name, run in RUNS.items() if run["problem"] == MOONS["problem"]}
    runs |= {"largest": MOONS | BY_LARGEST, "values": MOONS | BY_VALUE}
    return [run for name, run in runs.items() if name not in refused]


@pytest.mark.skipif(numba_version() is None, reason="there is no numba here")
def test_a_kernel_does_what_torch_does(tmp_path):
    """A compiled kernel agrees with torch's own loop, and is found in its folder from then on."""
    name, flags = KEY_OF_TODAY
    optimizer = {"name": name, "hyperparameters": MORE.get(name, {}) | dict.fromkeys(flags, True)}
    for number, run in enumerate(runs_of_kernel(KEY_OF_TODAY)):
        sweep = sweep_of(run, optimizer, (0.003, 0.03, 1e9))
        plan = Plan(sweep)
        net = Tables(plan, plan.groups[0]).net
        assert is_compiled(net, tmp_path) == (number > 0)
        whole(compile_kernels(sweep.model_dump_json(by_alias=True), str(tmp_path)))
        assert is_compiled(net, tmp_path)
        assert_agrees(sweep, str(tmp_path))

"""Cells of random sweeps beside the runs that they are opened as."""

import json
import random

import pytest

from optiscope.engine.core.parts import whole
from optiscope.engine.loop.training import advance
from optiscope.engine.sweep.job import cells_at
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig

SWEEPS, CELLS, STEPS = 20, 10, 25
LR = "/optimizer/hyperparameters/lr"
STATED = {"float32": 1e-4, "float64": 1e-9}
"""How far ``end_loss`` may be from that of the run, of the larger of the two and of the initial loss."""

RUNS = [
    {"problem": {"name": "moons", "samples": 24}, "batch_size": 8},
    {"problem": {"name": "xor", "samples": 20}, "model": {"hidden": [3], "activation": "tanh"}},
    {"problem": {"name": "seed-example"}},
    {"problem": {"name": "circles", "samples": 20}, "model": {"hidden": [4, 3], "activation": "gelu"}},
]
AXES = [
    {"path": "/steps", "values": [10, STEPS]},
    {"path": "/clip_grad/max_norm", "from": 0.05, "to": 2, "count": 4, "scale": "log"},
    {"path": "/problem/noise", "values": [0.05, 0.2]},
    {"path": "/model/activation", "values": ["relu", "silu", "softplus"]},
    {"path": "/model/hidden", "values": [[2], [3, 2]]},
    {"path": "/optimizer/hyperparameters/weight_decay", "values": [0, 0.01, 0.1]},
    {"path": "/lr_scheduler/interval", "values": [1, 3]},
    {"path": "/freeze", "values": [[], [{"params": ["fc1"], "to_step": 5}]]},
    {"path": "/lr_scheduler/hyperparameters/gamma", "values": [0.9, 0.99]},
]
OPTIMIZERS = ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "NAdam", "Adamax"]


def random_sweep(rng, dtype):
    """A random run, a rate and another axis of any kind."""
    run = rng.choice(RUNS) | {
        "optimizer": {"name": "SGD"},
        "clip_grad": {"name": "clip_grad_norm_", "max_norm": 1.0},
        "lr_scheduler": {"name": "ExponentialLR", "hyperparameters": {"gamma": 0.98}},
        "steps": STEPS,
        "dtype": dtype,
    }
    axes = [axis for axis in AXES if run["problem"]["name"] == "moons" or "noise" not in axis["path"]]
    document = {
        "run": run,
        "axes": [{"path": LR, "from": 1e-3, "to": 0.1, "count": 6, "scale": "log"}, rng.choice(axes)],
        "optimizers": [{"name": name} for name in rng.sample(OPTIMIZERS, 2)],
        "seeds": rng.sample(range(100), 3),
    }
    return SweepConfig.model_validate_json(json.dumps(document))


@pytest.mark.parametrize("dtype", STATED)
def test_a_random_cell_is_the_run_that_it_is_opened_as(dtype):
    """Its loss at the end is that of the run, within what is stated of the dtype."""
    rng = random.Random(dtype)  # noqa: S311 - a sample
    for _ in range(SWEEPS // 2):
        sweep = random_sweep(rng, dtype)
        plan = Plan(sweep)
        cells = whole(cells_at(sweep.model_dump_json(by_alias=True), 0, plan.members))
        for i in rng.sample(range(plan.members), CELLS):
            config = plan.config(int(cells.members[i]))
            _, checkpoint = advance(config, None, config.steps)
            end_loss = checkpoint.ended.end_loss
            scale = max(abs(end_loss), cells.initial_loss[i])
            assert abs(cells.end_loss[i] - end_loss) <= STATED[dtype] * scale, config

"""How well members that are trained together agree with torch's own loop: the whole table, or a sample of it.

    python scripts/sweep_agreement.py [FOLDER | -] [CELLS]

FOLDER is where kernels are compiled into; ``-`` trains by torch's functions instead. A cell of the
table is an optimizer, a schedule, clipping or not, a frozen window or not, and a problem: 32 random
members in float64, 200 steps. The weights must be those of torch's own loop to 1e-9 of the largest,
and end at the same step. A member is excused if torch's own run from weights times 1 + 1e-12 is
further off than that.
"""

import itertools
import json
import random
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.parts import whole
from optiscope.engine.loop.training import Training, advance
from optiscope.engine.sweep.compiled import load
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.stacked import stacked
from optiscope.engine.sweep.tables import Tables
from optiscope.engine.sweep.together import padded, trained

STEPS, TOLERANCE, TWIN, MOST_EXCUSED = 200, 1e-9, 1e-12, 4
OPTIMIZERS: dict[str, tuple[dict[str, Any], tuple[float, float]]] = {
    "SGD": ({}, (0.003, 1)),
    "SGD, momentum": ({"momentum": 0.9, "dampening": 0.1}, (0.002, 0.3)),
    "SGD, nesterov": ({"momentum": 0.9, "nesterov": True}, (0.002, 0.3)),
    "Adagrad": ({"lr_decay": 0.01, "weight_decay": 0.01}, (0.01, 1)),
    "Adadelta": ({"rho": 0.8}, (0.1, 10)),
    "Adam": ({"weight_decay": 0.01}, (0.001, 0.1)),
    "Adam, amsgrad": ({"amsgrad": True}, (0.001, 0.1)),
    "AdamW": ({"weight_decay": 0.1}, (0.001, 0.1)),
    "AdamW, amsgrad": ({"amsgrad": True}, (0.001, 0.1)),
    "Adamax": ({}, (0.001, 0.1)),
    "NAdam": ({"momentum_decay": 0.004, "weight_decay": 0.01}, (0.001, 0.1)),
    "RAdam": ({"weight_decay": 0.01}, (0.001, 0.1)),
    "RMSprop": ({}, (0.0003, 0.03)),
    "RMSprop, centered": ({"centered": True, "momentum": 0.5}, (0.0003, 0.01)),
    "Rprop": ({}, (0.001, 0.1)),
    "ASGD": ({"lambd": 0.001}, (0.003, 0.5)),
}
SCHEDULES: dict[str, dict[str, Any] | None] = {
    "none": None,
    "cosine": {"name": "CosineAnnealingLR", "hyperparameters": {"T_max": STEPS}},
    "one cycle": {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.05, "total_steps": STEPS + 1}},
    "plateau": {"name": "ReduceLROnPlateau", "hyperparameters": {"patience": 3, "factor": 0.5}},
}
REFUSED_BY_ONE_CYCLE = {"Adagrad", "Adadelta", "ASGD", "Rprop"}
CLIPS = {"": None, "clipped": {"name": "clip_grad_norm_", "max_norm": 0.5}}
WINDOWS: dict[str, list[Any]] = {"": [], "window": [{"params": ["fc2"], "from_step": 40, "to_step": 120}]}
PROBLEMS = {
    "moons": {"problem": {"name": "moons"}, "model": {"hidden": [4, 4]}, "batch_size": 32},
    "seed-example": {"problem": {"name": "seed-example"}, "model": {"hidden": [2, 2]}},
}
Key = tuple[str, str, str, str, str]


def sweep_of(key: Key) -> SweepConfig:
    """32 members: eight rates and four seeds."""
    name, schedule, clip, window, problem = key
    hyperparameters, (low, high) = OPTIMIZERS[name]
    rng = random.Random(repr(key))  # noqa: S311 - a sample
    run = PROBLEMS[problem] | {
        "optimizer": {"name": name.partition(",")[0], "hyperparameters": hyperparameters},
        "lr_scheduler": SCHEDULES[schedule],
        "clip_grad": CLIPS[clip],
        "freeze": WINDOWS[window],
        "steps": STEPS,
        "dtype": "float64",
    }
    path = (
        "/lr_scheduler/hyperparameters/max_lr" if schedule == "one cycle" else "/optimizer/hyperparameters/lr"
    )
    axis = {"path": path, "values": [low * (high / low) ** rng.random() for _ in range(8)]}
    seeds = rng.sample(range(1000), 4)
    return SweepConfig.model_validate_json(json.dumps({"run": run, "axes": [axis], "seeds": seeds}))


def by_torch(config: RunConfig, scale: float = 1.0) -> tuple[np.ndarray, int]:
    """The last weights of torch's own loop, and the last step."""
    if scale != 1.0:
        weights = {
            name: (p.detach() * scale).tolist() for name, p in Training(config).model.named_parameters()
        }
        document = config.model_dump(mode="json")
        document["model"]["state_dict"] = weights
        config = RunConfig.model_validate_json(json.dumps(document))
    blocks, checkpoint = advance(config, None, config.steps)
    last = np.concatenate([values[-1].ravel() for values in blocks[-1].params.values()])
    return last, checkpoint.step


def off(found: np.ndarray, last: int, weights: np.ndarray, step: int) -> float:
    """How far one is from the other, of the largest weight; infinite where they end apart."""
    if last != step:
        return np.inf
    if not np.isfinite(weights).all():
        return 0.0
    return float(np.abs(found - weights).max() / np.abs(weights).max())


def cell(key: Key, folder: str) -> tuple[int, int, float]:
    """Wrong members, excused ones, and the largest error of the others."""
    sweep = sweep_of(key)
    plan = Plan(sweep)
    (group,) = plan.groups
    tables = Tables(plan, group)
    kernel = stacked(tables.net) if folder == "-" else load(tables.net, Path(folder))
    members = plan.members_at(0, plan.members)
    lanes = tables.lanes(padded(members, kernel.lanes))
    cells = whole(trained(kernel, tables.net, tables.common(), lanes, members, plan.wanted))
    wrong = excused = 0
    worst = 0.0
    for i, member in enumerate(members.tolist()):
        config = plan.config(member)
        weights, step = by_torch(config)
        error = off(lanes.params[:, i], int(cells.last_step[i]), weights, step)
        if error <= TOLERANCE:
            worst = max(worst, error)
        elif off(*by_torch(config, 1 + TWIN), weights, step) > TOLERANCE:
            excused += 1
        else:
            wrong += 1
    return wrong, excused, worst


def main() -> None:
    """Print every cell that is not perfect, and the sum."""
    warnings.simplefilter("ignore")
    folder, count = next(iter(sys.argv[1:]), "-"), next(iter(sys.argv[2:]), None)
    keys: list[Key] = [
        key
        for key in itertools.product(OPTIMIZERS, SCHEDULES, CLIPS, WINDOWS, PROBLEMS)
        if not (key[1] == "one cycle" and key[0] in REFUSED_BY_ONE_CYCLE)
    ]
    if count is not None:
        keys = random.Random(0).sample(keys, int(count))  # noqa: S311 - a sample
    wrong = excused = over = 0
    worst = 0.0
    for key in keys:
        found = cell(key, folder)
        wrong, excused, worst = wrong + found[0], excused + found[1], max(worst, found[2])
        over += found[1] > MOST_EXCUSED
        if found[0] or found[1]:
            print(*filter(None, key), f"wrong {found[0]}, excused {found[1]}", sep=" | ", flush=True)
    print(f"{len(keys)} cells, {32 * len(keys)} members: {wrong} wrong, {excused} excused", end="")
    print(f" ({over} cells with more than {MOST_EXCUSED}), largest error of the others {worst:.1e}")


if __name__ == "__main__":
    main()

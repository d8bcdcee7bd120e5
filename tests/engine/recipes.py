"""Examples of every optimizer and scheduler: as Optiscope is told them, and as plain torch builds them."""

from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer, lr_scheduler, swa_utils

OPTIMIZERS: dict[str, dict[str, Any]] = {
    "SGD": {"lr": 0.05},
    "SGD, momentum": {"lr": 0.02, "momentum": 0.9, "dampening": 0.1},
    "SGD, nesterov": {"lr": 0.02, "momentum": 0.8, "nesterov": True, "weight_decay": 0.01},
    "SGD, maximize": {"lr": 0.01, "momentum": 0.5, "maximize": True},
    "Adagrad": {"lr": 0.05, "lr_decay": 0.01, "initial_accumulator_value": 0.1},
    "Adadelta": {"lr": 1.0, "rho": 0.8, "weight_decay": 0.01},
    "Adam": {"lr": 0.02, "betas": (0.8, 0.99)},
    "Adam, amsgrad": {"lr": 0.02, "amsgrad": True, "weight_decay": 0.1},
    "Adam, decoupled": {"lr": 0.02, "decoupled_weight_decay": True, "weight_decay": 0.1},
    "AdamW": {"lr": 0.02, "weight_decay": 0.1},
    "AdamW, amsgrad": {"lr": 0.02, "amsgrad": True},
    "Adamax": {"lr": 0.02},
    "NAdam": {"lr": 0.02, "momentum_decay": 0.01},
    "NAdam, decoupled": {"lr": 0.02, "decoupled_weight_decay": True, "weight_decay": 0.1},
    "RAdam": {"lr": 0.02, "betas": (0.9, 0.9)},
    "RMSprop": {"lr": 0.01, "alpha": 0.9},
    "RMSprop, centered": {"lr": 0.01, "centered": True, "momentum": 0.5},
    "Rprop": {"lr": 0.01, "etas": (0.4, 1.3)},
    "ASGD": {"lr": 0.05, "t0": 3.0, "lambd": 0.01},
    "Adafactor": {"lr": 0.02, "weight_decay": 0.01},
    "LBFGS": {"lr": 0.5, "max_iter": 4},
    "LBFGS, strong_wolfe": {"max_iter": 5, "line_search_fn": "strong_wolfe", "history_size": 3},
    "Muon": {"lr": 0.02},
    "Muon, match_rms_adamw": {"lr": 0.02, "nesterov": False, "adjust_lr_fn": "match_rms_adamw"},
}
"""Hyperparameters under the name of the optimizer, and behind a comma what is special about them."""

REST = ("AdamW", {"lr": 0.01})
"""Who trains what Muon cannot take."""

_LINEAR = {"name": "LinearLR", "hyperparameters": {"start_factor": 0.1, "total_iters": 2}}
_COSINE = {"name": "CosineAnnealingLR", "hyperparameters": {"T_max": 4, "eta_min": 0.001}}
_DECAY = {"name": "ExponentialLR", "hyperparameters": {"gamma": 0.9}}
_STEP = {"name": "StepLR", "hyperparameters": {"step_size": 2, "gamma": 0.5}}
_CYCLE = {"base_lr": 0.005, "max_lr": 0.05, "step_size_up": 2}

_SWA = {"name": "SWALR", "hyperparameters": {"swa_lr": 0.03, "anneal_epochs": 2}}
_PLATEAU = {"name": "ReduceLROnPlateau", "hyperparameters": {"patience": 0, "factor": 0.5, "threshold": 0.5}}

LR_SCHEDULERS: dict[str, dict[str, Any]] = {
    "LambdaLR": {"hyperparameters": {"lr_lambda": "0.5 ** epoch"}},
    "LambdaLR, warm-up": {"hyperparameters": {"lr_lambda": "min((epoch + 1) / 3, 1)"}},
    "MultiplicativeLR": {"hyperparameters": {"lr_lambda": "0.5 if epoch == 2 else 0.9"}},
    "StepLR": _STEP,
    "MultiStepLR": {"hyperparameters": {"milestones": [1, 3, 3], "gamma": 0.5}},
    "ConstantLR": {"hyperparameters": {"factor": 0.25, "total_iters": 2}},
    "LinearLR": _LINEAR,
    "ExponentialLR": _DECAY,
    "PolynomialLR": {"hyperparameters": {"total_iters": 4, "power": 2.0}},
    "CosineAnnealingLR": _COSINE,
    "CosineAnnealingWarmRestarts": {"hyperparameters": {"T_0": 2, "T_mult": 2, "eta_min": 0.001}},
    "CyclicLR": {"hyperparameters": _CYCLE},
    "CyclicLR, triangular2": {"hyperparameters": _CYCLE | {"mode": "triangular2", "cycle_momentum": False}},
    "CyclicLR, exp_range": {
        "hyperparameters": _CYCLE | {"mode": "exp_range", "gamma": 0.9, "cycle_momentum": False}
    },
    "CyclicLR, scale_fn": {
        "hyperparameters": _CYCLE | {"scale_fn": "1 / 2 ** (x - 1)", "cycle_momentum": False}
    },
    "CosineAnnealingWarmRestarts, of fractions": {
        "hyperparameters": {"T_0": 1, "T_mult": 2, "eta_min": 0.001},
        "epoch_steps": 3,
    },
    "SWALR": _SWA,
    "OneCycleLR": {"hyperparameters": {"max_lr": 0.1, "total_steps": 8}},
    "OneCycleLR, three_phase": {
        "hyperparameters": {
            "max_lr": 0.1,
            "epochs": 2,
            "steps_per_epoch": 4,
            "three_phase": True,
            "anneal_strategy": "linear",
            "cycle_momentum": False,
        }
    },
    "ReduceLROnPlateau": {"hyperparameters": {"patience": 0, "factor": 0.5, "threshold": 0.5}},
    "SequentialLR": {"schedulers": [_LINEAR, _COSINE], "milestones": [2]},
    "SequentialLR, of a chain": {
        "schedulers": [{"name": "ChainedScheduler", "schedulers": [_LINEAR, _DECAY]}, _COSINE, _STEP],
        "milestones": [2, 4],
    },
    "HandOver": {"schedulers": [_LINEAR, _PLATEAU], "milestones": [2]},
    "HandOver, of all kinds": {
        "schedulers": [
            {"name": "SequentialLR", "schedulers": [_LINEAR, _DECAY], "milestones": [1]},
            _PLATEAU,
            _SWA,
        ],
        "milestones": [2, 3],
    },
    "ChainedScheduler": {"schedulers": [_LINEAR, _DECAY]},
    "ChainedScheduler, of a sequence": {
        "schedulers": [
            {"name": "SequentialLR", "schedulers": [_LINEAR, _DECAY], "milestones": [2]},
            {"name": "LambdaLR", "hyperparameters": {"lr_lambda": "0.5 ** epoch"}},
        ]
    },
}
"""Configs without their names, under the name of the scheduler and what is special about it."""

FUNCTIONS = {
    "0.5 ** epoch": lambda epoch: 0.5**epoch,
    "min((epoch + 1) / 3, 1)": lambda epoch: min((epoch + 1) / 3, 1),
    "0.5 if epoch == 2 else 0.9": lambda epoch: 0.5 if epoch == 2 else 0.9,
    "1 / 2 ** (x - 1)": lambda x: 1 / 2 ** (x - 1),
}
"""What the expressions above mean, in Python."""

FIRST_GROUP = {"lr": 0.01}
"""What the first layer has of its own, where there are param groups."""


def name_of(recipe: str) -> str:
    """The class that a recipe is for."""
    return recipe.partition(",")[0]


def optimizer_config(recipe: str, *, groups: bool = False) -> dict[str, Any]:
    """``optimizer`` of a RunConfig; with groups, fc1 has a group and a learning rate of its own."""
    name = name_of(recipe)
    config: dict[str, Any] = {"name": name, "hyperparameters": as_json(OPTIMIZERS[recipe])}
    if groups:
        config["param_groups"] = [{"params": ["fc1"]} | FIRST_GROUP, {"params": ["fc2", "fc3"]}]
    if name == "Muon":
        config["rest"] = {"name": REST[0], "hyperparameters": REST[1]}
    return config


def as_json(hyperparameters: dict[str, Any]) -> dict[str, Any]:
    """Tuples as JSON has them."""
    return {k: list(v) if isinstance(v, tuple) else v for k, v in hyperparameters.items()}


def lr_scheduler_config(recipe: str) -> dict[str, Any]:
    """``lr_scheduler`` of a RunConfig."""
    return LR_SCHEDULERS[recipe] | {"name": name_of(recipe)}


def make_optimizers(recipe: str, model: nn.Module, *, groups: bool = False) -> list[Optimizer]:
    """The same by hand."""
    cls = getattr(torch.optim, name_of(recipe))
    params = dict(model.named_parameters())
    rest = {}
    if cls is torch.optim.Muon:
        rest = {n: p for n, p in params.items() if p.ndim != 2}
        params = {n: p for n, p in params.items() if p.ndim == 2}
    first = [p for n, p in params.items() if n.startswith("fc1")]
    others = [p for n, p in params.items() if not n.startswith("fc1")]
    made = cls(
        [{"params": first} | FIRST_GROUP, {"params": others}] if groups else params.values(),
        **OPTIMIZERS[recipe],
    )
    return [made, getattr(torch.optim, REST[0])(rest.values(), **REST[1])] if rest else [made]


def make_lr_scheduler(config: dict[str, Any], optimizer: Optimizer) -> Any:
    """A scheduler by hand, from ``lr_scheduler`` of a RunConfig."""
    parts = [make_lr_scheduler(part, optimizer) for part in config.get("schedulers") or ()]
    if config["name"] == "HandOver":
        return parts
    cls = getattr(lr_scheduler, config["name"], swa_utils.SWALR)
    if cls is lr_scheduler.SequentialLR:
        return cls(optimizer, parts, config["milestones"])
    if parts:
        return cls(parts)
    arguments = dict(config["hyperparameters"])
    for name in {"lr_lambda", "scale_fn"} & arguments.keys():
        arguments[name] = FUNCTIONS[arguments[name]]
    return cls(optimizer, **arguments)


def call_lr_scheduler(config: dict[str, Any], made: Any, step: int, loss: float) -> None:
    """What a script writes in the loop for step number ``step``, counted from 0."""
    if config["name"] == "HandOver":
        first, *later = config["milestones"]
        if step < first:
            call_lr_scheduler(config["schedulers"][0], made[0], step, loss)
        elif later and step >= later[0]:
            call_lr_scheduler(config["schedulers"][2], made[2], step - later[0], loss)
        else:
            call_lr_scheduler(config["schedulers"][1], made[1], step - first, loss)
    elif config["name"] == "ReduceLROnPlateau":
        made.step(loss)
    elif "epoch_steps" in config:
        epoch, i = divmod(step, config["epoch_steps"])
        made.step(epoch + i / config["epoch_steps"])
    else:
        made.step()

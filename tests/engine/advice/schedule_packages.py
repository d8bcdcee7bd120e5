"""The schedulers of other packages, as a loop uses them: what presets of their names are compared with."""

import importlib.util
import sys
from types import ModuleType
from unittest import mock

import pytest
import torch

WARM_UP, COOLDOWN = 0.1, 0.2
"""Shares of the run, as the presets have them."""

FIRST_RATE = 1e-5
"""Of timm's warm-up, by its ``create_scheduler_v2``."""

FURTHER = {
    "cosine_with_restarts": lambda _: {"num_cycles": 3},
    "cosine_with_min_lr": lambda _: {"min_lr_rate": 0.1},
    "cosine_warmup_with_min_lr": lambda _: {"min_lr_rate": 0.1},
    "warmup_stable_decay": lambda steps: {"num_decay_steps": share(steps, COOLDOWN)},
}
"""Arguments of a schedule of transformers besides its warm-up and the length of the run."""


def share(steps, part):
    """A part of the steps, at least one."""
    return max(1, round(steps * part))


def sgd(lr):
    """An optimizer to be scheduled."""
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)


def transformers_rates(name, steps, lr, **further):
    """The rate of each step, as ``transformers.get_scheduler`` has it under that name."""
    transformers = pytest.importorskip("transformers")
    optimizer = sgd(lr)
    arguments = FURTHER.get(name, lambda _: {})(steps) | further
    scheduler = transformers.get_scheduler(
        name, optimizer, share(steps, WARM_UP), steps, scheduler_specific_kwargs=arguments
    )
    return rates(optimizer, steps, lambda _: scheduler.step())


def timm_cosine_rates(steps, lr, *, interval=None):
    """The rate of each step by timm's cosine, which follows updates, or epochs of so many steps."""
    optimizer = sgd(lr)
    count = steps if interval is None else -(-steps // interval)
    warm = share(count, WARM_UP)
    scheduler = timm_scheduler().CosineLRScheduler(
        optimizer,
        t_initial=count - warm,
        warmup_t=warm,
        warmup_lr_init=FIRST_RATE,
        warmup_prefix=True,
        t_in_epochs=interval is not None,
    )
    if interval is None:
        return rates(optimizer, steps, scheduler.step_update)
    return rates(
        optimizer, steps, lambda done: scheduler.step(done // interval) if done % interval == 0 else None
    )


def rates(optimizer, steps, call):
    """What each step of a loop uses, which afterwards calls its scheduler with the number of steps done."""
    used = []
    for step in range(steps):
        used.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        call(step + 1)
    return used


def timm_scheduler():
    """``timm.scheduler`` without the models of timm, which need torchvision."""
    found = importlib.util.find_spec("timm")
    if found is None:
        pytest.skip("timm is not installed")
    bare = ModuleType("timm")
    bare.__path__ = found.submodule_search_locations
    with mock.patch.dict(sys.modules, {"timm": bare}):
        return importlib.import_module("timm.scheduler")

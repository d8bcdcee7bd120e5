"""What is refused is what torch refuses: every number of every class, far beyond what is usual."""

import math
import warnings

import pytest
import torch
from torch import nn

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.loop.judging import check
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from tests.engine.recorded import run_config, whole

FLOATS = [-1e300, -10.0, -1.0, -0.5, -1e-12, 0.0, 1e-12, 0.5, 1.0, 1.0000001, 2.0, 50.0, 1e12, 1e300]
WHOLE = [-(10**12), -3, -1, 0, 1, 2, 100, 10**9, 2**53]
OF_TORCH = [info for info in OPTIMIZERS.values() if info.source == "torch.optim" and info.unavailable is None]
SCHEDULERS = [info for info in LR_SCHEDULERS.values() if info.source.startswith("torch.") and not info.parts]
WORK = {"max_iter", "max_eval", "history_size"}
"""Whole numbers that decide how long a step takes, or how much memory it does: bounded by us."""

BESIDE = {"dampening": {"momentum": 0.9}, "epochs": {"steps_per_epoch": 9}, "steps_per_epoch": {"epochs": 9}}
"""What must be given, too, for a value to be looked at."""


def values_of(h):
    """Numbers of every size, in the shape of the hyperparameter."""
    if h.kind in {"pair", "triple"}:
        for place, number in enumerate(h.default):
            if number is not None:
                yield from ([*h.default[:place], value, *h.default[place + 1 :]] for value in FLOATS)
    elif h.kind == "int_list":
        yield from ([value] for value in WHOLE)
    elif h.kind in {"float", "int"}:
        yield from FLOATS if h.kind == "float" else WHOLE


def takes(cls, *args, **given):
    """Whether torch constructs it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cls(*args, **given)
    except Exception:  # noqa: BLE001 - OneCycleLR divides by zero, Adagrad overflows
        return False
    return True


def is_accepted(config):
    try:
        check(config)
    except ConfigError:
        return False
    return True


def is_bounded_by_us(h, value):
    return h.name in WORK and value > h.maximum


@pytest.mark.parametrize("info", OF_TORCH, ids=lambda info: info.name)
def test_an_optimizer_takes_what_torch_takes(info):
    """A value is refused exactly where torch refuses it, but for what would make a step too long."""
    for h in info.hyperparameters:
        for value in values_of(h):
            given = BESIDE.get(h.name, {}) | {h.name: h.as_torch(value)}
            ours = {"name": info.name, "hyperparameters": BESIDE.get(h.name, {}) | {h.name: value}}
            ours |= {"rest": {"name": "SGD"}} if info.matrices_only else {}
            taken = takes(info.cls, [nn.Parameter(torch.ones(2, 2))], **given)
            expected = taken and not is_bounded_by_us(h, value)
            assert is_accepted(run_config(optimizer=ours)) == expected, (h.name, value)


def base_of(info, name):
    """What its controls suggest, without what would contradict a value."""
    base = {h.name: h.suggested for h in info.hyperparameters if h.suggested is not None}
    base = {key: list(value) if isinstance(value, tuple) else value for key, value in base.items()}
    if name in {"epochs", "steps_per_epoch"}:
        del base["total_steps"]
    return base | BESIDE.get(name, {})


@pytest.mark.parametrize("info", SCHEDULERS, ids=lambda info: info.name)
def test_a_scheduler_takes_what_torch_takes(info):
    """A value is refused exactly where torch refuses it."""
    for h in info.hyperparameters:
        for value in values_of(h):
            given = base_of(info, h.name) | {h.name: value}
            optimizer = torch.optim.SGD([nn.Parameter(torch.ones(2))], lr=0.01, momentum=0.9)
            functions = {
                n.name: lambda _: 1.0
                for n in info.hyperparameters
                if n.kind == "expression" and n.name in given
            }
            taken = takes(info.cls, optimizer, **given | functions)
            config = run_config(
                optimizer={"name": "SGD", "hyperparameters": {"lr": 0.01, "momentum": 0.9}},
                lr_scheduler={"name": info.name, "hyperparameters": given},
            )
            assert is_accepted(config) == taken, (h.name, value)


@pytest.mark.parametrize("info", OF_TORCH, ids=lambda info: info.name)
def test_what_torch_takes_can_be_recorded(info):
    """A run with a value far from the usual completes, diverges, or fails with torch's words."""
    for h in info.hyperparameters:
        for value in values_of(h):
            ours = {"name": info.name, "hyperparameters": BESIDE.get(h.name, {}) | {h.name: value}}
            ours |= {"rest": {"name": "SGD"}} if info.matrices_only else {}
            config = run_config(optimizer=ours, steps=3)
            if h.problem(value) is None and is_accepted(config):
                blocks, checkpoint = whole(config)
                assert checkpoint.ended is not None
                assert sum(map(len, blocks)) == checkpoint.ended.step + 1, (h.name, value)


@pytest.mark.parametrize("info", SCHEDULERS, ids=lambda info: info.name)
def test_a_schedule_that_torch_takes_can_be_recorded(info):
    """A run under it completes, diverges, or fails in the scheduler with torch's words."""
    for h in info.hyperparameters:
        for value in values_of(h):
            scheduler = {"name": info.name, "hyperparameters": base_of(info, h.name) | {h.name: value}}
            optimizer = {"name": "SGD", "hyperparameters": {"lr": 0.01, "momentum": 0.9}}
            config = run_config(optimizer=optimizer, lr_scheduler=scheduler, steps=6)
            if is_accepted(config):
                _, checkpoint = whole(config)
                assert checkpoint.ended is not None


def test_a_group_takes_what_torch_does_not_look_at():
    """A group of its own may have any finite number: torch looks at the values of all groups alone."""
    for name, value in (("lr", -0.1), ("momentum", -0.5), ("weight_decay", -1.0), ("momentum", 1.5)):
        group = {"params": ["fc1", "fc2", "fc3"], name: value}
        config = run_config(optimizer={"name": "SGD", "param_groups": [group]}, steps=3)
        blocks, checkpoint = whole(config)
        assert checkpoint.ended.reason == "completed"
        assert name != "lr" or float(blocks[1].lr[0, 0]) == value
    infinite = {"params": ["fc1"], "lr": math.inf}
    with pytest.raises(ConfigError):
        check(run_config(optimizer={"name": "SGD", "param_groups": [infinite]}))


def test_what_raises_in_a_step_is_a_failed_run():
    """A half period of no length is constructed, and divides by zero when it is stepped: torch says so."""
    scheduler = {"name": "CosineAnnealingLR", "hyperparameters": {"T_max": 0}}
    _, checkpoint = whole(run_config(lr_scheduler=scheduler, steps=3))
    assert checkpoint.ended.reason == "failed"
    assert "ZeroDivisionError" in checkpoint.ended.detail

"""Schedulers of other packages: good ones train as in a plain loop, bad ones are told and left out."""

import sys
from dataclasses import replace
from importlib.metadata import EntryPoint

import pytest
import torch
import torch.nn.functional as F
from torch.optim.lr_scheduler import LRScheduler

from optiscope.engine.advice.codegen import recipe, script
from optiscope.engine.advice.linter import lint
from optiscope.engine.advice.schedules import preview
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.plugins import load
from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.loop.checkpoint_file import read_checkpoint, write_checkpoint
from optiscope.engine.loop.judging import check
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS, LRSchedulerInfo, Stretch
from optiscope.engine.recipe.lr_schedulers.plugins import accept
from tests.engine.bare_loop import bare_loop
from tests.engine.recorded import X, Y, assert_same_bits, assert_same_blocks, chunked, net, run_config, whole


class REX(LRScheduler):
    """A rate that falls slowly at first, then faster and faster."""

    def __init__(self, optimizer, total_iters, power=1.0, last_epoch=-1):
        if power == 7:
            raise KeyError("seven")
        self.total_iters, self.power = total_iters, power
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        left = 1 - min(self.last_epoch, self.total_iters) / self.total_iters
        return [base * (left / (0.5 + 0.5 * left)) ** self.power for base in self.base_lrs]


ENTRY = LRSchedulerInfo(
    name="REX",
    cls=REX,
    summary="Lets the rate fall slowly at first, then faster and faster.",
    hyperparameters=(
        Hyperparameter("total_iters", "int", None, "Epochs until zero.", 1, 1000, suggested=300, symbol="T"),
        Hyperparameter("power", "float", ..., "The power.", 0.0, 10.0),
    ),
    formula=r"\gamma_t = \gamma_0\, \frac{1 - t/T}{1 - t/2T}",
    planned=Stretch("total_iters"),
    source=__name__,
)

BAD = {
    "no entry": (REX, "TypeError: .* is no LRSchedulerInfo"),
    "no scheduler": (replace(ENTRY, cls=torch.optim.SGD, hyperparameters=()), "SGD'> is no torch.optim.lr_"),
    "made of others": (replace(ENTRY, parts=True), "REX is made of other schedulers"),
    "not there": (replace(ENTRY, source="torch.optim"), "torch.optim has no REX: give the module as source"),
    "out of bounds": (
        replace(ENTRY, hyperparameters=(Hyperparameter("power", "float", 11.0, "", 0.0, 10.0),)),
        "the default of REX: power must be at most 10, got 11",
    ),
    "no LaTeX": (replace(ENTRY, formula=r"\frac{"), "the formula or a symbol of REX is no LaTeX"),
}


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    monkeypatch.setitem(sys.modules, __name__, sys.modules[REX.__module__])


@pytest.fixture
def rex(monkeypatch):
    """The name of the example in the registry."""
    monkeypatch.setitem(LR_SCHEDULERS._entries, "my.REX", accept("my", ENTRY))
    return "my.REX"


@pytest.mark.parametrize(("entry", "words"), BAD.values(), ids=BAD)
def test_a_bad_entry_is_refused(entry, words):
    """With what is wrong with it."""
    with pytest.raises((TypeError, ValueError), match=words.removeprefix("TypeError: ")):
        accept("my", entry)


def test_an_entry_point_brings_it():
    """Under the name of the entry point, with the default that its signature has."""
    (plugin,) = load([EntryPoint("my", f"{__name__}:ENTRY", "optiscope.lr_schedulers")], accept)
    assert plugin.error is None
    (entry,) = plugin.entries
    assert entry.name == "my.REX"
    described = entry.catalog()
    assert described["class"] == f"{__name__}.REX"
    assert [h["default"] for h in described["hyperparameters"]] == [None, 1.0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_has_the_bits_of_the_plain_loop(rex, dtype):
    """Whole and in chunks, over two groups with rates of their own."""
    config = run_config(
        optimizer={
            "name": "AdamW",
            "hyperparameters": {"lr": 0.02},
            "param_groups": [{"params": ["fc1"], "lr": 0.05}, {"params": ["fc2", "fc3"]}],
        },
        lr_scheduler={"name": rex, "hyperparameters": {"total_iters": 9, "power": 2}},
        dtype=dtype,
        steps=12,
    )
    torch_dtype = getattr(torch, dtype)
    log = bare_loop(
        net(torch_dtype),
        X.to(torch_dtype),
        Y.to(torch_dtype),
        F.mse_loss,
        lambda model: torch.optim.AdamW(
            [
                {"params": model.fc1.parameters(), "lr": 0.05},
                {"params": [*model.fc2.parameters(), *model.fc3.parameters()]},
            ],
            lr=0.02,
        ),
        lambda optimizer: REX(optimizer, 9, power=2.0),
        12,
    )
    blocks, _ = whole(config)
    assert_same_bits(blocks, log)
    assert_same_blocks(chunked(config, 5), blocks)


def test_it_is_drawn_without_training(rex):
    """The drawn schedule is what the run then uses, and its checkpoint is taken back."""
    config = run_config(lr_scheduler={"name": rex, "hyperparameters": {"total_iters": 9}}, steps=9)
    blocks, _ = whole(config)
    used = [lr for block in blocks for lr in block.lr[:, 0].tolist()][1:]
    assert preview(config).lr[0].tolist() == used
    _, half_way = advance(config, None, 4)
    read, checkpoint, _ = read_checkpoint(write_checkpoint(config, half_way))
    assert (read, checkpoint.step) == (config, 4)


def test_scripts_import_it_from_its_package(rex):
    """Alone, and as a part of another scheduler."""
    alone = run_config(lr_scheduler={"name": rex, "hyperparameters": {"total_iters": 9}}, steps=9)
    assert f"scheduler = {__name__}.REX(optimizer, total_iters=9)" in recipe(alone)
    part = {"name": "SequentialLR", "schedulers": [alone.lr_scheduler.model_dump()], "milestones": []}
    for config in (alone, RunConfig.model_validate(alone.model_dump() | {"lr_scheduler": part})):
        assert f"\nimport {__name__}\n" in script(config)
        assert f"{__name__}.REX(" in script(config)


def test_advice_follows_from_the_entry(rex):
    """The linter knows what it is planned for; its bounds and its own refusals are told."""
    long = run_config(lr_scheduler={"name": rex, "hyperparameters": {"total_iters": 300}}, steps=100)
    assert [warning.code for warning in lint(long)] == ["schedule_unfinished"]
    with pytest.raises(ConfigError, match="power must be at most 10, got 11"):
        check(run_config(lr_scheduler={"name": rex, "hyperparameters": {"total_iters": 9, "power": 11}}))
    with pytest.raises(ConfigError, match=r"refuses my\.REX: KeyError: 'seven'"):
        check(run_config(lr_scheduler={"name": rex, "hyperparameters": {"total_iters": 9, "power": 7}}))

import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import torch
import torch.nn.functional as F

from optiscope.engine.advice.codegen import recipe
from optiscope.engine.advice.linter import lint
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.plugins import load
from optiscope.engine.core.registry import Registry
from optiscope.engine.loop.judging import check
from optiscope.engine.recipe.optimizers import OPTIMIZER_PLUGINS, OPTIMIZERS, OptimizerInfo
from optiscope.engine.recipe.optimizers.plugins import accept
from tests.engine import plugin_example
from tests.engine.bare_loop import bare_loop
from tests.engine.recorded import (
    X,
    Y,
    assert_same_bits,
    assert_same_blocks,
    chunked,
    net,
    run_config,
    whole,
)


def loaded(*values):
    """What entry points named p0, p1 and so on bring."""
    return load(
        [EntryPoint(f"p{i}", value, OPTIMIZER_PLUGINS.name) for i, value in enumerate(values)],
        accept,
    )


@pytest.fixture
def example(monkeypatch):
    """The registry of optimizers with the example in it."""
    monkeypatch.setitem(sys.modules, "tests.engine.plugin_example", plugin_example)
    (plugin,) = loaded("tests.engine.plugin_example:SIGN")
    monkeypatch.setitem(OPTIMIZERS._entries, "p0.SignDescent", plugin.entries[0])
    return "p0.SignDescent"


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    monkeypatch.setitem(sys.modules, "tests.engine.plugin_example", plugin_example)


def test_an_entry_point_brings_one_or_several():
    """An object, or a function that returns several; names begin with that of the entry point."""
    one, several = loaded("tests.engine.plugin_example:SIGN", "tests.engine.plugin_example:several")
    assert [entry.name for entry in one.entries] == ["p0.SignDescent"]
    assert [entry.name for entry in several.entries] == ["p1.SignDescent", "p1.Another"]
    assert one.error is several.error is None
    assert several.catalog()["entries"] == ["p1.SignDescent", "p1.Another"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("no_such_package:THING", "ModuleNotFoundError: No module named 'no_such_package'"),
        ("tests.engine.plugin_example:NOTHING", "AttributeError"),
        ("tests.engine.plugin_example:broken", "ZeroDivisionError: a mistake"),
        ("tests.engine.plugin_example:X", "AttributeError"),
        ("torch.optim:SGD", "TypeError"),
        ("math:pi", "TypeError: 3.14"),
        ("tests.engine.plugin_example:twice", "ValueError: p0.SignDescent is brought twice"),
        ("tests.engine.plugin_example:NO_OPTIMIZER", "is no torch.optim.Optimizer"),
        ("tests.engine.plugin_example:NOT_THERE", "torch.optim has no SignDescent"),
        ("tests.engine.plugin_example:NO_LATEX", "the formula or a symbol of SignDescent is no LaTeX"),
        ("tests.engine.plugin_example:OUT_OF_BOUNDS", "lr must be at most 10, got 20"),
    ],
)
def test_a_bad_entry_point_is_told_and_left_out(value, words):
    """Whatever is wrong with another package, the good ones are there."""
    bad, good = loaded(value, "tests.engine.plugin_example:SIGN")
    assert bad.entries == ()
    assert words in bad.error
    assert bad.catalog()["error"] == bad.error
    assert [entry.name for entry in good.entries] == ["p1.SignDescent"]


@pytest.mark.parametrize(
    "found",
    [None, "", "raise ImportError('app is the folder: import optiscope instead', name='app')"],
    ids=["installed", "beside a package app of one's own", "in a checkout"],
)
def test_a_package_that_imports_the_folder_is_told_the_name(monkeypatch, tmp_path, found):
    """The package is called optiscope, wherever the old module is looked for in vain."""
    (tmp_path / "outdated.py").write_text("from app.engine.recipe.optimizers import OptimizerInfo\n")
    if found is not None:
        (tmp_path / "app").mkdir()
        (tmp_path / "app" / "__init__.py").write_text(found)
    elsewhere = [path for path in sys.path if not (Path(path) / "app").is_dir()]
    monkeypatch.setattr(sys, "path", [str(tmp_path), *elsewhere])
    (plugin,) = loaded("outdated:THING")
    sys.modules.pop("app", None)
    assert plugin.error.count("import optiscope instead") == 1


def test_two_entry_points_of_one_name():
    """The first of two packages that chose the same name is taken, the second is told."""
    points = [EntryPoint("p", "tests.engine.plugin_example:SIGN", OPTIMIZER_PLUGINS.name)] * 2
    first, second = load(points, accept)
    assert len(first.entries) == 1
    assert second.error == "ValueError: p.SignDescent is brought twice"


def test_plugins_are_loaded_when_they_are_needed():
    """Asking for an entry that is there loads nothing; asking for another, or for all, loads them once."""
    calls = []

    def more():
        calls.append(1)
        return loaded("tests.engine.plugin_example:SIGN")[0].entries

    registry: Registry[OptimizerInfo] = Registry("optimizer", [OPTIMIZERS["SGD"]], more)
    assert registry["SGD"].name == "SGD"
    assert "SGD" in registry
    assert calls == []
    assert registry["p0.SignDescent"].name == "p0.SignDescent"
    assert list(registry) == ["SGD", "p0.SignDescent"]
    with pytest.raises(ConfigError, match=r"did you mean p0\.SignDescent"):
        registry.resolve("p0.signdescend", "")
    assert calls == [1]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_foreign_optimizer_has_the_bits_of_the_plain_loop(example, dtype):
    """An optimizer of another package trains as those of torch do: groups, schedules, clipping, freezing."""
    config = run_config(
        optimizer={
            "name": example,
            "hyperparameters": {"momentum": 0.8},
            "param_groups": [{"params": ["fc1"], "lr": 0.05}, {"params": ["fc2", "fc3"]}],
        },
        lr_scheduler={
            "name": "OneCycleLR",
            "hyperparameters": {"max_lr": 0.1, "total_steps": 12},
        },
        freeze=[{"params": ["fc2"]}],
        clip_grad={"name": "clip_grad_value_", "clip_value": 0.1},
        dtype=dtype,
        steps=12,
    )
    torch_dtype = getattr(torch, dtype)
    log = bare_loop(
        net(torch_dtype),
        X.to(torch_dtype),
        Y.to(torch_dtype),
        F.mse_loss,
        lambda model: plugin_example.SignDescent(
            [
                {"params": model.fc1.parameters(), "lr": 0.05},
                {"params": [*model.fc2.parameters(), *model.fc3.parameters()]},
            ],
            momentum=0.8,
        ),
        lambda optimizer: torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, total_steps=12),
        12,
        ("fc2",),
        lambda params: torch.nn.utils.clip_grad_value_(params, 0.1),
    )
    blocks, _ = whole(config)
    assert_same_bits(blocks, log)
    assert_same_blocks(chunked(config, 5), blocks)


def test_everything_follows_from_the_entry(example):
    """Catalog, bounds, script and linter know the optimizer of another package."""
    entry = OPTIMIZERS[example].catalog()
    assert entry["class"] == "tests.engine.plugin_example.SignDescent"
    assert entry["package"] == "tests"
    assert ET.fromstring(entry["formula"]).tag.endswith("math")  # noqa: S314
    assert entry["momentum_key"] == "momentum"
    config = run_config(optimizer={"name": example, "hyperparameters": {"lr": 0.05}})
    assert recipe(config) == (
        "optimizer = tests.engine.plugin_example.SignDescent(model.parameters(), lr=0.05)"
    )
    assert lint(config) == []
    with pytest.raises(ConfigError, match="lr must be at most 10, got 11"):
        check(run_config(optimizer={"name": example, "hyperparameters": {"lr": 11}}))
    with pytest.raises(ConfigError, match="tests refuses SignDescent: 'half a momentum'"):
        check(run_config(optimizer={"name": example, "hyperparameters": {"momentum": 0.5}}))

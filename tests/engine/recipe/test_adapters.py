"""Small packages of optimizers: each trains as in a plain loop, and is listed where it is not installed."""

import importlib
import inspect
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from optiscope.engine.advice.codegen import script
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.loop.judging import check
from optiscope.engine.recipe.adapters import heavyball, missing, prodigyopt, schedulefree
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from tests.engine.bare_loop import bare_loop
from tests.engine.recorded import (
    X,
    Y,
    assert_same_bits,
    assert_same_blocks,
    in_chunks,
    net,
    run_config,
    whole,
)
from tests.engine.run_scripts import outcome

STEPS = 12
for needed in ("heavyball", "prodigyopt", "schedulefree"):
    pytest.importorskip(needed)
ADAPTERS = {adapter.PACKAGE: adapter for adapter in (heavyball, prodigyopt, schedulefree)}
NAMES = [
    f"{package}.{info.name}"
    for package, adapter in ADAPTERS.items()
    for info in adapter.optimizers()
    if info.unavailable is None
]


@pytest.fixture(autouse=True)
def _random_kept():
    """Leave torch's global generator as it was."""
    random = torch.random.get_rng_state()
    yield
    torch.random.set_rng_state(random)


def config_of(name, hyperparameters=None, **changes):
    return run_config(
        optimizer={"name": name, "hyperparameters": hyperparameters or {}}, steps=STEPS, **changes
    )


def made(name, model):
    """The optimizer, as a script of a user makes it."""
    package, _, cls = name.partition(".")
    torch.manual_seed(0)
    optimizer = getattr(importlib.import_module(package), cls)(model.parameters())
    if package == "schedulefree":
        optimizer.train()
    return optimizer


def kept(optimizer):
    """What is kept for each parameter, without the views that heavyball has of it, and its marks."""
    return {
        param: {key: value for key, value in state.get(0, state).items() if not isinstance(value, set | bool)}
        for param, state in optimizer.state.items()
    }


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_a_run_has_the_bits_of_the_plain_loop(name):
    """Whole and in chunks; and its script prints the recorded losses."""
    config = config_of(name)
    in_groups = ["d"] if name == "prodigyopt.Prodigy" else []
    log = bare_loop(
        net(),
        X,
        Y,
        F.mse_loss,
        lambda model: made(name, model),
        None,
        STEPS,
        in_groups=in_groups,
        kept=kept,
    )
    blocks, checkpoint = whole(config)
    cut, end = in_chunks(config, 5)
    assert_same_bits(blocks, log)
    assert_same_blocks(cut, blocks)
    assert end.ended == checkpoint.ended
    printed = outcome(script(config))
    assert printed["error"] == ""
    assert [float(line) for line in printed["printed"].split()] == [
        loss for block in blocks for loss in block.loss.tolist()
    ][1:]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", schedulefree.NAMES)
def test_a_schedule_free_run_shows_its_three_sequences(name):
    """The parameters are y, the average is x, as ``eval()`` shows it, and z lies in the state."""
    config = config_of(f"schedulefree.{name}")
    model, optimizer = net(), None
    blocks, _ = whole(config)
    optimizer = made(f"schedulefree.{name}", model)
    for _ in range(STEPS):
        optimizer.zero_grad()
        F.mse_loss(model(X), Y).backward()
        optimizer.step()
    y = {key: value.clone() for key, value in model.state_dict().items()}
    optimizer.eval()
    with torch.no_grad():
        loss_at_x = F.mse_loss(model(X), Y).item()
    for key, x in model.state_dict().items():
        assert np.array_equal(blocks[-1].params[key][-1], y[key].numpy())
        assert np.array_equal(blocks[-1].optional["average"][key][-1], x.numpy())
        assert "z" in blocks[-1].state[key]
    assert blocks[-1].optional["average_loss"][-1] == np.float32(loss_at_x)


@pytest.mark.parametrize("package", ADAPTERS)
def test_without_a_package_its_optimizers_are_listed_with_what_to_install(package, monkeypatch):
    """Unavailable, with the line that helps."""
    monkeypatch.setattr(missing, "find_spec", lambda _: None)
    found = list(ADAPTERS[package].optimizers())
    assert found
    for info in found:
        entry = info.catalog()
        assert not entry["available"]
        assert entry["reason"].endswith(f"pip install {package}")
        assert entry["class"] == f"{package}.{info.name}"


@pytest.mark.parametrize("name", NAMES)
def test_each_has_a_formula_a_paper_and_its_state_in_words(name):
    """Nothing is left to guess."""
    entry = OPTIMIZERS[name].catalog()
    assert entry["formula"]
    assert entry["paper"]
    assert entry["summary"]
    assert entry["idea"] != "other"
    assert all(not key["meaning"].startswith("Kept by") for key in entry["state_keys"])
    with pytest.raises(ConfigError, match="lr must be"):
        check(run_config(optimizer={"name": name, "hyperparameters": {"lr": -1.0}}))


@pytest.mark.parametrize("name", NAMES)
def test_each_offers_every_number_that_its_class_takes(name):
    """Also those which the package does not annotate, as heavyball its lr; infinity is none."""
    package, _, cls = name.partition(".")
    taken = inspect.signature(getattr(importlib.import_module(package), cls)).parameters.values()
    numbers = {p.name for p in taken if type(p.default) in (int, float) and math.isfinite(p.default)}
    assert numbers <= {hyperparameter.name for hyperparameter in OPTIMIZERS[name].hyperparameters}


@pytest.mark.parametrize("name", NAMES)
def test_another_rate_is_taken(name):
    """A run at another lr ends elsewhere."""
    ends = [whole(config_of(name, hyperparameters={"lr": lr}))[0][-1].params for lr in (0.01, 0.02)]
    assert any(not np.array_equal(ends[0][key], ends[1][key]) for key in ends[0])

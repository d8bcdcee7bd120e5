"""Problems of other packages: good ones train as in a plain loop, bad ones are told and left out."""

import math
import sys
from dataclasses import replace
from importlib.metadata import EntryPoint

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Generator

from optiscope.engine.advice.codegen import script
from optiscope.engine.advice.linter import lint
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.plugins import load
from optiscope.engine.lens.loss_surface import loss_surface
from optiscope.engine.loop.lockstep import advance_together
from optiscope.engine.recipe.problems import PROBLEMS
from optiscope.engine.recipe.problems.datasets import BCE, MSE, DatasetInfo
from optiscope.engine.recipe.problems.expression import EXPRESSION
from optiscope.engine.recipe.problems.functions import FunctionInfo, Stationary
from optiscope.engine.recipe.problems.plugins import accept
from optiscope.engine.recipe.problems.suggestion import Suggestion
from tests.engine.bare_loop import TinyNet
from tests.engine.recorded import assert_same_blocks, bits, whole

RATES = Suggestion(sgd=0.05, momentum=0.02, adam=0.1, adamw=0.1)


def mccormick(xy):
    x, y = xy.unbind(-1)
    return torch.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1


def stars(n, noise, generator):
    x = torch.randn(n, 2, dtype=torch.float64, generator=generator)
    return x, ((x.abs().sum(1, keepdim=True) + noise) > 1).double()


def crowded(xy):
    return mccormick(xy) - xy.mean()


def careless(n, noise, generator):
    return torch.randn(n, 2, dtype=torch.float64), torch.zeros(n, 1, dtype=torch.float64)


VALLEY = FunctionInfo(
    name="valley",
    title="McCormick's function",
    description="A plate that is bent and tilted.",
    function=mccormick,
    formula=r"f(x, y) = \sin(x + y) + (x - y)^2 - 1.5 x + 2.5 y + 1",
    expression="sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1",
    bounds=((-1.5, 4.0), (-3.0, 4.0)),
    start=(3.0, -1.0),
    minima=(Stationary((0.5 - math.pi / 3, -0.5 - math.pi / 3), -math.sqrt(0.75) - math.pi / 3),),
    citation="McCormick (1976).",
    suggestion=RATES,
    source=__name__,
)
STARS = DatasetInfo(
    name="stars",
    title="Stars",
    description="What lies inside a diamond.",
    loss=BCE,
    sample=stars,
    bounds=((-3.0, 3.0), (-3.0, 3.0)),
    suggestion=RATES,
    source=__name__,
)

BAD = {
    "no entry": (mccormick, "is no FunctionInfo and no DatasetInfo"),
    "of a kind that is ours alone": (EXPRESSION, "is no FunctionInfo and no DatasetInfo"),
    "a shape": (replace(VALLEY, function=lambda xy: xy.sum()), "take points .* and give values"),
    "no gradient": (replace(VALLEY, function=lambda xy: xy.detach().sum(-1)), "valley has no gradient"),
    "a mixture": (replace(VALLEY, function=crowded), "gives a point another value among others than alone"),
    "a wrong minimum": (
        replace(VALLEY, minima=(Stationary((0.0, 0.0), 0.0),)),
        "valley is 1 at .*, and not 0",
    ),
    "not there": (replace(VALLEY, source="math"), "math has no mccormick: give the module as source"),
    "no source": (replace(VALLEY, source=""), "no module has no mccormick"),
    "no LaTeX": (replace(VALLEY, formula=r"\frac{"), "the formula or a symbol of valley is no LaTeX"),
    "another loss": (
        replace(STARS, loss=replace(MSE, name="mine")),
        "the loss of stars has to be MSE or BCE",
    ),
    "its own chance": (replace(STARS, sample=careless), "draw its samples from the generator"),
    "a wrong shape": (
        replace(STARS, sample=lambda n, *_: (torch.zeros(n, 2), torch.zeros(n))),
        r"stars has to give 128 inputs \[n, 2\] and targets \[n, 1\] in float64",
    ),
}


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    monkeypatch.setitem(sys.modules, __name__, sys.modules[mccormick.__module__])


@pytest.fixture
def problems(monkeypatch):
    """The examples in the registry, and one whose data are written down."""
    corner = replace(STARS, name="corner", sample=None, data=(((1.0, 0.0),), ((1.0,),)), source="")
    for accepted in (accept("my", entry) for entry in (VALLEY, STARS, corner)):
        monkeypatch.setitem(PROBLEMS._entries, accepted.name, accepted)


def config_of(problem, **changes):
    base = {"problem": problem, "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.1}}, "steps": 15}
    return RunConfig.model_validate(base | changes)


@pytest.mark.parametrize(("entry", "words"), BAD.values(), ids=BAD)
def test_a_bad_entry_is_refused(entry, words):
    """With what is wrong with it."""
    with pytest.raises((TypeError, ValueError), match=words):
        accept("my", entry)


def test_an_entry_point_brings_it():
    """Under the name of the entry point."""
    (plugin,) = load([EntryPoint("my", f"{__name__}:VALLEY", "optiscope.problems")], accept)
    assert plugin.error is None
    (entry,) = plugin.entries
    assert (entry.name, entry.catalog()["title"]) == ("my.valley", "McCormick's function")


@pytest.mark.usefixtures("problems")
def test_a_function_has_the_bits_of_the_plain_loop():
    """Alone and beside others in lockstep."""
    config = config_of({"name": "my.valley"})
    xy = torch.nn.Parameter(torch.tensor([3.0, -1.0]))
    optimizer = torch.optim.Adam([xy], lr=0.1)
    losses = []
    for _ in range(15):
        optimizer.zero_grad()
        loss = mccormick(xy)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach().numpy())
    blocks, _ = whole(config)
    assert bits(np.concatenate([block.loss for block in blocks])[1:]) == bits(np.array(losses))
    other = config_of({"name": "my.valley"}, model={"start": [0.0, 1.0]})
    for (together, _), alone in zip(advance_together([config, other]), [config, other], strict=True):
        assert_same_blocks(together, whole(alone)[0])


@pytest.mark.usefixtures("problems")
def test_a_dataset_has_the_bits_of_the_plain_loop():
    """Its samples come from its own generator."""
    config = config_of({"name": "my.stars", "samples": 20, "noise": 0.1, "seed": 3}, model={"seed": 8})
    x, y = (values.float() for values in stars(20, 0.1, Generator().manual_seed(3)))
    with torch.random.fork_rng():
        torch.manual_seed(8)
        model = TinyNet((2, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    losses = []
    for _ in range(15):
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.detach().numpy())
    blocks, _ = whole(config)
    assert bits(np.concatenate([block.loss for block in blocks])[1:]) == bits(np.array(losses))


@pytest.mark.usefixtures("problems")
def test_everything_follows_from_the_entry():
    """Its surface is drawn, its runs are linted, and scripts import it from its package."""
    config = config_of({"name": "my.valley"})
    surface = loss_surface([config], [whole(config)[0]], None, 5, None)
    assert np.isfinite(surface.z).all()
    assert lint(config) == []
    for problem, call in (
        ("my.valley", f"{__name__}.mccormick(xy)"),
        ("my.stars", f"{__name__}.stars(128, 0.1,"),
    ):
        written = script(config_of({"name": problem}))
        assert f"\nimport {__name__}\n" in written
        assert call in written
        assert "def mccormick" not in written
    assert "x = torch.tensor([[1.0, 0.0]]" in script(config_of({"name": "my.corner"}))

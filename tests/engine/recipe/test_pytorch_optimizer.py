"""The package ``pytorch_optimizer``: what is offered was tried, and what is left out fails the same trial."""

import inspect
import sys

import pytest
import pytorch_optimizer
import torch
import torch.nn.functional as F
from torch.optim import Optimizer

from optiscope.engine.advice.codegen import script
from optiscope.engine.advice.linter import lint
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.loop.training import check
from optiscope.engine.recipe.adapters import pytorch_optimizer as adapter
from optiscope.engine.recipe.optimizers import OPTIMIZERS, OptimizerInfo
from tests.engine.bare_loop import bare_loop
from tests.engine.recorded import X, Y, bits, flatten, net, run_config, whole
from tests.engine.recorded import chunked as in_chunks
from tests.engine.run_scripts import outcome

STEPS = 12
CLASSES = {
    name: cls
    for name, cls in vars(pytorch_optimizer).items()
    if inspect.isclass(cls) and issubclass(cls, Optimizer) and not cls.__module__.startswith("torch.")
}
NON_COMMERCIAL = {"Fromage", "Nero"}
RANDOM_FOR_LARGER_MATRICES = {"Alice"}


def arguments(name):
    """What has no default."""
    return {"num_iterations": STEPS} if name == "Ranger21" else {}


def trial(name, dtype, frozen):
    """Why an optimizer cannot be offered, or None."""
    cls, info = CLASSES[name], f"pytorch_optimizer.{name}"
    config = run_config(
        optimizer={"name": info, "hyperparameters": arguments(name) if info in OPTIMIZERS else {}},
        steps=STEPS,
        dtype=dtype,
        freeze=[{"params": [layer]} for layer in frozen],
    )
    torch_dtype = getattr(torch, dtype)
    plain = bare_loop(
        net(torch_dtype),
        X.to(torch_dtype),
        Y.to(torch_dtype),
        F.mse_loss,
        lambda model: cls(model.parameters(), **arguments(name)),
        None,
        STEPS,
        frozen,
    )
    random = torch.random.get_rng_state()
    blocks, checkpoint = whole(config)
    if not torch.equal(random, torch.random.get_rng_state()):
        return "draws from the global generator"
    if checkpoint.ended.reason != "completed":
        return checkpoint.ended.detail
    path = [{n: bits(v[i]) for n, v in block.params.items()} for block in blocks for i in range(len(block))]
    if path != [{n: bits(v.numpy()) for n, v in params.items()} for params in plain.params]:
        return "differs from the plain loop"
    if path[0] == path[-1]:
        return "does not move"
    return None if flatten(in_chunks(config, 5)) == flatten(blocks) else "differs in chunks"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", adapter.NAMES)
def test_what_is_offered_has_the_bits_of_the_plain_loop(name):
    """Every optimizer of the list trains, whole and in chunks, in both dtypes, as in a plain loop."""
    assert trial(name, "float32", ()) is None
    assert trial(name, "float64", ("fc2",)) is None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(set(CLASSES) - set(adapter.NAMES)))
def test_what_is_left_out_fails(name, monkeypatch):
    """Nothing is left out that could be offered, but for its licence or its use of chance."""
    cls = CLASSES[name]
    info = OptimizerInfo(f"pytorch_optimizer.{name}", cls, "", (), {}, "", "", source="pytorch_optimizer")
    monkeypatch.setitem(OPTIMIZERS._entries, info.name, info)
    if name in NON_COMMERCIAL | RANDOM_FOR_LARGER_MATRICES:
        return
    try:
        reasons = [trial(name, "float32", ()), trial(name, "float64", ("fc2",))]
    except Exception as error:  # noqa: BLE001 - whatever it needs and does not get
        reasons = [str(error)]
    assert any(reasons)


def test_the_list_fits_the_package():
    """Every name of the list is in the installed version, and every one of them in the registry."""
    assert set(adapter.NAMES) <= set(CLASSES)
    assert not NON_COMMERCIAL & set(adapter.NAMES)
    registered = {name for name in OPTIMIZERS if name.startswith("pytorch_optimizer.")}
    assert registered == {f"pytorch_optimizer.{name}" for name in adapter.NAMES}


@pytest.mark.parametrize("name", adapter.NAMES)
def test_signatures_become_hyperparameters(name):
    """Every hyperparameter has the class's default, bounds around it, and a line of its docstring."""
    info = OPTIMIZERS[f"pytorch_optimizer.{name}"]
    signature = inspect.signature(CLASSES[name].__init__).parameters
    entry = info.catalog()
    assert entry["summary"]
    assert entry["package"] == "pytorch_optimizer"
    assert "lr" in {h.name for h in info.hyperparameters}
    for h in info.hyperparameters:
        default = signature[h.name].default
        assert h.default == (None if default is inspect.Parameter.empty else default)
        assert h.kind in {"bool", "choice"} or None not in {h.minimum, h.maximum}
        assert h.default is None or h.problem(h.default) is None
        assert h.description


def test_one_of_them_from_end_to_end():
    """Lion: hyperparameters, refusals in its own words, linter, and a script with the same losses."""
    lion = {"name": "pytorch_optimizer.Lion", "hyperparameters": {"lr": 0.01, "betas": [0.8, 0.9]}}
    config = run_config(optimizer=lion, steps=STEPS)
    assert lint(config) == []
    blocks, _ = whole(config)
    printed = outcome(script(config))
    assert printed["error"] == ""
    assert [float(line) for line in printed["printed"].split()] == [
        loss for block in blocks for loss in block.loss.tolist()
    ][1:]
    with pytest.raises(ConfigError, match=r"Ranger21 needs a value for num_iterations"):
        check(run_config(optimizer={"name": "pytorch_optimizer.Ranger21"}))
    schedule_free = {"name": "pytorch_optimizer.ScheduleFreeSGD", "hyperparameters": {"momentum": 0}}
    with pytest.raises(ConfigError, match="pytorch_optimizer refuses ScheduleFreeSGD: "):
        check(run_config(optimizer=schedule_free))


def test_without_the_package_its_optimizers_are_missing(monkeypatch):
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "pytorch_optimizer", None)
    with pytest.raises(ModuleNotFoundError, match=r"install it, or optiscope\[pytorch-optimizer\]"):
        list(adapter.optimizers())

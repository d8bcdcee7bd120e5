"""The package ``pytorch_optimizer``: what is offered trains as in a plain loop, what is left out cannot."""

import inspect
import io
import sys

import pytest
import pytorch_optimizer
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim import Optimizer

from optiscope.engine.advice.codegen import script
from optiscope.engine.advice.linter import lint
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import raw
from optiscope.engine.loop.checkpoint import Reason as End
from optiscope.engine.loop.judging import check
from optiscope.engine.recipe.adapters.pytorch_optimizer import LEFT_OUT, OFFERED, Reason, optimizers
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from tests.engine.bare_loop import Log, bare_loop
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
CLASSES = {
    name: cls
    for name, cls in vars(pytorch_optimizer).items()
    if inspect.isclass(cls) and issubclass(cls, Optimizer) and not cls.__module__.startswith("torch.")
}
DTYPES = {"float32": (), "float64": ("fc2",)}
"""In each, some layers are frozen."""


def arguments(name):
    """What has no default."""
    return {"num_iterations": STEPS} if name == "Ranger21" else {}


def in_groups(name):
    """What is recorded of its param groups."""
    rate = OPTIMIZERS[f"pytorch_optimizer.{name}"].own_rate
    return [rate.key] if rate and rate.in_group else []


def plain_loop(name, dtype):
    """What the loop of a user saw, and what it raised."""
    log = Log()
    try:
        bare_loop(
            net(dtype),
            X.to(dtype),
            Y.to(dtype),
            F.mse_loss,
            lambda model: CLASSES[name](model.parameters(), **arguments(name)),
            None,
            STEPS,
            DTYPES[str(dtype).removeprefix("torch.")],
            log=log,
            in_groups=in_groups(name),
        )
    except Exception as error:  # noqa: BLE001 - whatever an optimizer raises here, it raises there, too
        return log, error
    return log, None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", OFFERED)
def test_what_is_offered_has_the_bits_of_the_plain_loop(name, dtype):
    """Whole and in chunks, in both dtypes, with the same end: also where the plain loop raises an error."""
    config = run_config(
        optimizer={"name": f"pytorch_optimizer.{name}", "hyperparameters": arguments(name)},
        steps=STEPS,
        dtype=dtype,
        freeze=[{"params": [layer]} for layer in DTYPES[dtype]],
    )
    log, error = plain_loop(name, getattr(torch, dtype))
    random = torch.random.get_rng_state()
    blocks, checkpoint = whole(config)
    cut, end = in_chunks(config, 5)
    assert torch.equal(random, torch.random.get_rng_state())
    assert_same_bits(blocks, log)
    assert_same_blocks(cut, blocks)
    assert end.ended == checkpoint.ended
    if checkpoint.ended.reason is End.DIVERGED:
        return
    assert checkpoint.ended.step == len(log.loss) - 1
    assert (checkpoint.ended.reason is End.FAILED) == (error is not None)
    if error is not None:
        assert checkpoint.ended.said.params["why"] == raw(error)
        assert checkpoint.ended.said.params["step"] == checkpoint.ended.step + 1


class Trial:
    """A class on a matrix and a vector of ones, with gradients of ones."""

    def __init__(self, name, width=2, dtype=torch.float32):
        self.cls = CLASSES[name]
        self.params = [nn.Parameter(torch.ones(shape, dtype=dtype)) for shape in ((width, width), (width,))]

    def made(self):
        """The optimizer, as a plain loop makes it."""
        needed = {"num_data": 1} if "num_data" in inspect.signature(self.cls).parameters else {}
        return self.cls(self.params, **needed)

    def step(self, optimizer):
        """Backward, and a step without a closure."""
        for param in self.params:
            param.grad = torch.ones_like(param)
        optimizer.step()

    def raises(self):
        """What making it or stepping it once raises, in words, or None."""
        try:
            self.step(self.made())
        except Exception as error:  # noqa: BLE001 - whatever it raises
            return f"{type(error).__name__}: {error}"
        return None

    def takes_more_than_parameters(self):
        """Its constructor asks for a model or for optimizers."""
        required = [
            name
            for name, parameter in inspect.signature(self.cls).parameters.items()
            if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD
        ]
        return required != ["params"]

    def draws(self):
        """It moves torch's global generator."""
        before = torch.random.get_rng_state()
        optimizer = self.made()
        for _ in range(2):
            self.step(optimizer)
        return not torch.equal(before, torch.random.get_rng_state())

    def keeps_more_than_plain_data(self):
        """Its state belongs to no parameter, or has objects that torch loads from nobody unknown."""
        optimizer = self.made()
        self.step(optimizer)
        saved = optimizer.state_dict()
        if any(not isinstance(key, int) for key in saved["state"]) or set(optimizer.state) - set(self.params):
            return True
        file = io.BytesIO()
        torch.save(saved, file)
        file.seek(0)
        with pytest.raises(Exception, match="Weights only load failed"):
            torch.load(file, weights_only=True)
        return True

    def leaves_a_matrix_of_ones(self):
        """A step does not move it, if it is all there is."""
        self.params = self.params[:1]
        self.step(self.made())
        return bool((self.params[0] == 1).all())

    def needs_a_mark(self):
        """It refuses parameters as they are, and takes those that are marked."""
        with pytest.raises(Exception):  # noqa: B017, PT011 - each in its own words
            self.made()
        return bool(self.cls([{"params": self.params, "use_muon": True}]).param_groups)


PROOFS = {
    Reason.OTHERS: lambda name: Trial(name).takes_more_than_parameters(),
    Reason.CLOSURE: lambda name: "closure" in Trial(name).raises(),
    Reason.GRAPH: lambda name: "does not require grad and does not have a grad_fn" in Trial(name).raises(),
    Reason.MARKED: lambda name: Trial(name).needs_a_mark(),
    Reason.MATRICES: lambda name: "only supports 2D parameters" in Trial(name).raises(),
    Reason.SOME_WEIGHTS: lambda name: Trial(name).leaves_a_matrix_of_ones(),
    Reason.FLOAT32: lambda name: "dtype" in Trial(name, dtype=torch.float64).raises(),
    Reason.PROCESSES: lambda name: "torch.distributed" in inspect.getsource(inspect.getmodule(CLASSES[name])),
    Reason.CHANCE: lambda name: Trial(name, width=64).draws(),
    Reason.STATE: lambda name: Trial(name).keeps_more_than_plain_data(),
    Reason.NO_LR: lambda name: all("lr" not in group for group in Trial(name).made().param_groups),
}
"""Whether a class is what it is left out for, whatever numbers the processor gives."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [name for name in LEFT_OUT if LEFT_OUT[name] is not Reason.LICENCE])
def test_what_is_left_out_fails_for_the_reason_that_is_said(name):
    """Each class has the property that excludes it."""
    assert PROOFS[LEFT_OUT[name]](name)


def test_every_class_of_the_package_is_offered_or_left_out():
    """Nothing is forgotten, and what is offered is in the registry."""
    assert sorted([*OFFERED, *LEFT_OUT]) == sorted(CLASSES)
    registered = {name for name in OPTIMIZERS if name.startswith("pytorch_optimizer.")}
    assert registered == {f"pytorch_optimizer.{name}" for name in OFFERED}


@pytest.mark.parametrize("name", OFFERED)
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
    with pytest.raises(ModuleNotFoundError, match="pip install pytorch_optimizer"):
        list(optimizers())


def test_a_whole_number_that_may_be_a_count_is_small():
    """Aida does something k times in each step; what says when something is done may be large."""
    found = {info.cls.__name__: {h.name: h for h in info.hyperparameters} for info in optimizers()}
    assert found["Aida"]["k"].maximum == 100
    assert found["ScheduleFreeAdamW"]["warmup_steps"].maximum == 1_000_000

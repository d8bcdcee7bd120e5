"""The package ``pytorch_optimizer``: what is offered trains as in a plain loop, what is left out cannot."""

import inspect
import re
import sys
from collections import deque
from contextlib import contextmanager

import numpy as np
import pytest
import pytorch_optimizer
import torch
import torch.nn.functional as F
from torch.optim import Optimizer

from optiscope.engine.advice.codegen import script
from optiscope.engine.advice.linter import lint
from optiscope.engine.core.config import LRSchedulerConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import raw
from optiscope.engine.loop.checkpoint import Reason as End
from optiscope.engine.loop.judging import check
from optiscope.engine.recipe.adapters.pytorch_optimizer import LEFT_OUT, OFFERED, Reason, optimizers
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying import HELP
from optiscope.engine.recipe.adapters.pytorch_optimizer.choice import told
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from tests.engine.bare_loop import Log, bare_loop
from tests.engine.recorded import (
    X,
    Y,
    assert_same_bits,
    assert_same_blocks,
    flatten,
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


HYPERPARAMETERS = {
    "BSAM": {"num_data": 1},
    "Ranger21": {"num_iterations": STEPS},
    "SaRA": {"threshold": 0.4, "lr": 0.01},
}
"""What has no default, and what makes a class do what it is for in so small a network."""


def arguments(name):
    """The hyperparameters that it is tried with."""
    return HYPERPARAMETERS.get(name, {})


def in_groups(name):
    """What is recorded of its param groups."""
    rate = OPTIMIZERS[f"pytorch_optimizer.{name}"].own_rate
    return [rate.key] if rate and rate.in_group else []


MATRICES = {"AdaGO", "AdaMuon", "Muon", "MuonClip", "NorMuon", "SpectralSphere"}
WAYS = {
    "again": {"BSAM", "FriendlySAM", "LookSAM", "SAM"},
    "search": {"WSAM"},
    "loss": {"AliG", "EmoFact", "EmoLynx", "EmoNavi"},
    "graph": {"AdaHessian", "SophiaH"},
}
WRAPPERS = {"Lookahead", "Magma", "OrthoGrad", "ScheduleFreeWrapper", "TRAC"}


def made(name, model):
    """The optimizers, as a script of a user makes them."""
    torch.manual_seed(0)
    np.random.seed(0)  # noqa: NPY002 - what Kron draws from
    cls, given = CLASSES[name], arguments(name)
    if name in MATRICES:
        matrices = [p for p in model.parameters() if p.ndim == 2]
        vectors = torch.optim.AdamW([p for p in model.parameters() if p.ndim != 2])
        if name == "SpectralSphere":
            return [cls(matrices), vectors]
        return [cls([{"params": matrices, "use_muon": True}]), vectors]
    if name in WRAPPERS:
        optimizer = cls(torch.optim.AdamW(model.parameters(), lr=1e-3))
        if name == "ScheduleFreeWrapper":
            optimizer.train()
        return optimizer
    if name == "WSAM":
        return cls(model, model.parameters(), torch.optim.SGD, lr=1e-3)
    if name in {"SAM", "LookSAM", "FriendlySAM"}:
        return cls(model.parameters(), torch.optim.SGD, lr=1e-3)
    return cls(model.parameters(), **given)


def kept(optimizer):
    """What an optimizer keeps, with what is within it and beside it, under the parameters."""
    first, state = optimizer.param_groups[0]["params"][0], {}
    within = [getattr(optimizer, "optimizer", None), getattr(optimizer, "base_optimizer", None)]
    for mapping in (optimizer.state, *(one.state for one in within if one is not None)):
        for key, found in mapping.items():
            param, values = (first, {key: found}) if isinstance(key, str) else (key, found)
            state.setdefault(param, {}).update({name: numbers_in(value) for name, value in values.items()})
    for group in optimizer.param_groups:
        for param in group["params"]:
            if (aside := getattr(optimizer, "_state", {}).get(id(param))) is not None:
                state.setdefault(param, {}).update(aside)
    return state


def numbers_in(value):
    """Lists for queues, and the numbers in objects of the package and beside parameters."""
    if isinstance(value, deque):
        return list(value)
    if type(value).__module__.startswith("pytorch_optimizer."):
        return {key: numbers_in(part) for key, part in vars(value).items() if has_tensors(part)}
    if isinstance(value, dict):
        return {key: numbers_in(part) for key, part in value.items() if not isinstance(key, torch.Tensor)}
    return value


def has_tensors(value):
    """Whether there is a tensor in a value, or in an object of the package."""
    if isinstance(value, list | tuple):
        return any(map(has_tensors, value))
    return isinstance(value, torch.Tensor) or type(value).__name__ == "BlockPartitioner"


@contextmanager
def random_kept():
    """Leave the global generators as they are found."""
    random, of_numpy = torch.random.get_rng_state(), np.random.get_state()  # noqa: NPY002
    yield
    torch.random.set_rng_state(random)
    np.random.set_state(of_numpy)  # noqa: NPY002


def plain_loop(name, dtype):
    """What the loop of a user saw, and what it raised."""
    log = Log()
    try:
        bare_loop(
            net(dtype),
            X.to(dtype),
            Y.to(dtype),
            F.mse_loss,
            lambda model: made(name, model),
            None,
            STEPS,
            DTYPES[str(dtype).removeprefix("torch.")],
            log=log,
            in_groups=in_groups(name),
            way=next((way for way, names in WAYS.items() if name in names), ""),
            kept=kept,
        )
    except Exception as error:  # noqa: BLE001 - whatever an optimizer raises here, it raises there, too
        return log, error
    return log, None


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", OFFERED)
def test_what_is_offered_has_the_bits_of_the_plain_loop(name, dtype):
    """Whole and in chunks, in both dtypes, with the same end: also where the plain loop raises an error."""
    optimizer = {"name": f"pytorch_optimizer.{name}", "hyperparameters": arguments(name)}
    rest = {"rest": {"name": "AdamW"}} if name in MATRICES else {}
    config = run_config(
        optimizer=optimizer | rest,
        steps=STEPS,
        dtype=dtype,
        freeze=[{"params": [layer]} for layer in DTYPES[dtype]],
    )
    if name == "FAdam" and dtype == "float64":
        with pytest.raises(ConfigError, match="FAdam computes in float32 alone"):
            check(config)
        return
    with random_kept():
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


def parameters_of(name):
    """What its constructor takes."""
    return inspect.signature(CLASSES[name]).parameters


def refusal_of_a_network(name):
    """What making it of the parameters of a network, and stepping it once, raises."""
    with pytest.raises(Exception) as raised:  # noqa: PT011 - each in its own words
        bare_loop(net(), X, Y, F.mse_loss, lambda model: CLASSES[name](model.parameters()), None, 1)
    return str(raised.value)


PROOFS = {
    Reason.BACKWARD: lambda name: hasattr(CLASSES[name], "fused_backward"),
    Reason.LAYERS: lambda name: "has no attribute 'named_parameters'" in refusal_of_a_network(name),
    Reason.SURROGATE: lambda name: "rho_scheduler" in parameters_of(name),
    Reason.PAIRS: lambda name: hasattr(CLASSES[name], "iter_lora_pairs"),
    Reason.LOSSES: lambda name: hasattr(CLASSES[name], "pc_backward"),
    Reason.HALF: lambda name: "has_overflow" in inspect.getsource(inspect.getmodule(CLASSES[name])),
    Reason.PROCESSES: lambda name: "torch.distributed" in inspect.getsource(inspect.getmodule(CLASSES[name])),
}
"""Whether a class is what it is left out for, whatever numbers the processor gives."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_is_left_out_is_listed_with_the_reason(name):
    """Each class has the property that excludes it, and a run is refused with the sentence that says so."""
    assert LEFT_OUT[name] is Reason.LICENCE or PROOFS[LEFT_OUT[name]](name)
    entry = OPTIMIZERS[f"pytorch_optimizer.{name}"].catalog()
    assert not entry["available"]
    assert entry["reason"] == str(told(LEFT_OUT[name], name))
    with pytest.raises(ConfigError, match=re.escape(entry["reason"])):
        check(run_config(optimizer={"name": f"pytorch_optimizer.{name}"}))


def test_every_class_of_the_package_is_offered_or_left_out():
    """Nothing is forgotten, and what is offered is in the registry."""
    assert sorted([*OFFERED, *LEFT_OUT]) == sorted(CLASSES)
    registered = {name for name in OPTIMIZERS if name.startswith("pytorch_optimizer.")}
    assert registered == {f"pytorch_optimizer.{name}" for name in CLASSES}


@pytest.mark.parametrize("name", OFFERED)
def test_signatures_become_hyperparameters(name):
    """Every hyperparameter has the class's default, bounds around it, and a line of its docstring."""
    info = OPTIMIZERS[f"pytorch_optimizer.{name}"]
    signature = inspect.signature(CLASSES[name].__init__).parameters
    entry = info.catalog()
    assert entry["summary"]
    assert entry["package"] == "pytorch_optimizer"
    assert ("lr" in {h.name for h in info.hyperparameters}) == (name not in {"A2Grad", "AliG"})
    for h in info.hyperparameters:
        if h.name in {"base_optimizer", "seed"} or (h.name == "lr" and info.made_of != "params"):
            assert h.description
            continue
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


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(HELP))
def test_a_script_of_what_needs_help_prints_the_recorded_losses(name):
    """Marks, closures, graphs, seeds and what is wrapped stand in the script, with minibatches and passes."""
    if name in {"Alice", "SpectralSphere"}:
        changes = {"problem": {"name": "seed-example"}}
    else:
        changes = {"problem": {"name": "xor", "samples": 8}, "batch_size": 3, "loop": {"accumulate": 2}}
    optimizer = {"name": f"pytorch_optimizer.{name}", "hyperparameters": arguments(name)}
    rest = {"rest": {"name": "AdamW"}} if name in MATRICES else {}
    config = run_config(optimizer=optimizer | rest, steps=4, **changes)
    blocks, _ = whole(config)
    with random_kept():
        printed = outcome(script(config))
    assert printed["error"] == ""
    assert [float(line) for line in printed["printed"].split()] == [
        loss for block in blocks for loss in block.loss.tolist()
    ][1:]


def test_an_optimizer_without_a_rate_has_no_schedule():
    """Its records have NaN for a rate, and a scheduler is refused."""
    config = run_config(optimizer={"name": "pytorch_optimizer.A2Grad"}, steps=2)
    blocks, _ = whole(config)
    assert all(np.isnan(block.lr).all() for block in blocks)
    with pytest.raises(ConfigError, match="no learning rate that a schedule could change"):
        check(config.model_copy(update={"lr_scheduler": LRSchedulerConfig(name="ConstantLR")}))


def test_the_seed_of_an_optimizer_is_its_own():
    """Two seeds draw two runs, and neither moves the generators that others draw from."""
    runs = []
    for seed in (0, 1, 1):
        before = torch.random.get_rng_state()
        optimizer = {"name": "pytorch_optimizer.Gravity", "hyperparameters": {"seed": seed}}
        runs.append(flatten(whole(run_config(optimizer=optimizer, steps=3))[0]))
        assert torch.equal(before, torch.random.get_rng_state())
    assert runs[0] != runs[1] == runs[2]


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

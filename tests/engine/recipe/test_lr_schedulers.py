import inspect
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from torch.optim import lr_scheduler, swa_utils

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.loop.judging import check
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS
from tests.engine import recipes
from tests.engine.declared import edges, error_inputs
from tests.engine.recorded import run_config, whole

INFOS = list(LR_SCHEDULERS.values())
OF_THE_CONFIG = {"schedulers", "milestones", "optimizer", "last_epoch"}
"""Given by the config around the hyperparameters, or by the engine."""

SUGGESTED = {
    info.name: {h.name: h.suggested for h in info.hyperparameters if h.suggested is not None}
    for info in INFOS
}


def ids(info):
    return info.name


def scheduled(name, hyperparameters, **changes):
    scheduler = {"name": name, "hyperparameters": hyperparameters}
    return run_config(optimizer={"name": "SGD"}, lr_scheduler=scheduler, steps=3, **changes)


def test_every_scheduler_of_torch_is_offered():
    """What torch exports is in the registry, but for the base class, and what a loop does without a class."""
    of_torch = {*lr_scheduler.__all__, *(name for name in swa_utils.__all__ if name.endswith("LR"))}
    assert set(LR_SCHEDULERS) == of_torch - {"LRScheduler"} | {"HandOver"}


@pytest.mark.parametrize("info", INFOS, ids=ids)
def test_declared_defaults_are_those_of_torch(info):
    """Every argument of the constructor is declared, with torch's own default or as required."""
    signature = inspect.signature(info.cls.__init__).parameters
    names = [h.name for h in info.hyperparameters]
    theirs = {n: p.default for n, p in signature.items() if n in names or n not in OF_THE_CONFIG | {"self"}}
    assert set(theirs) == set(names)
    for h in info.hyperparameters:
        required = theirs[h.name] is inspect.Parameter.empty
        assert h.catalog()["required"] == required
        assert required or h.default == theirs[h.name]


@pytest.mark.parametrize("info", INFOS, ids=ids)
def test_error_inputs_are_refused(info):
    """A value of a wrong type or beyond its bound names its field, itself and the bound."""
    for h in info.hyperparameters:
        for value, words in error_inputs(h):
            with pytest.raises(ConfigError) as caught:
                check(scheduled(info.name, SUGGESTED[info.name] | {h.name: value}))
            (problem,) = caught.value.problems
            assert problem.pointer == f"/lr_scheduler/hyperparameters/{h.name}"
            assert words in problem.detail


@pytest.mark.parametrize("info", INFOS, ids=ids)
def test_values_at_their_bounds_run_or_are_refused(info):
    """The outermost values that are allowed give a run with an end, or torch's own refusal."""
    for h in info.hyperparameters:
        for value in edges(h):
            config = scheduled(info.name, SUGGESTED[info.name] | {h.name: value})
            try:
                _, checkpoint = whole(config)
            except ConfigError as error:
                assert "torch refuses" in str(error)  # noqa: PT017
            else:
                assert checkpoint.ended is not None


@pytest.mark.parametrize("info", [info for info in INFOS if not info.parts], ids=ids)
def test_what_is_suggested_runs(info):
    """Every scheduler starts with what its controls suggest."""
    _, checkpoint = whole(scheduled(info.name, SUGGESTED[info.name]))
    assert checkpoint.ended.reason == "completed"


@pytest.mark.parametrize("recipe", recipes.LR_SCHEDULERS)
def test_declared_flags_are_true(recipe):
    """A scheduler moves momentum if it says so, and is made of parts if it says so."""
    info = LR_SCHEDULERS[recipes.name_of(recipe)]
    config = recipes.lr_scheduler_config(recipe)
    optimizer = {"name": "Adam", "hyperparameters": {"lr": 0.02}}
    blocks, _ = whole(run_config(optimizer=optimizer, lr_scheduler=config, steps=5))
    momentum = np.concatenate([block.momentum for block in blocks])
    moves = bool((momentum != 0.9).any())
    assert moves == (info.cycles_momentum and config["hyperparameters"].get("cycle_momentum", True))
    assert info.parts == ("schedulers" in config)
    assert info.needs_metric == issubclass(info.cls, lr_scheduler.ReduceLROnPlateau)
    assert info.takes_epoch or "epoch_steps" not in config


@pytest.mark.parametrize("info", INFOS, ids=ids)
def test_catalog_entry_is_complete(info):
    """An entry has a formula that is MathML, a source, and a line about each hyperparameter."""
    entry = info.catalog()
    assert ET.fromstring(entry["formula"]).tag == "{http://www.w3.org/1998/Math/MathML}math"  # noqa: S314
    assert "\\" not in entry["formula"]
    of_torch = f"torch.optim.{'swa_utils' if info.name == 'SWALR' else 'lr_scheduler'}.{info.name}"
    assert entry["class"] == (None if info.hands_over else of_torch)
    assert all((entry["summary"], entry["paper"]))
    assert all(h["description"].endswith(".") for h in entry["hyperparameters"])


@pytest.mark.parametrize("info", LR_SCHEDULERS.values(), ids=lambda info: info.name)
def test_a_symbol_stands_in_the_formula(info):
    """What stands for a hyperparameter is found in the formula."""
    for h in info.hyperparameters:
        assert all(symbol in info.formula for symbol in h.symbol.split(", ")), h.name


LINEAR = {"name": "LinearLR"}
PLATEAU = {"name": "ReduceLROnPlateau"}
CHAIN = {"name": "ChainedScheduler", "schedulers": [LINEAR]}
HAND_OVER = {"name": "HandOver", "schedulers": [LINEAR, PLATEAU], "milestones": [2]}
REFUSED = [
    ({"name": "StepLR"}, "/hyperparameters/step_size", "StepLR needs a value for step_size"),
    ({"name": "Step"}, "/name", "did you mean StepLR"),
    (LINEAR | {"schedulers": [LINEAR]}, "/schedulers", "LinearLR is not made of other schedulers"),
    ({"name": "ChainedScheduler"}, "/schedulers", "ChainedScheduler needs at least one scheduler"),
    (CHAIN | {"milestones": [1]}, "/milestones", "ChainedScheduler has no milestones"),
    (
        {"name": "MultiStepLR", "milestones": [1], "hyperparameters": {"milestones": [1]}},
        "/milestones",
        "MultiStepLR has no milestones of its own: they go into hyperparameters",
    ),
    (
        {"name": "SequentialLR", "schedulers": [LINEAR, LINEAR], "milestones": []},
        "/milestones",
        "milestones must have 1 entry, one between each two schedulers, got 0",
    ),
    (
        {"name": "SequentialLR", "schedulers": [LINEAR, CHAIN], "milestones": [3]},
        "/schedulers/1/name",
        "torch cannot start ChainedScheduler at a milestone",
    ),
    (
        {"name": "ChainedScheduler", "schedulers": [LINEAR | {"interval": 2}]},
        "/schedulers/0/interval",
        "interval belongs to the outermost scheduler",
    ),
    ({"name": "ChainedScheduler", "schedulers": [PLATEAU]}, "/schedulers/0/name", "its step needs the loss"),
    (
        {"name": "ChainedScheduler", "schedulers": [LINEAR, HAND_OVER]},
        "/schedulers/1/name",
        "HandOver is no scheduler of torch but a branch in the loop",
    ),
    (
        HAND_OVER | {"milestones": []},
        "/milestones",
        "milestones must have 1 entry, one between each two schedulers, got 0",
    ),
    (
        {"name": "SequentialLR", "schedulers": [LINEAR, PLATEAU], "milestones": [2]},
        "/schedulers/1/name",
        "a HandOver gives it",
    ),
    (LINEAR | {"epoch_steps": 4}, "/epoch_steps", "scheduler.step() of LinearLR takes no epoch"),
    (
        {
            "name": "SequentialLR",
            "schedulers": [
                LINEAR,
                {
                    "name": "CosineAnnealingWarmRestarts",
                    "hyperparameters": {"T_0": 2},
                    "epoch_steps": 4,
                },
            ],
            "milestones": [2],
        },
        "/schedulers/1/epoch_steps",
        "epoch_steps belongs to what the loop itself calls",
    ),
    (
        {"name": "CyclicLR", "hyperparameters": SUGGESTED["CyclicLR"] | {"scale_fn": "1 / (x - 1)"}},
        "/hyperparameters/scale_fn",
        '"1 / (x - 1)" has no value at x = 1',
    ),
    (
        {"name": "CyclicLR", "hyperparameters": SUGGESTED["CyclicLR"] | {"scale_fn": "0.5 ** epoch"}},
        "/hyperparameters/scale_fn",
        "unknown name",
    ),
    (
        {"name": "ChainedScheduler", "schedulers": [CHAIN | {"schedulers": [CHAIN]}]},
        "/schedulers/0/schedulers/0/schedulers/0",
        "schedulers may be nested at most 3 deep, got 4",
    ),
    (
        {"name": "LambdaLR", "hyperparameters": {"lr_lambda": "1 / epoch"}},
        "/hyperparameters/lr_lambda",
        '"1 / epoch" has no value at epoch 0',
    ),
    (
        {"name": "LambdaLR", "hyperparameters": {"lr_lambda": ["1", "import"]}},
        "/hyperparameters/lr_lambda/1",
        "cannot be read",
    ),
    (
        {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1}},
        "/hyperparameters",
        "torch refuses OneCycleLR: ValueError: You must define either total_steps OR",
    ),
    (
        {"name": "OneCycleLR", "hyperparameters": {"max_lr": [0.1, 0.1, 0.1], "total_steps": 9}},
        "/hyperparameters",
        "torch refuses OneCycleLR: ValueError: max_lr must have the same length as optimizer.param_groups",
    ),
]


@pytest.mark.parametrize(("scheduler", "pointer", "words"), REFUSED)
def test_what_cannot_be_built_is_refused(scheduler, pointer, words):
    """A refusal points into the scheduler, however deeply it is nested, and says why."""
    with pytest.raises(ConfigError) as caught:
        check(run_config(lr_scheduler=scheduler))
    (problem,) = caught.value.problems
    assert problem.pointer == f"/lr_scheduler{pointer}"
    assert words in problem.detail


def test_all_that_is_wrong_is_named_at_once():
    """Names, shapes and hyperparameters, at every depth."""
    scheduler = {
        "name": "SequentialLR",
        "schedulers": [
            {"name": "Cosine"},
            CHAIN | {"milestones": [2]},
            {"name": "StepLR", "interval": 2, "hyperparameters": {"gamma": "11"}},
        ],
        "milestones": [3],
    }
    with pytest.raises(ConfigError) as caught:
        check(run_config(lr_scheduler=scheduler))
    assert [problem.pointer.removeprefix("/lr_scheduler") for problem in caught.value.problems] == [
        "/milestones",
        "/schedulers/0/name",
        "/schedulers/1/name",
        "/schedulers/1/milestones",
        "/schedulers/2/interval",
        "/schedulers/2/hyperparameters/gamma",
        "/schedulers/2/hyperparameters/step_size",
    ]


@pytest.mark.parametrize("name", ["OneCycleLR", "CyclicLR"])
@pytest.mark.parametrize("optimizer", ["Adagrad", "Adadelta", "Adafactor", "ASGD", "Rprop", "LBFGS"])
def test_momentum_is_not_cycled_where_there_is_none(name, optimizer):
    """OneCycleLR and CyclicLR refuse an optimizer without momentum, unless told not to cycle it."""
    scheduler = {"name": name, "hyperparameters": SUGGESTED[name] | {"cycle_momentum": True}}
    with pytest.raises(ConfigError, match=r"torch refuses .* momentum"):
        check(run_config(optimizer={"name": optimizer}, lr_scheduler=scheduler))
    scheduler["hyperparameters"]["cycle_momentum"] = False
    check(run_config(optimizer={"name": optimizer}, lr_scheduler=scheduler))


def test_a_rate_for_each_group():
    """max_lr and lr_lambda may be lists, with a value for each param group."""
    groups = {"name": "SGD", "param_groups": [{"params": ["fc1"]}, {"params": ["fc2", "fc3"], "lr": 0.1}]}
    one_cycle = {"name": "OneCycleLR", "hyperparameters": {"max_lr": [0.1, 0.5], "total_steps": 9}}
    blocks, _ = whole(run_config(optimizer=groups, lr_scheduler=one_cycle, steps=3))
    np.testing.assert_allclose(blocks[0].lr[0], [0.1 / 25, 0.5 / 25])
    factors = {"name": "LambdaLR", "hyperparameters": {"lr_lambda": ["0.5 ** epoch", "1"]}}
    blocks, _ = whole(run_config(optimizer=groups, lr_scheduler=factors, steps=3))
    assert blocks[-1].lr[-1].tolist() == [0.001 * 0.25, 0.1]

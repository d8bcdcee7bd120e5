import inspect
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.loop.checkpoint import Ended
from optiscope.engine.loop.judging import check
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from tests.engine import recipes
from tests.engine.declared import WRONG_TYPE, edges, error_inputs
from tests.engine.recorded import X, Y, bits, net, run_config, whole

OURS = [info for info in OPTIMIZERS.values() if info.source == "torch.optim"]
TRAINABLE = [info for info in OURS if info.unavailable is None]
IMPLEMENTATION = {"foreach", "fused", "capturable", "differentiable"}
"""How torch computes an update, on which devices and how fast; not what it computes."""


def ids(info):
    return info.name


def with_hyperparameters(info, **given):
    optimizer = {"name": info.name, "hyperparameters": given}
    if info.matrices_only:
        optimizer["rest"] = {"name": "SGD"}
    return run_config(optimizer=optimizer, steps=3)


def test_every_optimizer_of_torch_is_offered():
    """What ``torch.optim`` exports is in the registry, trainable or with the reason why not."""
    exported = {n for n in torch.optim.__all__ if inspect.isclass(getattr(torch.optim, n))}
    assert {info.name for info in OURS} == exported - {"Optimizer"}
    assert [info.name for info in OURS if info.unavailable] == ["SparseAdam"]


@pytest.mark.parametrize("info", OURS, ids=ids)
def test_declared_defaults_are_those_of_torch(info):
    """Every argument of the constructor is declared, with torch's own default."""
    signature = inspect.signature(info.cls.__init__).parameters
    theirs = {n: p.default for n, p in signature.items() if n not in {"self", "params"}}
    ours = {h.name: h.default for h in info.hyperparameters}
    assert set(theirs) - set(ours) == IMPLEMENTATION & set(theirs)
    assert ours == {name: theirs[name] for name in ours}


@pytest.mark.parametrize("info", TRAINABLE, ids=ids)
def test_error_inputs_are_refused(info):
    """A value of a wrong type or beyond its bound names its field, itself and the bound."""
    for h in info.hyperparameters:
        for value, words in error_inputs(h):
            with pytest.raises(ConfigError) as caught:
                check(with_hyperparameters(info, **{h.name: value}))
            (problem,) = caught.value.problems
            assert problem.pointer == f"/optimizer/hyperparameters/{h.name}"
            assert h.name in problem.detail
            assert words in problem.detail


@pytest.mark.parametrize("info", TRAINABLE, ids=ids)
def test_a_group_is_checked_where_it_stands(info):
    """A param group's own value of a wrong type is named as the optimizer's is, under its own pointer."""
    for h in info.hyperparameters:
        for value in WRONG_TYPE[h.kind]:
            group = {"params": ["fc1.weight"], h.name: value}
            with pytest.raises(ConfigError) as caught:
                check(run_config(optimizer={"name": info.name, "param_groups": [group]}))
            (problem,) = caught.value.problems
            assert problem.pointer == f"/optimizer/param_groups/0/{h.name}"
            assert h.name in problem.detail


@pytest.mark.parametrize("info", TRAINABLE, ids=ids)
def test_values_at_their_bounds_run_or_are_refused(info):
    """The outermost values that are allowed give a run with an end, or torch's own refusal."""
    for h in info.hyperparameters:
        for value in edges(h):
            try:
                _, checkpoint = whole(with_hyperparameters(info, **{h.name: value}))
            except ConfigError as error:
                assert "torch refuses" in str(error)  # noqa: PT017
            else:
                assert isinstance(checkpoint.ended, Ended)


@pytest.mark.parametrize("info", TRAINABLE, ids=ids)
def test_declared_state_is_what_torch_keeps(info):
    """Over its recipes, an optimizer keeps the state keys that it declares, and no others."""
    seen = set()
    for recipe in recipes.OPTIMIZERS:
        if recipes.name_of(recipe) == info.name:
            optimizer = recipes.optimizer_config(recipe) | {"rest": None}
            if info.matrices_only:
                optimizer["param_groups"] = [{"params": ["fc1.weight", "fc2.weight"]}]
            blocks, _ = whole(run_config(optimizer=optimizer, steps=3))
            seen |= {key for block in blocks for keys in block.state.values() for key in keys}
    assert seen == set(info.state)


@pytest.mark.parametrize("recipe", recipes.OPTIMIZERS)
def test_recorded_gradients_are_those_of_autograd(recipe):
    """Whatever an optimizer does to ``.grad``, its record is what ``backward`` left there."""
    blocks, _ = whole(run_config(optimizer=recipes.optimizer_config(recipe), steps=4))
    model = net()
    before = {name: values[-1] for name, values in blocks[0].params.items()}
    for block in blocks[1:]:
        for i in range(len(block)):
            model.load_state_dict({name: torch.tensor(values) for name, values in before.items()})
            grads = torch.autograd.grad(F.mse_loss(model(X), Y), list(model.parameters()))
            for (name, _), grad in zip(model.named_parameters(), grads, strict=True):
                assert bits(block.grads[name][i]) == bits(grad.numpy()), (block.first + i, name)
            before = {name: values[i] for name, values in block.params.items()}


@pytest.mark.parametrize("info", OURS, ids=ids)
def test_catalog_entry_is_complete(info):
    """An entry has a formula that is MathML, a paper, and a line about each hyperparameter and state key."""
    entry = info.catalog()
    math = ET.fromstring(entry["formula"])  # noqa: S314 - our own
    assert math.tag == "{http://www.w3.org/1998/Math/MathML}math"
    assert "\\" not in entry["formula"]
    assert entry["class"] == f"torch.optim.{info.name}"
    assert entry["available"] == (entry["reason"] is None)
    assert all((entry["summary"], entry["paper"]))
    lines = [h["description"] for h in entry["hyperparameters"]] + [k["meaning"] for k in entry["state_keys"]]
    assert all(line.endswith(".") for line in lines)


@pytest.mark.parametrize("info", OURS, ids=ids)
def test_a_symbol_stands_in_the_formula(info):
    """What stands for a hyperparameter is found in the formula."""
    for h in info.hyperparameters:
        assert all(symbol in info.formula for symbol in h.symbol.split(", ")), h.name


GIVEN = {r"\theta", "f", "t", r"\gamma"}
"""What the page explains for all formulas; ``g`` is defined in each."""


@pytest.mark.parametrize("info", [info for info in OURS if info.formula], ids=ids)
def test_every_symbol_of_a_formula_is_explained(info):
    """It stands for an argument, is defined by a statement of the formula, or is explained for all."""
    assert symbols_of(info.formula) <= GIVEN | defined_in(info)


NOTATION = "quad|left|right|leftarrow|t?frac|sqrt|hat|bar|tilde|min|max|nabla|approx|infty|le"


def symbols_of(formula):
    """Letters, Latin or Greek, without their indices and accents."""
    words = re.sub(r"\\(?:text|mathrm)\{[^}]*\}", " ", formula)
    words = re.sub(rf"\\[,;:! ]|\\(?:{NOTATION})(?![a-z])", " ", words)
    return set(re.findall(r"\\[A-Za-z]+|[A-Za-z]", words))


def defined_in(info):
    """The symbols of arguments, and those left of an arrow."""
    arguments = ", ".join(h.symbol for h in info.hyperparameters if h.symbol)
    defined = re.findall(
        r"(?:^|quad|:\}?\\ )\s*((?:\\[a-z]+ )?\\?[A-Za-z]+)\S*\s*(?:\\leftarrow|=|\\approx)", info.formula
    )
    return symbols_of(arguments) | symbols_of(" ".join(defined))


def test_momentum_is_where_schedulers_look_for_it():
    """``momentum_key`` names what OneCycleLR would cycle: momentum, betas, or nothing."""
    found = {info.name: info.momentum_key for info in TRAINABLE}
    assert {name for name, key in found.items() if key == "betas"} == {
        "Adam",
        "AdamW",
        "Adamax",
        "NAdam",
        "RAdam",
    }
    assert {name for name, key in found.items() if key == "momentum"} == {"SGD", "RMSprop", "Muon"}


REFUSED = [
    ({"name": "SparseAdam"}, "/optimizer/name", "sparse gradients only"),
    ({"name": "Muon"}, "/optimizer/name", "torch refuses Muon: Muon only supports 2D parameters"),
    (
        {"name": "Muon", "param_groups": [{"params": ["fc1"]}]},
        "/optimizer/param_groups",
        "Muon only supports 2D",
    ),
    ({"name": "Adam", "rest": {"name": "SGD"}}, "/optimizer/rest", "Adam takes every parameter"),
    ({"name": "Muon", "rest": {"name": "Muon"}}, "/optimizer/rest/name", "Muon cannot take biases either"),
    ({"name": "Muon", "rest": {"name": "LBFGS"}}, "/optimizer/rest/name", "cannot share a step"),
    ({"name": "Muon", "rest": {"name": "SparseAdam"}}, "/optimizer/rest/name", "sparse gradients only"),
    (
        {"name": "Muon", "rest": {"name": "SGD", "hyperparameters": {"lr": -1}}},
        "/optimizer/rest/hyperparameters/lr",
        "lr must be at least 0, got -1",
    ),
    (
        {"name": "LBFGS", "param_groups": [{"params": ["fc1"]}, {"params": ["fc2"]}]},
        "/optimizer/param_groups",
        "torch refuses LBFGS: LBFGS doesn't support per-parameter options",
    ),
    (
        {"name": "Adam", "param_groups": [{"params": ["fc1"]}, {"params": ["fc1.bias"]}]},
        "/optimizer/param_groups",
        "some parameters appear in more than one parameter group",
    ),
    ({"name": "Adam", "param_groups": []}, "/optimizer/param_groups", "empty parameter list"),
    (
        {"name": "Adam", "param_groups": [{"params": ["fc1"], "momentum": 0.9}]},
        "/optimizer/param_groups/0/momentum",
        "Adam has no hyperparameter",
    ),
    (
        {"name": "SGD", "hyperparameters": {"nesterov": True}},
        "/optimizer/hyperparameters",
        "torch refuses SGD: Nesterov momentum requires a momentum and zero dampening",
    ),
    (
        {"name": "Rprop", "hyperparameters": {"etas": [1.2, 0.5]}},
        "/optimizer/hyperparameters",
        "torch refuses Rprop: Invalid eta values",
    ),
]


@pytest.mark.parametrize(("optimizer", "pointer", "words"), REFUSED)
def test_what_torch_refuses_is_refused_in_its_words(optimizer, pointer, words):
    """A refusal points at what must change and says why."""
    with pytest.raises(ConfigError) as caught:
        check(run_config(optimizer=optimizer))
    (problem,) = caught.value.problems
    assert problem.pointer == pointer
    assert words in problem.detail


def test_muon_needs_matrices():
    """A test function has no 2-D parameter for Muon."""
    optimizer = {"name": "Muon", "rest": {"name": "SGD"}}
    with pytest.raises(ConfigError, match="takes 2-D parameters, and this problem has none"):
        check(run_config(problem={"name": "rosenbrock"}, model={}, optimizer=optimizer))


def test_lbfgs_records_its_first_evaluation():
    """The loss of a step of LBFGS is that at the parameters before, however often it evaluates."""
    optimizer = recipes.optimizer_config("LBFGS, strong_wolfe")
    blocks, _ = whole(run_config(optimizer=optimizer, steps=5, problem={"name": "rosenbrock"}, model={}))
    path = np.concatenate([block.params["xy"] for block in blocks])
    losses = np.concatenate([block.loss for block in blocks])
    x, y = path[:-1].T
    np.testing.assert_allclose(losses[1:], (1 - x) ** 2 + 100 * (y - x**2) ** 2, rtol=1e-4)
    evaluations = blocks[-1].state["xy"]["func_evals"][-1]
    assert evaluations > 5

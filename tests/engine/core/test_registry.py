import json
from dataclasses import dataclass

import pytest

from optiscope.engine.core.errors import ConfigError, UnknownNameError
from optiscope.engine.core.registry import Hyperparameter, Registry, check_hyperparameters, escape, shown
from tests.engine.declared import edges, error_inputs


@dataclass
class Choice:
    name: str


RATE = Hyperparameter("rate", "float", 0.1, "A rate.", 0.0, 1.0)
KINDS = [
    RATE,
    Hyperparameter("open", "float", 0.1, "A rate.", 0.0, 1.0, exclusive_minimum=True, exclusive_maximum=True),
    Hyperparameter("count", "int", 3, "A count.", 1, 9),
    Hyperparameter("flag", "bool", False, "A flag."),
    Hyperparameter("betas", "pair", (0.9, 0.99), "Two.", 0.0, 1.0, exclusive_maximum=True),
    Hyperparameter("mode", "choice", "min", "One of two.", choices=("min", "max")),
    Hyperparameter("search", "choice", None, "One or none.", choices=("strong",), optional=True),
    Hyperparameter("milestones", "int_list", None, "Epochs.", 1, 100),
    Hyperparameter("factor", "expression", None, "Of epoch."),
]


def test_an_unknown_name_is_answered_with_what_may_be_meant():
    """Asking for what is not there names the near match, or what there is where nothing is near."""
    registry = Registry("fruit", [Choice("apple"), Choice("pear")])
    with pytest.raises(UnknownNameError, match=r'unknown fruit "Aple": did you mean apple\?'):
        registry.resolve("Aple", "/fruit")
    with pytest.raises(UnknownNameError, match='unknown fruit "kiwi": choose one of apple, pear'):
        registry.resolve("kiwi", "/fruit")
    assert registry.resolve("pear", "/fruit") is registry["pear"]
    assert list(registry) == ["apple", "pear"]
    assert len(registry) == 2


def test_a_name_is_taken_once():
    """Registering a second entry of the same name is a mistake in the program."""
    registry = Registry("fruit", [Choice("apple")])
    with pytest.raises(ValueError, match="'apple' is already registered"):
        registry.register(Choice("apple"))


@pytest.mark.parametrize("h", KINDS, ids=lambda h: h.name)
def test_a_value_is_held_to_its_declaration(h):
    """Every kind of hyperparameter refuses what is of another type or out of bounds, and takes its edges."""
    for value, words in error_inputs(h):
        sentence = str(h.problem(value))
        assert h.name in sentence
        assert words in sentence
    for value in edges(h):
        assert h.problem(value) is None
    assert h.problem(h.default) is None or h.default is None
    assert json.loads(json.dumps(h.catalog()))["name"] == h.name


def test_everything_wrong_is_named_at_once():
    """Unknown, missing and bad values come together, each under its pointer."""
    with pytest.raises(ConfigError) as caught:
        check_hyperparameters("Thing", KINDS, {"rate": 2, "speed": 1, "a/b": 1}, "/at")
    found = {p.pointer: p.detail for p in caught.value.problems}
    assert found["/at/rate"] == "rate must be at most 1, got 2"
    assert 'Thing has no hyperparameter "speed": it takes rate, open,' in found["/at/speed"]
    assert found["/at/milestones"] == "Thing needs a value for milestones"
    assert set(found) == {"/at/rate", "/at/speed", "/at/a~1b", "/at/milestones", "/at/factor"}


def test_values_come_in_the_types_of_torch():
    """JSON's lists and whole numbers become tuples and floats; what is left out stays out."""
    given = {"rate": 1, "betas": [0, 0.5], "milestones": [1], "search": None, "factor": "epoch"}
    checked = check_hyperparameters("Thing", KINDS, given, "/at")
    assert checked == {"rate": 1.0, "betas": (0.0, 0.5), "milestones": [1], "search": None, "factor": "epoch"}
    assert isinstance(checked["rate"], float)


def test_a_list_with_a_value_for_each_group():
    """Where a class takes a value for each param group, every element is held to the bounds."""
    rates = Hyperparameter("max_lr", "float", None, "Rates.", 0.0, 1.0, per_group=True)
    assert rates.problem([0, 0.5]) is None
    assert rates.as_torch([0, 1]) == [0.0, 1.0]
    assert rates.as_torch(1) == 1.0
    assert str(rates.problem([0.5, 2])) == "max_lr[1] must be at most 1, got 2"
    assert str(rates.problem([0.5, [1]])) == "max_lr[1] must be a number, got [1]"
    assert str(rates.problem([])) == "max_lr must be a number, got []"
    assert str(RATE.problem([0.5])) == "rate must be a number, got [0.5]"


def test_a_pair_may_hold_null_where_torch_does():
    """Only the element whose default is null may be null."""
    eps = Hyperparameter("eps", "pair", (None, 1e-3), "Two.", 0.0, 1.0)
    assert eps.problem([None, 0.5]) is None
    assert eps.as_torch([None, 1]) == (None, 1.0)
    assert str(eps.problem([0.5, None])) == "eps[1] must be a number, got null"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (None, "null"),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        (1, "1"),
        ("a", '"a"'),
        (["a"], '["a"]'),
        ("x" * 99, '"' + "x" * 58 + "…"),
    ],
)
def test_values_are_shown_as_json_has_them(value, text):
    """A message quotes what was sent, shortened."""
    assert shown(value) == text


def test_pointer_tokens_are_escaped():
    """RFC 6901: ~ and / in a key."""
    assert escape("a/b~c") == "a~1b~0c"

from dataclasses import replace

import pytest

from optiscope.engine.recipe.declaring import choice, flag, number, pair, whole, with_defaults


class Made:
    """A class with an argument of each kind."""

    def __init__(self, params, steps, lr=1, betas=(0, 0.9), mode="up", *, nesterov=False, **others):
        self.all = (params, steps, lr, betas, mode, nesterov, others)


DECLARED = (
    whole("steps", "How many.", 1, 9),
    number("lr", "Rate.", 0.0, 1.0),
    pair("betas", "Decays.", 0.0, 1.0),
    choice("mode", "Which way.", "up", "down"),
    flag("nesterov", "Look ahead."),
)


def test_defaults_are_those_of_the_signature():
    """Each in the type of its kind; what has none must be given."""
    found = with_defaults(Made, DECLARED)
    assert [repr(h.default) for h in found] == ["None", "1.0", "(0.0, 0.9)", "'up'", "False"]
    assert [h.catalog()["required"] for h in found] == [True, False, False, False, False]


def test_a_default_that_is_given_stays():
    """An entry may state a default that the signature does not."""
    (given,) = with_defaults(Made, [replace(DECLARED[1], default=0.5)])
    assert given.default == 0.5


def test_an_argument_that_is_not_there_is_named():
    """A misspelt name is found when the entry is made."""
    with pytest.raises(TypeError, match="Made has no argument rate, so its default must be given"):
        with_defaults(Made, [replace(DECLARED[1], name="rate")])

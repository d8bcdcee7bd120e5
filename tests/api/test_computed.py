"""What goes wrong while a view is computed is told as what it is."""

from dataclasses import replace

import pytest

from optiscope.api.computed import telling_of
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import say
from optiscope.engine.recipe.problems import PROBLEMS
from optiscope.runs.service import StoppedError

RUNS = {"/runs/0": (RunConfig(problem={"name": "rosenbrock"}, optimizer={"name": "SGD"}), None)}


def test_an_error_of_another_package_is_told_under_its_run(monkeypatch):
    """It is named, with what it raised as a part of a sentence of ours."""
    info = replace(PROBLEMS["rosenbrock"], source="another.package")
    monkeypatch.setitem(PROBLEMS._entries, "rosenbrock", info)
    with pytest.raises(ConfigError) as caught, telling_of(RUNS):
        raise ValueError("math domain error")
    [problem] = caught.value.problems
    assert problem.pointer == "/runs/0/problem"
    assert problem.said == say("view_failed", problem="rosenbrock", why="ValueError: math domain error")


@pytest.mark.parametrize("error", [ValueError("a defect"), StoppedError()])
def test_what_is_ours_stays_what_it_is(error):
    """A defect is logged as one, and what is said already needs no other words."""
    with pytest.raises(type(error)) as caught, telling_of(RUNS):
        raise error
    assert caught.value is error

"""A recipe is tried by a worker once, in a turn of its own kind."""

from optiscope.engine.advice import linter
from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.core.parts import whole
from optiscope.runs import advice
from tests.engine.recorded import run_config


class Workers:
    """A service that notes what it is asked for."""

    def __init__(self):
        self.asked = []

    async def compute(self, function, *arguments, lane):
        self.asked.append((lane.kind, arguments[0].steps))
        return whole(function(*arguments))


async def test_a_recipe_is_tried_once(monkeypatch):
    """The same one is answered from memory as long as few others come between."""
    monkeypatch.setattr(advice, "REMEMBERED", 2)
    workers = Workers()
    asked = advice.Advice(workers, DEFAULT_LIMITS)
    for steps in (2, 2, 3, 4, 2):
        config = run_config(steps=steps, optimizer={"name": "SGD", "hyperparameters": {"lr": 0.0}})
        assert await asked.of(config) == linter.lint(config)
    assert workers.asked == [("lint", 2), ("lint", 3), ("lint", 4), ("lint", 2)]

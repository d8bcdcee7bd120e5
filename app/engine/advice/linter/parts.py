"""The schedulers of a run under the linter."""

from collections.abc import Iterator

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.recipe.lr_schedulers.parts import Part, parts_of
from optiscope.engine.recipe.order import schedule_calls

__all__ = ["Part", "parts"]


def parts(facts: Facts) -> Iterator[Part]:
    """All schedulers of a run that are ever stepped."""
    return parts_of(facts.config.lr_scheduler, facts.config.steps, sum(schedule_calls(facts.config.loop)))

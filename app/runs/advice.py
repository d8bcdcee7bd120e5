"""What the linter says of recipes: asked of a worker, and remembered."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from optiscope.engine.advice import linter
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.limits import Limits
from optiscope.runs.service import RunService
from optiscope.runs.workers.lanes import Kind, Lane

REMEMBERED = 512
"""Recipes, of which each has a handful of sentences."""


class Advice:
    """Warnings by config; a recipe is tried once, and the longest unasked ones go first.

    Args:
        service: Whose workers try recipes.
        limits: How far they may.
    """

    def __init__(self, service: RunService, limits: Limits) -> None:
        self._service = service
        self._limits = limits
        self._known: OrderedDict[str, Sequence[linter.LintWarning]] = OrderedDict()

    async def of(self, config: RunConfig) -> Sequence[linter.LintWarning]:
        """What is said of a run that can be started; whoever cancels this gives up the trial."""
        key = config.canonical()
        if key not in self._known:
            job: Callable[..., Any] = linter.in_parts
            self._known[key] = await self._service.compute(job, config, self._limits, lane=Lane(Kind.LINT))
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]

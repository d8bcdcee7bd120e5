"""A linter for recipes: what can be known of a run to go wrong, before it is trained.

Each warning says what, why, and what to do. Adding a rule is writing a function of ``Facts`` and listing it
in the ``RULES`` of its module.
"""

from optiscope.engine.advice.linter import loops, optimizers, schedules, stability
from optiscope.engine.advice.linter.facts import Facts, LintWarning
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.loop.judging import built
from optiscope.engine.loop.training import Training

__all__ = ["LintWarning", "lint", "lint_built"]

RULES = (*loops.RULES, *optimizers.RULES, *stability.RULES, *schedules.RULES)


def lint(config: RunConfig, limits: Limits = DEFAULT_LIMITS) -> list[LintWarning]:
    """What an expert would say about a run, in the order of the loop, the optimizer and the schedule.

    Raises:
        ConfigError: If the run cannot be started.
    """
    return lint_built(built(config, limits))


def lint_built(training: Training) -> list[LintWarning]:
    """``lint`` of a run that is built already."""
    facts = Facts(training)
    return [warning for rule in RULES for warning in rule(facts)]

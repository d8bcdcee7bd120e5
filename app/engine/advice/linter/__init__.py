"""A linter for recipes: what can be known of a run to go wrong, before it is trained.

It looks at what a recipe does: at the rates that torch's own schedulers give, and at a short probing run
through the loop that would train it. Each warning says what was measured, what it means, and what to do.
Adding a rule is writing a function of ``Facts`` and listing it in the ``RULES`` of its family.
"""

from itertools import chain

from optiscope.engine.advice.linter import (
    averaging,
    batches,
    clipping,
    composition,
    decay,
    factors,
    freezing,
    grouping,
    hand_overs,
    loops,
    momentum,
    networks,
    optimizers,
    plateaus,
    rates,
    restarting,
    schedules,
    stability,
    steps,
    unusual,
)
from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.probe import probing
from optiscope.engine.advice.schedules import Schedule, known_steps, preview_in_parts
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.core.parts import Parts, whole
from optiscope.engine.loop.judging import built
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.optimizers.places import places_of

__all__ = ["FAMILIES", "RULES", "LintWarning", "Rule", "in_parts", "lint", "lint_built"]

FAMILIES = (
    loops,
    restarting,
    freezing,
    batches,
    grouping,
    optimizers,
    momentum,
    unusual,
    stability,
    schedules,
    composition,
    hand_overs,
    plateaus,
    rates,
    decay,
    factors,
    clipping,
    averaging,
    networks,
    steps,
)
"""Causes before symptoms: a rule that others make needless stands behind them."""

RULES: tuple[Rule, ...] = tuple(chain.from_iterable(family.RULES for family in FAMILIES))


def lint(config: RunConfig, limits: Limits = DEFAULT_LIMITS) -> list[LintWarning]:
    """What an expert would say about a run who has tried its first steps.

    Raises:
        ConfigError: If the run cannot be started.
    """
    return whole(in_parts(config, limits))


def in_parts(config: RunConfig, limits: Limits = DEFAULT_LIMITS) -> Parts[list[LintWarning]]:
    """``lint`` as a job that may be given up between its parts.

    Raises:
        ConfigError: If the run cannot be started.
    """
    training = built(config, limits)
    yield
    schedule = yield from _scheduled(training)
    tried = yield from probing(config, training)
    yield
    return _found(Facts(training, tried, schedule))


def _scheduled(training: Training) -> Parts[Schedule | None]:
    """The schedule of the whole run, as far as one may be drawn; None if there is none without a run."""
    config, groups = training.config, len(places_of(training.config.optimizer))
    steps = min(known_steps(config), training.limits.max_schedule_values // groups)
    if config.lr_scheduler is None or not steps:
        return None
    schedule = yield from preview_in_parts(config.model_copy(update={"steps": steps}), with_get_lr=False)
    return schedule


def lint_built(training: Training) -> list[LintWarning]:
    """What ``lint`` says of a run that is built already, as far as that can be said without a step."""
    return _found(Facts(training))


def _found(facts: Facts) -> list[LintWarning]:
    found: list[LintWarning] = []
    for rule in RULES:
        is_explained = not rule.unless.isdisjoint({warning.code for warning in found})
        if not is_explained and (rule.measured != "probe" or facts.tried is not None):
            found += rule.look(facts)
    return found

"""Hyperparameters that follow a factor of the step."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.parts import parts
from optiscope.engine.advice.schedules import Values
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import Said, rounded, say
from optiscope.engine.recipe.hyperparameters import POINTER, Scheduled

_MOMENTA = ("momentum", "betas/0")
_KEPT = ("momentum", "betas", "rho")
"""Shares of themselves that averages keep in a step."""

_LESS = 0.9
"""A share that is noticeably less than the whole."""


@dataclass(frozen=True, slots=True)
class _Factors:
    """What a schedule multiplies with in the steps that are looked at, and what stops it."""

    scheduled: Scheduled
    pointer: str
    values: Values
    failed: tuple[int, Said] | None


def _factors(facts: Facts) -> Iterator[_Factors]:
    for number, one in enumerate(facts.training.hyperparameters.scheduled):
        values: list[float] = []
        failed = None
        for step in range(facts.previewed_steps):
            try:
                values.append(one.factor(step))
            except ConfigError as error:
                failed = (step, error.problems[0].said)
                break
        yield _Factors(one, f"{POINTER}/{number}", np.array(values), failed)


def _factor_fails(facts: Facts) -> Iterator[LintWarning]:
    for found in _factors(facts):
        if found.failed is not None:
            step, why = found.failed
            yield LintWarning(f"{found.pointer}/factor", say("factor_fails", step=step + 1, because=why))


def _factor_of_zero(facts: Facts) -> Iterator[LintWarning]:
    for found in _factors(facts):
        if all(member.initial == 0 for member in found.scheduled.members):
            said = say("factor_of_zero", field=found.scheduled.config.hyperparameter)
            yield LintWarning(f"{found.pointer}/hyperparameter", said)


def _factor_constant(facts: Facts) -> Iterator[LintWarning]:
    for found in _factors(facts):
        if len(found.values) > 1 and (found.values == found.values[0]).all():
            said = say(
                "factor_constant",
                field=found.scheduled.config.hyperparameter,
                factor=rounded(float(found.values[0])),
                count=len(found.values),
            )
            yield LintWarning(f"{found.pointer}/factor", said)


def _factor_negative(facts: Facts) -> Iterator[LintWarning]:
    for found in _factors(facts):
        if (found.values < 0).any():
            step = int(np.argmax(found.values < 0))
            said = say(
                "factor_negative",
                field=found.scheduled.config.hyperparameter,
                step=step + 1,
                factor=rounded(float(found.values[step]), 3),
                least=rounded(float(found.values.min()), 3),
            )
            yield LintWarning(f"{found.pointer}/factor", said)


def _factor_above_one(facts: Facts) -> Iterator[LintWarning]:
    """The share that an average keeps, lifted above 1."""
    for found in _factors(facts):
        if found.scheduled.key.name not in _KEPT or not found.values.size:
            continue
        value = found.values * max(member.initial for member in found.scheduled.members)
        if (value > 1).any():
            step = int(np.argmax(value > 1))
            said = say(
                "factor_above_one",
                field=found.scheduled.config.hyperparameter,
                step=step + 1,
                value=rounded(float(value[step]), 3),
                most=rounded(float(value.max()), 3),
            )
            yield LintWarning(f"{found.pointer}/factor", said)


def _factor_overwrites(facts: Facts) -> Iterator[LintWarning]:
    cycling = next(
        (part for part in parts(facts) if part.info.cycles_momentum and part.value("cycle_momentum")), None
    )
    for found in _factors(facts):
        name = found.scheduled.config.hyperparameter
        if cycling is not None and name in _MOMENTA:
            said = say("factor_overwrites", field=name, scheduler=cycling.config.name)
            yield LintWarning(f"{found.pointer}/hyperparameter", said)


def _decay_falls_twice(facts: Facts) -> Iterator[LintWarning]:
    if facts.config.lr_scheduler is None or not facts.knows_all_rates:
        return
    for found in _factors(facts):
        if found.scheduled.config.hyperparameter != "weight_decay" or len(found.values) < facts.config.steps:
            continue
        first = facts.rates[0]
        with np.errstate(all="ignore"):
            rate, factor = first[-1] / first.max(), found.values[-1] / found.values.max()
        if 0 <= rate < _LESS and 0 <= factor < _LESS:
            said = say(
                "decay_falls_twice",
                rate=rounded(float(rate), 2),
                factor=rounded(float(factor), 2),
                both=rounded(float(rate * factor), 2),
            )
            yield LintWarning(f"{found.pointer}/factor", said)


RULES = (
    Rule("factor_fails", "config", "the factor has no finite value in some step", _factor_fails),
    Rule(
        "factor_of_zero",
        "config",
        "what the factor is multiplied with is 0 in every group that follows it",
        _factor_of_zero,
    ),
    Rule(
        "factor_constant",
        "config",
        "the factor is the same in all steps looked at",
        _factor_constant,
        frozenset({"factor_of_zero"}),
    ),
    Rule(
        "factor_negative",
        "config",
        "the factor is below 0 in some step",
        _factor_negative,
        frozenset({"factor_of_zero"}),
    ),
    Rule("factor_above_one", "config", "the share that an average keeps is above 1", _factor_above_one),
    Rule(
        "factor_overwrites",
        "config",
        "a factor moves momentum, and so does the schedule of the rate",
        _factor_overwrites,
    ),
    Rule(
        "decay_falls_twice",
        "rates",
        "the rate and the factor of weight decay both end below nine tenths of their peaks",
        _decay_falls_twice,
        frozenset({"factor_of_zero"}),
    ),
)

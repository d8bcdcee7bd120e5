"""Momentum and the averages that go with it."""

from collections.abc import Iterator

import numpy as np

from optiscope.engine.advice.linter.facts import Facts, Group
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.parts import parts
from optiscope.engine.advice.schedules import Values
from optiscope.engine.core.words import rounded, say

_SQUARES = ("exp_avg_sq", "square_avg", "exp_inf")
_PAIR = 2
_MEMORY = 2.0
"""A velocity that remembers so many times the run is still filling when that ends."""


def _momentum_never_decays(facts: Facts) -> Iterator[LintWarning]:
    for chosen in facts.optimizers:
        for pointer, value in chosen.values("momentum"):
            if value == 1:
                yield LintWarning(pointer, say("momentum_never_decays"))


def _dampening_blocks(facts: Facts) -> Iterator[LintWarning]:
    for chosen in facts.optimizers:
        for pointer, value in chosen.values("dampening"):
            if value == 1 and chosen.value("momentum"):
                yield LintWarning(pointer, say("dampening_blocks"))


def _dampening_without_momentum(facts: Facts) -> Iterator[LintWarning]:
    for group in facts.groups:
        damps = group.values.get("dampening") and "momentum" in group.values
        if damps and not _momentum_of(facts, group).any():
            said = say("dampening_without_momentum", value=rounded(group.values["dampening"]))
            yield LintWarning(group.at("dampening"), said)


def _momentum_of(facts: Facts, group: Group) -> Values:
    """[n] momentum or beta1 of a group, as far as it is known; zeros where there is none."""
    schedule = facts.schedule
    if schedule is not None and schedule.momentum is not None and schedule.momentum.shape[1]:
        known: Values = np.nan_to_num(schedule.momentum[group.index])
        return known
    betas = group.values.get("betas") or (0.0,)
    return np.array([group.values.get("momentum", betas[0])], dtype=np.float64)


def _momentum_switched_on(facts: Facts) -> Iterator[LintWarning]:
    cycling = next((part for part in parts(facts) if part.info.cycles_momentum), None)
    if cycling is None:
        return
    for group in facts.groups:
        given = dict(group.chosen.values("momentum"))
        chosen = given.get(group.at("momentum"), group.chosen.value("momentum"))
        momentum = _momentum_of(facts, group)
        if chosen == 0 and momentum.any():
            said = say(
                "momentum_switched_on",
                scheduler=cycling.config.name,
                optimizer=group.chosen.info.name,
                least=rounded(float(momentum.min()), 3),
                most=rounded(float(momentum.max()), 3),
                step=int(np.argmax(momentum > 0)) + 1,
                lr=rounded(group.chosen.value("lr")),
                rate=rounded(float(facts.rates[group.index].max()), 3),
            )
            yield LintWarning(cycling.at("cycle_momentum"), said)
            return


def _second_beta_zero(facts: Facts) -> Iterator[LintWarning]:
    for group in facts.groups:
        if not set(_SQUARES) & set(group.chosen.info.state):
            continue
        betas = group.values.get("betas")
        name, value = ("betas", betas[1]) if betas else ("alpha", group.values.get("alpha"))
        if value is None and "rho" in group.values:
            name, value = "rho", group.values["rho"]
        if value == 0:
            said = say("second_beta_zero", optimizer=group.chosen.info.name, field=name)
            yield LintWarning(group.at(name), said)


def _betas_swapped(facts: Facts) -> Iterator[LintWarning]:
    for group in facts.groups:
        betas = group.values.get("betas")
        if not betas or len(betas) != _PAIR or "exp_avg_sq" not in group.chosen.info.state:
            continue
        first = _momentum_of(facts, group)
        if first.max() ** 2 > betas[1] > 0:
            said = say(
                "betas_swapped",
                optimizer=group.chosen.info.name,
                first=rounded(float(first.max()), 4),
                second=rounded(betas[1], 4),
                step=int(np.argmax(first)) + 1,
            )
            yield LintWarning(group.at("betas"), said)


def _momentum_outlasts_run(facts: Facts) -> Iterator[LintWarning]:
    steps = facts.config.steps
    for group in facts.groups:
        least = float(_momentum_of(facts, group).min())
        undamped = "momentum_buffer" in group.chosen.info.state and group.values.get("dampening") == 0
        if undamped and least < 1 and (memory := 1 / (1 - least)) >= _MEMORY * steps and least > 0:
            said = say(
                "momentum_outlasts_run", momentum=rounded(least), memory=rounded(memory, 3), count=steps
            )
            yield LintWarning(group.at("momentum"), said)


RULES = (
    Rule("momentum_never_decays", "config", "momentum is 1", _momentum_never_decays),
    Rule("dampening_blocks", "config", "dampening is 1 with momentum", _dampening_blocks),
    Rule(
        "dampening_without_momentum",
        "rates",
        "dampening is given, and momentum is 0 in all steps",
        _dampening_without_momentum,
    ),
    Rule(
        "momentum_switched_on",
        "rates",
        "momentum is 0 in the optimizer and above 0 in the steps of the schedule",
        _momentum_switched_on,
    ),
    Rule(
        "second_beta_zero",
        "config",
        "the average of squared gradients remembers nothing but the last one",
        _second_beta_zero,
    ),
    Rule(
        "betas_swapped",
        "rates",
        "the largest beta1 of all steps, squared, is above beta2",
        _betas_swapped,
    ),
    Rule(
        "momentum_outlasts_run",
        "rates",
        "1 / (1 - momentum) is at least twice the number of steps",
        _momentum_outlasts_run,
    ),
)

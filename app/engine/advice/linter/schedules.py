"""Schedules that are planned for another run: too short, too long, or cut off."""

from collections.abc import Iterator

import numpy as np

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.parts import Part, parts
from optiscope.engine.core.words import Said, rounded, say
from optiscope.engine.loop.failing import bounds_of_run

_MUCH_LONGER = 1.25
_MUCH_SHORTER = 0.9
_ROUNDING = 1e-9
_JUMP = 1.5
"""A rise so many times as large as those before it is none of the warm-up's own."""

_HIGH = 0.5
"""The share of its peak at which a rate is still high."""


def _interval(facts: Facts) -> int:
    return facts.config.lr_scheduler.interval if facts.config.lr_scheduler else 1


def _one_cycle_too_short(facts: Facts) -> Iterator[LintWarning]:
    for bound in bounds_of_run(facts.config):
        said = say(
            "one_cycle_too_short",
            scheduler=bound.part.config.name,
            count=bound.count,
            calls=bound.part.calls,
            step=bound.step,
            field=bound.field,
        )
        yield LintWarning(bound.pointer, said)


def _warm_up_too_long(facts: Facts) -> Iterator[LintWarning]:
    for part in parts(facts):
        warming, length = part.info.warm_up, part.calls_of(part.info.warm_up)
        if warming is None or not length > part.calls > 0 or (because := _cut_short(facts, part)) is None:
            continue
        said = say(
            "warm_up_too_long",
            scheduler=part.config.name,
            length=length,
            calls=part.calls,
            because=because,
        )
        yield LintWarning(part.at(warming.by), said)


def _cut_short(facts: Facts, part: Part) -> Said | None:
    """What comes of a warm-up that has not enough steps; None if nothing does, as after a mere hold."""
    if facts.schedule is None or not facts.schedule.lr.size:
        return say("warm_up_too_long_never")
    interval, rates = _interval(facts), facts.rates
    own = part.value(part.info.own_rates[-1]) if part.info.own_rates else None
    full = np.array([group.values["initial_lr"] for group in facts.groups]) if own is None else np.array(own)
    if part.nested and not facts.knows_all_rates and not _only_falls_after(facts, part):
        return None
    begun, end = part.begin * interval, (part.begin + part.calls + part.handed) * interval
    if (rates[:, min(begun, len(rates[0]) - 1) :].max(axis=1) < full * (1 - _ROUNDING)).any():
        return say("warm_up_too_long_never")
    if end >= len(rates[0]):
        return None
    rises = np.diff(rates[0, begun : end + 1 : interval])
    if not (rises[:-1] > 0).any() or rises[-1] <= _JUMP * rises[:-1].max():
        return None
    before, after = (rounded(float(rates[0, at]), 3) for at in (end - 1, end))
    return say("warm_up_too_long_cut", step=end + 1, before=before, after=after)


def _only_falls_after(facts: Facts, part: Part) -> bool:
    """Whether the loop then hands over to schedulers that only lower the rate, which so far is known."""
    later = [other for other in parts(facts) if other.begin >= part.begin + part.calls]
    return part.handed and all(other.info.only_falls for other in later)


def _schedule_unfinished(facts: Facts) -> Iterator[LintWarning]:
    for part in parts(facts):
        planned, total = part.info.planned, part.calls_of(part.info.planned)
        if planned is not None and part.calls and total > part.calls * _MUCH_LONGER:
            said = say(
                "schedule_unfinished",
                scheduler=part.config.name,
                planned=total,
                calls=part.calls,
                percent=round(100 * part.calls / total),
                field=planned.by,
            )
            yield LintWarning(part.at(planned.by), said)


def _scheduler_counts_epochs(facts: Facts) -> Iterator[LintWarning]:
    """A length that is the number of epochs, of a scheduler that is called once a minibatch."""
    config = facts.config
    if config.batch_size is None or not facts.uses_minibatches or _interval(facts) != 1:
        return
    batches = -(-facts.training.problem.samples // config.batch_size)
    epochs = config.steps / batches
    for part in parts(facts):
        planned, total = part.info.planned, part.calls_of(part.info.planned)
        if part.nested or planned is None or total >= part.calls * _MUCH_SHORTER:
            continue
        if abs(total - epochs) < 1 <= epochs - 1:
            said = say(
                "scheduler_counts_epochs",
                field=planned.by,
                planned=total,
                epochs=rounded(epochs, 3),
                interval=batches,
                count=config.steps,
            )
            yield LintWarning("/lr_scheduler/interval", said)


def _cosine_rises_again(facts: Facts) -> Iterator[LintWarning]:
    for part in parts(facts):
        planned, total = part.info.planned, part.calls_of(part.info.planned)
        if planned is None or part.info.beyond != "rises" or total >= part.calls * _MUCH_SHORTER:
            continue
        said = say(
            "cosine_rises_again",
            field=planned.by,
            lowest=total,
            left=part.calls - total,
            calls=part.calls,
        )
        yield LintWarning(part.at(planned.by), said)


def _restart_unfinished(facts: Facts) -> Iterator[LintWarning]:
    restarting = [part for part in parts(facts) if part.info.restarts]
    if not restarting or facts.schedule is None or not facts.knows_all_rates:
        return
    part = restarting[-1]
    field = part.info.restarts or ""
    rates = facts.rates[0]
    peak, last = float(rates.max()), float(rates[-1])
    if last > _HIGH * peak and (part.begin + part.calls + 1) * _interval(facts) > facts.config.steps:
        said = say(
            "restart_unfinished",
            scheduler=part.config.name,
            step=rates.size,
            rate=rounded(last, 3),
            percent=round(100 * last / peak),
            field=field,
        )
        yield LintWarning(part.at(field), said)


def _schedule_fails(facts: Facts) -> Iterator[LintWarning]:
    schedule = facts.schedule
    if schedule is not None and schedule.ended is not None:
        yield LintWarning("/lr_scheduler", say("schedule_fails", end=schedule.ended.said))


RULES = (
    Rule(
        "one_cycle_too_short",
        "config",
        "the run steps a scheduler more often than that allows",
        _one_cycle_too_short,
    ),
    Rule(
        "warm_up_too_long",
        "rates",
        "a warm-up is longer than its part of the run, and the full rate comes never, or with a jump",
        _warm_up_too_long,
    ),
    Rule(
        "schedule_unfinished",
        "config",
        "a schedule is planned for over a quarter more steps than it has",
        _schedule_unfinished,
    ),
    Rule(
        "scheduler_counts_epochs",
        "config",
        "a schedule of as many calls as the run has epochs is called with every minibatch",
        _scheduler_counts_epochs,
        frozenset({"one_cycle_too_short"}),
    ),
    Rule(
        "cosine_rises_again",
        "config",
        "half a period ends before nine tenths of the steps",
        _cosine_rises_again,
        frozenset({"scheduler_counts_epochs"}),
    ),
    Rule(
        "restart_unfinished",
        "rates",
        "after the last restart the rate is above half of its peak in the last step",
        _restart_unfinished,
    ),
    Rule(
        "schedule_fails",
        "rates",
        "a scheduler raised an error while it was stepped through",
        _schedule_fails,
        frozenset({"one_cycle_too_short"}),
    ),
)

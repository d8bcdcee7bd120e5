"""What the rates do over the run, whatever they are made of."""

from collections.abc import Iterator

import numpy as np

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.parts import parts
from optiscope.engine.advice.schedules import Values, needs_run
from optiscope.engine.core.words import rounded, say

_GONE = 1e-4
"""A rate below this share of its peak hardly moves anything."""

_LATE = 0.8
"""A rate may be gone after this share of the run."""

_ARRIVED = 1e-2
"""The share of its largest norm that a gradient has near a minimum at most."""

_ROUNDING = 1e-9
"""A share of the peak that is nothing but rounding."""

_FAR_ABOVE = 2.0


def _known(facts: Facts) -> Values | None:
    """[groups, n] the rates of a schedule, as far as they are known; None if there is nothing to see."""
    if facts.config.lr_scheduler is None or facts.rates.shape[1] <= 1:
        return None
    return facts.rates if facts.schedule is not None or facts.tried is not None else None


def _rate_not_finite(facts: Facts) -> Iterator[LintWarning]:
    rates = _known(facts)
    if rates is not None and not np.isfinite(rates).all():
        step = int(np.argmin(np.isfinite(rates).all(axis=0))) + 1
        yield LintWarning("/lr_scheduler", say("rate_not_finite", step=step))


def _rate_negative(facts: Facts) -> Iterator[LintWarning]:
    rates = _known(facts)
    if rates is None:
        return
    below = (rates < -_ROUNDING * np.abs(rates).max(axis=1, keepdims=True)).any(axis=0)
    if below.any():
        step = int(np.argmax(below)) + 1
        lowest = rounded(float(rates.min()), 3)
        yield LintWarning("/lr_scheduler", say("rate_negative", step=step, lowest=lowest))


def _schedule_without_effect(facts: Facts) -> Iterator[LintWarning]:
    yield from _patience_outlasts(facts)
    schedule = facts.schedule
    if schedule is None or not 1 < schedule.lr.shape[1] == facts.config.steps:
        return
    if _constant(schedule.lr) and (schedule.momentum is None or _constant(schedule.momentum)):
        constant = say("schedule_without_effect_constant", count=facts.config.steps)
        yield LintWarning("/lr_scheduler", say("schedule_without_effect", because=constant))


def _patience_outlasts(facts: Facts) -> Iterator[LintWarning]:
    for part in parts(facts):
        if part.info.takes("patience") and part.value("patience") >= part.calls:
            patience = say(
                "schedule_without_effect_patience", patience=part.value("patience"), calls=part.calls
            )
            yield LintWarning(part.at("patience"), say("schedule_without_effect", because=patience))


def _constant(values: Values) -> bool:
    return bool(((values == values[:, :1]) | np.isnan(values)).all())


def _vanishes_at(facts: Facts, rates: Values) -> int | None:
    """The step from which on a rate is gone, long before the end; None if it is not."""
    steps, seen = facts.config.steps, len(rates[0])
    alive = (rates >= _GONE * rates.max(axis=1, keepdims=True)).any(axis=0)
    last = seen - int(np.argmax(alive[::-1]))
    only_falls = all(part.info.only_falls for part in parts(facts))
    if last < seen and last < _LATE * steps and (seen == steps or only_falls):
        return last + 1
    return None


def _moves_on(facts: Facts) -> bool:
    """Whether steps are still there when the rate is gone: as it was tried, or else as the entries say."""
    if facts.tried is not None and facts.tried.trials.own is not None:
        return facts.probe.trials.moves_without_rate
    return any(chosen.info.moves_without_rate for chosen in facts.optimizers)


def _rate_vanishes(facts: Facts) -> Iterator[LintWarning]:
    rates = _known(facts)
    if rates is None or not rates.any() or _moves_on(facts):
        return
    step = _vanishes_at(facts, rates)
    if step is not None and not _has_arrived(facts, step):
        said = say(
            "rate_vanishes",
            step=step,
            steps=facts.config.steps,
            share=_GONE,
            peak=rounded(float(rates.max())),
            left=facts.config.steps - step + 1,
        )
        yield LintWarning("/lr_scheduler", said)


def _has_arrived(facts: Facts, step: int) -> bool:
    """Whether a scheduler that waits for the loss has lowered the rate where nothing was left to learn."""
    if facts.schedule is not None:
        return False
    norms = facts.probe.grad_norm
    return bool(norms[step] < _ARRIVED * np.nanmax(norms))


def _stepped_every_batch(facts: Facts) -> Iterator[LintWarning]:
    config, rates = facts.config, _known(facts)
    scheduler = config.lr_scheduler
    if scheduler is None or rates is None or facts.schedule is None or not facts.uses_minibatches:
        return
    if needs_run(config):
        return
    epoch = -(-facts.training.problem.samples // (config.batch_size or 1))
    if scheduler.interval != 1 or _moves_on(facts) or (step := _vanishes_at(facts, rates)) is None:
        return
    by_epoch = scheduler.model_copy(update={"interval": epoch})
    slower = facts.drawn(lr_scheduler=by_epoch, steps=facts.previewed_steps)
    if slower.ended is None and _vanishes_at(facts, slower.lr) is None:
        said = say(
            "stepped_every_batch",
            step=step,
            interval=epoch,
            share=_GONE,
            rate=rounded(float(slower.lr[:, -1].max()), 3),
        )
        yield LintWarning("/lr_scheduler/interval", said)


def _first_rate_zero(facts: Facts) -> Iterator[LintWarning]:
    rates = _known(facts)
    if rates is None or not rates.any():
        return
    count = int(np.argmax(rates.any(axis=0)))
    if count:
        yield LintWarning("/lr_scheduler", say("first_rate_zero", count=count))


def _rate_grows(facts: Facts) -> Iterator[LintWarning]:
    schedule = facts.schedule
    if schedule is None or not schedule.lr.size or any(part.info.own_rates for part in parts(facts)):
        return
    base = np.array([group.values["initial_lr"] for group in facts.groups])
    with np.errstate(all="ignore"):
        growth = np.nan_to_num(schedule.lr.max(axis=1) / base, posinf=0.0)
    worst = int(np.argmax(growth))
    growing = next((part for part in parts(facts) if (part.value("gamma") or 0) > 1), None)
    if growth[worst] > (1 + _ROUNDING if growing else _FAR_ABOVE):
        step = int(np.argmax(schedule.lr[worst])) + 1
        said = say(
            "rate_grows",
            factor=rounded(float(growth[worst]), 3),
            step=step,
            rate=rounded(float(schedule.lr[worst].max()), 3),
            lr=rounded(float(base[worst])),
        )
        yield LintWarning(growing.at("gamma") if growing else "/lr_scheduler", said)


def _eta_min_above(facts: Facts) -> Iterator[LintWarning]:
    schedule = facts.schedule
    for part in parts(facts):
        lowest = part.value("eta_min")
        base = max(group.values.get("initial_lr", 0.0) for group in facts.groups)
        if lowest is None or schedule is None or lowest <= base or not (schedule.lr > base).any():
            continue
        step = int(np.argmax((schedule.lr > base).any(axis=0))) + 1
        said = say(
            "eta_min_above",
            scheduler=part.config.name,
            value=rounded(lowest),
            lr=rounded(base),
            step=step,
        )
        yield LintWarning(part.at("eta_min"), said)


def _bounds_reversed(facts: Facts) -> Iterator[LintWarning]:
    for part in parts(facts):
        if len(part.info.own_rates) <= 1:
            continue
        low, high = (np.max(part.value(name)) for name in part.info.own_rates)
        if low > high:
            said = say(
                "bounds_reversed",
                scheduler=part.config.name,
                low=rounded(float(low)),
                high=rounded(float(high)),
            )
            yield LintWarning(part.at(part.info.own_rates[0]), said)


def _decays_twice(facts: Facts) -> Iterator[LintWarning]:
    schedule = facts.schedule
    if schedule is None or not schedule.lr.size:
        return
    info = facts.optimizers[0].info
    if info.shrinks_steps and schedule.lr[0, -1] < 0.5 * schedule.lr[0].max():
        yield LintWarning("/lr_scheduler", say("decays_twice", optimizer=info.name))


def _schedule_over_average(facts: Facts) -> Iterator[LintWarning]:
    rates = _known(facts)
    if rates is None:
        return
    for group in facts.groups:
        of_group = rates[group.index]
        if group.chosen.info.schedule_free and of_group[-1] < (1 - _ROUNDING) * of_group.max():
            said = say(
                "schedule_over_average",
                optimizer=group.chosen.info.name,
                most=rounded(float(of_group.max()), 3),
                last=rounded(float(of_group[-1]), 3),
                step=of_group.size,
            )
            yield LintWarning("/lr_scheduler", said)
            return


def _rate_ignored(facts: Facts) -> Iterator[LintWarning]:
    rates, found = _known(facts), facts.probe
    if rates is None or _constant(rates) or found.trials.looks_at_rate:
        return
    said = say("rate_ignored", optimizer=facts.optimizers[0].info.name, step=found.steps)
    yield LintWarning("/lr_scheduler", said)


RULES = (
    Rule("rate_not_finite", "rates", "a rate is infinite or no number", _rate_not_finite),
    Rule("rate_negative", "rates", "a rate is below 0 by more than rounding", _rate_negative),
    Rule(
        "schedule_without_effect",
        "rates",
        "neither a rate nor a momentum changes in any step",
        _schedule_without_effect,
    ),
    Rule(
        "rate_ignored",
        "probe",
        "a step at nine tenths of the rate was the same, bit for bit",
        _rate_ignored,
        frozenset({"rate_capped"}),
    ),
    Rule(
        "stepped_every_batch",
        "rates",
        "the rate vanishes if the scheduler is stepped every minibatch, and does not if every epoch",
        _stepped_every_batch,
    ),
    Rule(
        "rate_vanishes",
        "rates",
        "the rate is below 1e-4 of its peak for the last fifth of the run or more, and steps follow the rate",
        _rate_vanishes,
        frozenset({"stepped_every_batch", "rate_negative", "rate_not_finite", "plateau_never_improves"}),
    ),
    Rule("first_rate_zero", "rates", "the rate is 0 in the first step", _first_rate_zero),
    Rule("eta_min_above", "rates", "a schedule rises to an eta_min above lr", _eta_min_above),
    Rule(
        "rate_grows",
        "rates",
        "a rate rises above the optimizer's own: by any gamma above 1, or to more than twice",
        _rate_grows,
        frozenset({"eta_min_above", "rate_not_finite"}),
    ),
    Rule("bounds_reversed", "config", "the lower bound of a cycle is above the upper one", _bounds_reversed),
    Rule(
        "decays_twice",
        "rates",
        "a schedule halves the rate of an optimizer whose steps shrink by themselves",
        _decays_twice,
    ),
    Rule(
        "schedule_over_average",
        "rates",
        "a schedule lowers the rate of an optimizer whose own average takes its place",
        _schedule_over_average,
    ),
)

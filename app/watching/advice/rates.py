"""Rules about rates: schedules that are stepped at the wrong place or pace, that run out, or never end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optiscope.engine.core.words import rounded, say
from optiscope.engine.loop.block import Array
from optiscope.watching.advice.facts import Facts
from optiscope.watching.advice.finding import Finding, Rule

_LONG = 10_000
"""Steps in which a scheduler is called once, even where it counts epochs."""

_SHORT = 100
"""Steps of a whole run of which the same is expected."""

_GONE = 1e-4
"""A rate below this share of its peak moves nothing."""

_REST = 0.2
"""The share of a run that may be left at such a rate."""

_OFTEN = 1.5
"""Calls a step beyond which they are too many."""

_NEARLY = 0.8
"""A schedule that came so far has ended."""

_HIGH = 0.1
"""A rate above this share of its peak is still high."""

_PAST = 1.1


@dataclass(frozen=True, slots=True)
class Calls:
    """How often a scheduler was called.

    Attributes:
        name: Of the scheduler.
        plan: What it is planned for, by the name of its field.
        counts: Its calls at each record since the run began.
        steps: The steps since then.
    """

    name: str
    plan: Mapping[str, Any]
    counts: Array
    steps: Array

    @property
    def is_every_step(self) -> bool:
        """Whether each step has one call, about."""
        return bool(self.counts[-1] >= (1 - 1 / _LONG) * (self.steps[-1] - 1))


def _calls(facts: Facts) -> Iterator[Calls]:
    called = facts.column("scheduled")
    if called is None:
        return
    first, step = called[0], int(facts.steps[0])
    begun = facts.start.optional.get("scheduled") if facts.start is not None else None
    if facts.start is not None and isinstance(begun, np.ndarray) and begun.shape[1:] == called.shape[1:]:
        first, step = begun[-1], facts.start.steps[-1]
    plans = facts.beginning.source.get("schedules")
    for place, name in enumerate(facts.schedulers[: called.shape[1]]):
        plan = plans[place] if isinstance(plans, list) and place < len(plans) else {}
        yield Calls(
            name,
            plan if isinstance(plan, dict) else {},
            called[:, place] - first[place],
            (facts.steps - step).astype(np.float64),
        )


def _scheduler_first(facts: Facts) -> Iterator[Finding]:
    for calls in _calls(facts):
        if calls.steps[0] >= 1 and (calls.counts == calls.steps).all():
            yield Finding(say("scheduler_first"), int(facts.steps[0]))
            return


def _called_often(facts: Facts) -> Iterator[Finding]:
    for calls in _calls(facts):
        if calls.steps[-1] > 1 and calls.counts[-1] > _OFTEN * calls.steps[-1]:
            steps, counted = int(calls.steps[-1]), int(calls.counts[-1])
            yield Finding(say("scheduler_called_often", scheduler=calls.name, calls=counted, steps=steps))


def _scheduler_silent(facts: Facts) -> Iterator[Finding]:
    over = facts.column("epoch")
    expected = facts.last >= _LONG or (facts.is_complete and facts.last >= _SHORT)
    expected |= over is not None and bool(over[-1] > 1)
    every = list(_calls(facts))
    if every and expected and all(not calls.counts.any() for calls in every):
        yield Finding(say("scheduler_silent", steps=facts.last))


def _momentum_switched_on(facts: Facts) -> Iterator[Finding]:
    momentum, lr = facts.column("momentum"), facts.column("lr")
    if momentum is None or lr is None or not facts.schedulers or not facts.optimizers:
        return
    first = facts.optimizers[0].get("defaults") or {}
    on = np.nan_to_num(momentum).max(axis=1) > 0
    if first.get("momentum") == 0 and on.any():
        row = int(np.argmax(on))
        said = say(
            "momentum_switched_on",
            scheduler=facts.schedulers[0],
            optimizer=facts.optimizer,
            least=rounded(float(np.nanmin(momentum[on]))),
            most=rounded(float(np.nanmax(momentum[on]))),
            step=int(facts.steps[row]),
            rate=rounded(float(np.nanmax(lr))),
            lr=rounded(float(first.get("lr") or 0.0)),
        )
        yield Finding(said, int(facts.steps[row]))


def _ran_out(facts: Facts) -> Iterator[Finding]:
    lr = facts.column("lr")
    if lr is None or not facts.schedulers or not np.isfinite(lr).all():
        return
    rates = np.abs(lr).max(axis=1)
    begun = facts.start.lr.max() if facts.start is not None else 0.0
    peak = float(max(rates.max(), begun))
    low = rates < _GONE * peak
    row = len(low) - int(np.argmin(low[::-1])) if not low.all() else 0
    left = facts.last - int(facts.steps[row]) + 1 if row < len(low) else 0
    if left <= _REST * facts.last or peak == 0:
        return
    often = next((calls for calls in _calls(facts) if calls.is_every_step), None)
    step, share, most = int(facts.steps[row]), _GONE, rounded(peak)
    if often is None:
        said = say("rate_vanishes", step=step, steps=facts.last, share=share, peak=most, left=left)
    else:
        said = say(
            "schedule_ran_out",
            step=step,
            steps=facts.last,
            share=share,
            peak=most,
            left=left,
            scheduler=often.name,
            rate=rounded(float(rates[-1]), 3),
        )
    yield Finding(said, step)


def _unfinished(facts: Facts) -> Iterator[Finding]:
    lr = facts.column("lr")
    for calls in _calls(facts):
        field = next((field for field in ("total_steps", "T_max") if field in calls.plan), None)
        if field is None or lr is None:
            continue
        # the last call may have come behind the last record
        planned, made = float(calls.plan[field]), int(calls.counts[-1]) + 1
        still_high = lr[-1].max() > _HIGH * lr.max()
        if facts.is_complete and made < _NEARLY * planned and still_high and facts.last >= _SHORT / 5:
            percent = rounded(100 * made / planned, 2)
            said = say(
                "schedule_unfinished",
                scheduler=calls.name,
                planned=int(planned),
                calls=made,
                percent=percent,
                field=field,
            )
            yield Finding(said)
        if field == "T_max" and calls.counts[-1] > _PAST * planned and "Restarts" not in calls.name:
            past, row = int(calls.counts[-1]), int(np.argmax(calls.counts > planned))
            left = past - int(planned)
            said = say("cosine_rises_again", field=field, lowest=int(planned), left=left, calls=past)
            yield Finding(said, int(facts.steps[row]))


def _zero(facts: Facts) -> Iterator[Finding]:
    lr = facts.column("lr")
    if lr is not None and (lr == 0).all():
        yield Finding(say("learning_rate_zero"))


PLANNED: Sequence[Rule] = (_ran_out, _unfinished, _momentum_switched_on)
"""Those that need no step of the run."""

RULES: Sequence[Rule] = (
    _zero,
    _scheduler_first,
    _called_often,
    _scheduler_silent,
    _ran_out,
    _unfinished,
    _momentum_switched_on,
)

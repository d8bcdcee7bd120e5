"""The learning-rate schedule: what its parts say, and what they do to the rate of every step."""

from collections.abc import Iterator

import numpy as np

from optiscope.engine.advice.linter.facts import Facts, LintWarning, Rule
from optiscope.engine.advice.schedules import Values
from optiscope.engine.core.words import rounded, say
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS
from optiscope.engine.recipe.lr_schedulers.parts import Part, bounds_of, parts_of

_GONE = 1e-4
"""A rate below this share of its peak hardly moves anything."""

_LATE = 0.8
"""A rate may be gone after this share of the run."""

_MUCH_LONGER = 1.25
_MUCH_SHORTER = 0.9


def parts(facts: Facts) -> Iterator[Part]:
    """All schedulers of a run that are ever stepped."""
    return parts_of(facts.config.lr_scheduler, facts.config.steps)


def too_short(facts: Facts) -> Iterator[LintWarning]:
    """A schedule that ends before the run, where torch then raises an error."""
    for bound in bounds_of(facts.config.lr_scheduler, facts.config.steps):
        said = say(
            "one_cycle_too_short",
            scheduler=bound.part.config.name,
            count=bound.count,
            calls=bound.part.calls,
            step=bound.step,
            field=bound.field,
        )
        yield LintWarning(bound.pointer, said)


def warm_up(facts: Facts) -> Iterator[LintWarning]:
    """A warm-up that the run does not live to see the end of."""
    for part in parts(facts):
        warming, length = part.info.warm_up, part.calls_of(part.info.warm_up)
        if warming is not None and length > part.calls > 0:
            said = say("warm_up_too_long", scheduler=part.config.name, length=length, calls=part.calls)
            yield LintWarning(part.at(warming.by), said)


def unfinished(facts: Facts) -> Iterator[LintWarning]:
    """A schedule that is planned for far more steps than there are."""
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


def rises_again(facts: Facts) -> Iterator[LintWarning]:
    """Half a period, and then up again."""
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


def milestones(facts: Facts) -> Iterator[LintWarning]:
    """Parts that never take over."""
    for part in parts(facts):
        marks = part.config.milestones or ()
        for i, mark in enumerate(marks):
            pointer = f"{part.pointer}/milestones/{i}"
            if i and mark <= marks[i - 1]:
                said = say("milestones_out_of_order", milestone=mark, before=marks[i - 1])
                yield LintWarning(pointer, said)
            elif mark >= max(part.calls, 1):
                name = part.config.schedulers[i + 1].name if part.config.schedulers else ""
                said = say("milestone_never_reached", scheduler=name, milestone=mark, calls=part.calls)
                yield LintWarning(pointer, said)


def chained(facts: Facts) -> Iterator[LintWarning]:
    """Schedulers that overwrite what the others of a chain did."""
    for part in parts(facts):
        inner = part.config.schedulers or ()
        if part.info.milestones or len(inner) == 1:
            continue
        for i, config in enumerate(inner):
            if LR_SCHEDULERS[config.name].absolute:
                said = say("chain_overwritten", scheduler=config.name)
                yield LintWarning(f"{part.pointer}/schedulers/{i}/name", said)


def own_rates(facts: Facts) -> Iterator[LintWarning]:
    """Rates of the optimizer, of a group or of other parts that a scheduler does not keep."""
    for part in parts(facts):
        if not part.info.own_rates:
            continue
        if part.nested:
            said = say("initial_rate_replaced", scheduler=part.config.name)
            yield LintWarning(f"{part.pointer}/name", said)
        elif not isinstance(part.value(part.info.own_rates[-1]), list | tuple):
            yield from _overwritten(facts, part)


def _overwritten(facts: Facts, part: Part) -> Iterator[LintWarning]:
    rates = tuple(reversed(part.info.own_rates))
    for chosen in facts.optimizers:
        for i, group in enumerate(chosen.config.param_groups or ()):
            if "lr" in group.hyperparameters:
                said = say(
                    "group_rate_overwritten",
                    scheduler=part.config.name,
                    lr=rounded(group.hyperparameters["lr"]),
                    params=group.params,
                    fields=rates,
                )
                yield LintWarning(f"{chosen.pointer}/param_groups/{i}/lr", said)


def preview_fails(facts: Facts) -> Iterator[LintWarning]:
    """A scheduler that will refuse to go on."""
    schedule = facts.schedule
    if schedule is None or schedule.ended is None or any(too_short(facts)):
        return
    yield LintWarning("/lr_scheduler", say("schedule_fails", end=schedule.ended.said))


def rates(facts: Facts) -> Iterator[LintWarning]:
    """What the rates do over the run, whatever they are made of."""
    schedule = facts.schedule
    if schedule is None or schedule.lr.shape[1] < 2:  # noqa: PLR2004
        return
    if (schedule.lr < 0).any():
        step = int(np.argmax((schedule.lr < 0).any(axis=0))) + 1
        yield LintWarning("/lr_scheduler", say("rate_negative", step=step))
    elif _constant(schedule.lr) and (schedule.momentum is None or _constant(schedule.momentum)):
        if schedule.lr.shape[1] == facts.config.steps:
            constant = say("schedule_without_effect_constant", count=facts.config.steps)
            yield LintWarning("/lr_scheduler", say("schedule_without_effect", because=constant))
    else:
        yield from _vanishing(facts, schedule.lr)


def _constant(values: Values) -> bool:
    return bool(((values == values[:, :1]) | np.isnan(values)).all())


def _vanishing(facts: Facts, lr: Values) -> Iterator[LintWarning]:
    """A rate that is gone long before the end."""
    steps, seen = facts.config.steps, lr.shape[1]
    only_falls = all(part.info.only_falls for part in parts(facts))
    alive = (lr >= _GONE * lr.max(axis=1, keepdims=True)).any(axis=0)
    last = seen - int(np.argmax(alive[::-1]))
    if last < seen and last < _LATE * steps and (seen == steps or only_falls):
        said = say(
            "rate_vanishes",
            step=last + 1,
            steps=steps,
            share=_GONE,
            peak=rounded(float(lr.max())),
            left=steps - last,
        )
        yield LintWarning("/lr_scheduler", said)


def plateau(facts: Facts) -> Iterator[LintWarning]:
    """A scheduler that waits, on the loss of every step."""
    for part in parts(facts):
        if not part.info.needs_metric:
            continue
        if part.value("mode") == "max":
            yield LintWarning(part.at("mode"), say("plateau_mode"))
        if part.info.takes("patience") and part.value("patience") >= part.calls:
            patience = say(
                "schedule_without_effect_patience", patience=part.value("patience"), calls=part.calls
            )
            yield LintWarning(part.at("patience"), say("schedule_without_effect", because=patience))
        if facts.config.batch_size is not None and facts.config.batch_size < facts.training.problem.samples:
            yield LintWarning("/batch_size", say("plateau_noise", scheduler=part.config.name))


def decays_twice(facts: Facts) -> Iterator[LintWarning]:
    """An optimizer that shrinks its steps by itself."""
    schedule = facts.schedule
    if schedule is None or not schedule.lr.size:
        return
    info = facts.optimizers[0].info
    if info.shrinks_steps and schedule.lr[0, -1] < 0.5 * schedule.lr[0].max():
        yield LintWarning("/lr_scheduler", say("decays_twice", optimizer=info.name))


RULES: tuple[Rule, ...] = (
    too_short,
    warm_up,
    unfinished,
    rises_again,
    milestones,
    chained,
    own_rates,
    preview_fails,
    rates,
    plateau,
    decays_twice,
)

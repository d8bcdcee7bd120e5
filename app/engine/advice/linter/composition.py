"""Schedulers made of others, and rates that they do not keep."""

from collections.abc import Iterator

import numpy as np

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.parts import Part, parts
from optiscope.engine.advice.schedules import Values
from optiscope.engine.core.config import LRSchedulerConfig
from optiscope.engine.core.words import rounded, say
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS


def _milestones_out_of_order(facts: Facts) -> Iterator[LintWarning]:
    for part in parts(facts):
        marks = () if part.info.hands_over else part.config.milestones or ()
        for i, mark in enumerate(marks):
            if i and mark <= marks[i - 1]:
                said = say("milestones_out_of_order", milestone=mark, before=marks[i - 1])
                yield LintWarning(f"{part.pointer}/milestones/{i}", said)


def _milestone_never_reached(facts: Facts) -> Iterator[LintWarning]:
    for part in parts(facts):
        marks = part.config.milestones or ()
        for i, mark in enumerate(marks):
            if mark >= max(part.calls, 1) and not (i and mark <= marks[i - 1]):
                name = part.config.schedulers[i + 1].name if part.config.schedulers else ""
                said = say("milestone_never_reached", scheduler=name, milestone=mark, calls=part.calls)
                yield LintWarning(f"{part.pointer}/milestones/{i}", said)


def _milestones_repeated(facts: Facts) -> Iterator[LintWarning]:
    for part in parts(facts):
        marks = part.value("milestones") or ()
        twice = sorted({mark for mark in marks if list(marks).count(mark) > 1})
        if twice and part.begin + twice[0] <= part.calls:
            said = say(
                "milestones_repeated",
                scheduler=part.config.name,
                milestone=twice[0],
                times=list(marks).count(twice[0]),
                factor=rounded((part.value("gamma") or 0.0) ** list(marks).count(twice[0]), 3),
            )
            yield LintWarning(part.at("milestones"), said)


def _chain_overwritten(facts: Facts) -> Iterator[LintWarning]:
    for part in parts(facts):
        inner = part.config.schedulers or ()
        if part.info.milestones or len(inner) == 1:
            continue
        for i, config in enumerate(inner):
            if LR_SCHEDULERS[config.name].absolute:
                said = say("chain_overwritten", scheduler=config.name)
                yield LintWarning(f"{part.pointer}/schedulers/{i}/name", said)


def _alone(facts: Facts, config: LRSchedulerConfig, steps: int) -> Values | None:
    """[groups, steps] the rates of a scheduler by itself; None if it refuses to go so far."""
    whole = facts.config.lr_scheduler
    assert whole is not None  # noqa: S101 - config is a part of it
    config = config.model_copy(update={"interval": whole.interval})
    schedule = facts.drawn(lr_scheduler=config, steps=steps)
    return schedule.lr if schedule.ended is None else None


def _value_lost(facts: Facts) -> Iterator[LintWarning]:
    whole, schedule = facts.config.lr_scheduler, facts.schedule
    if whole is None or schedule is None or not whole.milestones or not whole.schedulers:
        return
    if LR_SCHEDULERS[whole.name].hands_over:
        return
    first = whole.schedulers[0]
    steps = min(whole.milestones[0] * whole.interval, schedule.lr.shape[1], facts.previewed_steps)
    if not LR_SCHEDULERS[first.name].parts or (alone := _alone(facts, first, steps)) is None:
        return
    other = ~np.isclose(alone, schedule.lr[:, :steps], rtol=1e-9, atol=0).all(axis=0)
    if other.any():
        at = int(np.argmax(other))
        said = say(
            "value_lost",
            inner=first.name,
            outer=whole.name,
            step=at + 1,
            expected=rounded(float(alone[0, at]), 4),
            rate=rounded(float(schedule.lr[0, at]), 4),
        )
        yield LintWarning("/lr_scheduler/schedulers/0", said)


def _chain_resets(facts: Facts) -> Iterator[LintWarning]:
    whole, schedule = facts.config.lr_scheduler, facts.schedule
    inner = (whole and whole.schedulers) or ()
    if whole is None or schedule is None or whole.milestones or len(inner) == 1:
        return
    composite = next((i for i, part in enumerate(inner) if LR_SCHEDULERS[part.name].milestones), None)
    if composite is None or any(LR_SCHEDULERS[part.name].own_rates for part in inner):
        return
    base = np.array([[group.values["initial_lr"]] for group in facts.groups])
    known = schedule.lr[:, : facts.previewed_steps]
    alone = [_alone(facts, part, known.shape[1]) for part in inner]
    if not base.all() or any(rates is None for rates in alone):
        return
    expected = base * np.prod([rates / base for rates in alone if rates is not None], axis=0)
    other = ~np.isclose(expected, known, rtol=1e-6, atol=1e-12 * float(base.max())).all(axis=0)
    if other.any():
        at = int(np.argmax(other))
        said = say(
            "chain_resets",
            inner=inner[composite].name,
            outer=whole.name,
            step=at + 1,
            expected=rounded(float(expected[0, at]), 4),
            rate=rounded(float(schedule.lr[0, at]), 4),
        )
        yield LintWarning(f"/lr_scheduler/schedulers/{composite}", said)


def _initial_rate_replaced(facts: Facts) -> Iterator[LintWarning]:
    for part in parts(facts):
        is_first = part.handed and part.pointer.endswith("/0")
        if part.info.own_rates and part.nested and not is_first:
            said = say("initial_rate_replaced", scheduler=part.config.name)
            yield LintWarning(f"{part.pointer}/name", said)


def _group_rate_overwritten(facts: Facts) -> Iterator[LintWarning]:
    for part in parts(facts):
        if not part.info.own_rates or part.nested or _is_list(part):
            continue
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


def _is_list(part: Part) -> bool:
    return isinstance(part.value(part.info.own_rates[-1]), list | tuple)


def _rate_replaced(facts: Facts) -> Iterator[LintWarning]:
    whole = next(parts(facts), None)
    if whole is None or not whole.info.own_rates or facts.schedule is None or not facts.schedule.lr.size:
        return
    for chosen in facts.optimizers:
        given = chosen.config.hyperparameters.get("lr")
        rates = np.concatenate([facts.rates[group.index] for group in facts.groups if group.chosen == chosen])
        default = next((h.default for h in chosen.info.hyperparameters if h.name == "lr"), None)
        if given is None or given == default or rates.min() <= given <= rates.max() * (1 + 1e-9):
            continue
        said = say(
            "rate_replaced",
            scheduler=whole.config.name,
            lr=rounded(given),
            first=rounded(float(rates[0]), 3),
            most=rounded(float(rates.max()), 3),
            step=int(np.argmax(facts.rates.max(axis=0))) + 1,
        )
        yield LintWarning(f"{chosen.pointer}/hyperparameters/lr", said)


RULES = (
    Rule(
        "milestones_out_of_order",
        "config",
        "a milestone does not come after the one before",
        _milestones_out_of_order,
    ),
    Rule(
        "milestone_never_reached", "config", "a milestone comes after the last step", _milestone_never_reached
    ),
    Rule(
        "milestones_repeated",
        "config",
        "a milestone is listed more than once, so its drop is taken as often",
        _milestones_repeated,
    ),
    Rule(
        "chain_overwritten",
        "config",
        "a scheduler of a chain sets the rate from its start",
        _chain_overwritten,
    ),
    Rule(
        "value_lost",
        "rates",
        "a composite scheduler has other rates inside SequentialLR than by itself",
        _value_lost,
    ),
    Rule(
        "chain_resets",
        "rates",
        "the rates of a chain that holds a SequentialLR are not the product of its parts",
        _chain_resets,
        frozenset({"chain_overwritten"}),
    ),
    Rule(
        "initial_rate_replaced",
        "config",
        "a part of a composite scheduler sets the optimizer's rate when it is made",
        _initial_rate_replaced,
    ),
    Rule(
        "group_rate_overwritten",
        "config",
        "a group has a rate of its own, and the scheduler one for all",
        _group_rate_overwritten,
    ),
    Rule(
        "rate_replaced",
        "rates",
        "the given lr is outside all rates of a schedule that brings its own",
        _rate_replaced,
        frozenset({"initial_rate_replaced"}),
    ),
)

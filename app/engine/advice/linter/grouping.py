"""Param groups that are added while the run goes on."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from optiscope.engine.advice.linter.facts import Facts, Group
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.probe import Probe
from optiscope.engine.core.words import raw, rounded, say
from optiscope.engine.loop.recorder import Recorder
from optiscope.engine.loop.training import Training, quiet

_OFF = 0.01
"""A rate that ends further than this share from where it should."""


def _later(facts: Facts) -> list[Group]:
    return [group for group in facts.groups if group.from_step]


def _at(group: Group) -> str:
    return f"{group.chosen.pointer}/param_groups/{group.place}/from_step"


def _group_never_added(facts: Facts) -> Iterator[LintWarning]:
    for group in _later(facts):
        if group.from_step >= facts.config.steps:
            said = say(
                "group_never_added", params=list(group.params), step=group.from_step, count=facts.config.steps
            )
            yield LintWarning(_at(group), said)


def _group_gathers_gradient(facts: Facts) -> Iterator[LintWarning]:
    found = facts.probe
    if not facts.config.loop.zero_grad:
        return
    for group in _later(facts):
        step = min(group.from_step, found.steps)
        gathered = _norm(found, group.params, step)
        trained = [name for other in facts.groups if other.from_step < step for name in other.params]
        if step < 1 or not gathered > 0:
            continue
        said = say(
            "group_gathers_gradient",
            params=list(group.params),
            step=step,
            added=group.from_step,
            norm=rounded(gathered, 2),
            beside=rounded(_norm(found, trained, step), 2),
            clipped=say("group_gathers_gradient_clipped") if facts.config.clip_grad else "",
        )
        yield LintWarning(_at(group), said)


def _norm(found: Probe, names: Sequence[str], step: int) -> float:
    """The 2-norm of the gradients of some parameters in a step, as far as there are any."""
    return float(np.sqrt(sum(np.nansum(found.grads[name][step] ** 2) for name in names)))


def _added_group_fails(facts: Facts) -> Iterator[LintWarning]:
    later = _later(facts)
    if not later or facts.probe.steps < 1:
        return
    with quiet():
        training = Training(facts.config.model_copy(update={"freeze": (), "lr_scheduler": None}))
        training.later_groups.add_all()
        training.add_groups(0)
        try:
            training.train_step(Recorder(training.model, training.optimizers, 1))
        except Exception as error:  # noqa: BLE001 - whatever an optimizer raises, it is what the rule is about
            name = later[0].chosen.info.name
            said = say("added_group_fails", optimizer=name, step=later[0].from_step + 1, why=raw(error))
            yield LintWarning(_at(later[0]), said)


def _added_rate_off(facts: Facts) -> Iterator[LintWarning]:
    schedule = facts.schedule
    if schedule is None or schedule.ended is not None or not facts.knows_all_rates:
        return
    first = facts.groups[0]
    others = _share(facts, first)
    for group in _later(facts):
        share = _share(facts, group)
        if others > _OFF and math.isfinite(share) and abs(share / others - 1) > _OFF:
            said = say(
                "added_rate_off",
                params=list(group.params),
                scheduler=facts.config.lr_scheduler.name if facts.config.lr_scheduler else "",
                share=rounded(share, 3),
                others=rounded(others, 3),
            )
            yield LintWarning(_at(group), said)


def _share(facts: Facts, group: Group) -> float:
    """The last rate of a group as a share of its own."""
    own = float(group.values["initial_lr"])
    return float(facts.rates[group.index, -1]) / own if own else math.nan


RULES = (
    Rule(
        "group_never_added",
        "config",
        "a param group is to be added after the last step",
        _group_never_added,
    ),
    Rule(
        "added_group_fails",
        "probe",
        "a step with all param groups added raised an error",
        _added_group_fails,
        frozenset({"group_never_added"}),
    ),
    Rule(
        "group_gathers_gradient",
        "probe",
        "parameters that no param group holds yet had a gradient, which nothing clears",
        _group_gathers_gradient,
        frozenset({"added_group_fails"}),
    ),
    Rule(
        "added_rate_off",
        "rates",
        "the rate of an added param group ends at another share of its own than the rate of the first group",
        _added_rate_off,
    ),
)

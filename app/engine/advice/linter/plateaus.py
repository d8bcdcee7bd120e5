"""Schedulers that wait for the loss, and what they take for progress."""

from collections.abc import Iterator

import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.parts import Part, parts
from optiscope.engine.core.words import rounded, say

_FELL = 0.01
"""A share of the loss that is progress to anybody."""


def _waiting(facts: Facts) -> Iterator[Part]:
    return (part for part in parts(facts) if part.info.needs_metric)


def _plateau_mode(facts: Facts) -> Iterator[LintWarning]:
    for part in _waiting(facts):
        if part.value("mode") == "max":
            yield LintWarning(part.at("mode"), say("plateau_mode"))


def _plateau_noise(facts: Facts) -> Iterator[LintWarning]:
    for part in _waiting(facts):
        if facts.uses_minibatches:
            yield LintWarning("/batch_size", say("plateau_noise", scheduler=part.config.name))


def _plateau_below_zero(facts: Facts) -> Iterator[LintWarning]:
    for part in _waiting(facts):
        if (
            part.value("threshold_mode") != "rel"
            or part.value("mode") != "min"
            or not part.value("threshold")
        ):
            continue
        lowest = float(facts.probe.loss.min())
        if lowest < 0:
            threshold = part.value("threshold")
            said = say(
                "plateau_below_zero",
                scheduler=part.config.name,
                lowest=rounded(lowest, 4),
                threshold=rounded(threshold),
                worse=rounded(lowest * (1 - threshold), 7),
            )
            yield LintWarning(part.at("threshold_mode"), said)


def _plateau_never_improves(facts: Facts) -> Iterator[LintWarning]:
    found, scheduler = facts.probe, facts.config.lr_scheduler
    if scheduler is None or found.ended is not None:
        return
    losses = found.loss[scheduler.interval :: scheduler.interval]
    for part in _waiting(facts):
        if len(losses) <= 1 or part.value("mode") != "min":
            continue
        first, lowest = float(losses[0]), float(losses.min())
        counted = _improvements(part, losses.tolist())
        if counted == 0 and first - lowest > _FELL * abs(first):
            said = say(
                "plateau_never_improves",
                scheduler=part.config.name,
                first=rounded(first, 4),
                lowest=rounded(lowest, 4),
                step=found.steps,
                threshold=rounded(part.value("threshold")),
            )
            yield LintWarning(part.at("threshold"), said)


def _improvements(part: Part, losses: list[float]) -> int:
    """How many losses after the first torch's own scheduler takes for better than the best before."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))])
    given = {name: part.value(name) for name in ("mode", "threshold", "threshold_mode")}
    scheduler = ReduceLROnPlateau(optimizer, patience=len(losses), **given)
    scheduler.step(losses[0])
    best, counted = scheduler.best, 0
    for loss in losses[1:]:
        scheduler.step(loss)
        counted += scheduler.best != best
        best = scheduler.best
    return counted


def _plateau_cannot_reduce(facts: Facts) -> Iterator[LintWarning]:
    for part in _waiting(facts):
        floors = part.value("min_lr")
        for group in facts.groups:
            floor = floors[group.index] if isinstance(floors, list | tuple) else floors
            lr = group.values["lr"]
            reduced = max(lr * part.value("factor"), floor)
            if lr > 0 and lr - reduced <= part.value("eps"):
                name = "min_lr" if floor >= lr else "eps"
                said = say(
                    "plateau_cannot_reduce",
                    scheduler=part.config.name,
                    lr=rounded(lr),
                    reduced=rounded(reduced),
                    field=name,
                    value=rounded(part.value("eps") if name == "eps" else floor),
                )
                yield LintWarning(part.at(name), said)
                return


RULES = (
    Rule("plateau_mode", "config", "a scheduler waits for the loss to rise", _plateau_mode),
    Rule("plateau_noise", "config", "a scheduler is given the loss of single minibatches", _plateau_noise),
    Rule(
        "plateau_below_zero",
        "probe",
        "the loss is below 0, where a relative threshold takes a worse loss for a better one",
        _plateau_below_zero,
    ),
    Rule(
        "plateau_never_improves",
        "probe",
        "the loss fell by over a hundredth, and torch's scheduler counted no improvement",
        _plateau_never_improves,
    ),
    Rule(
        "plateau_cannot_reduce",
        "config",
        "a reduction of the first rate is within eps of it, or below min_lr",
        _plateau_cannot_reduce,
    ),
)

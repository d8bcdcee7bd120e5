"""Schedulers that the loop hands over, all of which are made before its first step."""

from collections.abc import Iterator

from torch.optim import Optimizer

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.parts import Part, parts
from optiscope.engine.core.words import rounded, say
from optiscope.engine.loop.training import quiet
from optiscope.engine.recipe.lr_schedulers import build_lr_scheduler
from optiscope.engine.recipe.optimizers import build_optimizers

_ROUNDING = 1e-9
_JUMP = 1.5
"""A rate that changes by so large a factor in one step did not go on from the one before."""


def _handed(facts: Facts) -> list[Part]:
    """The schedulers that the loop calls, in their order."""
    return [part for part in parts(facts) if part.handed]


def _branch_never_taken(facts: Facts) -> Iterator[LintWarning]:
    whole = facts.config.lr_scheduler
    marks = whole.milestones or () if whole is not None and _handed(facts) else ()
    for i, mark in enumerate(marks):
        if i and mark <= max(marks[:i]):
            said = say("branch_never_taken", milestone=mark, before=max(marks[:i]))
            yield LintWarning(f"/lr_scheduler/milestones/{i}", said)


def _rates(optimizers: list[Optimizer]) -> list[float]:
    return [float(group["lr"]) for optimizer in optimizers for group in optimizer.param_groups]


def _constructor_moves_rate(facts: Facts) -> Iterator[LintWarning]:
    whole, handed = facts.config.lr_scheduler, _handed(facts)
    if whole is None or not handed:
        return
    with quiet():
        optimizers = build_optimizers(facts.training.model, facts.config.optimizer)
        for i, config in enumerate(whole.schedulers or ()):
            before = _rates(optimizers)
            for optimizer in optimizers:
                build_lr_scheduler(optimizer, config)
            moved = [
                (old, new)
                for old, new in zip(before, _rates(optimizers), strict=True)
                if abs(new - old) > _ROUNDING * abs(old)
            ]
            if i and moved:
                said = say(
                    "constructor_moves_rate",
                    scheduler=config.name,
                    first=handed[0].config.name,
                    before=rounded(moved[0][0]),
                    after=rounded(moved[0][1]),
                )
                yield LintWarning(f"/lr_scheduler/schedulers/{i}/name", said)


def _hand_over_jumps(facts: Facts) -> Iterator[LintWarning]:
    whole, schedule = facts.config.lr_scheduler, facts.schedule
    if whole is None or schedule is None:
        return
    for part in _handed(facts)[1:]:
        at = (part.begin + 1) * whole.interval
        if not part.info.absolute or not part.calls or at >= schedule.lr.shape[1]:
            continue
        before, after = float(schedule.lr[0, at - 1]), float(schedule.lr[0, at])
        if max(abs(before), abs(after)) > _JUMP * min(abs(before), abs(after)):
            said = say(
                "hand_over_jumps",
                scheduler=part.config.name,
                step=at + 1,
                before=rounded(before, 3),
                after=rounded(after, 3),
            )
            yield LintWarning(f"{part.pointer}/name", said)


RULES = (
    Rule(
        "branch_never_taken",
        "config",
        "a milestone of a hand-over does not come after those before, so no call reaches its branch",
        _branch_never_taken,
    ),
    Rule(
        "constructor_moves_rate",
        "config",
        "the rate of a group changes while a later scheduler of a hand-over is made",
        _constructor_moves_rate,
        frozenset({"initial_rate_replaced"}),
    ),
    Rule(
        "hand_over_jumps",
        "rates",
        "at a hand-over to a scheduler that sets the rate from its start, the rate changes by more than half",
        _hand_over_jumps,
    ),
)

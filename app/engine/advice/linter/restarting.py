"""Runs that begin again from their model: what is not restored with it, and restarts that never come."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.linter.probe import Probe
from optiscope.engine.core.config import RestartConfig, RunConfig
from optiscope.engine.core.words import rounded, say

_POINTER = "/loop/restart"


@dataclass(frozen=True, slots=True)
class _Tried:
    """The first steps with a restart and without it.

    Attributes:
        step: How many steps are done when it comes.
        begun: The run that begins again.
        kept: The same run, which goes on.
        count: How many steps both have.
    """

    step: int
    begun: Probe
    kept: Probe
    count: int


def _restart_never(facts: Facts) -> Iterator[LintWarning]:
    restart, steps = facts.config.loop.restart, facts.config.steps
    if restart is not None and restart.step >= steps:
        yield LintWarning(f"{_POINTER}/step", say("restart_never", at=restart.step, count=steps))


def _restart_without_optimizer(facts: Facts) -> Iterator[LintWarning]:
    restart = facts.config.loop.restart
    if restart is None or restart.optimizer or (tried := _tried(facts, restart)) is None:
        return
    keys = sorted({key for block in tried.kept.blocks for kept in block.state.values() for key in kept})
    lengths, kept = (float(run.lengths()[tried.step]) for run in (tried.begun, tried.kept))
    if keys and not np.array_equal(tried.begun.position[tried.step + 1], tried.kept.position[tried.step + 1]):
        said = say(
            "restart_without_optimizer",
            at=restart.step,
            keys=keys,
            step=tried.step + 1,
            length=rounded(lengths, 3),
            kept=rounded(kept, 3),
        )
        yield LintWarning(f"{_POINTER}/optimizer", said)


def _restart_without_scheduler(facts: Facts) -> Iterator[LintWarning]:
    restart = facts.config.loop.restart
    if restart is None or restart.lr_scheduler or facts.config.lr_scheduler is None:
        return
    tried = _tried(facts, restart)
    if tried is None:
        return
    rates, kept = (run.lr[: tried.count + 1] for run in (tried.begun, tried.kept))
    others = np.flatnonzero((rates != kept).any(axis=1))
    if others.size:
        step = int(others[0])
        said = say(
            "restart_without_scheduler",
            at=restart.step,
            step=step,
            lr=rounded(float(rates[step].max()), 3),
            kept=rounded(float(kept[step].max()), 3),
        )
        yield LintWarning(f"{_POINTER}/lr_scheduler", said)


def _tried(facts: Facts, restart: RestartConfig) -> _Tried | None:
    """Both runs, with the restart in the first half of the probe; None if nothing is seen there."""
    steps = facts.probe.steps
    at = min(restart.step, steps // 2)
    if restart.step >= facts.config.steps or at == 0:
        return None
    begun, kept = (
        facts.probe_of(_with(facts, again), steps)
        for again in (restart.model_copy(update={"step": at}), None)
    )
    count = min(begun.steps, kept.steps)
    return _Tried(at, begun, kept, count) if count > at else None


def _with(facts: Facts, restart: RestartConfig | None) -> RunConfig:
    loop = facts.config.loop.model_copy(update={"restart": restart})
    return facts.config.model_copy(update={"loop": loop})


RULES = (
    Rule("restart_never", "config", "a run would begin again only after its last step", _restart_never),
    Rule(
        "restart_without_optimizer",
        "probe",
        "the step after a restart is another one with the state that the optimizer had",
        _restart_without_optimizer,
    ),
    Rule(
        "restart_without_scheduler",
        "probe",
        "the rates after a restart are others with the state that the scheduler had",
        _restart_without_scheduler,
    ),
)

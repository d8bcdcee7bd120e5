"""The loop, and what torch itself said of the run."""

from collections.abc import Iterator

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.core.words import say

_WRONG_BLAME = "Detected call of `lr_scheduler.step()` before `optimizer.step()`"
"""What torch says of schedulers that step each other while they are built, never of this loop."""


def _torch_warnings(facts: Facts) -> Iterator[LintWarning]:
    for text in facts.training.torch_warnings:
        if not text.startswith(_WRONG_BLAME):
            yield LintWarning("", say("torch", why=text))


def _scheduler_first(facts: Facts) -> Iterator[LintWarning]:
    if facts.config.loop.scheduler_first and facts.config.lr_scheduler:
        yield LintWarning("/loop/scheduler_first", say("scheduler_first"))


def _zero_grad_off(facts: Facts) -> Iterator[LintWarning]:
    if not facts.config.loop.zero_grad:
        yield LintWarning("/loop/zero_grad", say("zero_grad_off"))


RULES = (
    Rule("torch", "config", "torch itself warned while the run was built", _torch_warnings),
    Rule("scheduler_first", "config", "the scheduler is stepped before the optimizer", _scheduler_first),
    Rule("zero_grad_off", "config", "gradients are never cleared", _zero_grad_off),
)

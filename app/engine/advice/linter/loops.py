"""The loop, and what torch itself said of the run."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

import numpy as np

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.core.config import is_scheduler_first
from optiscope.engine.core.words import rounded, say
from optiscope.engine.loop.training import Training, listening, quiet, texts_of
from optiscope.engine.recipe.order import is_ever_cleared, order_of

_TWO = 2
_MUCH = 0.1
"""The share by which a step has to be longer or shorter."""

_WRONG_BLAME = "Detected call of `lr_scheduler.step()` before `optimizer.step()`"
"""What torch says of schedulers that step each other while they are built, never of this loop."""


def _torch_warnings(facts: Facts) -> Iterator[LintWarning]:
    built = (text for text in facts.training.torch_warnings if not text.startswith(_WRONG_BLAME))
    tried = facts.tried.torch_warnings if facts.tried is not None else ()
    for text in dict.fromkeys([*built, *_of_early_schedule(facts), *tried]):
        yield LintWarning("", say("torch", why=text))


def _of_early_schedule(facts: Facts) -> Sequence[str]:
    """What torch says of schedulers that are stepped before the optimizer: no step is needed to hear it."""
    scheduler = facts.config.lr_scheduler
    if scheduler is None or not is_scheduler_first(order_of(facts.config.loop)):
        return ()
    with quiet():
        training = Training(facts.config)
    with listening() as heard, suppress(Exception):  # what a scheduler raises is told of the run
        training.schedule(scheduler.interval, 0.0)
    return texts_of(heard)


def _at(facts: Facts, habit: str) -> str:
    """The field that says it: a habit, or the order that takes its place."""
    return f"/loop/{habit if facts.config.loop.order is None else 'order'}"


def _scheduler_first(facts: Facts) -> Iterator[LintWarning]:
    order = order_of(facts.config.loop)
    if facts.config.lr_scheduler and "optimizer_step" in order and is_scheduler_first(order):
        yield LintWarning(_at(facts, "scheduler_first"), say("scheduler_first"))


def _zero_grad_off(facts: Facts) -> Iterator[LintWarning]:
    if not is_ever_cleared(facts.config.loop):
        yield LintWarning(_at(facts, "zero_grad"), say("zero_grad_off"))


def _params_replaced(facts: Facts) -> Iterator[LintWarning]:
    restart = facts.config.loop.restart
    made_anew = restart is not None and restart.step < facts.config.steps
    if facts.training.replaced and not made_anew:
        yield LintWarning("/loop/replaced", say("params_replaced", params=list(facts.training.replaced)))


def _accumulation_unscaled(facts: Facts) -> Iterator[LintWarning]:
    """A sum of gradients where their mean is meant, if that makes another first step."""
    loop, found = facts.config.loop, facts.probe
    if loop.accumulate == 1 or loop.scale_loss or facts.training.needs_closure or not found.steps:
        return
    scaled = loop.model_copy(update={"scale_loss": True})
    mean = facts.probe_of(facts.config.model_copy(update={"loop": scaled}), _TWO)
    length, usual = float(found.lengths()[0]), float(mean.lengths()[0]) if mean.steps else 0.0
    if usual > 0 and np.isfinite(length) and abs(length / usual - 1) > _MUCH:
        said = say(
            "accumulation_unscaled",
            count=loop.accumulate,
            norm=rounded(float(found.grad_norm[1]), 3),
            mean=rounded(float(mean.grad_norm[1]), 3),
            ratio=rounded(length / usual, 3),
        )
        yield LintWarning("/loop/scale_loss", said)


RULES = (
    Rule(
        "torch",
        "config",
        "torch itself warned while the run was built, or in its first steps",
        _torch_warnings,
    ),
    Rule("scheduler_first", "config", "the scheduler is stepped before the optimizer", _scheduler_first),
    Rule("zero_grad_off", "config", "gradients are never cleared", _zero_grad_off),
    Rule(
        "params_replaced",
        "config",
        "the model has other parameters than the optimizer holds",
        _params_replaced,
    ),
    Rule(
        "accumulation_unscaled",
        "probe",
        "the losses of accumulated passes are not divided, and divided the first step has another length",
        _accumulation_unscaled,
    ),
)

"""Rules about what stands around a step: the loss, clipping, decay, mixed precision."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from optiscope.engine.core.words import rounded, say
from optiscope.watching.advice.decay import decayed
from optiscope.watching.advice.facts import Facts
from optiscope.watching.advice.finding import Finding, Rule

_AWAY = 0.999
"""A norm this much smaller than before was cut."""

_MANY = 20
"""Records without which nothing is said of what always or never happens."""

_GROWN = 10.0
"""A loss so many times as large as it was has grown."""

_SKIPPED = 0.1
"""The share of skipped steps that is more than a scaler needs."""


def _loss_unsaid(facts: Facts) -> Iterator[Finding]:
    loss = facts.column("loss")
    if facts.optimizers and loss is not None and np.isnan(loss).all():
        yield Finding(say("loss_unsaid", steps=facts.all_steps()))


def _loss_rises(facts: Facts) -> Iterator[Finding]:
    losses = facts.losses()
    if losses is None:
        return
    first, last = (rounded(loss, 3) for loss in losses)
    groups = facts.optimizers[0].get("groups") if facts.optimizers else None
    is_up = any(isinstance(group, Mapping) and group.get("maximize") is True for group in groups or [])
    if is_up and last > first:
        yield Finding(say("loss_maximized", first=first, last=last, optimizer=facts.optimizer))
    elif last > _GROWN * abs(first):
        yield Finding(say("loss_grows", first=first, last=last, steps=facts.last))


def _clipping(facts: Facts) -> Iterator[Finding]:
    before, after = facts.column("grad_norm"), facts.column("clipped_grad_norm")
    if before is None or after is None or len(before) < _MANY or not np.isfinite(before).all():
        return
    cut = after < _AWAY * before
    least, most = rounded(float(before.min()), 3), rounded(float(before.max()), 3)
    if cut.all():
        bound = rounded(float(after.max()), 3)
        said = say("clip_always", steps=facts.all_steps(), least=least, most=most, bound=bound)
        yield Finding(said, int(facts.steps[0]))
    elif not cut.any():
        yield Finding(say("clip_never", steps=facts.all_steps(), most=most))


def decay(facts: Facts) -> Iterator[Finding]:
    """Of norms and biases."""
    lr, factor = facts.column("lr"), facts.of_group("weight_decay")
    if lr is None or factor is None or lr.shape != factor.shape:
        return
    gaps = np.diff(facts.steps, prepend=0 if facts.start is not None else facts.steps[0] - facts.every)
    shrunk = np.nan_to_num(lr * factor * gaps[:, None]).sum(axis=0)
    for said in decayed(facts.beginning.source, shrunk, facts.last):
        yield Finding(said)


def _fewer_bits(facts: Facts) -> Iterator[Finding]:
    counted = facts.noticed("low_state")
    if counted.any():
        row = int(np.argmax(counted > 0))
        said = say(
            "state_has_fewer_bits", count=int(counted[row]), at=say("seen_at", step=int(facts.steps[row]))
        )
        yield Finding(said, int(facts.steps[row]))


def _autocast(facts: Facts) -> Iterator[Finding]:
    counted = facts.noticed("autocast")
    if counted.any():
        row = int(np.argmax(counted > 0))
        said = say("step_in_autocast", at=facts.at(row), optimizer=facts.optimizer)
        yield Finding(said, int(facts.steps[row]))


def _skipped(facts: Facts) -> Iterator[Finding]:
    skipped = facts.column("skipped")
    tried = facts.last + (float(skipped[-1]) if skipped is not None else 0)
    if skipped is not None and skipped[-1] > _SKIPPED * tried and tried >= _MANY:
        yield Finding(say("steps_skipped", skipped=int(skipped[-1]), tried=int(tried)))


RULES: Sequence[Rule] = (
    _autocast,
    _fewer_bits,
    _skipped,
    _loss_rises,
    _clipping,
    decay,
    _loss_unsaid,
)

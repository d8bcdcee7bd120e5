"""Rules about gradients: that there are some, that they are used once, and that they are numbers."""

from collections.abc import Iterator, Sequence

import numpy as np

from optiscope.engine.core.words import Said, rounded, say
from optiscope.engine.loop.block import Array
from optiscope.watching.advice.facts import Facts, Mask
from optiscope.watching.advice.finding import Finding, Rule

_AVERAGES = ("betas", "momentum", "alpha", "rho")
"""Under these keys an optimizer has a factor of an average that it keeps."""

_FEW = 2
"""Losses that do not show whether they grew, where only some are measured."""

_DEAD = 20
"""Records without which a layer is not dead."""

_TINY = 1e-20
"""A gradient below this was hardly there, as one that fades over many layers, and has not died."""

_MOVED = 1.01
"""A layer so many times as long as it was has moved."""

_GROWN = 10.0
"""A loss so many times as large as it was has grown."""


def _without(facts: Facts) -> Iterator[Finding]:
    grads, weights, frozen = (facts.layers(name) for name in ("grad_norm", "weight_norm", "frozen"))
    if grads is None or weights is None or frozen is None:
        return
    stepped = facts.held & ~_of_idle(facts) & ~np.isnan(weights).all(axis=0) & (frozen < 1).any(axis=0)
    finite = np.isfinite(weights).any(axis=0)
    without = stepped & finite & np.isnan(grads).all(axis=0)
    zero = stepped & ~without & (np.nan_to_num(grads, nan=0.0) == 0).all(axis=0)
    steps = facts.all_steps()
    if without.any() and (without == stepped).all():
        yield Finding(say("no_backward", steps=steps))
    elif without.any():
        said = say("layer_without_gradient", layers=facts.names(without), steps=steps)
        yield Finding(said, layers=_places(without))
    if zero.any() and (zero == stepped).all():
        yield Finding(say("gradients_all_zero", steps=steps))
        return
    died = zero & _has_grown_before(facts, weights)
    row, which = (0, died) if died.any() else _dead_since(grads, stepped & (frozen[-1] < 1))
    if which.any():
        told = say("layer_died", layers=facts.names(which), at=facts.at(row))
        yield Finding(told, int(facts.steps[row]), _places(which))
    if (zero & ~died).any():
        said = say("layer_gradient_zero", layers=facts.names(zero & ~died), steps=steps)
        yield Finding(said, layers=_places(zero & ~died))


def _has_grown_before(facts: Facts, weights: Array) -> Mask:
    """Which layers were smaller at the beginning than they are at the first record."""
    if facts.begun is None:
        return np.zeros(weights.shape[1], dtype=bool)
    grown: Mask = weights[0] > _MOVED * facts.begun
    return grown


def _dead_since(grads: Array, stepped: Mask) -> tuple[int, Mask]:
    """The first record from which on some layers have a gradient of 0, and which: others have one still."""
    since = len(grads) - np.argmax(grads[::-1] != 0, axis=0)
    dead: Mask = stepped & (grads > _TINY).any(axis=0) & (since <= len(grads) - _DEAD)
    if not dead.any() or (dead == stepped).all():
        return 0, np.zeros_like(dead)
    row = int(since[dead].min())
    return row, dead & (since == row)


def _of_idle(facts: Facts) -> Mask:
    """Which layers belong to an optimizer that took no step."""
    idle = [place for place in range(1, len(facts.optimizers)) if not facts.noticed(f"steps_{place}")[-1]]
    counts = [len(one.get("groups") or []) for one in facts.optimizers]
    groups = {k for place in idle for k in range(sum(counts[:place]), sum(counts[: place + 1]))}
    return np.array([layer["group"] in groups for layer in facts.beginning.layers], dtype=bool)


def _never_steps(facts: Facts) -> Iterator[Finding]:
    idle = _of_idle(facts)
    if idle.any():
        said = say("optimizer_never_steps", layers=facts.names(idle), steps=facts.all_steps())
        yield Finding(said, layers=_places(idle))


def _not_finite(facts: Facts) -> Iterator[Finding]:
    grads, weights, counts = (facts.layers(name) for name in ("grad_norm", "weight_norm", "non_finite"))
    if grads is None or weights is None:
        return
    broken = np.isinf(grads)
    if counts is not None:
        broken |= np.nan_to_num(counts) > 0
    else:
        broken |= np.isnan(grads) & np.isnan(weights) & _measured(facts, weights)
    rows = np.flatnonzero(broken.any(axis=1))
    if not rows.size:
        return
    row = int(rows[0])
    which = broken[row]
    yield Finding(
        say(
            "gradient_not_finite",
            at=facts.at(row),
            layers=facts.names(which),
            before=_before(facts, row),
            after=_after(facts),
        ),
        int(facts.steps[row]),
        _places(which),
    )


def _measured(facts: Facts, weights: np.ndarray) -> Mask:
    """Which weights were measured once, and so in every record: what is NaN of them later is no number.

    Those of another optimizer than the first are not known where it took no step of its own.
    """
    first = len(facts.optimizers[0].get("groups") or []) if facts.optimizers else 0
    groups = [layer["group"] for layer in facts.beginning.layers]
    of_first = np.array([group is not None and group < first for group in groups], dtype=bool)
    seen: Mask = np.isfinite(weights).any(axis=0) & of_first
    return seen


def _before(facts: Facts, row: int) -> Said:
    """What the loss did before a record, and what to do therefore."""
    loss = facts.column("loss")
    said = loss[:row][np.isfinite(loss[:row])] if loss is not None else np.empty(0)
    if said.size <= _FEW and facts.every > 1:
        return say("not_finite_early", every=facts.every)
    if not said.size:
        return say("not_finite_at_once")
    first, last = float(said[0]), float(said[-1])
    if abs(last) > _GROWN * abs(first):
        return say("not_finite_grown", first=rounded(first, 3), last=rounded(last, 3))
    return say("not_finite_sudden", last=rounded(last, 3))


def _after(facts: Facts) -> Said:
    groups = [group for one in facts.optimizers for group in one.get("groups") or []]
    if any(any(group.get(key) for key in _AVERAGES) for group in groups if isinstance(group, dict)):
        return say("not_finite_kept", optimizer=facts.optimizer)
    return say("not_finite_written")


def _used_twice(facts: Facts) -> Iterator[Finding]:
    counted = facts.noticed("gradients_reused")
    if counted[-1]:
        row = int(np.argmax(counted > 0))
        said = say("gradients_used_twice", count=int(counted[-1]), at=facts.at(row), measured=len(counted))
        yield Finding(said, int(facts.steps[row]))


def _not_cleared(facts: Facts) -> Iterator[Finding]:
    counted, norm = facts.noticed("gradients_added"), facts.column("grad_norm")
    added = np.diff(counted, prepend=0) > 0
    if norm is not None:
        added &= norm > 0
    if added.any():
        row = int(np.argmax(added))
        said = say("gradients_not_cleared", count=int(added.sum()), at=facts.at(row), measured=len(counted))
        yield Finding(said, int(facts.steps[row]))


def _places(which: Mask) -> list[int]:
    return [int(place) for place in np.flatnonzero(which)]


RULES: Sequence[Rule] = (_never_steps, _without, _used_twice, _not_cleared, _not_finite)

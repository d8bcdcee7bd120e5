"""Rules about how far parameters move: too far, hardly, not at all, or though they are frozen."""

from collections.abc import Iterator, Sequence

import numpy as np

from optiscope.engine.core.words import Said, rounded, say
from optiscope.engine.loop.block import Array
from optiscope.watching.advice.facts import Facts, Mask
from optiscope.watching.advice.finding import Finding, Rule

_LARGE, _SMALL = 0.1, 1e-6
"""The usual range of the length of a step over that of the weights, with much room."""

_JUMP = 5.0
"""A step so many times as long as those after it has jumped."""

_AFTER = 10
"""Records after it with which it is compared."""

_MOVED = 1e-3
"""Weights that have become longer or shorter by more than this share have moved."""

_FELL = 0.9
"""A loss that ends below this share of where it began has fallen."""

_SEARCHES = frozenset({"LBFGS"})
"""Optimizers that look for the length of their steps by themselves."""


def _rounded_away(facts: Facts) -> Iterator[Finding]:
    moved, grads, lr = facts.layers("update_norm"), facts.layers("grad_norm"), facts.column("lr")
    frozen = facts.layers("frozen")
    if moved is None or grads is None or lr is None or frozen is None or not (lr > 0).any():
        return
    known = np.isfinite(moved) & (np.nan_to_num(grads) > 0)
    still = (known.sum(axis=0) >= _AFTER) & ~(known & (moved > 0)).any(axis=0) & facts.held
    if still.any():
        most = rounded(float(lr.max()))
        said = say("step_rounds_away", layers=facts.names(still), steps=facts.all_steps(), lr=most)
        yield _of(facts, still, said)


def _ratios(facts: Facts) -> Iterator[Finding]:
    ratios, grads = facts.layers("update_ratio"), facts.layers("grad_norm")
    if ratios is None or grads is None or facts.optimizer in _SEARCHES:
        return
    known = np.isfinite(ratios) & (np.nan_to_num(grads) > 0)
    columns = [column[there] for column, there in zip(ratios.T, known.T, strict=True)]
    usual = np.array([np.median(column) if column.size else np.nan for column in columns])
    most = np.array([column.max() if column.size else np.nan for column in columns])
    with np.errstate(invalid="ignore"):
        large, small = usual > _LARGE, (most < _SMALL) & (most > 0)
    if large.any() and not _has_fallen(facts):
        told = say("update_ratio_large", layers=facts.names(large), ratio=rounded(float(np.nanmax(usual)), 2))
        yield _of(facts, large, told)
    small &= ~_have_moved(facts)
    if small.any():
        longest = rounded(float(most[small].max()), 2)
        told = say("update_ratio_small", layers=facts.names(small), ratio=longest, steps=facts.all_steps())
        yield _of(facts, small, told)


def _have_moved(facts: Facts) -> Mask:
    """Which layers are longer or shorter than they were, though no step that was kept shows it."""
    weights = facts.layers("weight_norm")
    if weights is None or facts.begun is None:
        return np.zeros(len(facts.beginning.layers), dtype=bool)
    with np.errstate(invalid="ignore"):
        moved: Mask = np.abs(weights[-1] - facts.begun) > _MOVED * facts.begun
    return moved


def _has_fallen(facts: Facts) -> bool:
    losses = facts.losses()
    return losses is not None and losses[1] < _FELL * losses[0]


def _frozen_moves(facts: Facts) -> Iterator[Finding]:
    moved, frozen = facts.layers("update_norm"), facts.layers("frozen")
    if moved is None or frozen is None:
        return
    whole = frozen == 1
    whole[1:] &= frozen[:-1] == 1
    drifting = whole & (np.nan_to_num(moved) > 0)
    which = drifting.any(axis=0)
    if which.any():
        row = int(np.argmax(drifting.any(axis=1)))
        length = rounded(float(np.nanmax(np.where(drifting[row], moved[row], np.nan))), 3)
        said = say("frozen_still_moves", layers=facts.names(which), at=facts.at(row), moved=length)
        yield _of(facts, which, said, row)


def _thaw(facts: Facts) -> Iterator[Finding]:
    moved, frozen = facts.layers("update_norm"), facts.layers("frozen")
    if moved is None or frozen is None:
        return
    for layer in np.flatnonzero(facts.held):
        for row, usual in _jumps(moved[:, layer], frozen[:, layer]):
            which = np.arange(frozen.shape[1]) == layer
            ratio = rounded(float(moved[row, layer] / usual), 2)
            said = say(
                "thaw_jumped",
                layers=facts.names(which),
                optimizer=facts.optimizer,
                at=facts.at(row),
                ratio=ratio,
            )
            yield _of(facts, which, said, row)


def _jumps(moved: Array, frozen: Array) -> Iterator[tuple[int, float]]:
    """The first record after a freeze whose step is far longer than those behind it, and how long these are.

    What was trained before has averages from then, which fade away over some steps.
    """
    for row in np.flatnonzero((frozen[:-1] == 1) & (frozen[1:] < 1)) + 1:
        fading = _AFTER if (moved[:row] > 0).any() else 0
        after = moved[row + 1 + fading : row + 1 + fading + _AFTER]
        after = after[np.isfinite(after)]
        usual = float(np.median(after)) if after.size >= _AFTER // 2 else 0.0
        if moved[row] > _JUMP * usual > 0:
            yield int(row), usual
            return


def _above_critical(facts: Facts) -> Iterator[Finding]:
    critical, lr = facts.column("critical_rate"), facts.column("lr")
    if critical is None or lr is None:
        return
    measured = np.isfinite(critical)
    above = measured & (lr[:, 0] > critical)
    if 2 * above.sum() > measured.sum():
        row = int(np.argmax(above))
        said = say(
            "lr_above_critical",
            count=int(above.sum()),
            measured=int(measured.sum()),
            at=say("seen_at", step=int(facts.steps[row])),
            lr=rounded(float(lr[row, 0]), 3),
            critical=rounded(float(critical[row]), 3),
        )
        yield Finding(said, int(facts.steps[row]))


def _of(facts: Facts, which: Mask, said: Said, row: int | None = None) -> Finding:
    step = None if row is None else int(facts.steps[row])
    return Finding(said, step, [int(place) for place in np.flatnonzero(which)])


RULES: Sequence[Rule] = (_frozen_moves, _above_critical, _thaw, _rounded_away, _ratios)

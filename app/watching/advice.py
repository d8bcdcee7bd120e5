"""What an expert would say of a watched loop: from what was recorded, quiet when all is well."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.core.words import Said, heard, rounded, say
from optiscope.engine.loop.block import Block
from optiscope.watching.derived import Quantities, by_layer
from optiscope.watching.events import Beginning

_ENOUGH = 5
"""Steps without which nothing is said."""

_LONG = 1000
"""Steps in which a scheduler is expected to be called, even once an epoch."""

_LARGE, _SMALL = 0.1, 1e-7
"""The usual range of the length of a step over that of the weights, with much room."""

_MOST_NAMED = 6
_AWAY = 0.999
"""A norm this much smaller than before was cut."""


@dataclass(frozen=True)
class Report:
    """What is to be said, most telling first; printed as lines, and as a table in a notebook."""

    found: Sequence[Said]

    def __str__(self) -> str:
        return "\n".join(f"{said.code}: {said}" for said in self.found) or "Nothing to be said."

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td><code>{escape(said.code)}</code></td><td>{escape(str(said))}</td></tr>"
            for said in self.found
        )
        return f"<table>{rows}</table>" if rows else escape(str(self))


@dataclass(frozen=True)
class Facts:
    """What rules look at: how a run began, its records from step 1 on, and what came before them."""

    beginning: Beginning
    start: Block | None
    blocks: Sequence[Block]

    @property
    def steps(self) -> NDArray[np.int64]:
        """The step of each record."""
        return np.concatenate([np.array(block.steps) for block in self.blocks])

    def column(self, name: str) -> NDArray[Any] | None:
        """[records, …] of a column that every block has; None otherwise."""
        parts = [block.columns().get(name) for block in self.blocks]
        arrays = [part for part in parts if isinstance(part, np.ndarray)]
        alike = len(arrays) == len(parts) and len({array.shape[1:] for array in arrays}) == 1
        return np.concatenate(arrays) if alike else None

    def layers(self, quantity: str) -> NDArray[Any] | None:
        """[records, layers] of what was measured, or follows from what was recorded whole; None without."""
        parts = [block.optional.get("layers") for block in self.blocks]
        arrays = [part.get(quantity) for part in parts if isinstance(part, dict)]
        known = [array for array in arrays if isinstance(array, np.ndarray)]
        return np.concatenate(known) if known and len(known) == len(parts) else self._derived.get(quantity)

    @cached_property
    def _derived(self) -> Quantities:
        frozen = self.beginning.source.get("frozen") or []
        return by_layer(self.beginning.layers, frozen, self.start, self.blocks)

    def names(self, which: NDArray[np.bool_]) -> list[str]:
        """The names of some layers, as many as one sentence bears."""
        names = [str(self.beginning.layers[int(i)]["name"]) for i in np.flatnonzero(which)]
        more = len(names) - _MOST_NAMED
        return [*names[:_MOST_NAMED], *([f"… {more}"] if more > 0 else [])]


def report_of(beginning: Beginning, blocks: Sequence[Block]) -> Report:
    """What is to be said of a run.

    Args:
        beginning: How it began.
        blocks: What was recorded.
    """
    told = [heard(warning) for warning in beginning.warnings]
    taken = [block for block in blocks if block.grads is not None]
    if sum(map(len, taken)) >= _ENOUGH:
        start = next((block for block in blocks if block.grads is None), None)
        facts = Facts(beginning, start, taken)
        told += [said for rule in RULES for said in rule(facts)]
    return Report(told)


def _scheduler_first(facts: Facts) -> Iterator[Said]:
    called = facts.column("scheduled")
    if called is not None and facts.steps[0] == 1 and (called[0] > 0).any():
        yield say("scheduler_first")


def _scheduler_silent(facts: Facts) -> Iterator[Said]:
    called, steps = facts.column("scheduled"), int(facts.steps[-1])
    over = facts.column("epoch")
    expected = steps >= _LONG or (over is not None and bool(over[-1] > 1))
    if called is not None and called.size and expected and (called[-1] == called[0]).all():
        yield say("scheduler_silent", steps=steps)


def _momentum_switched_on(facts: Facts) -> Iterator[Said]:
    momentum, lr = facts.column("momentum"), facts.column("lr")
    schedulers = facts.beginning.source.get("schedulers") or []
    if momentum is None or lr is None or not schedulers:
        return
    optimizers = facts.beginning.source.get("optimizers") or [{}]
    first = optimizers[0].get("defaults") or {}
    on = np.nanmax(momentum, axis=1) > 0
    if first.get("momentum") == 0 and on.any():
        yield say(
            "momentum_switched_on",
            scheduler=str(schedulers[0]),
            optimizer=str(optimizers[0].get("name")),
            least=rounded(float(momentum[on].min())),
            most=rounded(float(momentum[on].max())),
            step=int(facts.steps[int(np.argmax(on))]),
            rate=rounded(float(lr.max())),
            lr=rounded(float(first.get("lr") or 0.0)),
        )


def _not_finite(facts: Facts) -> Iterator[Said]:
    norm, counts = facts.column("grad_norm"), facts.layers("non_finite")
    if norm is None or np.isfinite(norm).all():
        return
    row = int(np.argmax(~np.isfinite(norm)))
    where = facts.names(np.nan_to_num(counts[row]) > 0) if counts is not None else []
    yield say("gradient_not_finite", step=int(facts.steps[row]), layers=where or ["?"])


def _never_moves(facts: Facts) -> Iterator[Said]:
    moved, grads, frozen = (facts.layers(name) for name in ("update_norm", "grad_norm", "frozen"))
    if moved is None or grads is None or frozen is None:
        return
    still = (np.nan_to_num(moved) == 0).all(axis=0) & (frozen < 1).any(axis=0)
    held = np.array([layer["group"] is not None for layer in facts.beginning.layers])
    without = np.isnan(grads).all(axis=0)
    zero = (np.nan_to_num(grads) == 0).all(axis=0) & ~without
    steps = int(facts.steps[-1])
    if (lost := still & held & without).any():
        yield say("layer_without_gradient", layers=facts.names(lost), steps=steps)
    if (dead := still & held & zero).any():
        yield say("layer_gradient_zero", layers=facts.names(dead), steps=steps)


def _clipping(facts: Facts) -> Iterator[Said]:
    before, after = facts.column("grad_norm"), facts.column("clipped_grad_norm")
    if before is None or after is None or not np.isfinite(before).all():
        return
    cut, steps = after < _AWAY * before, len(before)
    if cut.all():
        yield say(
            "clip_every_step",
            steps=steps,
            least=rounded(float(before.min()), 3),
            most=rounded(float(before.max()), 3),
            bound=rounded(float(after.max()), 3),
        )
    elif not cut.any():
        yield say("clip_never", steps=steps, most=rounded(float(before.max()), 3))


def _ratios(facts: Facts) -> Iterator[Said]:
    ratios, grads = facts.layers("update_ratio"), facts.layers("grad_norm")
    if ratios is None or grads is None:
        return
    known = np.isfinite(ratios) & (np.nan_to_num(grads) > 0)
    usual = np.array(
        [
            np.median(column[there]) if there.any() else np.nan
            for column, there in zip(ratios.T, known.T, strict=True)
        ]
    )
    with np.errstate(invalid="ignore"):
        large, small = usual > _LARGE, usual < _SMALL
    if large.any():
        yield say("update_ratio_large", layers=facts.names(large), ratio=rounded(float(np.nanmax(usual)), 2))
    if small.any():
        yield say("update_ratio_small", layers=facts.names(small), ratio=rounded(float(np.nanmin(usual)), 2))


RULES: Sequence[Callable[[Facts], Iterator[Said]]] = (
    _not_finite,
    _scheduler_first,
    _scheduler_silent,
    _never_moves,
    _momentum_switched_on,
    _clipping,
    _ratios,
)
"""Causes before symptoms."""

"""What rules look at: a watched run as columns, and how its steps and layers are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.block import Array, Block
from optiscope.watching.derived import Quantities, by_layer
from optiscope.watching.events import Beginning

Mask = NDArray[np.bool_]

_MOST_NAMED = 6


@dataclass(frozen=True)
class Facts:
    """How a run began, its records from step 1 on, and what came before them.

    Attributes:
        beginning: How it began.
        start: The record before the first one; None where it is not kept.
        blocks: The records, at least one.
        is_complete: Whether its loop is over, as it says itself.
    """

    beginning: Beginning
    start: Block | None
    blocks: Sequence[Block]
    is_complete: bool

    @cached_property
    def steps(self) -> NDArray[np.int64]:
        """The step of each record."""
        return np.concatenate([np.array(block.steps) for block in self.blocks])

    @property
    def last(self) -> int:
        """The step of the last record."""
        return int(self.steps[-1])

    @cached_property
    def every(self) -> int:
        """The usual distance of records."""
        return int(np.median(np.diff(self.steps))) if len(self.steps) > 1 else 1

    def at(self, row: int) -> Said:
        """How the step of a record is called; where few steps are measured, that is said."""
        step = int(self.steps[row])
        return (
            say("seen_at_some", step=step, every=self.every) if self.every > 1 else say("seen_at", step=step)
        )

    def all_steps(self) -> Said:
        """How all steps are called."""
        count = len(self.steps)
        if self.every > 1:
            return say("seen_in_some", count=count, steps=self.last)
        return say("seen_in", count=count)

    def column(self, name: str) -> Array | None:
        """[records, …] of a column that every block has, without groups that came later; None otherwise."""
        return _joined([block.columns().get(name) for block in self.blocks])

    def of_group(self, name: str) -> Array | None:
        """[records, groups] of a hyperparameter; None without it."""
        parts = [block.optional.get("hyperparameters") for block in self.blocks]
        return _joined([part.get(name) if isinstance(part, Mapping) else None for part in parts])

    def noticed(self, name: str) -> Array:
        """[records] of what the recorder counted so far: 0 where it counted nothing."""
        parts = []
        for block in self.blocks:
            counted = block.optional.get("noticed")
            found = counted.get(name) if isinstance(counted, Mapping) else None
            parts.append(found if isinstance(found, np.ndarray) else np.zeros(len(block)))
        return np.concatenate(parts)

    def layers(self, quantity: str) -> Array | None:
        """[records, layers] of what was measured, or follows from what was recorded whole; None without."""
        parts = [block.optional.get("layers") for block in self.blocks]
        found = [part.get(quantity) if isinstance(part, Mapping) else None for part in parts]
        if quantity == "frozen" and any(isinstance(part, np.ndarray) for part in found):
            empty = [np.zeros((len(block), len(self.beginning.layers))) for block in self.blocks]
            found = [e if part is None else part for part, e in zip(found, empty, strict=True)]
        joined = _joined(found)
        measured = self._derived.get(quantity) if joined is None else joined
        return measured if measured is not None and measured.shape[1] == len(self.beginning.layers) else None

    @cached_property
    def _derived(self) -> Quantities:
        frozen = self.beginning.source.get("frozen") or []
        return by_layer(self.beginning.layers, frozen, self.start, self.blocks)

    @cached_property
    def begun(self) -> Array | None:
        """[layers] norms of the weights before the first step; None where they are not kept."""
        if self.start is None:
            return None
        layers = self.start.optional.get("layers")
        measured = layers.get("weight_norm") if isinstance(layers, Mapping) else None
        if isinstance(measured, np.ndarray):
            return measured[-1] if measured.shape[1] == len(self.beginning.layers) else None
        params = self.start.params
        if any(not set(layer["parameters"]) <= params.keys() for layer in self.beginning.layers):
            return None
        return np.array(
            [
                np.sqrt(sum(np.square(params[p][-1]).sum() for p in one["parameters"]))
                for one in self.beginning.layers
            ]
        )

    @cached_property
    def held(self) -> Mask:
        """Which layers an optimizer holds."""
        return np.array([layer["group"] is not None for layer in self.beginning.layers], dtype=bool)

    def names(self, which: Mask) -> list[str]:
        """What some layers are called, as many as one sentence bears."""
        layers = [self.beginning.layers[int(i)] for i in np.flatnonzero(which)]
        more = len(layers) - _MOST_NAMED
        return [*map(_name, layers[:_MOST_NAMED]), *([f"… {more}"] if more > 0 else [])]

    @cached_property
    def optimizers(self) -> Sequence[Mapping[str, Any]]:
        """What is known of the optimizers."""
        found = self.beginning.source.get("optimizers")
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    @property
    def optimizer(self) -> str:
        """What the first optimizer is called."""
        return str(self.optimizers[0].get("name")) if self.optimizers else "the optimizer"

    @property
    def schedulers(self) -> Sequence[str]:
        """What the schedulers are called."""
        found = self.beginning.source.get("schedulers")
        return list(map(str, found)) if isinstance(found, list) else []

    def losses(self) -> tuple[float, float] | None:
        """The loss of the first and of the last quarter of the run, where enough of it was said."""
        loss = self.column("loss")
        said = loss[np.isfinite(loss)] if loss is not None else np.empty(0)
        quarter = len(said) // 4
        return (float(np.median(said[:quarter])), float(np.median(said[-quarter:]))) if quarter else None


def _joined(parts: Sequence[Any]) -> Array | None:
    """Parts of a column as one, cut to the groups that all of them have; None if one is missing."""
    arrays = [part for part in parts if isinstance(part, np.ndarray)]
    if len(arrays) != len(parts) or len({array.ndim for array in arrays}) != 1:
        return None
    width = min((array.shape[1] for array in arrays if array.ndim > 1), default=None)
    return np.concatenate([array if width is None else array[:, :width] for array in arrays])


def _name(layer: Mapping[str, Any]) -> str:
    module = layer.get("module")
    return f"{layer['name']} · {str(module).partition('(')[0]}" if module else str(layer["name"])

"""What is seen of one step, as torch holds it: numbers that nobody has waited for yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import torch
from numpy.typing import NDArray
from torch import Tensor

Number: TypeAlias = float | Tensor

Key = tuple[Any, torch.Size]
"""What some numbers are of, and their shape."""


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """Where in flat tensors the numbers of a record lie: a tensor for each kind, with its keys in order."""

    kinds: tuple[tuple[Key, ...], ...]


class Flat(NamedTuple):
    """Numbers of a record, laid one behind the other."""

    layout: Layout
    tensors: Sequence[Tensor]


class Measured(NamedTuple):
    """What was measured in one step: of each quantity the places of its parameters, then all values."""

    columns: Sequence[tuple[str, Sequence[int]]]
    values: Tensor


class Rates(NamedTuple):
    """What the param groups said at a step, a number for each."""

    lr: tuple[Number, ...]
    momentum: tuple[Number, ...]
    decay: tuple[Number, ...]


@dataclass(slots=True)
class Seen:
    """What a closure showed of the loss around a step.

    Attributes:
        numbers: By the name of their column, one of ``AROUND``.
        bracket: Two rates between which the loss along the step begins to rise.
        surface: By name ``x`` and ``y`` [m], ``z`` [m, m], whose rows follow y, and ``path`` [2, 2].
    """

    numbers: dict[str, float] = field(default_factory=dict)
    bracket: tuple[float, float] | None = None
    surface: Mapping[str, NDArray[Any]] | None = None


AROUND = ("critical_rate", "critical_sharpness", "top_eigenvalue", "eigenvalue_residual", "passes")
"""The columns of such numbers."""


@dataclass(slots=True)
class Row:
    """One record.

    Attributes:
        raw: The number of its step among all calls of ``step()``, skipped ones too.
        loss: What was said of it, in parts: their mean is its loss.
        rates: Of the param groups.
        grads: As ``optimizer.step()`` was given them, those of each optimizer; and the names of those that
            were None.
        absent: Names whose ``.grad`` was None.
        after: Parameters and state after the step.
        measured: By layer.
        frozen: Which parameters were not to be trained, a truth for each.
        clip_norm: The norm that clipping said, before it clipped.
        infs: Of the steps since the last record, what the scaler found infinite.
        scale: What gradients were multiplied by.
        skipped: Steps that were skipped before this, as far as that is known at once.
        logged: What else was said, by name.
        samples: How many samples were said to have been seen.
        epoch: How many epochs were said to be over.
        scheduled: ``last_epoch`` of each scheduler.
        seen: Around the step, if it was looked at.
        is_initial: Whether it is the state before the first step.
        noticed: What was noticed so far, counted by name.
    """

    raw: int
    loss: Sequence[Number]
    rates: Rates
    grads: Sequence[Flat] = ()
    absent: frozenset[str] = frozenset()
    after: Flat | None = None
    measured: Sequence[Measured] = ()
    frozen: tuple[bool, ...] = ()
    clip_norm: Number | None = None
    infs: Sequence[Tensor] = ()
    scale: Tensor | None = None
    skipped: int = 0
    logged: Mapping[str, Number] = field(default_factory=dict)
    samples: int | None = None
    epoch: int | None = None
    scheduled: tuple[int, ...] = ()
    seen: Seen | None = None
    is_initial: bool = False
    noticed: Mapping[str, float] = field(default_factory=dict)


def kept(value: Any) -> Number:
    """A number as it is now: a tensor may change later, and is not waited for."""
    if isinstance(value, Tensor):
        return value.item() if value.is_cpu and value.numel() == 1 else value.detach().clone()
    return float(value)

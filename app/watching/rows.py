"""What is seen of one step, as torch holds it: numbers that nobody has waited for yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import torch
from numpy.typing import NDArray
from torch import Tensor

from optiscope.watching.copies import Copy

Number: TypeAlias = float | Tensor

Key = tuple[Any, torch.Size]
"""What some numbers are of, and their shape."""


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """Where the numbers of a copy lie: of each kind of tensor its keys in order, and its dtype.

    Attributes:
        kinds: The keys of each kind.
        dtypes: The dtype of each kind.
        nbytes: The size of the tensors.
        absent: Of gradients, the names of parameters without one.
    """

    kinds: tuple[tuple[Key, ...], ...] = ()
    dtypes: tuple[torch.dtype, ...] = ()
    nbytes: int = 0
    absent: frozenset[str] = frozenset()

    @property
    def widths(self) -> tuple[tuple[torch.dtype, int], ...]:
        """The dtype of each kind, and how many numbers there are of it."""
        counts = [sum(shape.numel() for _, shape in keys) for keys in self.kinds]
        return tuple(zip(self.dtypes, counts, strict=True))


class Measured(NamedTuple):
    """What was measured in one step: of each quantity the places of its parameters, then all values."""

    columns: Sequence[tuple[str, Sequence[int]]]
    values: Tensor


class Rates(NamedTuple):
    """What the param groups said at a step beside their lr, a number for each."""

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


@dataclass(frozen=True, eq=False, slots=True)
class Circumstances:
    """What many records in a row have in common.

    Attributes:
        rates: Of the param groups.
        after: How parameters and state lie in copies; None where there are none.
        grads: How the gradients lie, those of each optimizer.
        frozen: Which parameters were not to be trained, a truth for each.
        skipped: Steps that were skipped before, as far as that is known at once.
        epoch: How many epochs were said to be over.
        noticed: What was noticed so far, counted by name.
    """

    rates: Rates
    after: Layout | None
    grads: tuple[Layout, ...]
    frozen: tuple[bool, ...]
    skipped: int
    epoch: int | None
    noticed: Mapping[str, float]


@dataclass(slots=True)
class Row:
    """One record.

    Attributes:
        raw: The number of its step among all calls of ``step()``, skipped ones too.
        loss: What was said of it; of several parts the mean is its loss.
        about: What it has in common with those around it.
        lr: Of each param group.
        scheduled: ``last_epoch`` of each scheduler.
        after: Parameters and state after the step.
        grads: As ``optimizer.step()`` was given them, those of each optimizer.
        measured: By layer.
        clip_norm: The norm that clipping said, before it clipped.
        infs: Of the steps since the last record, what the scaler found infinite.
        scale: What gradients were multiplied by.
        logged: What else was said, by name.
        samples: How many samples were said to have been seen.
        seen: Around the step, if it was looked at.
        is_initial: Whether it is the state before the first step.
        skipped: Steps that were skipped before, beside those that its circumstances say: known at last.
    """

    raw: int
    loss: Number | list[Number]
    about: Circumstances
    lr: tuple[Number, ...]
    scheduled: tuple[int, ...] = ()
    after: Copy | None = None
    grads: Sequence[Copy] = ()
    measured: Sequence[Measured] = ()
    clip_norm: Number | None = None
    infs: Sequence[Tensor] = ()
    scale: Tensor | None = None
    logged: Mapping[str, Number] | None = None
    samples: int | None = None
    seen: Seen | None = None
    is_initial: bool = False
    skipped: int = 0


def kept(name: str, value: Any) -> Number:
    """A number as it is now: a tensor may change later, and is not waited for.

    Raises:
        ValueError: If it is no number, or more than one.
    """
    if isinstance(value, Tensor):
        if value.numel() != 1 or value.is_complex():
            raise ValueError(f"{name} must be one number, got {_told(value)}")
        return value.item() if value.is_cpu else value.detach().clone()
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} must be a number, got {value!r:.60}") from None


def _told(tensor: Tensor) -> str:
    return f"a tensor of shape {tuple(tensor.shape)} and {tensor.dtype}"


def parts_of(loss: Number | list[Number]) -> list[Number]:
    """The parts in which a loss was said."""
    return loss if isinstance(loss, list) else [loss]

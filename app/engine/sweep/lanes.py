"""Members that are trained together, as arrays: a lane each, the lanes last."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.sweep.updates.table import Key

Array = NDArray[np.floating[Any]]
Numbers = NDArray[np.float64]
Whole = NDArray[np.int32]

CLIP_NORM, CLIP_INF, CLIP_VALUE, NO_CLIP = 1, 2, 3, 0
"""How gradients are clipped."""

NOTES = ("alive", "final", "best", "to_target", "last_step")
"""What is noted of each lane, in this order: alive is 1 until the lane ends."""

PLATEAU = ("sense", "is_relative", "threshold", "factor", "patience", "cooldown", "eps")
"""The numbers of ReduceLROnPlateau, in this order; ``sense`` is 1 for the least and -1 for the most."""

PLATEAU_STATE = ("best", "bad", "cooling")
"""What it keeps of each lane."""


@dataclass(frozen=True, slots=True)
class Net:
    """What a kernel is made for: layers, their bend and the loss.

    Attributes:
        widths: Inputs, units of each layer, outputs.
        bend: The name of the activation.
        loss: The name of the loss.
        is_double: Whether it computes in float64.
        update: Optimizer and flags, the key of the table of updates.
    """

    widths: tuple[int, ...]
    bend: str
    loss: str
    is_double: bool
    update: Key

    @property
    def parameters(self) -> int:
        """How many numbers the network has."""
        return sum((inputs + 1) * units for inputs, units in pairwise(self.widths))

    def layers(self) -> Iterator[tuple[int, int, int, int]]:
        """Of each layer its inputs and units, and where its weights and its biases begin."""
        first = 0
        for inputs, units in pairwise(self.widths):
            yield inputs, units, first, first + inputs * units
            first += (inputs + 1) * units

    def tensors(self) -> Iterator[tuple[int, int]]:
        """Where each weight and each bias begins and ends."""
        for inputs, units, weights, biases in self.layers():
            yield weights, weights + inputs * units
            yield biases, biases + units

    @property
    def lanes(self) -> int:
        """How many members a kernel trains side by side."""
        return 64 if self.parameters <= 100 else 32  # noqa: PLR2004 - measured

    @property
    def dtype(self) -> type[np.floating[Any]]:
        """What parameters are in."""
        return np.float64 if self.is_double else np.float32


@dataclass(frozen=True, slots=True)
class Common:
    """What all lanes share.

    Attributes:
        x, y: [n, inputs] and [n], the training samples.
        x_test, y_test: The held-out ones.
        order: Rows of the passes of steps ``begin`` to ``end``: [passes, size], and how many of them are
            meant [passes]; one pass for all where every step sees all samples.
        accumulate: Passes of a step.
        scale: What the gradient of a pass is multiplied by.
        parts: [parts, 3] first and last parameter of what is trained alike, and its param group.
        ticks: [steps, parts] which step of its own a part takes at a step; 0 if it is frozen.
        plateau_every: Steps between two calls of ReduceLROnPlateau; 0 without.
        clip: How gradients are clipped.
        steps: Of the run.
    """

    x: Array
    y: Array
    x_test: Array
    y_test: Array
    order: Callable[[int, int], tuple[Whole, Whole]]
    accumulate: int
    scale: float
    parts: Whole
    ticks: Whole
    plateau_every: int
    clip: int
    steps: int


@dataclass(frozen=True, slots=True)
class Lanes:
    """The members themselves; what training changes is changed in place.

    Attributes:
        params: [parameters, lanes].
        states: [states, parameters, lanes].
        columns: [groups x columns, lanes] the numbers of the param groups.
        powers: [powers x parts, lanes] their powers by the steps taken.
        scalars: [scalars x parts, lanes].
        table: [steps, rows, k] the columns that follow a schedule, at each step.
        row: [lanes] which of them a lane follows.
        moving: [k] which columns they are.
        bound: [lanes] what gradients are clipped to.
        sense: [lanes] -1 where the loss is climbed.
        plateau: [7 + groups, lanes] see ``PLATEAU``, and the least rate of each group.
        plateau_state: [3, lanes].
        target: [lanes].
        notes: [5, lanes] see ``NOTES``.
    """

    params: Array
    states: Array
    columns: Numbers
    powers: Numbers
    scalars: Numbers
    table: Numbers
    row: Whole
    moving: Whole
    bound: Array
    sense: Array
    plateau: Numbers
    plateau_state: Numbers
    target: Numbers
    notes: Numbers

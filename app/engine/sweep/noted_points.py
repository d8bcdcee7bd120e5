"""What is noted of many points, step by step; while all their numbers are finite, little is kept for it."""

import math

import numpy as np
import torch
from torch import Tensor

from optiscope.engine.sweep.lanes import Numbers
from optiscope.engine.sweep.notes import begun, note


class NotedPoints:
    """The notes of points, and where they ended.

    As long as every loss and every coordinate is finite no point can have diverged: each took every step, and
    the first step at the target follows from how many losses were above it.

    Args:
        initial: [n] the losses before the first step.
        target: The loss whose first step is noted; None without.
    """

    def __init__(self, initial: Tensor, target: float | None) -> None:
        self._initial = initial.double().numpy()
        self._target = -math.inf if target is None else target
        self._bound = _at_most(self._target, initial.dtype)
        self._is_calm = _is_finite(initial)
        self._step = 0
        self._final, self._best = initial, initial.clone()
        self._above = (initial > self._bound).to(torch.int32)
        self._notes = torch.empty(0)
        self._ends = torch.empty(0)

    def note(self, step: int, losses: Tensor, total: Tensor, points: Tensor) -> None:
        """Note a step of all that have not ended.

        Args:
            step: Counted from 1.
            losses: [n] before the step; kept.
            total: Their sum.
            points: [n, 2] after it.
        """
        if self._is_calm and math.isfinite(total.item()) and _is_finite(points):
            self._step, self._final = step, losses
            torch.fmin(self._best, losses, out=self._best)
            if math.isfinite(self._bound):
                self._above += self._best > self._bound
            return
        if self._is_calm:
            self._notes, self._ends = self._written(), torch.full_like(points, torch.nan)
            self._is_calm = False
        was_alive = self._notes[0] > 0
        note(self._notes, self._target, step, losses.double(), torch.isfinite(points).all(1))
        torch.where(was_alive[:, None], points, self._ends, out=self._ends)

    def notes(self) -> Numbers:
        """All notes, see ``lanes.NOTES``: [5, n]."""
        found: Numbers = (self._written() if self._is_calm else self._notes).numpy()
        return found

    def ends(self, points: Tensor) -> Tensor:
        """Where each point is, or was when it diverged: [n, 2].

        Args:
            points: Where they are now.
        """
        return points if self._is_calm else self._ends

    def _written(self) -> Tensor:
        """The notes of points that have all taken every step so far."""
        notes = torch.from_numpy(begun(self._initial, self._target))
        _, final, best, reached, last = notes
        final.copy_(self._final)
        best.copy_(self._best)
        if math.isfinite(self._bound):
            there = self._above <= self._step
            reached[there] = self._above[there].double()
        last.fill_(self._step)
        return notes


def _is_finite(numbers: Tensor) -> bool:
    """Whether all are, as far as their sum tells: it is not if one of them is not, and may overflow."""
    return math.isfinite(numbers.sum().item())


def _at_most(bound: float, dtype: torch.dtype) -> float:
    """The largest number of a dtype that is not above a bound; an infinite one stays."""
    kind = np.float32 if dtype is torch.float32 else np.float64
    rounded = kind(bound)
    is_above = float(rounded) > bound  # numpy would round the bound itself to compare
    return float(np.nextafter(rounded, kind(-np.inf)) if is_above else rounded)

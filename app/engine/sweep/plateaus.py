"""The rule of ``ReduceLROnPlateau``, for many members at once."""

import torch
from torch import Tensor


def call_plateau(loss: Tensor, rates: Tensor, plateau: Tensor, state: Tensor) -> None:
    """``scheduler.step(loss)`` of every lane.

    Args:
        loss: [lanes].
        rates: [groups, lanes], changed in place.
        plateau: Its numbers, see ``lanes.PLATEAU``, and the least rates.
        state: See ``lanes.PLATEAU_STATE``, changed in place.
    """
    sense, is_relative, threshold, factor, patience, cooldown, eps = plateau[:7]
    best, bad, cooling = state
    edge = torch.where(is_relative != 0, best * (1.0 - sense * threshold), best - sense * threshold)
    better = loss * sense < edge * sense
    best[better] = loss[better]
    bad.copy_(torch.where(better, torch.zeros_like(bad), bad + 1))
    was_cooling = cooling > 0
    cooling[was_cooling] -= 1
    bad[was_cooling] = 0
    due = bad > patience
    lower = torch.maximum(rates * factor, plateau[7:])
    rates.copy_(torch.where(due & (rates - lower > eps), lower, rates))
    cooling.copy_(torch.where(due, cooldown, cooling))
    bad[due] = 0

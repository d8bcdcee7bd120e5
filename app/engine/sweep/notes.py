"""What is noted of many members at once, step by step: see ``lanes.NOTES``."""

import numpy as np
import torch
from torch import Tensor

from optiscope.engine.sweep.lanes import Numbers


def begun(initial: Numbers, target: Numbers | float) -> Numbers:
    """The notes [5, lanes] before the first step, of the losses that there are by then."""
    reached = np.where(initial <= target, 0.0, np.nan)
    return np.stack([np.ones_like(initial), initial, initial, reached, np.zeros_like(initial)])


def note(notes: Tensor, target: Tensor | float, step: int, loss: Tensor, finite: Tensor) -> None:
    """Note a step of all lanes that have not ended.

    Args:
        notes: [5, lanes], changed in place.
        target: The loss whose first step is noted.
        step: Counted from 1.
        loss: [lanes].
        finite: [lanes] whether all parameters are, after the step.
    """
    alive, final, best, reached, last = notes
    there = alive > 0
    torch.where(there, loss, final, out=final)
    torch.where(there, torch.fmin(best, loss), best, out=best)
    reached.masked_fill_(there & (loss <= target) & reached.isnan(), step)
    last.masked_fill_(there, step)
    alive.masked_fill_(~finite | loss.isnan(), 0.0)

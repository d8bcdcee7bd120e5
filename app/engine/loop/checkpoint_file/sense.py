"""What numbers of an optimizer's state can be, by what they mean: torch's own keys mean one thing each."""

import math
from typing import Any

import torch
from torch import Tensor

from optiscope.engine.loop.checkpoint_file.misfits import require_between, require_count

BOUNDS = {
    "exp_avg_sq": (0.0, math.inf),
    "max_exp_avg_sq": (0.0, math.inf),
    "exp_inf": (0.0, math.inf),
    "square_avg": (0.0, math.inf),
    "acc_delta": (0.0, math.inf),
    "sum": (0.0, math.inf),
    "row_var": (0.0, math.inf),
    "col_var": (0.0, math.inf),
    "variance": (0.0, math.inf),
    "step_size": (0.0, math.inf),
    "mu": (0.0, 1.0),
    "mu_product": (0.0, 1.0),
}
"""Averages and sums of squares, sizes of steps, and weights, as the optimizers of torch keep them."""

COUNTER = "step"
"""How many steps an optimizer took for a parameter: fewer than the run, if it was frozen or began anew."""


def check_meaning(key: str, value: Any, step: int, part: str) -> None:
    """Refuse a value of torch's that its meaning excludes.

    Raises:
        CheckpointFileError: Naming ``part`` and the bounds.
    """
    if key == COUNTER:
        require_count(_only(value), step, part)
    elif key in BOUNDS and isinstance(value, Tensor) and value.numel():
        low, high = BOUNDS[key]
        smallest, largest = torch.aminmax(value)
        require_between(low, smallest.item(), high, part)
        require_between(low, largest.item(), high, part)


def _only(value: Any) -> Any:
    return value.item() if isinstance(value, Tensor) else value

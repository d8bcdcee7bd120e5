"""What is remembered of a run's losses, beside its records."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from optiscope.engine.loop.block import Block

Result = Mapping[str, Any]
"""``{"loss", "lowest": {"loss", "step"} | None}``, numbers as on the wire."""


def losses_of(blocks: Sequence[Block], before: Result | None) -> Result | None:
    """The last loss and the lowest one, with its step; the latter None while none was finite.

    Args:
        blocks: Records of a run.
        before: The same of all records before them.
    """
    if not blocks:
        return before
    lowest = before and before["lowest"]
    for block in blocks:
        finite = np.where(np.isfinite(block.loss), block.loss, np.inf)
        row = int(np.argmin(finite))
        if np.isfinite(finite[row]) and (lowest is None or finite[row] < lowest["loss"]):
            lowest = {"loss": float(finite[row]), "step": block.steps[row]}
    return {"loss": _number(float(blocks[-1].loss[-1])), "lowest": lowest}


def _number(value: float) -> float | str:
    """As on the wire: JSON has no NaN and no infinity."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"

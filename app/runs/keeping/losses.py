"""What is remembered of a run's losses, beside its records."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Ended
from optiscope.export.json_lines import spelled

Result = Mapping[str, Any]
"""``{"loss", "lowest": {"loss", "step"} | None, "end_loss"?}``, numbers as on the wire."""


def losses_of(blocks: Sequence[Block], before: Result | None, ended: Ended | None = None) -> Result | None:
    """The last loss, the lowest one with its step (None while none was finite), and the one at the end.

    Args:
        blocks: Records of a run.
        before: The same of all records before them.
        ended: The end of the run, if it has come to it.
    """
    result = _recorded(blocks, before) if blocks else before
    if result is None or ended is None or ended.end_loss is None:
        return result
    return {**result, "end_loss": spelled(ended.end_loss)}


def _recorded(blocks: Sequence[Block], before: Result | None) -> Result:
    lowest = before and before["lowest"]
    for block in blocks:
        finite = np.where(np.isfinite(block.loss), block.loss, np.inf)
        row = int(np.argmin(finite))
        if np.isfinite(finite[row]) and (lowest is None or finite[row] < lowest["loss"]):
            lowest = {"loss": float(finite[row]), "step": block.steps[row]}
    return {"loss": spelled(float(blocks[-1].loss[-1])), "lowest": lowest}

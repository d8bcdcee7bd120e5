"""What a run did, as a central flow is held against it: its records in float64, and averages over them."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from optiscope.engine.loop.block import Block, record_at

Array = NDArray[np.float64]

_SQUARES = "square_avg"  # torch's key of V


class Recorded:
    """The records of a run up to the last one that is finite.

    Args:
        blocks: What it recorded.
        steps: Leave out what comes after.

    Attributes:
        first: The first record.
        points: [records, parameters]
    """

    def __init__(self, blocks: Sequence[Block], steps: int) -> None:
        self.first = blocks[0].first
        self._blocks = blocks
        self._names = list(blocks[0].params)
        columns = [
            np.concatenate([values.reshape(len(values), -1) for values in block.params.values()], axis=1)
            for block in blocks
        ]
        points = torch.from_numpy(np.concatenate(columns)[: steps - self.first + 1]).double()
        finite = points.isfinite().all(dim=1)
        self.points = points if bool(finite.all()) else points[: int(finite.long().argmin())]

    @property
    def last(self) -> int:
        """The last record that is finite."""
        return self.first + len(self.points) - 1

    def squares(self, step: int) -> Tensor:
        """V [parameters] that the step after a record divides by: it has seen the gradient there."""
        block, row = record_at(self._blocks, min(step + 1, self.last))
        return torch.cat(
            [torch.from_numpy(block.state[name][_SQUARES][row].ravel()).double() for name in self._names]
        )

    def since(self, step: int) -> Tensor:
        """The points [k, parameters] from a record on."""
        return self.points[step - self.first :]

    def swings(self, step: int) -> Tensor:
        """How far each record from ``step`` on is from the middle of the steps beside it: [k, parameters].

        Of a path that jumps from one side to the other this is the jump's half, whatever it drifts.
        """
        before = torch.cat([self.points[:1], self.points[:-1]])
        after = torch.cat([self.points[1:], self.points[-1:]])
        swings = (2 * self.points - before - after) / 4
        swings[[0, -1]] = torch.nan
        return swings[step - self.first :]


def averaged(values: Array, window: int) -> Array:
    """The mean of each value and those around it, of ``window`` in all; fewer at the ends, and NaN left out.

    Example:
        >>> averaged(np.array([1.0, 2.0, 6.0, 4.0]), 3).tolist()
        [1.5, 3.0, 4.0, 5.0]
    """
    reach = window // 2
    known = np.isfinite(values)
    sums = np.concatenate([[0.0], np.cumsum(np.where(known, values, 0.0))])
    counts = np.concatenate([[0], np.cumsum(known)])
    begins = np.maximum(np.arange(len(values)) - reach, 0)
    ends = np.minimum(np.arange(len(values)) + reach + 1, len(values))
    with np.errstate(invalid="ignore"):
        means: Array = (sums[ends] - sums[begins]) / (counts[ends] - counts[begins])
    return means

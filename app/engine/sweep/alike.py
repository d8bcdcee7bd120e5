"""Members whose model is a point, by what they have in common."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.core.config import OptimizerConfig


@dataclass(frozen=True, slots=True)
class Alike:
    """Runs that have all hyperparameters in common.

    Attributes:
        optimizer: Theirs.
        members: [n] their indices.
        starts: [n, 2]
    """

    optimizer: OptimizerConfig
    members: NDArray[np.int64]
    starts: NDArray[np.float64]

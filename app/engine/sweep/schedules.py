"""What real schedulers make of the param groups, step by step, as tables."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import Training, quiet
from optiscope.engine.recipe.hyperparameters import Key
from optiscope.engine.sweep.lanes import Numbers
from optiscope.engine.sweep.updates.update import Update


def columns_of(training: Training, update: Update) -> list[float]:
    """The numbers that an update needs, of one param group after the other."""
    found = []
    for group in training.optimizers[0].param_groups:
        for column in update.columns:
            value = float(Key.of(column.key).get(group))
            found.append(value if column.of is None else column.of(value))
    return found


def followed(config: RunConfig, update: Update) -> Numbers:
    """The same at every step, [steps, columns], as torch's schedulers and the factors of a run set them."""
    with quiet():
        training = Training(config)
        rows = []
        for step in range(config.steps):
            training.hyperparameters.apply(step)
            rows.append(columns_of(training, update))
            training.schedule(step + 1)
    return np.array(rows)


def moving_columns(table: Numbers, columns: Numbers, lane_of_row: Sequence[int]) -> NDArray[np.int32]:
    """The columns in which a schedule is not the constant that its lane begins with.

    Args:
        table: [steps, rows, columns].
        columns: [columns, lanes].
        lane_of_row: A lane that follows each row.
    """
    constant = columns[:, lane_of_row].T
    return np.flatnonzero((table != constant).any(axis=(0, 1))).astype(np.int32)

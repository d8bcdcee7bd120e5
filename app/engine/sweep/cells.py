"""What a sweep finds of each member, as columns."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.loop.checkpoint import Reason

REASONS = (Reason.COMPLETED, Reason.DIVERGED, Reason.FAILED)
"""Why a member ended, by its number in ``ended``."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns that not every sweep has.

    Attributes:
        target: The loss whose first step is noted; None without.
        test_loss: Whether a member has held-out samples.
        end: Whether the model of a member is a point.
    """

    target: float | None
    test_loss: bool
    end: bool


@dataclass(frozen=True, slots=True)
class Cells:
    """Some members of a sweep, in any order.

    Attributes:
        members: [n] their indices, in C order of the shape of the sweep.
        initial_loss: [n] of all training samples at the initial parameters.
        final_loss: [n] what record ``last_step`` says: of its minibatch, before its step.
        end_loss: [n] of all training samples at the last parameters; NaN after divergence.
        test_loss: [n] of all held-out samples there; None where data are fixed.
        best_loss: [n] the least recorded number, NaN if none.
        steps_to_target: [n] the first step whose recorded loss is at most the target, NaN if none; None
            without a target.
        last_step: [n] the last step.
        ended: [n] indices into ``REASONS``.
        end: [n, 2] the last point, where the model is one.
    """

    members: NDArray[np.int64]
    initial_loss: Numbers
    final_loss: Numbers
    end_loss: Numbers
    test_loss: Numbers | None
    best_loss: Numbers
    steps_to_target: Numbers | None
    last_step: NDArray[np.int64]
    ended: NDArray[np.int8]
    end: Numbers | None

    def __len__(self) -> int:
        return len(self.members)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Every column that there is, under its name on the wire."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: column for name, column in named.items() if column is not None}


def joined(parts: Sequence[Cells]) -> Cells:
    """Cells of one sweep as one, in the order given; there is at least one part."""
    columns = [part.columns() for part in parts]
    whole = {name: np.concatenate([c[name] for c in columns]) for name in columns[0]}
    return Cells(**{field.name: whole.get(field.name) for field in fields(Cells)})  # type: ignore[arg-type]

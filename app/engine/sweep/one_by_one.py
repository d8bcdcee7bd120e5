"""A member by torch's own loop: what ``advance`` records, as one cell."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.parts import Parts
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Checkpoint, Reason
from optiscope.engine.loop.lines import precision_of
from optiscope.engine.loop.training import Training, advance
from optiscope.engine.recipe.models import Point
from optiscope.engine.recipe.problems.datasets import DatasetProblem
from optiscope.engine.sweep.cells import REASONS, Cells, Wanted

_STEPS = 100
"""How many steps a part takes at most."""

_SECONDS = 0.05
"""After so long it ends before that, at the next step."""


class _Seen:
    """What the records of a run come to, while they pass by."""

    def __init__(self, target: float | None) -> None:
        self.target = target
        self.initial = self.final = self.best = self.to_target = math.nan

    def see(self, blocks: Sequence[Block]) -> None:
        """Take in the next records."""
        for block in blocks:
            losses = block.loss.astype(np.float64)
            if block.first == 0 and len(losses):
                self.initial = float(losses[0])
            self.final = float(losses[-1])
            self.best = float(np.fmin(self.best, np.fmin.reduce(losses)))
            if self.target is not None and math.isnan(self.to_target):
                reached = losses <= self.target
                if reached.any():
                    self.to_target = float(block.steps[int(reached.argmax())])


def cell_of(member: int, config: RunConfig, wanted: Wanted) -> Parts[Cells]:
    """One member, trained as every run is, in parts of some steps.

    Args:
        member: Its index in the sweep.
        config: The run.
        wanted: The columns that the sweep has.
    """
    seen, checkpoint = _Seen(wanted.target), None
    try:
        while checkpoint is None or checkpoint.ended is None:
            blocks, checkpoint = advance(config, checkpoint, _STEPS, _SECONDS)
            seen.see(blocks)
            if checkpoint.ended is None:
                yield
    except ConfigError:  # torch refuses this member, and perhaps no other one
        return failed_cells(np.array([member], np.int64), wanted)
    return _cell(member, seen, wanted, _Last(config, checkpoint))


class _Last:
    """Where a member ended."""

    def __init__(self, config: RunConfig, checkpoint: Checkpoint) -> None:
        assert checkpoint.ended is not None  # noqa: S101 - it was trained to its end
        self.ended = checkpoint.ended
        self.is_lost = checkpoint.ended.reason is Reason.DIVERGED
        self.end_loss = math.nan if checkpoint.ended.end_loss is None else checkpoint.ended.end_loss
        self._training = Training(config)
        self._training.model.load_state_dict(checkpoint.model)

    @property
    def test_loss(self) -> float:
        """Of all held-out samples, NaN where there are none, and after divergence."""
        problem, model = self._training.problem, self._training.model
        if self.is_lost or not isinstance(problem, DatasetProblem) or not problem.info.holds_out:
            return math.nan
        with torch.no_grad(), precision_of(self._training.config.loop):
            return problem.info.loss.function(model(problem.x_test), problem.y_test).item()

    @property
    def point(self) -> list[float]:
        """The last point of a test function, NaN where the model is a network."""
        model = self._training.model
        return model.xy.tolist() if isinstance(model, Point) else [math.nan, math.nan]


def _cell(member: int, seen: _Seen, wanted: Wanted, last: _Last) -> Cells:
    return Cells(
        members=np.array([member], np.int64),
        initial_loss=np.array([seen.initial]),
        final_loss=np.array([seen.final]),
        end_loss=np.array([last.end_loss]),
        test_loss=np.array([last.test_loss]) if wanted.test_loss else None,
        best_loss=np.array([seen.best]),
        steps_to_target=None if wanted.target is None else np.array([seen.to_target]),
        last_step=np.array([last.ended.step], np.int64),
        ended=np.array([REASONS.index(last.ended.reason)], np.int8),
        end=np.array([last.point]) if wanted.end else None,
    )


def failed_cells(members: NDArray[np.int64], wanted: Wanted) -> Cells:
    """The cells of members that never began.

    Args:
        members: Their indices in the sweep.
        wanted: The columns that the sweep has.
    """
    count = len(members)
    nothing = np.full(count, math.nan)
    return Cells(
        members=members,
        initial_loss=nothing,
        final_loss=nothing,
        end_loss=nothing,
        test_loss=nothing if wanted.test_loss else None,
        best_loss=nothing,
        steps_to_target=None if wanted.target is None else nothing,
        last_step=np.zeros(count, np.int64),
        ended=np.full(count, REASONS.index(Reason.FAILED), np.int8),
        end=np.full((count, 2), math.nan) if wanted.end else None,
    )

"""Many starts on a 2-D test function at once: the rows of one parameter, moved by a real optimizer of torch.

An optimizer that treats each number by itself treats each row by itself, so all starts share their passes and
steps. They share every hyperparameter, too: torch has one rate for all rows of a parameter.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils import clip_grad_value_

from optiscope.engine.core.config import ClipValueConfig, RunConfig
from optiscope.engine.core.parts import Parts
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.loop.training import quiet
from optiscope.engine.recipe.hyperparameters import HyperparameterSchedules
from optiscope.engine.recipe.lr_schedulers import build_lr_scheduler, calling
from optiscope.engine.recipe.optimizers import build_optimizers
from optiscope.engine.recipe.problems import build_problem
from optiscope.engine.recipe.problems.functions import FunctionProblem
from optiscope.engine.sweep.cells import REASONS, Cells, Numbers, Wanted
from optiscope.engine.sweep.notes import begun, note

_PART = 20
"""Steps of a part."""


class _Points(nn.Module):
    """Points as the rows of one parameter."""

    def __init__(self, starts: Tensor) -> None:
        super().__init__()
        self.xy = nn.Parameter(starts)


def cells_of_points(
    config: RunConfig, starts: NDArray[np.float64], members: NDArray[np.int64], wanted: Wanted
) -> Parts[Cells]:
    """The cells of runs that differ in nothing but their starts.

    Args:
        config: The run.
        starts: [n, 2].
        members: Their indices.
        wanted: The columns of the cells.
    """
    dtype = torch.float64 if config.dtype == "float64" else torch.float32
    problem = build_problem(config.problem, dtype)
    assert isinstance(problem, FunctionProblem)  # noqa: S101 - its model is a point
    function = problem.info.function
    model = _Points(torch.from_numpy(starts).to(dtype))
    target = -np.inf if wanted.target is None else wanted.target
    initial = function(model.xy).detach().double().numpy()
    notes = torch.from_numpy(begun(initial, target))
    ends = torch.full_like(model.xy, torch.nan)
    with quiet():
        optimizers = build_optimizers(model, config.optimizer)
        schedules = HyperparameterSchedules(optimizers, config)
        scheduler = config.lr_scheduler
        call = calling(build_lr_scheduler(optimizers[0], scheduler), scheduler) if scheduler else None
    for step in range(1, config.steps + 1):
        model.xy.grad = None
        losses = function(model.xy)
        losses.sum().backward()
        if isinstance(config.clip_grad, ClipValueConfig):
            clip_grad_value_(model.xy, config.clip_grad.clip_value)
        schedules.apply(step - 1)
        optimizers[0].step()
        points, was_alive = model.xy.detach(), notes[0] > 0
        note(notes, target, step, losses.detach().double(), torch.isfinite(points).all(1))
        torch.where(was_alive[:, None], points, ends, out=ends)
        if call is not None and scheduler is not None and step % scheduler.interval == 0:
            with quiet():
                call(step // scheduler.interval - 1, None)
        if step % _PART == 0:
            yield
    return _cells(notes.numpy(), initial, ends, function(ends), members, wanted)


def _cells(
    notes: Numbers,
    initial: Numbers,
    ends: Tensor,
    end_loss: Tensor,
    members: NDArray[np.int64],
    wanted: Wanted,
) -> Cells:
    alive, final, best, reached, last = notes
    lost = alive == 0
    completed, diverged = REASONS.index(Reason.COMPLETED), REASONS.index(Reason.DIVERGED)
    return Cells(
        members=members,
        initial_loss=initial,
        final_loss=final,
        end_loss=np.where(lost, np.nan, end_loss.double().numpy()),
        test_loss=np.full(len(members), np.nan) if wanted.test_loss else None,
        best_loss=best,
        steps_to_target=None if wanted.target is None else reached,
        last_step=last.astype(np.int64),
        ended=np.where(lost, diverged, completed).astype(np.int8),
        end=ends.double().numpy() if wanted.end else None,
    )

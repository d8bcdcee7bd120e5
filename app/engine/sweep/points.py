"""Many runs on a 2-D test function at once: rows of one tensor, moved by one real optimizer of torch.

An optimizer that treats each number by itself treats each row by itself, so all runs share their passes.
Those with the same hyperparameters share a param group, whose parameter is their rows; each other choice has
a group of its own, built and judged by torch as that of a run alone.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils import clip_grad_value_
from torch.optim import Optimizer

from optiscope.engine.core.config import ClipValueConfig, RunConfig
from optiscope.engine.core.parts import Parts, in_turn
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.loop.training import quiet
from optiscope.engine.recipe.draws import Draws
from optiscope.engine.recipe.hyperparameters import HyperparameterSchedules
from optiscope.engine.recipe.lr_schedulers import build_lr_scheduler, calling
from optiscope.engine.recipe.optimizers import build_optimizers
from optiscope.engine.recipe.problems import build_problem
from optiscope.engine.recipe.problems.functions import FunctionProblem
from optiscope.engine.sweep.alike import Alike
from optiscope.engine.sweep.cells import REASONS, Cells, Numbers, Wanted, joined
from optiscope.engine.sweep.noted_points import NotedPoints

_PART = 4096
"""Steps of param groups in a part: some hundredths of a second."""

_LONGEST = 20
"""The most steps of a part."""

_MOST_CHOICES = 1024
"""Param groups that one optimizer is given."""


class _Rows(nn.Module):
    """Some rows of a tensor as a parameter."""

    def __init__(self, rows: Tensor) -> None:
        super().__init__()
        self.xy = nn.Parameter(rows)


def cells_of_points(config: RunConfig, alike: Sequence[Alike], wanted: Wanted) -> Parts[Cells]:
    """The cells of runs that differ in nothing but their starts and the numbers of their optimizer.

    Args:
        config: The run.
        alike: The runs, by their hyperparameters.
        wanted: The columns of the cells.

    Raises:
        ConfigError: If torch refuses one of them.
    """
    parts = [alike[first : first + _MOST_CHOICES] for first in range(0, len(alike), _MOST_CHOICES)]
    return joined((yield from in_turn(_trained(config, part, wanted) for part in parts)))


def _trained(config: RunConfig, alike: Sequence[Alike], wanted: Wanted) -> Parts[Cells]:
    dtype = torch.float64 if config.dtype == "float64" else torch.float32
    problem = build_problem(config.problem, dtype)
    assert isinstance(problem, FunctionProblem)  # noqa: S101 - its model is a point
    function = problem.info.function
    draws = Draws(problem.draw, config.order_seed) if problem.draw else None
    points = torch.from_numpy(np.concatenate([one.starts for one in alike])).to(dtype)
    gradients = torch.zeros_like(points)
    initial = function(points)
    noted = NotedPoints(initial, wanted.target)
    with quiet():
        optimizer, schedules = _optimizer(config, alike, points, gradients)
        scheduler = config.lr_scheduler
        call = calling(build_lr_scheduler(optimizer, scheduler), scheduler) if scheduler else None
    part = min(_LONGEST, max(1, _PART // len(alike)))
    for step in range(1, config.steps + 1):
        fed = points.detach().requires_grad_()
        losses = problem.compare(fed, draws.next() if draws else None)
        total = losses.sum()
        total.backward()
        if isinstance(config.clip_grad, ClipValueConfig):
            clip_grad_value_(fed, config.clip_grad.clip_value)
        gradients.copy_(fed.grad)  # type: ignore[arg-type] # backward has just set it
        for schedule in schedules:
            schedule.apply(step - 1)
        optimizer.step()
        noted.note(step, losses.detach(), total, points)
        if call is not None and scheduler is not None and step % scheduler.interval == 0:
            with quiet():
                call(step // scheduler.interval - 1, None)
        if step % part == 0:
            yield
    members = np.concatenate([one.members for one in alike])
    ends = noted.ends(points)
    return _cells(noted.notes(), initial.double().numpy(), ends, function(ends), members, wanted)


def _optimizer(
    config: RunConfig, alike: Sequence[Alike], points: Tensor, gradients: Tensor
) -> tuple[Optimizer, list[HyperparameterSchedules]]:
    """One optimizer with a param group for each choice of hyperparameters, and what moves these.

    Each is built as that of a run alone, so that torch refuses what it refuses there and makes the state that
    it makes there; the first one is then given the groups and the state of all others.
    """
    built, schedules = [], []
    for one, rows, gradient in zip(alike, *(_split(t, alike) for t in (points, gradients)), strict=True):
        model = _Rows(rows)
        model.xy.grad = gradient
        optimizers = build_optimizers(model, one.optimizer)
        built.append(optimizers[0])
        if config.hyperparameter_schedules:
            own = config.model_copy(update={"optimizer": one.optimizer})
            schedules.append(HyperparameterSchedules(optimizers, own))
    first, *others = built
    for other in others:
        first.param_groups += other.param_groups
        first.state.update(other.state)
    return first, schedules


def _split(rows: Tensor, alike: Sequence[Alike]) -> Iterator[Tensor]:
    return iter(rows.split([len(one.members) for one in alike]))


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

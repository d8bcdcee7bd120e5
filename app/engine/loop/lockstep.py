"""Runs on one test function, advanced in lockstep: what they have in common is done once for all of them.

Their points are the rows of one tensor [runs, 2], and each run keeps its own optimizer. Every bit is what the
run has alone, so a forward and a backward pass is shared only if the function
:func:`~optiscope.engine.loop.exactness.is_exact`; it then costs what it costs a single run.
"""

import math
import time
from collections.abc import Hashable, Sequence

import torch
from torch import Tensor

from optiscope.engine.core.config import LoopConfig, RunConfig
from optiscope.engine.loop import private_torch
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.exactness import is_exact
from optiscope.engine.loop.recorder import Recorder
from optiscope.engine.loop.training import (
    Training,
    advance,
    begin,
    completion,
    first_non_finite,
    measured,
    quiet,
)
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.problems import PROBLEMS
from optiscope.engine.recipe.problems.functions import FunctionProblem

Advanced = tuple[list[Block], Checkpoint]

FIRST = 2
"""Steps in which optimizers make their state; those that follow do the same with other numbers."""


def advance_together(configs: Sequence[RunConfig], seconds: float = math.inf) -> list[Advanced]:
    """``advance(config, None, config.steps)`` of each run, bit for bit, in less time where they share passes.

    Args:
        configs: The runs.
        seconds: How long they may take; then each stands wherever it is, which may be after one step.

    Raises:
        ConfigError: If one of them cannot be run.
    """
    groups: dict[Hashable, list[int]] = {}
    for index, config in enumerate(configs):
        key = lockstep_key(config)
        groups.setdefault(index if key is None else key, []).append(index)
    advanced: dict[int, Advanced] = {}
    for indices in groups.values():
        group = [configs[index] for index in indices]
        found = _in_lockstep if len(group) > 1 else _each
        advanced |= zip(indices, found(group, seconds * len(group) / len(configs)), strict=True)
    return [advanced[index] for index in range(len(configs))]


def lockstep_key(config: RunConfig) -> Hashable | None:
    """What runs have in common that go in lockstep; None for a run that goes alone.

    Raises:
        ConfigError: If there is no such problem or optimizer.
    """
    plain = not config.freeze and config.loop == LoopConfig()
    optimizer = OPTIMIZERS.resolve(config.optimizer.name, "/optimizer/name")
    in_place = optimizer.source == "torch.optim" and not optimizer.closure
    problem = PROBLEMS.resolve(config.problem.name, "/problem/name")
    if plain and in_place and problem.kind == "function" and problem.draw is None:
        return (config.problem, config.dtype, config.steps, _is_steady(config))
    return None


def _is_steady(config: RunConfig) -> bool:
    """Whether each step of a run does the same as the one before, with other numbers."""
    return (
        config.lr_scheduler is None
        and config.clip_grad is None
        and not config.hyperparameter_schedules
        and config.average is None
    )


def _each(configs: Sequence[RunConfig], seconds: float) -> list[Advanced]:
    return [advance(config, None, config.steps, seconds / len(configs)) for config in configs]


def _in_lockstep(configs: Sequence[RunConfig], seconds: float) -> list[Advanced]:
    """Each run to its last step, or to where it diverges, up to which it is then trained again alone."""
    until = time.perf_counter() + seconds
    with quiet():
        runs = [begin(config, None) for config in configs]
        try:
            _Lockstep(runs, until).advance(configs[0].steps)
        except Exception:  # noqa: BLE001 - whatever an optimizer raises is told of its own run alone
            return _each(configs, seconds)
    advanced = [_finished(training, recorder) for training, recorder in runs]
    ends = [first_non_finite(blocks) for blocks, _ in advanced]
    return [
        found if end is None else advance(config, None, end, seconds / len(configs))
        for config, found, end in zip(configs, advanced, ends, strict=True)
    ]


def _finished(training: Training, recorder: Recorder) -> Advanced:
    return recorder.blocks(), training.checkpoint(measured(training, completion(training)))


class _Lockstep:
    """Runs on one function whose points, and their gradients, are the rows of two tensors [runs, 2]."""

    def __init__(self, runs: Sequence[tuple[Training, Recorder]], until: float) -> None:
        self._runs = runs
        self._until = until
        problem = runs[0][0].problem
        assert isinstance(problem, FunctionProblem)  # noqa: S101 - no other runs go in lockstep
        self._function = problem.info.function
        self._points = torch.stack([training.optimized[0].detach() for training, _ in runs])
        self._grads = torch.zeros_like(self._points)
        for (training, _), point, grad in zip(runs, self._points, self._grads, strict=True):
            training.optimized[0].data, training.optimized[0].grad = point, grad
        self._pass = self._pass_of_all if is_exact(self._function) else self._pass_of_each

    def advance(self, steps: int) -> None:
        """Take so many steps, or fewer if time is up, but one."""
        if not all(_is_steady(training.config) for training, _ in self._runs):
            self._step_each(steps)
            return
        for training, _ in self._runs:
            training.optimizer_steps = [
                private_torch.WAY.repeated_step_of(optimizer) for optimizer in training.optimizers
            ]
        self._step_each(min(steps, FIRST))
        self._repeat(max(steps - FIRST, 0))

    def _pass_of_all(self) -> Tensor:
        """Forward and backward: the gradients of all runs, and their losses [runs]."""
        points = self._points.detach().requires_grad_()
        losses = self._function(points)
        private_torch.WAY.backward(losses, torch.ones_like(losses))
        self._grads.copy_(points.grad)  # type: ignore[arg-type] # backward has just set it
        return losses.detach()

    def _pass_of_each(self) -> Tensor:
        """The same, run by run."""
        losses = []
        for row, grad in zip(self._points, self._grads, strict=True):
            point = row.detach().requires_grad_()
            loss = self._function(point)
            private_torch.WAY.backward(loss, torch.ones_like(loss))
            grad.copy_(point.grad)
            losses.append(loss.detach())
        return torch.stack(losses)

    def _step_each(self, steps: int) -> None:
        for _ in range(steps):
            losses = self._pass().tolist()
            for (training, recorder), loss in zip(self._runs, losses, strict=True):
                training.step_on(loss, recorder)
            if self._is_time_up():
                return

    def _is_time_up(self) -> bool:
        return time.perf_counter() >= self._until

    @torch.no_grad()
    def _repeat(self, steps: int) -> None:
        """Take steps that change nothing but numbers, which are all read at once."""
        views = [recorder.views() for _, recorder in self._runs]
        everything = [view for of_run in views for view in of_run]
        optimizer_steps = [step for training, _ in self._runs for step in training.optimizer_steps]
        losses, read = [], []
        for _ in range(steps):
            if self._is_time_up():
                break
            with torch.enable_grad():
                losses.append(self._pass())
            for step in optimizer_steps:
                step()
            read.append(torch.cat(everything))
        if losses:
            self._note(views, torch.stack(losses), torch.stack(read))

    def _note(self, views: Sequence[Sequence[Tensor]], losses: Tensor, read: Tensor) -> None:
        """Give each recorder its columns of the losses [steps, runs] and of what was read [steps, width]."""
        parts = read.split([sum(view.numel() for view in of_run) for of_run in views], dim=1)
        for (training, recorder), loss, part in zip(self._runs, losses.T.tolist(), parts, strict=True):
            recorder.note_steps(loss, part)
            training.step += len(loss)

"""A schedule drawn without training: real torch optimizers and schedulers, stepped, and nothing else."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch.optim import Optimizer

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.parts import Parts, stretches, whole
from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.block import Array, Block
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.engine.loop.failing import SCHEDULED, SCHEDULER, failure
from optiscope.engine.loop.recorder import momentum_of
from optiscope.engine.loop.training import quiet
from optiscope.engine.recipe.hyperparameters import HyperparameterSchedules, Key, number_of
from optiscope.engine.recipe.lr_schedulers import (
    LR_SCHEDULERS,
    Calling,
    HandOver,
    Scheduler,
    build_lr_scheduler,
    calling,
)
from optiscope.engine.recipe.lr_schedulers.parts import Part, parts_of
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.optimizers import build_optimizers
from optiscope.engine.recipe.optimizers.places import LaterGroups, places_of
from optiscope.engine.recipe.order import schedule_calls
from optiscope.engine.recipe.problems import build_problem

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    """A param group: the class of its optimizer, and the names of the parameters that it holds."""

    optimizer: str
    params: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """What each step uses; value k is that of step k + 1.

    Attributes:
        groups: The param groups, of all optimizers in turn.
        lr: [groups, n] learning rate.
        momentum: [groups, n] momentum or beta1, NaN for a group without; None if none has it.
        last_epoch: [n] the scheduler's ``last_epoch``; None without one, and of a hand-over, where each part
            counts for itself.
        get_lr: [groups, n] what ``scheduler.get_lr()`` answers between two steps, where that is not
            ``get_last_lr()``: it computes a next rate from the present one. None if it never differs.
        ended: Why there are fewer values than steps, or None.
        hyperparameters: What else follows a factor, by its name: [groups, n], NaN for a group without.
    """

    groups: tuple[Group, ...]
    lr: Values
    momentum: Values | None
    last_epoch: NDArray[np.int64] | None
    get_lr: Values | None
    ended: Ended | None
    hyperparameters: Mapping[str, Values] = field(default_factory=dict)


def needs_run(config: RunConfig) -> Said | None:
    """Why only a run can show the schedule, or None if ``preview`` can."""
    if known_steps(config) == config.steps:
        return None
    waiting, restart = _waiting(config), config.loop.restart
    if waiting is None and restart is not None:
        return say("needs_run_of_restart", step=restart.step)
    return say("needs_run", scheduler=waiting.config.name if waiting else "")


def known_steps(config: RunConfig) -> int:
    """How many steps ``preview`` can tell of: all, those before a loss or a restart decides, or none."""
    scheduler, restart = config.lr_scheduler, config.loop.restart
    if scheduler is None:
        return config.steps
    known = config.steps if restart is None else min(config.steps, restart.step)
    if (waiting := _waiting(config)) is None:
        return known
    if not waiting.handed:
        return 0
    before, after = schedule_calls(config.loop)
    due, call = divmod(waiting.begin, before + after)
    return min(known, (due + 1) * scheduler.interval - (call < before))


def _waiting(config: RunConfig) -> Part | None:
    """The first scheduler that is ever called and decides by the loss."""
    called = parts_of(config.lr_scheduler, config.steps, sum(schedule_calls(config.loop)))
    return next((part for part in called if part.info.needs_metric and part.calls), None)


def preview(config: RunConfig, *, with_get_lr: bool = True) -> Schedule:
    """The schedule of a run, without training it, at once.

    The optimizers hold the run's own parameters, untrained; each scheduler is stepped as the loop would.

    Args:
        config: The run.
        with_get_lr: Whether to ask ``get_lr()`` before every step too, which takes most of the time.

    Raises:
        ConfigError: If the optimizer or the scheduler cannot be built.
        ValueError: If only a run can show the schedule, see ``needs_run``.
    """
    return whole(preview_in_parts(config, with_get_lr=with_get_lr))


def preview_in_parts(config: RunConfig, *, with_get_lr: bool = True) -> Parts[Schedule]:
    """What :func:`preview` computes of the same arguments, in parts."""
    if reason := needs_run(config):
        raise ValueError(str(reason))
    optimizers, later, groups = _build(config)
    scheduler = config.lr_scheduler
    with quiet():
        schedulers = [build_lr_scheduler(o, scheduler) for o in optimizers] if scheduler else []
    calls = [calling(made, scheduler) for made in schedulers] if scheduler else []
    moved = HyperparameterSchedules(optimizers, config)
    notes = _Notes(later, moved, schedulers, calls, with_get_lr)
    ended = None
    for steps in stretches(range(1, config.steps + 1)):
        with quiet():
            ended = _step_through(config, notes, steps)
        if ended is not None:
            break
        yield
    return notes.schedule(config, groups, ended)


def recorded(config: RunConfig, blocks: Sequence[Block], ended: Ended) -> Schedule:
    """The schedule that a run followed.

    Args:
        config: The run.
        blocks: Its records, from step 0 on.
        ended: Its end.
    """
    _, _, groups = _build(config)
    lr, momentum = lr_of(blocks, len(groups))[1:], momenta_of(blocks, len(groups))[1:]
    interval = config.lr_scheduler.interval if config.lr_scheduler else config.steps
    moved = [block.optional.get("hyperparameters") for block in blocks]
    columns = [column for column in moved if isinstance(column, Mapping)]
    return Schedule(
        groups=groups,
        lr=lr.T,
        momentum=None if np.isnan(momentum).all() else momentum.T,
        last_epoch=_last_epoch(config, np.arange(len(lr)) // interval),
        get_lr=None,
        ended=None if ended.reason is Reason.COMPLETED else ended,
        hyperparameters={
            name: np.concatenate([_wide(np.asarray(column[name]), len(groups)) for column in columns])[1:].T
            for name in (columns[0] if columns else ())
        },
    )


def _last_epoch(config: RunConfig, counts: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """What a scheduler counts after so many calls."""
    scheduler = config.lr_scheduler
    if scheduler is None or LR_SCHEDULERS[scheduler.name].hands_over:
        return None
    return counts if scheduler.epoch_steps is None else np.maximum(counts - 1, 0) // scheduler.epoch_steps


def lr_of(blocks: Sequence[Block], groups: int) -> Values:
    """[n, groups] the learning rates of all records, NaN for a group that is not there yet."""
    return np.concatenate([_wide(block.lr, groups) for block in blocks])


def momenta_of(blocks: Sequence[Block], groups: int) -> Values:
    """[n, groups] momentum or beta1 of all records, NaN for a group without, or that is not there yet."""
    return np.concatenate(
        [
            np.full((len(block), groups), np.nan) if block.momentum is None else _wide(block.momentum, groups)
            for block in blocks
        ]
    )


def _wide(values: Array, groups: int) -> Values:
    """[n, groups], NaN for a group that is not there yet."""
    return np.pad(values, ((0, 0), (0, groups - values.shape[1])), constant_values=np.nan)


def _build(config: RunConfig) -> tuple[list[Optimizer], LaterGroups, tuple[Group, ...]]:
    model = build_model(build_problem(config.problem, torch.float32), config.model, torch.float32)
    optimizers = build_optimizers(model, config.optimizer)
    every = build_optimizers(model, config.optimizer)
    LaterGroups(model, every, config.optimizer).add_all()
    names = {param: name for name, param in model.named_parameters()}
    members = [every[place.optimizer].param_groups[place.position] for place in places_of(config.optimizer)]
    classes = [type(every[place.optimizer]).__name__ for place in places_of(config.optimizer)]
    groups = tuple(
        Group(name, tuple(names[param] for param in group["params"]))
        for name, group in zip(classes, members, strict=True)
    )
    return optimizers, LaterGroups(model, optimizers, config.optimizer), groups


@dataclass(slots=True)
class _Notes:
    """What the next step would use, noted before each step."""

    later: LaterGroups
    moved: HyperparameterSchedules
    schedulers: Sequence[Scheduler]
    calls: Sequence[Calling]
    with_get_lr: bool
    lr: list[list[float]] = field(default_factory=list)
    momentum: list[list[float]] = field(default_factory=list)
    stepped: int = 0
    counts: list[int] = field(default_factory=list)
    get_lr: list[list[float]] = field(default_factory=list)
    values: list[list[list[float]]] = field(default_factory=list)
    called: str = SCHEDULER

    def step(self) -> None:
        """Step the schedulers."""
        self.called = SCHEDULER
        for call in self.calls:
            call(self.stepped, None)
        self.stepped += 1

    def take(self) -> None:
        """Note the present values."""
        self.called = SCHEDULED
        self.moved.apply(len(self.lr))
        groups = self.later.groups()
        self.lr.append([group["lr"] for group in groups])
        self.momentum.append([momentum_of(group) for group in groups])
        self.values.append(
            [[number_of(group, Key.of(name)) for group in groups] for name in self.moved.names]
        )
        self.counts.append(self.stepped)
        if self.schedulers and self.with_get_lr:
            self.get_lr.append(_get_lr(self.schedulers) or self.lr[-1])

    def schedule(self, config: RunConfig, groups: tuple[Group, ...], ended: Ended | None) -> Schedule:
        """All that was noted, as columns."""
        lr, momentum, get_lr = (
            np.array([_filled(row, len(groups)) for row in rows]).reshape(-1, len(groups)).T
            for rows in (self.lr, self.momentum, self.get_lr)
        )
        return Schedule(
            groups=groups,
            lr=lr,
            momentum=None if np.isnan(momentum).all() else momentum,
            last_epoch=_last_epoch(config, np.array(self.counts, dtype=np.int64)),
            get_lr=get_lr if self.get_lr and self.get_lr != self.lr else None,
            ended=ended,
            hyperparameters={
                name: np.array([_filled(row[i], len(groups)) for row in self.values])
                .reshape(-1, len(groups))
                .T
                for i, name in enumerate(self.moved.names)
            },
        )


def _step_through(config: RunConfig, notes: _Notes, steps: range) -> Ended | None:
    """Step the schedulers as the loop does; the end, if one of them refuses to go on."""
    interval = config.lr_scheduler.interval if config.lr_scheduler else config.steps
    before, after = schedule_calls(config.loop)
    for step in steps:
        notes.later.add_until(step - 1)
        due = step % interval == 0
        try:
            for _ in range(before if due else 0):
                notes.step()
            notes.take()
            for _ in range(after if due else 0):
                notes.step()
        except Exception as error:  # noqa: BLE001 - a scheduler of another package may raise anything
            said = failure(config, notes.called, step, error)
            return Ended(Reason.FAILED, len(notes.lr), said)
    return None


def _filled(row: Sequence[float], groups: int) -> list[float]:
    """The values of all groups, NaN for one that is not there yet."""
    return [*row, *[math.nan] * (groups - len(row))]


def _get_lr(schedulers: Sequence[Scheduler]) -> list[float] | None:
    asked = [scheduler for scheduler in schedulers if not isinstance(scheduler, HandOver)]
    try:
        return [float(lr) for scheduler in asked for lr in scheduler.get_lr()] or None
    except NotImplementedError:  # SequentialLR and ChainedScheduler have none
        return None

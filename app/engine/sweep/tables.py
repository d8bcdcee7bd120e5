"""The arrays of members that are trained together, from the real objects of their runs."""

from collections.abc import Sequence
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.optim.lr_scheduler import ReduceLROnPlateau

from optiscope.engine.core.config import ClipNormConfig, RunConfig
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.batches import Batches
from optiscope.engine.recipe.models import drawn_parameters
from optiscope.engine.recipe.problems.datasets import DatasetProblem
from optiscope.engine.sweep.axes import Axis
from optiscope.engine.sweep.lanes import (
    CLIP_INF,
    CLIP_NORM,
    CLIP_VALUE,
    NO_CLIP,
    NOTES,
    PLATEAU_STATE,
    Common,
    Lanes,
    Net,
    Numbers,
    Whole,
)
from optiscope.engine.sweep.plan import Group, Plan
from optiscope.engine.sweep.pointers import Tokens
from optiscope.engine.sweep.schedules import columns_of, followed, moving_columns
from optiscope.engine.sweep.updates.table import UPDATES, key_of
from optiscope.engine.sweep.updates.update import Column
from optiscope.engine.sweep.ways import LOSSES

Indices = NDArray[np.int64]


def net_of(config: RunConfig, problem: DatasetProblem) -> Net:
    """What the kernel of a run is made for."""
    return Net(
        widths=(problem.inputs, *config.model.hidden, problem.outputs),
        bend=config.model.activation,
        loss=LOSSES[problem.info.loss.name],
        is_double=config.dtype == "float64",
        update=key_of(config.optimizer),
    )


class Order:
    """The rows of each pass, as the run's own generator draws them; asked for from the first step on."""

    def __init__(self, samples: int, config: RunConfig) -> None:
        self._size = min(config.batch_size or samples, samples)
        self._is_whole = self._size == samples
        self._accumulate = config.loop.accumulate
        self._batches = Batches(samples, config.batch_size, config.order_seed)

    def __call__(self, begin: int, end: int) -> tuple[Whole, Whole]:
        """The rows [passes, size] of some steps, and how many of them are meant."""
        if self._is_whole:
            return np.arange(self._size, dtype=np.int32)[None], np.array([self._size], np.int32)
        passes = (end - begin) * self._accumulate
        rows, counts = np.zeros((passes, self._size), np.int32), np.zeros(passes, np.int32)
        for i in range(passes):
            drawn = self._batches.next()
            assert drawn is not None  # noqa: S101 - minibatches are drawn
            counts[i] = len(drawn)
            rows[i, : len(drawn)] = drawn.numpy()
        return rows, counts


class Tables:
    """What the members of a group have in common, and what each of some has for itself.

    Args:
        plan: Of the sweep.
        group: Its group.
    """

    def __init__(self, plan: Plan, group: Group) -> None:
        self.plan, self.config = plan, group.config
        self.training = Training(group.config)
        problem = self.training.problem
        assert isinstance(problem, DatasetProblem)  # noqa: S101 - a point goes another way
        self.problem = problem
        self.net = net_of(self.config, problem)
        self.update = UPDATES[self.net.update]

    def common(self) -> Common:
        """What all lanes share."""
        config, dtype = self.config, self.net.dtype
        x, y, x_test, y_test = (
            t.numpy().astype(dtype)
            for t in (self.problem.x, self.problem.y, self.problem.x_test, self.problem.y_test)
        )
        parts, ticks = self._parts
        is_plateau = bool(self.plateau_schedulers)
        return Common(
            x=x,
            y=y[:, 0].copy(),
            x_test=x_test,
            y_test=y_test[:, 0].copy(),
            order=Order(len(x), config),
            accumulate=config.loop.accumulate,
            scale=1 / config.loop.accumulate if config.loop.scale_loss else 1.0,
            parts=parts,
            ticks=ticks,
            plateau_every=config.lr_scheduler.interval if config.lr_scheduler and is_plateau else 0,
            clip=self.clip()[0],
            steps=config.steps,
        )

    def clip(self) -> tuple[int, float]:
        """How gradients are clipped, and to what."""
        clip = self.config.clip_grad
        if clip is None:
            return NO_CLIP, 0.0
        if isinstance(clip, ClipNormConfig):
            return (CLIP_INF if clip.norm_type == "inf" else CLIP_NORM), clip.max_norm
        return CLIP_VALUE, clip.clip_value

    @property
    def plateau_schedulers(self) -> list[ReduceLROnPlateau]:
        """The scheduler of the run, if it is one that follows the loss."""
        return [s for s in self.training.lr_schedulers if isinstance(s, ReduceLROnPlateau)]

    @cached_property
    def _parts(self) -> tuple[Whole, Whole]:
        """Neighbouring parameters that are trained alike: their ends and group, and their own steps."""
        groups = self.training.optimizers[0].param_groups
        group_of = {id(p): i for i, group in enumerate(groups) for p in group["params"]}
        steps = self.config.steps
        frozen = (
            [set(self.training.freezing.frozen(step)) for step in range(steps)] if self.config.freeze else []
        )
        tensors, first = [], 0
        for name, param in self.training.model.named_parameters():
            group = group_of.get(id(param))
            active = np.array([name not in f for f in frozen]) if frozen else np.ones(steps, bool)
            if group is None:
                active, group = np.zeros(steps, bool), 0
            tensors.append((group, active.tobytes(), first, first + param.numel()))
            first += param.numel()
        parts, ticks = [], []
        for (group, active_bytes), same in groupby(tensors, key=lambda t: t[:2]):
            ends = [t[2:] for t in same]
            parts.append((ends[0][0], ends[-1][1], group))
            own = np.frombuffer(active_bytes, bool)
            ticks.append(np.cumsum(own) * own)
        return np.array(parts, np.int32), np.ascontiguousarray(np.array(ticks, np.int32).T)

    def lanes(self, members: Indices) -> Lanes:
        """The arrays of some members, a lane each."""
        along = self.plan.indices(members)
        numbers = Varied(self, along)
        columns = numbers.columns()
        table, row, moving = numbers.table(columns)
        dtype, count, parts = self.net.dtype, len(members), len(self._parts[0])
        params = numbers.params()
        states = np.zeros((self.update.states, *params.shape), dtype)
        if self.update.first_state is not None:
            states[0] = numbers.hyperparameter(self.update.first_state).astype(dtype)
        target = self.plan.sweep.target
        scalars = np.repeat(np.array(self.update.scalars, np.float64), parts)
        sense = -1 if self.training.optimizers[0].param_groups[0].get("maximize") else 1
        plateau = numbers.plateau()
        state = np.zeros((len(PLATEAU_STATE), count if len(plateau) else 0))
        state[0] = np.inf * plateau[0] if len(plateau) else state[0]
        return Lanes(
            params=params,
            states=states,
            columns=columns,
            powers=self._powers(columns),
            scalars=np.repeat(scalars[:, None], count, axis=1),
            table=table,
            row=row,
            moving=moving,
            bound=numbers.bound().astype(dtype),
            sense=np.full(count, sense, dtype),
            plateau=plateau,
            plateau_state=state,
            target=np.full(count, -np.inf if target is None else target),
            notes=np.full((len(NOTES), count), np.nan),
        )

    def _powers(self, columns: Numbers) -> Numbers:
        """Those of the update, of each part, before the first step [powers x parts, members]."""
        width = len(self.update.columns)
        of_parts = [columns[width * group : width * (group + 1)] for _, _, group in self._parts[0].tolist()]
        powers = [
            power.at(torch.from_numpy(own[power.column]), 0.0).numpy()
            for power in self.update.powers
            for own in of_parts
        ]
        return np.array(powers).reshape(-1, columns.shape[1])


class Varied:
    """What differs between members: the numbers along the axes that are none but numbers."""

    def __init__(self, tables: Tables, along: Indices) -> None:
        self._tables, self._along = tables, along
        self._plan = tables.plan
        self._axes = list(enumerate(self._plan.axes, start=1))
        self._count = along.shape[1]

    def columns(self) -> Numbers:
        """The columns of all groups, [groups x columns, members], as they are without a schedule."""
        update = self._tables.update
        columns = np.repeat(np.array(columns_of(self._tables.training, update))[:, None], self._count, axis=1)
        for place, axis in self._axes:
            for group, column, at in self._places(axis):
                values = np.array([_number(value, column) for value in axis.values])
                if column.of is not None:
                    values = np.array([column.of(value) for value in values.tolist()])
                columns[group * len(update.columns) + at] = values[self._along[place]]
        return columns

    def _places(self, axis: Axis) -> Sequence[tuple[int, Column, int]]:
        """Group and column that an axis sets."""
        tokens = axis.tokens
        if tokens[0] != "optimizer":
            return ()
        groups = self._tables.config.optimizer.param_groups or (None,)
        if tokens[1] == "hyperparameters":
            meant, name = (
                [i for i, g in enumerate(groups) if not g or tokens[2] not in g.hyperparameters],
                tokens[2:],
            )
        elif tokens[1] == "param_groups":
            meant, name = [int(tokens[2])], tokens[3:]
        else:
            return ()
        return [
            (group, column, at)
            for group in meant
            for at, column in enumerate(self._tables.update.columns)
            if column.key == "/".join(name) or (len(name) == 1 and column.key.startswith(f"{name[0]}/"))
        ]

    def hyperparameter(self, name: str) -> Numbers:
        """One of the optimizer, [members]."""
        default = self._tables.training.optimizers[0].defaults[name]
        return self._along_axis(["optimizer", "hyperparameters", name], float(default))

    def bound(self) -> Numbers:
        """What gradients are clipped to, [members]."""
        kind, bound = self._tables.clip()
        return self._along_axis(["clip_grad", "clip_value" if kind == CLIP_VALUE else "max_norm"], bound)

    def _along_axis(self, tokens: Tokens, otherwise: float) -> Numbers:
        for place, axis in self._axes:
            if list(axis.tokens) == list(tokens):
                values = np.array(axis.values, np.float64)
                return np.asarray(values[self._along[place]])
        return np.full(self._count, otherwise)

    def params(self) -> NDArray[Any]:
        """The initial parameters [parameters, members], as the model makes them."""
        place = next((p for p, axis in self._axes if axis.path == "/model/seed"), None)
        seeds: Sequence[int]
        if place is not None:
            seeds, which = self._plan.axes[place - 1].values, self._along[place]
        else:
            given = self._plan.sweep.seeds
            seeds = given if given is not None else [self._tables.config.model.seed]
            which = self._along[-1]
        used, inverse = np.unique(which, return_inverse=True)
        rows = np.stack([self._weights(seeds[i]) for i in used.tolist()])
        return np.ascontiguousarray(rows[inverse].T)

    def _weights(self, seed: int) -> NDArray[Any]:
        tables = self._tables
        problem, model = tables.problem, tables.config.model
        if model.state_dict is not None:
            return torch.cat([p.detach().flatten() for p in tables.training.model.parameters()]).numpy()
        dtype = torch.float64 if tables.net.is_double else torch.float32
        sizes = problem.inputs, tuple(model.hidden), problem.outputs
        return drawn_parameters(*sizes, seed, dtype).numpy()

    def _scheduled(self) -> list[int]:
        """The axes that a schedule depends on, by their place along the members."""
        config = self._tables.config
        moved = {"lr", "momentum", "betas"} if config.lr_scheduler else set()
        moved |= {one.hyperparameter.partition("/")[0] for one in config.hyperparameter_schedules}
        return [
            place
            for place, axis in self._axes
            if axis.tokens[0] in {"lr_scheduler", "hyperparameter_schedules"}
            or (axis.tokens[0] == "optimizer" and moved & set(axis.tokens[2:]))
        ]

    @cached_property
    def _rows(self) -> tuple[list[int], Whole]:
        """Of each schedule that there is, a member that has it; and which schedule each member has."""
        places = self._scheduled()
        if not places:
            return [0], np.zeros(self._count, np.int32)
        _, first, row = np.unique(self._along[places], axis=1, return_index=True, return_inverse=True)
        return first.tolist(), row.reshape(-1).astype(np.int32)

    def _config(self, lane: int) -> RunConfig:
        place = np.ravel_multi_index(self._own(lane), self._plan.shape)
        return self._plan.config(int(place))

    def _own(self, lane: int) -> list[int]:
        along: list[int] = self._along[:, lane].tolist()
        sweep = self._plan.sweep
        return along[sweep.optimizers is None : len(along) - (sweep.seeds is None)]

    def table(self, columns: Numbers) -> tuple[Numbers, Whole, Whole]:
        """The columns that follow a schedule [steps, rows, k], the row of each member, and which they are."""
        config = self._tables.config
        is_plateau = bool(self._tables.plateau_schedulers)
        first, row = self._rows
        if (config.lr_scheduler is None or is_plateau) and not config.hyperparameter_schedules:
            return np.zeros((1, 1, 0)), row, np.zeros(0, np.int32)
        table = np.stack([followed(self._config(lane), self._tables.update) for lane in first], axis=1)
        moving = moving_columns(table, columns, first)
        return np.ascontiguousarray(table[:, :, moving]), row, moving

    def plateau(self) -> Numbers:
        """The numbers of ReduceLROnPlateau, [7 + groups, members]; empty without it."""
        if not self._tables.plateau_schedulers:
            return np.zeros((0, 0))
        first, row = self._rows
        found = []
        for lane in first:
            (scheduler,) = Training(self._config(lane)).lr_schedulers
            assert isinstance(scheduler, ReduceLROnPlateau)  # noqa: S101 - as that of the group is
            found.append(_plateau(scheduler))
        return np.ascontiguousarray(np.array(found)[row].T)


def _plateau(scheduler: ReduceLROnPlateau) -> list[float]:
    return [
        1.0 if scheduler.mode == "min" else -1.0,
        1.0 if scheduler.threshold_mode == "rel" else 0.0,
        scheduler.threshold,
        scheduler.factor,
        scheduler.patience,
        scheduler.cooldown,
        scheduler.eps,
        *map(float, scheduler.min_lrs),
    ]


def _number(value: Any, column: Column) -> float:
    """What a value of an axis makes of a column: itself, or its entry where the axis sets all of a tuple."""
    if isinstance(value, list):
        return float(value[int(column.key.partition("/")[2])])
    return float(value)

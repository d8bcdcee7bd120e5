"""Runs as scripts hold them: records one by one, or all of them as columns. Knows NumPy and nothing else.

What ``Client`` reads from a server and what ``train`` computes here are the same :class:`Record`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest
from typing import Any, cast, overload

import numpy as np
from numpy.typing import NDArray

import optiscope
from optiscope import frames
from optiscope.pictures import bundle, curves_png

Array = NDArray[np.floating[Any]]

_NAMES = ("loss", "lr", "momentum", "grad_norm", "params", "grads", "state")
"""The columns that every block has, under their names on the wire; others are optional."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a run, with its last step and a sentence.

    Attributes:
        reason: ``completed``, ``diverged`` or ``failed``; of a stream also ``paused`` or ``stopped``.
        step: The last one.
        detail: The sentence.
        end_loss: The loss here, after the last step: of all training samples, at the last parameters; NaN
            after divergence. None of a run that may go on, and of one kept before this was computed.
    """

    reason: str
    step: int
    detail: str
    end_loss: float | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One step, or the initial state.

    Attributes:
        step: 0 is the initial state.
        loss: Of this step, before it: of its forward pass, so at the parameters of the record before. Of the
            first record: at its own parameters.
        lr: [groups] what the step used.
        momentum: [groups] momentum or beta1 that it used, NaN for a group without; None without any.
        grad_norm: 2-norm of all gradients before clipping; None for the initial state.
        params: Arrays by name, after the step.
        grads: As ``optimizer.step()`` was given them; None where ``.grad`` was None.
        state: Optimizer state after the step, by parameter and torch's key. Several tensors under one key
            are one array [length, …].
        optional: What only some runs have, by its name on the wire: a number, an array, or these by name.
    """

    step: int
    loss: float
    lr: Array
    momentum: Array | None
    grad_norm: float | None
    params: Mapping[str, Array]
    grads: Mapping[str, Array | None] | None
    state: Mapping[str, Mapping[str, Array]]
    optional: Mapping[str, Any] = field(default_factory=dict)

    @property
    def clipped_grad_norm(self) -> float | None:
        """2-norm of all gradients after clipping; None without clipping."""
        return cast("float | None", self.optional.get("clipped_grad_norm"))

    @property
    def hyperparameters(self) -> Mapping[str, Array] | None:
        """[groups] what else the step used that follows a factor, by its name, NaN for a group without."""
        return cast("Mapping[str, Array] | None", self.optional.get("hyperparameters"))

    @property
    def average(self) -> Mapping[str, Array] | None:
        """An average of the parameters by name, after the step; None in a run without."""
        return cast("Mapping[str, Array] | None", self.optional.get("average"))

    @property
    def average_loss(self) -> float | None:
        """The loss of all samples at the average."""
        return cast("float | None", self.optional.get("average_loss"))


@dataclass(frozen=True, slots=True)
class Block:
    """The records of first, first + every, … as columns, each [n, …]; see :class:`Record`."""

    first: int
    count: int
    columns: Mapping[str, Any]
    every: int = 1

    @property
    def steps(self) -> range:
        """The steps of the records."""
        return range(self.first, self.first + self.count * self.every, self.every)

    def records(self) -> Iterator[Record]:
        """One after the other."""
        return map(self.record, range(self.count))

    def record(self, row: int) -> Record:
        """One of them."""
        at = {name: _row(self.columns.get(name), row) for name in _NAMES}
        at |= {name: _plain(at[name]) for name in ("loss", "grad_norm")}
        optional = {name: _plain(_row(self.columns[name], row)) for name in self.optional}
        return Record(step=self.steps[row], **at, optional=optional)

    @property
    def optional(self) -> list[str]:
        """The names of the columns that not every block has."""
        return [name for name in self.columns if name not in _NAMES]


@dataclass(frozen=True, eq=False, repr=False)
class Run(Sequence[Record]):
    """A run that has ended: a sequence of its records, and its columns over all of them.

    Where a record has no value, such as the gradient of a layer while it is frozen, its column is NaN; so is
    the end of a list of the state that is shorter than in other records. A column that no record has is None.

    Attributes:
        config: As JSON, with all defaults filled in; it gives the same run again.
        ended: How it ended.
        blocks: Its records, as they were recorded.
    """

    config: Mapping[str, Any]
    ended: Ended
    blocks: tuple[Block, ...]

    def __repr__(self) -> str:
        names = (self.config[part]["name"] for part in ("optimizer", "problem"))
        return f"<Run of {' on '.join(names)}: {self.ended.detail}>"

    def __len__(self) -> int:
        return sum(block.count for block in self.blocks)

    def __iter__(self) -> Iterator[Record]:
        for block in self.blocks:
            yield from block.records()

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Record]: ...

    def __getitem__(self, index: int | slice) -> Record | Sequence[Record]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        row = range(len(self))[index]
        for block in self.blocks:
            if row < block.count:
                return block.record(row)
            row -= block.count
        raise AssertionError

    @cached_property
    def loss(self) -> Array:
        """[steps + 1] of each step, before it; the loss after the last one is ``ended.end_loss``."""
        return cast("Array", self._column("loss"))

    @cached_property
    def lr(self) -> Array:
        """[steps + 1, groups] what each step used."""
        return cast("Array", self._column("lr"))

    @cached_property
    def momentum(self) -> Array | None:
        """[steps + 1, groups] momentum or beta1 that each step used, NaN for a group without."""
        return cast("Array | None", self._column("momentum"))

    @cached_property
    def grad_norm(self) -> Array | None:
        """[steps + 1] 2-norm of all gradients before clipping."""
        return cast("Array | None", self._column("grad_norm"))

    @cached_property
    def clipped_grad_norm(self) -> Array | None:
        """[steps + 1] the same after clipping."""
        return cast("Array | None", self.optional.get("clipped_grad_norm"))

    @cached_property
    def hyperparameters(self) -> Mapping[str, Array] | None:
        """[steps + 1, groups] by name, what else each step used that follows a factor; None without one."""
        return cast("Mapping[str, Array] | None", self.optional.get("hyperparameters"))

    @cached_property
    def average(self) -> Mapping[str, Array] | None:
        """[steps + 1, …] by name, an average of the parameters after each step; None in a run without."""
        return cast("Mapping[str, Array] | None", self.optional.get("average"))

    @cached_property
    def average_loss(self) -> Array | None:
        """[steps + 1] the loss of all samples at the average."""
        return cast("Array | None", self.optional.get("average_loss"))

    @cached_property
    def params(self) -> Mapping[str, Array]:
        """[steps + 1, …] by name, after each step."""
        return cast("Mapping[str, Array]", self._column("params"))

    @cached_property
    def grads(self) -> Mapping[str, Array | None] | None:
        """[steps + 1, …] by name, as ``optimizer.step()`` was given them."""
        return cast("Mapping[str, Array | None] | None", self._column("grads"))

    @cached_property
    def state(self) -> Mapping[str, Mapping[str, Array]]:
        """[steps + 1, …] by name and torch's key, after each step."""
        return cast("Mapping[str, Mapping[str, Array]]", self._column("state"))

    @cached_property
    def optional(self) -> Mapping[str, Any]:
        """[steps + 1, …] what only some runs have, by its name on the wire."""
        names = dict.fromkeys(name for block in self.blocks for name in block.optional)
        return {name: self._column(name) for name in names}

    @property
    def steps(self) -> list[int]:
        """[steps + 1] the step of each record."""
        return [step for block in self.blocks for step in block.steps]

    def columns(self) -> dict[str, Any]:
        """Every column by its name, those of parameters and state by name and key within it."""
        return {name: self._column(name) for name in _NAMES} | dict(self.optional)

    def to_pandas(self) -> Any:
        """All records as a pandas DataFrame: a column for each number, a row for each step."""
        return frames.to_pandas(self.steps, self.columns())

    def to_polars(self) -> Any:
        """All records as a polars DataFrame, its first column the step."""
        return frames.to_polars(self.steps, self.columns())

    def to_xarray(self) -> Any:
        """All records as an xarray Dataset: arrays by name, along ``step``."""
        return frames.to_xarray(self.steps, self.columns())

    def figure(self, kind: str = "loss") -> Any:
        """A Plotly figure of the run: see :func:`optiscope.figure`."""
        return optiscope.figure(self, kind)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """The losses as a picture, for notebooks; ``optiscope.show`` has all of it."""
        return bundle(curves_png([self.loss]), repr(self))

    def _column(self, name: str) -> Any:
        counts = [block.count for block in self.blocks]
        return _joined([block.columns.get(name) for block in self.blocks], counts)


def _joined(parts: Sequence[Any], counts: Sequence[int]) -> Any:
    """A column of several blocks as one, however it is nested."""
    known = [part for part in parts if part is not None]
    if not known:
        return None
    if isinstance(known[0], Mapping):
        names = dict.fromkeys(name for part in known for name in part)
        return {
            name: _joined([None if part is None else part.get(name) for part in parts], counts)
            for name in names
        }
    shape = widest([part.shape[1:] for part in known])
    joined = np.full((sum(counts), *shape), np.nan, np.result_type(*known))
    for part, end in zip(parts, np.cumsum(counts), strict=True):
        if part is not None:
            fill(joined, end - len(part), part)
    return joined


def widest(shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """The least shape that holds each: a list of the state grows."""
    return tuple(map(max, zip_longest(*shapes, fillvalue=1)))


def fill(column: NDArray[Any], first: int, part: NDArray[Any]) -> None:
    """Put ``part`` into a column as wide or wider, its first row at ``first``."""
    part = part.reshape(*part.shape, *(1,) * (column.ndim - part.ndim))
    column[slice(first, first + len(part)), *map(slice, part.shape[1:])] = part


def _row(value: Any, row: int) -> Any:
    if isinstance(value, Mapping):
        return {name: _row(part, row) for name, part in value.items()}
    return None if value is None else value[row]


def _plain(value: Any) -> Any:
    """Single numbers as Python's own, also those of a mapping."""
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return value if value is None or value.ndim else float(value)

"""Records as columns: what workers return and the store keeps."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]
Columns = Mapping[str, Array]
Column: TypeAlias = "Array | Mapping[str, Column] | None"
"""An array [n, …], nothing, or columns by name; those of a name may again have names."""


@dataclass(frozen=True, slots=True)
class Block:
    """Records at equal distances as columns; n is their number.

    A block is homogeneous: a gradient that is None is None in all its records, and every record has the
    same state keys, of the same shapes, and the same optional columns. Where that changes (after record 0,
    when a layer is frozen, while a list grows), a new block begins.

    Attributes:
        first: The step of the first record.
        loss: [n] of each step's forward pass: at the parameters of the record before (record 0: at its own).
        lr: [n, groups] learning rate that the step used, a column for each param group.
        momentum: [n, groups] momentum or beta1 that the step used, NaN for a group without; None without any.
        grad_norm: [n] 2-norm of all gradients before clipping; None for record 0.
        params: Name to [n, *shape], after the step.
        grads: Name to [n, *shape] as ``optimizer.step()`` was given them, or to None; None for record 0.
        state: Name to torch's state key to [n, *shape], after the step. Several tensors under one key are one
            array [n, length, *shape], None left out.
        optional: What only some runs have, under its name on the wire; what a run has not is absent.
            ``clipped_grad_norm`` [n] is the 2-norm of all gradients after clipping; ``average``, name to
            [n, *shape], is an average of the parameters after the step, ``average_loss`` [n] the loss of all
            samples there.
        every: The distance of the records: they are those of first, first + every, ….
    """

    first: int
    loss: Array
    lr: Array
    momentum: Array | None
    grad_norm: Array | None
    params: Columns
    grads: Mapping[str, Array | None] | None
    state: Mapping[str, Columns]
    optional: Mapping[str, Column] = field(default_factory=dict)
    every: int = 1

    def __len__(self) -> int:
        return len(self.loss)

    @property
    def steps(self) -> range:
        """The steps of the records."""
        return range(self.first, self.first + len(self) * self.every, self.every)

    def columns(self) -> dict[str, Column]:
        """Every column under its name on the wire."""
        singles, by_name = ({name: getattr(self, name) for name in names} for names in (SINGLE, BY_NAME))
        return singles | dict(self.optional) | by_name

    @classmethod
    def of(cls, first: int, columns: Mapping[str, Any], every: int = 1) -> "Block":
        """The block of such columns; a name that not every block has is that of an optional one."""
        named = {name: columns[name] for name in SINGLE + BY_NAME}
        optional = {name: column for name, column in columns.items() if name not in named}
        return cls(first, **named, optional=optional, every=every)

    def __getitem__(self, part: slice) -> "Block":
        """Some of the records as a block of their own."""
        start, stop, _ = part.indices(len(self))
        some = {name: mapped(lambda a: a[start:stop], column) for name, column in self.columns().items()}
        return Block.of(self.first + start * self.every, some, self.every)

    def since(self, step: int) -> "Block":
        """The records of ``step`` and of what comes after it."""
        return self[max(0, -((self.first - step) // self.every)) :]

    def nbytes(self) -> int:
        """The size of all columns in bytes."""
        return sum(array.nbytes for array in arrays_of(self.columns()))


def record_at(blocks: Sequence[Block], step: int) -> tuple[Block, int]:
    """The block that holds the record of a step, and its row there."""
    block = next(block for block in blocks if step in block.steps)
    return block, block.steps.index(step)


SINGLE = ("loss", "lr", "momentum", "grad_norm")
BY_NAME = ("params", "grads", "state")
"""The columns that every block has, though some may be None: single ones, and those by name."""


def mapped(function: Callable[[Array], Any], column: Any) -> Any:
    """``column`` with ``function`` applied to its arrays; None stays None."""
    if isinstance(column, Mapping):
        return {name: mapped(function, part) for name, part in column.items()}
    return None if column is None else function(column)


def arrays_of(column: Column) -> Iterator[Array]:
    """Every array of a column, in order."""
    if isinstance(column, Mapping):
        for part in column.values():
            yield from arrays_of(part)
    elif column is not None:
        yield column

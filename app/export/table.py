"""All records of a run as columns.

Columns are named ``loss``, ``lr``, ``params.fc1.weight``, ``grads.fc1.weight``,
``state.fc1.weight.exp_avg``. What a record does not have (the gradients of a frozen layer, the momentum of a
group without, the end of a list that is longer in other records) is empty in tables and NaN in arrays.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.frames import entries, flat
from optiscope.records import Array, Block, fill, widest


@dataclass(frozen=True, slots=True)
class Column:
    """One value of every record.

    Attributes:
        values: [records, …]; NaN where there is none.
        present: [records, …] where there is one.
    """

    values: Array
    present: NDArray[np.bool_]

    def scalars(self) -> Iterator[tuple[str, Array, NDArray[np.bool_]]]:
        """Each entry by its place, such as ``[0,1]``, as [records], and where it is there."""
        for place, entry in entries(self.values):
            yield place, self.values[entry], self.present[entry]


@dataclass(frozen=True, slots=True)
class Table:
    """All records of a run: their steps, and their values by name."""

    steps: NDArray[np.int64]
    columns: Mapping[str, Column]

    @classmethod
    def of(cls, blocks: Iterable[Block]) -> "Table":
        """The records of blocks, in order."""
        blocks = list(blocks)
        count = sum(block.count for block in blocks)
        parts: dict[str, list[tuple[int, Array]]] = {}
        steps = np.empty(count, np.int64)
        row = 0
        for block in blocks:
            rows = slice(row, row + block.count)
            steps[rows] = block.steps
            for name, values in flat(block.columns):
                parts.setdefault(name, []).append((row, values))
            row += block.count
        return cls(steps, {name: _column(name, count, found) for name, found in parts.items()})

    def scalars(self) -> Iterator[tuple[str, Array, NDArray[np.bool_]]]:
        """Every single number over all records, and where it is there."""
        for name, column in self.columns.items():
            for place, values, present in column.scalars():
                yield name + place, values, present

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The steps and the columns as arrays."""
        return {"step": self.steps} | {name: column.values for name, column in self.columns.items()}


def _column(name: str, count: int, parts: Sequence[tuple[int, Array]]) -> Column:
    """One column of ``count`` records, from its values in some of them, each with its first row."""
    arrays = [values for _, values in parts]
    shape = (count, *widest([values.shape[1:] for values in arrays]))
    column = Column(np.full(shape, np.nan, np.result_type(*arrays)), np.zeros(shape, np.bool_))
    for row, values in parts:
        fill(column.values, row, values)
        fill(column.present, row, ~np.isnan(values) if name == "momentum" else np.ones_like(values, np.bool_))
    return column

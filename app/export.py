"""Runs as files: CSV, Parquet, NumPy's npz, safetensors.

Columns are named ``loss``, ``lr``, ``params.fc1.weight``, ``grads.fc1.weight``,
``state.fc1.weight.exp_avg``. What a record does not have (the gradients of a frozen layer, the momentum of a
group without, the end of a list that is longer in other records) is empty in tables and NaN in arrays.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from optiscope.records import Array, Block, fill, widest

T = TypeVar("T")
R = TypeVar("R")


class ExportError(Exception):
    """A file that cannot be written; the message says why."""


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
        for place in np.ndindex(self.values.shape[1:]):
            entry = (slice(None), *place)
            name = f"[{','.join(map(str, place))}]" if place else ""
            yield name, self.values[entry], self.present[entry]


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
            for name, values in _flat(block.columns):
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


def _flat(columns: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Array]]:
    for name, value in columns.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif value is not None:
            yield prefix + name, value


def write_csv(table: Table, path: Path) -> None:
    """A line for each record, numbers written so that they read back exactly."""
    names, values, present = zip(*table.scalars(), strict=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["step", *names])
        for row, step in enumerate(table.steps.tolist()):
            cells = (repr(v[row].item()) if p[row] else "" for v, p in zip(values, present, strict=True))
            writer.writerow([step, *cells])


def write_parquet(table: Table, path: Path) -> None:
    """A column for each number; null where there is none."""
    arrow, parquet = optional("pyarrow", "parquet"), optional("pyarrow.parquet", "parquet")
    columns = {name: arrow.array(values, mask=~present) for name, values, present in table.scalars()}
    parquet.write_table(arrow.table({"step": table.steps} | columns), path)


def write_npz(table: Table, path: Path) -> None:
    """Arrays by name, compressed."""
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **table.arrays())


def write_safetensors(table: Table, path: Path) -> None:
    """Arrays by name."""
    arrays = {name: np.ascontiguousarray(values) for name, values in table.arrays().items()}
    optional("safetensors.numpy", "export").save_file(arrays, path)


WRITERS: Mapping[str, Callable[[Table, Path], None]] = {
    ".csv": write_csv,
    ".npz": write_npz,
    ".parquet": write_parquet,
    ".safetensors": write_safetensors,
}
"""How a file is written, by its suffix."""


def writer_of(path: Path, writers: Mapping[str, Callable[[T, Path], R]]) -> Callable[[T, Path], R]:
    """How a file of this name is written.

    Args:
        path: The file.
        writers: Those that there are, by the suffix.

    Raises:
        ExportError: If its suffix is not one of those.
    """
    if path.suffix not in writers:
        raise ExportError(f"the file must end in one of {', '.join(writers)}, got {path.name!r}")
    return writers[path.suffix]


def optional(module: str, extra: str) -> ModuleType:
    """A module that an extra of this package brings.

    Raises:
        ExportError: If it is not installed, with what installs it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise ExportError(f"{name} is not installed: pip install 'optiscope[{extra}]'") from error

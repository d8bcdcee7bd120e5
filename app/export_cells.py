"""Cells of a sweep as files: CSV, JSON Lines, npz, Parquet, a line or row for each member that has come.

Columns are ``member``, ``optimizer``, one for each axis under its path, ``seed``, and those of the cells; a
point is ``end[0]`` and ``end[1]``, and ``ended`` is told by its name. What the cells are of stands as JSON
where a format has a place for it: in a Parquet file's metadata, as an array, ``optiscope``, of an npz one.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.export.about import versions
from optiscope.export.choosing import KEY, by_suffix, optional
from optiscope.export.files import number_in_csv
from optiscope.export.json_lines import spelled
from optiscope.swept import Sweep

_AT_ONCE = 2**16
"""Rows that are written at once, so that the memory of a file is bounded."""

Rows = Mapping[str, Sequence[Any]]


def writer_of_cells(path: Path) -> Callable[[Sweep], None]:
    """What writes the cells of a sweep into a file of this name.

    Raises:
        ExportError: If its suffix is not one of those, or what writes such files is not installed.
    """
    write = parts_of_file(path)

    def write_all(sweep: Sweep) -> None:
        for _ in write(sweep):
            pass

    return write_all


def parts_of_file(path: Path) -> Callable[[Sweep], Iterator[None]]:
    """The same a part at a time, between which others may have their turn.

    Raises:
        ExportError: As above.
    """
    write = by_suffix(path, WRITERS)
    if path.suffix == ".parquet":
        optional("pyarrow.parquet")
    return lambda sweep: write(sweep, path)


def _parts(sweep: Sweep, values: Sequence[Sequence[Any]]) -> Iterator[Rows]:
    """The members that have come, some at a time, as columns, with such values along the axes."""
    if not sweep.count:
        yield dict(_columns(sweep, values, np.arange(0)))
        return
    ended = sweep.found["ended"].reshape(-1)
    for first in range(0, sweep.members, _AT_ONCE):
        members = first + np.flatnonzero(ended[first : first + _AT_ONCE] >= 0)
        if first == 0 or len(members):
            yield dict(_columns(sweep, values, members))
        sweep.scratch.leave()


def _as_given(sweep: Sweep) -> Sequence[Sequence[Any]]:
    return [axis.values for axis in sweep.axes]


def _columns(
    sweep: Sweep, values: Sequence[Sequence[Any]], members: NDArray[np.int64]
) -> Iterator[tuple[str, Sequence[Any]]]:
    yield "member", members.tolist()
    along = list(np.unravel_index(members, sweep.shape))
    has_optimizers = len(along) - len(sweep.axes) - (sweep.seeds is not None)
    optimizers = along.pop(0) if has_optimizers else np.zeros_like(members)
    yield "optimizer", [sweep.optimizers[i] for i in optimizers.tolist()]
    for axis, own, places in zip(sweep.axes, values, along, strict=False):
        yield axis.path, [own[i] for i in places.tolist()]
    if sweep.seeds is not None:
        yield "seed", [sweep.seeds[i] for i in along[-1].tolist()]
    for name, column in sweep.found.items():
        numbers = column.reshape(sweep.members, -1)[members]
        if name == "ended":
            yield name, [sweep.reasons[i] for i in numbers[:, 0].tolist()]
            continue
        for place in range(numbers.shape[1]):
            yield name if column.shape == sweep.shape else f"{name}[{place}]", numbers[:, place].tolist()


def _write_csv(sweep: Sweep, path: Path) -> Iterator[None]:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        for number, rows in enumerate(_parts(sweep, _as_given(sweep))):
            if number == 0:
                writer.writerow(rows)
            writer.writerows(zip(*(map(_text, column) for column in rows.values()), strict=True))
            yield


def _write_jsonl(sweep: Sweep, path: Path) -> Iterator[None]:
    with path.open("w", encoding="utf-8") as file:
        for rows in _parts(sweep, _as_given(sweep)):
            for row in zip(*rows.values(), strict=True):
                values = dict(zip(rows, map(spelled, row), strict=True))
                file.write(json.dumps(values, ensure_ascii=False, allow_nan=False) + "\n")
            yield


def _write_parquet(sweep: Sweep, path: Path) -> Iterator[None]:
    arrow, parquet = optional("pyarrow"), optional("pyarrow.parquet")
    tables = map(arrow.table, _parts(sweep, [_alike(axis.values) for axis in sweep.axes]))
    first = next(tables)
    with parquet.ParquetWriter(path, first.schema.with_metadata({KEY: _about(sweep)})) as file:
        for table in chain([first], tables):
            file.write_table(table)
            yield


def _write_npz(sweep: Sweep, path: Path) -> Iterator[None]:
    """A column is an array of all members; a path is named without its first slash, as files in a zip are."""
    columns: dict[str, list[NDArray[Any]]] = {}
    for rows in _parts(sweep, [_alike(axis.values) for axis in sweep.axes]):
        for name, column in rows.items():
            columns.setdefault(name.lstrip("/"), []).append(np.array(column))
        yield
    arrays = {name: np.concatenate(parts) for name, parts in columns.items()}
    with path.open("wb") as file:
        about = {KEY: np.array(_about(sweep)), "shape": np.array(sweep.shape)}
        np.savez_compressed(file, allow_pickle=False, **about, **arrays)


def _about(sweep: Sweep) -> str:
    """What the cells are of, and the versions that wrote them; the axes' values stand beside the cells."""
    axes = [axis.path for axis in sweep.axes]
    of = {"id": sweep.id, "runs": sweep.started["runs"], "axes": axes, "seeds": sweep.seeds}
    told = {"shape": sweep.shape, "notes": sweep.notes, "versions": versions()}
    return json.dumps(of | told, ensure_ascii=False)


def _alike(values: Sequence[Any]) -> Sequence[Any]:
    """Values of an axis of one kind, as a Parquet column has them: all but numbers and texts as JSON."""
    kinds = {type(value) for value in values}
    if kinds == {int, float}:
        return [float(value) for value in values]
    return values if len(kinds) == 1 and kinds <= {int, float, bool, str} else [json.dumps(v) for v in values]


WRITERS: Mapping[str, Callable[[Sweep, Path], Iterator[None]]] = {
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
    ".npz": _write_npz,
    ".parquet": _write_parquet,
}
"""How a file is written, by its suffix."""


def _text(value: Any) -> str:
    """A value of a CSV file: numbers so that they read back exactly, lists and the like as JSON."""
    if isinstance(value, str):
        return value
    return number_in_csv(value) if isinstance(value, float) else json.dumps(value)

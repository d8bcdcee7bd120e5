"""Runs read back from files, whichever format they are in."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np

from optiscope.client.stream import block_of
from optiscope.export.about import About, Recorded, about_of, refused_as
from optiscope.export.choosing import KEY, ExportError, by_suffix, optional
from optiscope.export.event_parts import scalars_in
from optiscope.export.table import Table
from optiscope.records import Array, Block, Ended, Run

_BY_NAME = frozenset(
    {"params", "grads", "average", "hyperparameters", "layers", "logged", "noticed", "surface"}
)
"""The columns that are mappings; ``state`` is one of mappings."""

_PLACE = re.compile(r"(?P<name>.+?)(?:\[(?P<place>\d+(?:,\d+)*)\])?")

Arrays = dict[str, Array]


def read_run(path: str | Path) -> Run:
    """A run from a file that an export, or ``optiscope run`` (as ``.jsonl``), wrote.

    Its columns are those of the run, bit for bit, but that a ``.zip`` for TensorBoard holds float32. What a
    record does not have is NaN.

    Args:
        path: A .csv, .jsonl, .npz, .parquet, .safetensors or .zip.

    Raises:
        ExportError: If it is no such file, or holds a run of a loop that is not ours.
    """
    recorded = recorded_in(Path(path))
    about = recorded.about
    if about.config is None:
        raise ExportError(f"{Path(path).name} holds a run of another loop, which has no config")
    ended = about.ended or {"reason": "stopped", "step": -1, "detail": "has not ended"}
    with refused_as(f"{Path(path).name} does not say how its run ended"):
        return Run(about.config, _end(ended), tuple(recorded.blocks))


def _end(ended: Mapping[str, Any]) -> Ended:
    loss = ended.get("end_loss")
    return Ended(ended["reason"], ended["step"], ended["detail"], None if loss is None else float(loss))


def recorded_in(path: Path) -> Recorded:
    """The records of a file, and what it says of their run.

    Raises:
        ExportError: If it is no file of ours.
    """
    read = by_suffix(path, _READERS)
    told = about_of(path)
    about = About(told["name"] or path.stem, told["config"], told["ended"], told["id"], told["source"])
    with refused_as(f"{path.name} is damaged"):
        return Recorded(about, read(path))


def _of_arrays(arrays: Mapping[str, Any]) -> list[Block]:
    """Columns by their flat names, as records, which lie as far apart as their steps say."""
    steps = np.asarray(arrays["step"], np.int64)
    columns: dict[str, Any] = dict.fromkeys(("loss", "lr", "momentum", "grad_norm", "grads"))
    columns |= {"params": {}, "state": {}}
    for name, values in arrays.items():
        kind, _, rest = name.partition(".")
        if kind == "state":
            parameter, _, key = rest.rpartition(".")
            columns["state"].setdefault(parameter, {})[key] = values
        elif kind in _BY_NAME:
            columns[kind] = (columns.get(kind) or {}) | {rest: values}
        elif name not in {"step", KEY}:
            columns[name] = values
    return list(_parts(steps, columns))


def _parts(steps: Any, columns: Mapping[str, Any]) -> Iterator[Block]:
    """A block for each stretch of steps that lie equally far apart and all have a surface, or none."""
    surface = columns.get("surface")
    without = {name: column for name, column in columns.items() if name != "surface"}
    looked = np.zeros(len(steps), np.bool_) if surface is None else ~np.isnan(surface["x"]).all(axis=1)
    first = 0
    while first < len(steps):
        every = int(steps[first + 1] - steps[first]) if first + 1 < len(steps) else 1
        last = first + 1
        while last < len(steps) and steps[last] - steps[last - 1] == every and looked[last] == looked[first]:
            last += 1
        found = _cut(columns if looked[first] else without, slice(first, last))
        yield Block(int(steps[first]), last - first, found, every)
        first = last


def _cut(column: Any, rows: slice) -> Any:
    if isinstance(column, Mapping):
        return {name: _cut(part, rows) for name, part in column.items()}
    return None if column is None else column[rows]


def _of_scalars(names: Sequence[str], values: Array) -> Arrays:
    """Single numbers [records, names] as arrays: ``lr[0]`` and ``lr[1]`` are ``lr``."""
    parts: dict[str, dict[tuple[int, ...], Array]] = {}
    for name, column in zip(names, values.T, strict=True):
        found = _PLACE.fullmatch(name)
        if found is None:
            raise ValueError(f"no name of a column: {name!r}")
        place = tuple(map(int, found["place"].split(","))) if found["place"] else ()
        parts.setdefault(found["name"], {})[place] = column
    return {name: _together(columns, len(values)) for name, columns in parts.items()}


def _together(columns: Mapping[tuple[int, ...], Array], count: int) -> Array:
    shape = tuple(max(places) + 1 for places in zip(*columns, strict=True))
    if len(columns) != np.prod(shape, dtype=int):
        raise ValueError("numbers of an array are missing")
    return np.stack([columns[place] for place in np.ndindex(shape)], axis=-1).reshape(count, *shape)


def _npz(path: Path) -> list[Block]:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return _of_arrays(dict(arrays))


def _safetensors(path: Path) -> list[Block]:
    return _of_arrays(optional("safetensors.numpy").load_file(path))


def _parquet(path: Path) -> list[Block]:
    table = optional("pyarrow.parquet").read_table(path)
    values = [np.asarray(column.to_numpy(zero_copy_only=False), float) for column in table.columns[1:]]
    return _with_steps(table.column("step").to_numpy(), table.column_names[1:], np.array(values).T)


def _csv(path: Path) -> list[Block]:
    with path.open(newline="", encoding="utf-8") as file:
        head, *lines = csv.reader(file)
    rows = [line[:-1] for line in lines if line[0]]
    values = np.array([[float(cell or "nan") for cell in row[1:]] for row in rows])
    return _with_steps([int(row[0]) for row in rows], head[1:-1], values)


def _tensorboard(path: Path) -> list[Block]:
    with ZipFile(path) as archive:
        events = list(scalars_in(archive.read(archive.namelist()[0])))
    names = list(dict.fromkeys(name for _, numbers in events for name in numbers))
    values = np.array([[numbers.get(name, np.nan) for name in names] for _, numbers in events])
    return _with_steps([s for s, _ in events], [name.replace("/", ".", 1) for name in names], values)


def _with_steps(steps: Any, names: Sequence[str], values: Array) -> list[Block]:
    if not len(steps):
        return []
    return _of_arrays({"step": np.asarray(steps), **_of_scalars(names, values)})


def _jsonl(path: Path) -> list[Block]:
    with path.open(encoding="utf-8") as file:
        events = list(map(json.loads, file))
    whole = [block_of(event) for event in events if event["event"] == "block"]
    steps = [_block(event) for event in events if event["event"] == "step"]
    return whole or (_of_arrays(Table.of(steps).arrays()) if steps else [])


def _block(event: Mapping[str, Any]) -> Block:
    """A record as the one of a block."""
    columns = {name: _row(value) for name, value in event.items() if name not in {"event", "step", "run"}}
    return Block(event["step"], 1, columns)


def _row(value: Any) -> Any:
    """Numbers, however they are nested and spelled, as a column with one record."""
    if isinstance(value, Mapping):
        return {name: _row(part) for name, part in value.items()}
    return None if value is None else np.array([_number(value)], float)


def _number(value: Any) -> Any:
    if isinstance(value, list):
        return [_number(part) for part in value]
    return np.nan if value is None else float(value)


_READERS: Mapping[str, Callable[[Path], list[Block]]] = {
    ".csv": _csv,
    ".jsonl": _jsonl,
    ".npz": _npz,
    ".parquet": _parquet,
    ".safetensors": _safetensors,
    ".zip": _tensorboard,
}

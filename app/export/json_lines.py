"""A run as the events that travel: a line for each step; of a run that is not ours blocks, to be imported."""

import base64
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from optiscope.export.about import Recorded, versions
from optiscope.records import Block

_PARTS = ("params", "grads", "state")


def lines_of(run: Recorded) -> Iterator[str]:
    """``run_started``, the records, and ``run_ended`` if it has ended."""
    is_ours = run.about.config is not None
    yield _line({"event": "run_started"} | (_started(run) if is_ours else _told(run)))
    for block in run.blocks:
        yield from map(_line, _steps(block) if is_ours else [_whole(block)])
    if run.about.ended is not None:
        yield _line({"event": "run_ended"} | dict(run.about.ended))


def _started(run: Recorded) -> dict[str, Any]:
    about, known = run.about, versions()
    first = run.blocks[0].columns["params"] if run.blocks else {}
    parameters = [
        {"name": name, "shape": values.shape[1:], "layer": name.rpartition(".")[0] or None}
        for name, values in first.items()
    ]
    told = {"id": about.id, "name": about.name, "config": about.config, "parameters": parameters}
    return told | {"data": None, "warnings": [], "torch": known["torch"], "versions": known}


def _told(run: Recorded) -> dict[str, Any]:
    """How a run began that is not ours, as its program said it."""
    source = dict(run.about.source or {})
    told: dict[str, Any] = source.pop("started", {})
    return told | {"config": None, "data": None, "source": source, "name": run.about.name}


def _steps(block: Block) -> Iterator[dict[str, Any]]:
    columns = {name: _rows(value) for name, value in block.columns.items()}
    for row, step in enumerate(block.steps):
        record = {name: _at(value, row) for name, value in columns.items()}
        if record["momentum"] is not None:
            record["momentum"] = [None if value == "NaN" else value for value in record["momentum"]]
        yield {"event": "step", "step": step} | record


def _rows(column: Any) -> Any:
    """A column as lists of Python's numbers, however it is nested."""
    if isinstance(column, Mapping):
        return {name: _rows(part) for name, part in column.items()}
    return None if column is None else column.tolist()


def _at(column: Any, row: int) -> Any:
    if isinstance(column, Mapping):
        return {name: _at(part, row) for name, part in column.items()}
    return None if column is None else spelled(column[row])


def _whole(block: Block) -> dict[str, Any]:
    head = {"event": "block", "first": block.first, "count": block.count, "every": block.every}
    return head | {name: _typed(value) for name, value in block.columns.items()}


def _typed(column: Any) -> Any:
    if isinstance(column, Mapping):
        return {name: _typed(part) for name, part in column.items()}
    if column is None:
        return None
    data = np.ascontiguousarray(column, column.dtype.newbyteorder("<"))
    shape, text = ", ".join(map(str, data.shape)), base64.b64encode(data.tobytes()).decode()
    return {"dtype": data.dtype.str[1:], "shape": shape, "bdata": text}


def spelled(value: Any) -> Any:
    """A number, or lists of numbers, with those that JSON does not know as on the wire."""
    if isinstance(value, list):
        return [spelled(part) for part in value]
    if not isinstance(value, float) or math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _line(event: Mapping[str, Any]) -> str:
    return json.dumps(event, allow_nan=False) + "\n"

"""What travels: events as JSON Lines, arrays as lists or as base64 typed arrays.

Numbers in lists are the exact doubles of what torch computed. JSON has no NaN and no infinity; they are the
strings ``"NaN"``, ``"Infinity"`` and ``"-Infinity"``, never null. Typed arrays are
``{"dtype", "shape", "bdata"}``, the form that Plotly reads: little endian, the shape as ``"64, 2, 2"``. The
momentum of a param group without any is null in lists, and NaN in typed arrays, which know no null.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
import orjson
import torch
from numpy.typing import NDArray
from pydantic import Field

from optiscope.engine.loop.block import Block, mapped
from optiscope.engine.loop.checkpoint import Ended
from optiscope.engine.loop.typed_arrays import typed
from optiscope.runs.description import Description
from optiscope.runs.workers.lanes import Place

Layout = Literal["rows", "columns"]

ColumnName = Literal[
    "loss",
    "lr",
    "momentum",
    "grad_norm",
    "clipped_grad_norm",
    "hyperparameters",
    "average",
    "average_loss",
    "params",
    "grads",
    "state",
    "layers",
    "logged",
    "skipped",
    "samples",
    "epoch",
    "scheduled",
    "noticed",
    "critical_rate",
    "critical_sharpness",
    "critical_bracket",
    "top_eigenvalue",
    "eigenvalue_residual",
    "passes",
    "surface",
]
Record = Annotated[tuple[ColumnName, ...], Field(min_length=1, max_length=32, strict=False)]

ARRAYS = frozenset({"average", "params", "grads", "state", "layers"})
"""The columns that grow with the network."""

Array = NDArray[np.floating[Any]]

Mark = Mapping[str, int | str]
"""What names the run of an event: ``{"run": index}`` in a comparison, ``{"id": …}`` if it lasts; or none."""

BATCH_BYTES = 2**16
"""Lines are sent together up to this size."""

SLICE_NUMBERS = 2**15
"""So many numbers become text at once: some milliseconds, between which others have their turn."""

_LINE_ENDS = {c.encode(): rb"\u%04x" % ord(c) for c in "\u0085\u2028\u2029"}
"""What some readers of lines take for the end of one, httpx's ``iter_lines`` among them."""


def started(run: Description, layout: Layout, mark: Mark) -> bytes:
    """The line that begins a run: the complete config, the parameters, the data, the warnings."""
    return dumps(
        {
            "event": "run_started",
            **mark,
            "config": run.config.model_dump(mode="json"),
            "parameters": _parameters(run.parameters),
            "data": mapped(typed if layout == "columns" else spelled, run.data),
            "warnings": [warning.document() for warning in run.warnings],
            "torch": torch.__version__,
        }
    )


def started_without_config(
    source: Mapping[str, Any], blocks: Callable[[], Sequence[Block]], mark: Mark
) -> bytes:
    """The same of a run that has no config, as its program told it, or as its first records show it."""
    told: Mapping[str, Any] | None = source.get("started")
    if told is None:
        shapes = {name: values.shape[1:] for block in blocks()[:1] for name, values in block.params.items()}
        told = {"parameters": _parameters(shapes), "layers": [], "warnings": [], "torch": torch.__version__}
    known = {"config": None, "source": public_source(source), "data": None}
    return dumps({"event": "run_started", **mark, **known, **told})


def public_source(source: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Where a run comes from, without what only its stream begins with."""
    return None if source is None else {key: value for key, value in source.items() if key != "started"}


def _parameters(shapes: Mapping[str, tuple[int, ...]]) -> list[dict[str, Any]]:
    return [
        {"name": name, "shape": shape, "layer": name.rpartition(".")[0] or None}
        for name, shape in shapes.items()
    ]


def dumps(value: Any) -> bytes:
    """``value`` as one line of JSON, for whatever else is taken for the end of a line, too.

    Its floats must be finite, see :func:`spelled`.
    """
    line = orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
    if not line.isascii():
        for character, escaped in _LINE_ENDS.items():
            line = line.replace(character, escaped)
    return line


def spelled(value: Any) -> Any:
    """``value`` with numbers that JSON does not know spelled as strings, in lists, mappings and arrays."""
    if isinstance(value, np.ndarray):
        return value.tolist() if np.isfinite(value).all() else spelled(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else _spell(value)
    if isinstance(value, Mapping):
        return {key: spelled(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [spelled(part) for part in value]
    return value


def momenta(values: Array | None) -> list[Any] | None:
    """The momentum of each param group, spelled: null for one without, and for a run without any."""
    if values is None:
        return None
    return [None if np.isnan(one).all() else spelled(one.tolist()) for one in values]


def _spell(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def _columns(block: Block, record: Sequence[str] | None) -> dict[str, Any]:
    """The columns of a block that are wanted."""
    columns: dict[str, Any] = block.columns()
    return columns if record is None else {name: columns[name] for name in columns if name in record}


def column_lines(block: Block, mark: Mark, record: Sequence[str] | None = None) -> Iterator[bytes]:
    """One ``block`` event; ``mark`` names the run in a comparison."""
    head = {"event": "block", **mark, "first": block.first, "count": len(block)}
    if block.every != 1:
        head["every"] = block.every
    yield dumps(head | mapped(typed, _columns(block, record)))


def watched_row_lines(block: Block, record: Sequence[str] | None = None) -> Iterator[bytes]:
    """``row_lines`` of a watched run: a loss that nobody said, NaN in columns, is null."""
    unsaid = np.isnan(block.loss)
    bounds = [0, *(np.flatnonzero(np.diff(unsaid)) + 1).tolist(), len(block)]
    for begin, end in itertools.pairwise(bounds):
        yield from row_lines(block[begin:end], {}, record, has_loss=not unsaid[begin])


def row_lines(
    block: Block, mark: Mark, record: Sequence[str] | None = None, *, has_loss: bool = True
) -> Iterator[bytes]:
    """A ``step`` event for each record, some of them together.

    The numbers of many records become text in one call; each line is then its numbers in a form that is the
    same for the whole block. Ten times as fast as a mapping and a call for each record.
    """
    arrays: list[Array] = []
    head = orjson.dumps({"event": "step", **mark})[:-1].replace(b"%", b"%%")
    columns = _columns(block, record)
    if not has_loss and "loss" in columns:
        columns["loss"] = None
    if columns.get("momentum") is not None and block.momentum is not None:
        columns["momentum"] = [None if np.isnan(one).all() else one for one in block.momentum.T]
    form = head + b',"step":%b' + (b"," if columns else b"") + _form(columns, arrays)[1:] + b"\n"
    if not arrays:
        yield from batched(form % (b"%d" % step) for step in block.steps)
        return
    numbers = np.concatenate([array.reshape(len(block), -1).astype(np.float64) for array in arrays], axis=1)
    steps = zip(block.steps, _texts(numbers), strict=True)
    yield from batched(form % (b"%d" % step, *row.split(b",")) for step, row in steps)


def _texts(numbers: Array) -> Iterator[bytes]:
    """The numbers of each row, with commas between them."""
    rows = max(1, SLICE_NUMBERS // numbers.shape[1])
    for begin in range(0, len(numbers), rows):
        some = numbers[begin : begin + rows]
        finite = bool(np.isfinite(some).all())
        text = orjson.dumps(some if finite else spelled(some.tolist()), option=orjson.OPT_SERIALIZE_NUMPY)
        yield from text[2:-2].split(b"],[")


def _form(value: Any, arrays: list[Array]) -> bytes:
    """One record as JSON with ``%b`` for each number; the arrays that the numbers are of go to ``arrays``."""
    if value is None:
        return b"null"
    if isinstance(value, Mapping):
        inner = (orjson.dumps(key).replace(b"%", b"%%") + b":" + _form(v, arrays) for key, v in value.items())
        return b"{" + b",".join(inner) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(_form(part, arrays) for part in value) + b"]"
    arrays.append(value)
    return _nested(value.shape[1:])


def _nested(shape: tuple[int, ...]) -> bytes:
    return b"[" + b",".join([_nested(shape[1:])] * shape[0]) + b"]" if shape else b"%b"


_LINES: Mapping[Layout, Callable[[Block, Mark, Sequence[str] | None], Iterator[bytes]]] = {
    "rows": row_lines,
    "columns": column_lines,
}


def batched(lines: Iterable[bytes]) -> Iterator[bytes]:
    """``lines``, some of them together: what is sent at once is read at once."""
    batch: list[bytes] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line)
        if size >= BATCH_BYTES:
            yield b"".join(batch)
            batch, size = [], 0
    if batch:
        yield b"".join(batch)


def event_lines(
    event: Block | Ended | Place, layout: Layout, mark: Mark, record: Sequence[str] | None = None
) -> Iterator[bytes]:
    """The lines of records, of the end of a run, or of its place in the queue."""
    if isinstance(event, Block):
        return _LINES[layout](event, mark, record)
    if isinstance(event, Place):
        return iter([dumps({"event": "queued", **mark, **event._asdict()})])
    document = {**event.document(), "end_loss": spelled(event.end_loss)}
    return iter([dumps({"event": "run_ended", **mark, **document})])

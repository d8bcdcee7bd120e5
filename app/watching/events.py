"""The events of a watched run as lines of JSON, and back: they are looked at as a stranger's.

A file and a live run are the same lines: ``run_started`` with ``config`` null, then ``block`` after
``block``, and ``run_ended`` if it came to that.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.block import BY_NAME, SINGLE, Block, Column, arrays_of, mapped
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.engine.loop.typed_arrays import typed, untyped

MOST_LINE_BYTES = 2**23
"""Of one line; the recorder's are an eighth of it."""

MOST_NAMES = 20_000
"""Layers, parameters or columns that one line may name."""

LONGEST_NAME = 300
LARGEST_STEP = 2**53
MOST_RECORDS = 65_536

OPTIONAL = frozenset(
    {
        "average",
        "average_loss",
        "clipped_grad_norm",
        "critical_bracket",
        "critical_rate",
        "critical_sharpness",
        "eigenvalue_residual",
        "epoch",
        "hyperparameters",
        "layers",
        "logged",
        "passes",
        "samples",
        "scheduled",
        "noticed",
        "skipped",
        "surface",
        "top_eigenvalue",
    }
)
"""The columns that not every block has."""

_DIMENSIONS = {
    "average": None,
    "critical_bracket": 2,
    "hyperparameters": 2,
    "layers": 2,
    "scheduled": 2,
    "surface": None,
}
"""Of those with not just one."""

ENDS = frozenset({Reason.COMPLETED, Reason.DIVERGED, Reason.FAILED, Reason.STOPPED})

_BLOCK = frozenset({"event", "first", "count", "every", *SINGLE, *BY_NAME, *OPTIONAL})
_STARTED = frozenset(
    {"event", "config", "source", "parameters", "layers", "data", "warnings", "torch", "name", "id"}
)
_DEEPEST = 3
"""Names within names: of a state, its parameter and its key."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a watched run begins.

    Attributes:
        name: What to call it.
        source: Where it comes from, as its program says it.
        parameters: What is recorded whole: ``{"name", "shape", "layer"}``.
        layers: ``{"name", "parameters", "numel", "group", "module"?}``.
        warnings: What was seen before the first step, as the linter says it.
        torch: Its version.
    """

    name: str
    source: Mapping[str, Any]
    parameters: Sequence[Mapping[str, Any]]
    layers: Sequence[Mapping[str, Any]]
    warnings: Sequence[Mapping[str, Any]]
    torch: str

    @property
    def is_named(self) -> bool:
        """Whether its author named it."""
        return self.name not in {"", called_after(self.source)}

    def document(self) -> dict[str, Any]:
        """It as JSON, without the name of the event."""
        return {
            "config": None,
            "name": self.name,
            "source": dict(self.source),
            "parameters": list(self.parameters),
            "layers": list(self.layers),
            "data": None,
            "warnings": list(self.warnings),
            "torch": self.torch,
        }


def called_after(source: Mapping[str, Any]) -> str:
    """What a run is called that nobody named: its optimizers and its model."""
    told = source.get("optimizers")
    optimizers = told if isinstance(told, list) else []
    names = Counter(str(one.get("name")) for one in optimizers if isinstance(one, Mapping))
    counted = [name if count == 1 else f"{name} ({count})" for name, count in names.items()]
    return f"{', '.join(counted)} on {source.get('model')}"


_LAUNCHERS = frozenset({"__main__.py", "ipykernel_launcher.py", "colab_kernel_launcher.py"})
"""What is run in the place of a script of one's own: a module, a notebook."""


def script_of(source: Mapping[str, Any]) -> str | None:
    """The script or the notebook that a run is of, if its author wrote one."""
    program = source.get("program")
    if not isinstance(program, str) or program in _LAUNCHERS:
        return None
    return program if program.endswith((".py", ".ipynb")) else None


Event = Beginning | Block | Ended


def line_of(event: Event) -> bytes:
    """An event as a line."""
    if isinstance(event, Beginning):
        return _dumps({"event": "run_started"} | event.document())
    if isinstance(event, Ended):
        return _dumps({"event": "run_ended"} | event.document() | {"end_loss": None})
    head: dict[str, Any] = {"event": "block", "first": event.first, "count": len(event)}
    if event.every != 1:
        head["every"] = event.every
    return _dumps(head | mapped(typed, event.columns()))


def _dumps(document: Mapping[str, Any]) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE)


def event_of(line: bytes, number: int) -> Event:
    """The event of a line.

    Args:
        line: It.
        number: Which it is, from 1 on, to be named if something is wrong.

    Raises:
        ConfigError: Naming the line, and what of it is wrong.
    """
    if len(line) > MOST_LINE_BYTES:
        raise _wrong(number, "", say("line_too_long", bound=MOST_LINE_BYTES))
    try:
        document = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _wrong(number, "", say("no_json", why=error.msg)) from error
    if not isinstance(document, dict):
        raise _wrong(number, "", say("no_event"))
    reading = _Reading(number, document)
    match document.get("event"):
        case "run_started":
            return reading.beginning()
        case "block":
            return reading.block()
        case "run_ended":
            return reading.ended()
    raise _wrong(number, "/event", say("no_event"))


def _wrong(number: int, pointer: str, said: Said) -> ConfigError:
    return ConfigError.at(f"/lines/{number}{pointer}", said)


class _Reading:
    """One line, looked at field by field."""

    def __init__(self, number: int, document: dict[str, Any]) -> None:
        self._number = number
        self._document = document
        self._names = 0

    def _wrong(self, pointer: str, why: str) -> ConfigError:
        return _wrong(self._number, pointer, say("line_wrong", line=self._number, why=why))

    def _require_fields(self, known: frozenset[str]) -> None:
        for name in self._document:
            if name not in known:
                raise _wrong(self._number, "", say("unknown_field", field=name[:LONGEST_NAME]))

    def beginning(self) -> Beginning:
        """``run_started``."""
        self._require_fields(_STARTED)
        if self._document.get("config") is not None:
            raise _wrong(self._number, "/config", say("import_has_config"))
        source = self._document.get("source")
        if not isinstance(source, dict):
            raise self._wrong("/source", "source is no object")
        self._plain(source, "/source", 0)
        return Beginning(
            name=self._text(self._document.get("name", ""), "/name"),
            source=source,
            parameters=[self._parameter(p) for p in self._list("parameters")],
            layers=[self._layer(layer) for layer in self._list("layers")],
            warnings=[self._warning(warning) for warning in self._list("warnings")],
            torch=self._text(self._document.get("torch", ""), "/torch"),
        )

    def _list(self, name: str) -> list[dict[str, Any]]:
        found = self._document.get(name, [])
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            raise self._wrong(f"/{name}", f"{name} is no list of objects")
        self._count(len(found))
        return found

    def _parameter(self, given: dict[str, Any]) -> dict[str, Any]:
        shape = given.get("shape")
        if not isinstance(shape, list) or not all(_is_whole(size) for size in shape):
            raise self._wrong("/parameters", "a shape is no list of sizes")
        layer = given.get("layer")
        return {
            "name": self._text(given.get("name"), "/parameters"),
            "shape": shape,
            "layer": None if layer is None else self._text(layer, "/parameters"),
        }

    def _layer(self, given: dict[str, Any]) -> dict[str, Any]:
        parameters, group = given.get("parameters"), given.get("group")
        if not isinstance(parameters, list) or not _is_whole(given.get("numel")):
            raise self._wrong("/layers", "a layer has no parameters, or no number of them")
        if group is not None and not _is_whole(group):
            raise self._wrong("/layers", "a group is no number")
        self._count(len(parameters))
        module = given.get("module")
        return {
            "name": self._text(given.get("name"), "/layers"),
            "parameters": [self._text(name, "/layers") for name in parameters],
            "numel": given["numel"],
            "group": group,
        } | ({} if module is None else {"module": self._text(module, "/layers")})

    def _warning(self, given: dict[str, Any]) -> dict[str, Any]:
        params = given.get("params", {})
        if not isinstance(params, dict):
            raise self._wrong("/warnings", "params are no object")
        self._plain(params, "/warnings", 0)
        texts = {
            name: self._text(given.get(name, ""), "/warnings", 2000) for name in ("pointer", "code", "detail")
        }
        return texts | {"params": params}

    def ended(self) -> Ended:
        """``run_ended``."""
        reason, step = self._document.get("reason"), self._document.get("step")
        if reason not in ENDS or not isinstance(step, int) or not -1 <= step <= LARGEST_STEP:
            raise self._wrong("/reason", "it has no end of a run, or no step")
        return Ended(Reason(reason), step, say("watched_ended", reason=str(reason), step=step))

    def block(self) -> Block:
        """``block``."""
        self._require_fields(_BLOCK)
        first, count, every = (self._document.get(name, 1) for name in ("first", "count", "every"))
        if not (_is_whole(first) and _is_whole(count) and _is_whole(every)):
            raise self._wrong("/first", "first, count and every are no whole numbers")
        if not (1 <= count <= MOST_RECORDS and every >= 1 and first + count * every <= LARGEST_STEP):
            raise self._wrong("/count", "first, count and every are out of bounds")
        columns = {
            name: self._column(value, f"/{name}", 0)
            for name, value in self._document.items()
            if name in _BLOCK - {"event", "first", "count", "every"}
        }
        self._require_columns(columns, count)
        return Block.of(first, columns, every)

    def _column(self, value: Any, pointer: str, depth: int) -> Column:
        if value is None:
            return None
        if not isinstance(value, dict) or depth > _DEEPEST:
            raise self._wrong(pointer, "it is no typed array")
        if "bdata" in value:
            try:
                return untyped(value)
            except ValueError as error:
                raise self._wrong(pointer, str(error)) from error
        self._count(len(value))
        return {
            self._text(name, pointer): self._column(part, pointer, depth + 1) for name, part in value.items()
        }

    def _require_columns(self, columns: Mapping[str, Any], count: int) -> None:
        if missing := next((name for name in (*SINGLE, *BY_NAME) if name not in columns), None):
            raise self._wrong(f"/{missing}", f"{missing} is missing")
        for name, column in columns.items():
            if any(array.ndim < 1 or len(array) != count for array in arrays_of(column)):
                raise self._wrong(f"/{name}", f"{name} does not hold {count} records")
        for name, dimensions in (("loss", 1), ("lr", 2), ("momentum", 2), ("grad_norm", 1)):
            column = columns[name]
            if column is None and name in {"momentum", "grad_norm"}:
                continue
            if not isinstance(column, np.ndarray) or column.ndim != dimensions:
                raise self._wrong(f"/{name}", f"{name} has not {dimensions} dimensions")
        self._require_named(columns)

    def _require_named(self, columns: Mapping[str, Any]) -> None:
        params, grads, state = (columns[name] for name in BY_NAME)
        if not _holds_arrays(params) or not (grads is None or _holds_arrays(grads, null=True)):
            raise self._wrong("/params", "params and grads are no arrays by name")
        if not isinstance(state, dict) or not all(_holds_arrays(kept) for kept in state.values()):
            raise self._wrong("/state", "state is no arrays by name and key")
        for name, column in columns.items():
            if name in OPTIONAL:
                self._require_optional(name, column)

    def _require_optional(self, name: str, column: Any) -> None:
        by_name = name in {"average", "hyperparameters", "layers", "logged", "noticed", "surface"}
        dimensions = _DIMENSIONS.get(name, 1)
        if by_name and not _holds_arrays(column):
            raise self._wrong(f"/{name}", f"{name} is no arrays by name")
        if not by_name and not isinstance(column, np.ndarray):
            raise self._wrong(f"/{name}", f"{name} is no array")
        if dimensions is not None and any(array.ndim != dimensions for array in arrays_of(column)):
            raise self._wrong(f"/{name}", f"{name} has not {dimensions} dimensions")
        if name == "surface" and not _is_surface(column):
            raise self._wrong("/surface", "surface is no x [n, m], y [n, k], z [n, k, m] and path [n, 2, 2]")

    def _plain(self, value: Any, pointer: str, depth: int) -> None:
        """Refuse what is no small JSON value."""
        if depth > 2 * _DEEPEST:
            raise self._wrong(pointer, "it is nested too deep")
        if isinstance(value, dict):
            self._count(len(value))
            for name, part in value.items():
                self._text(name, pointer)
                self._plain(part, pointer, depth + 1)
        elif isinstance(value, list):
            self._count(len(value))
            for part in value:
                self._plain(part, pointer, depth + 1)
        elif isinstance(value, str):
            self._text(value, pointer, 2000)

    def _text(self, value: Any, pointer: str, longest: int = LONGEST_NAME) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise self._wrong(pointer, f"a text is missing, or longer than {longest} characters")
        return value

    def _count(self, more: int) -> None:
        self._names += more
        if self._names > MOST_NAMES:
            raise self._wrong("", f"it names more than {MOST_NAMES} things")


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_STEP


def _holds_arrays(value: Any, *, null: bool = False) -> bool:
    return isinstance(value, dict) and all(
        isinstance(part, np.ndarray) or (null and part is None) for part in value.values()
    )


def _is_surface(column: Mapping[str, Any]) -> bool:
    if column.keys() != {"x", "y", "z", "path"} or any(column[axis].ndim != 2 for axis in "xy"):  # noqa: PLR2004
        return False
    count, wide = column["x"].shape
    shapes = column["z"].shape, column["path"].shape
    return shapes == ((count, column["y"].shape[1], wide), (count, 2, 2))

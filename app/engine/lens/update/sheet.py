"""A formula worked out with numbers: each line evaluated, and held against torch's own number."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import CodeType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from optiscope.engine.core.formula import mathml
from optiscope.engine.core.words import Said
from optiscope.engine.lens.update.line import Formula, Line, Repeated
from optiscope.engine.lens.update.notation import in_places, in_symbols, names_in
from optiscope.engine.lens.update.ulps import ulps_between

_BUILTINS = {
    "torch": torch,
    "math": math,
    "max": max,
    "min": min,
    "range": range,
    "len": len,
    "abs": abs,
    "__builtins__": {},
}

_ENDS = 5
"""Passes that are shown from the beginning and from the end of many."""

Value = NDArray[np.floating[Any]] | float


@dataclass(frozen=True, slots=True)
class Worked:
    """One line with its numbers.

    Attributes:
        place: The key of its value.
        code: The line of torch, in names.
        symbols: The statement in symbols, MathML.
        numbers: Its right side with ``@key@`` for the number of each name, ``@@key@@`` for a whole tensor.
        uses: The keys of these.
        what: A sentence about it.
        kept: Torch's number that it is held against: ``grad``, ``param`` or a key of the state; or None.
        ulps: How far our own evaluation is from torch's number, None where there is none.
        ours: Our own value, where it differs.
    """

    place: str
    code: str
    symbols: str
    numbers: str
    uses: tuple[str, ...]
    what: Said
    kept: str | None
    ulps: NDArray[np.uint64] | None
    ours: Value | None


@dataclass(frozen=True, slots=True)
class Named:
    """A number, a tensor or a flag of an update.

    Attributes:
        symbol: In LaTeX.
        value: Torch's own where torch keeps it, else ours.
    """

    symbol: str
    value: Value


@dataclass(slots=True)
class Sheet:
    """What is known while the lines of an update are worked out.

    Attributes:
        values: What code is evaluated over, by torch's names; the last value of each.
        kept: What torch keeps after the step: its state, ``param`` and ``grad``.
        symbols: By name.
        shown: By key: what lines used and made.
    """

    values: dict[str, Any]
    kept: Mapping[str, Any]
    symbols: dict[str, str]
    shown: dict[str, Named] = field(default_factory=dict)
    _places: dict[str, str] = field(default_factory=dict)
    _versions: dict[str, int] = field(default_factory=dict)

    def evaluated(self, code: str) -> Any:
        """The value of an expression."""
        return _value(code, self.values)

    def worked(self, parts: tuple[Line | Repeated, ...]) -> Iterator[Worked]:
        """Those of the lines that the step has."""
        for part in parts:
            if not self.evaluated(part.when):
                continue
            if isinstance(part, Line):
                yield self._worked(part)
            else:
                yield from self._repeated(part)

    def _repeated(self, part: Repeated) -> Iterator[Worked]:
        passes = list(self.evaluated(part.over))
        for count, index in enumerate(passes):
            self.values["i"], self.symbols["i"] = index, str(index)
            for name, (symbol, code) in part.bound.items():
                self._assign(name, in_symbols(symbol, self.symbols), self.evaluated(code))
            lines = list(self.worked(part.lines))
            if count < _ENDS or count >= len(passes) - _ENDS:
                yield from lines

    def _worked(self, line: Line) -> Worked:
        names = names_in(line.formula)
        places = {name: self._place(name) for name in names}
        symbol = in_symbols(line.symbol, self.symbols)
        symbols = mathml(rf"{symbol} \leftarrow {in_symbols(line.formula, self.symbols)}", "inline")
        numbers = mathml(f"= {in_places(line.formula, places)}", "inline")
        ours = self.evaluated(line.code)
        theirs = self._kept(line)
        ulps = None if theirs is None else ulps_between(_tensor(ours, theirs), theirs)
        value = ours if theirs is None else theirs if isinstance(ours, Tensor) else theirs.item()
        place = self._assign(line.name, symbol, value)
        self._show(place, line.name)
        return Worked(
            place=place,
            code=f"{line.name} = {line.code}",
            symbols=symbols,
            numbers=numbers,
            uses=tuple(places.values()),
            what=line.what,
            kept=None if theirs is None else line.kept,
            ulps=ulps,
            ours=plain(ours) if ulps is not None and ulps.any() else None,
        )

    def _kept(self, line: Line) -> Tensor | None:
        """Torch's own number for a line."""
        if not line.kept or line.kept.partition("[")[0] not in self.kept:
            return None
        kept = _value(line.kept, {**self.kept, "i": self.values.get("i")})
        return kept if isinstance(kept, Tensor) else torch.tensor(float(kept), dtype=torch.float64)

    def _assign(self, name: str, symbol: str, value: Any) -> str:
        version = self._versions[name] = self._versions.get(name, 0) + 1
        self.values[name], self.symbols[name] = value, symbol
        self._places[name] = f"{name}.{version}"
        return self._places[name]

    def _place(self, name: str) -> str:
        """The key of what a name stands for now, which is shown from then on."""
        place = self._places.setdefault(name, name)
        self._show(place, name)
        return place

    def _show(self, place: str, name: str) -> None:
        self.shown[place] = Named(self.symbols[name], plain(self.values[name]))


def sheet_of(
    formula: Formula, values: Mapping[str, Any], kept: Mapping[str, Any], symbols: Mapping[str, str]
) -> Sheet:
    """The sheet at the beginning of a step.

    Args:
        formula: What is to be worked out.
        values: ``param``, ``grad``, the hyperparameters of the group, and torch's keys of the state.
        kept: What torch keeps after the step.
        symbols: Of hyperparameters.
    """
    sheet = Sheet(
        dict(values), kept, {"param": r"\theta_{t-1}", "grad": r"\text{.grad}", **symbols, **formula.symbols}
    )
    sheet.values["fresh"] = any(key not in values for key in formula.state)
    for key, (symbol, code) in formula.state.items():
        sheet.symbols[key] = symbol
        if key not in values:
            sheet.values[key] = sheet.evaluated(code)
    if isinstance(step := sheet.values.get("step"), Tensor):
        sheet.values["step"] = step.item()  # as torch reads it
    return sheet


def plain(value: Any) -> Value:
    """A number of an update as an array; NumPy has no bfloat16, but float32 holds all of it."""
    if not isinstance(value, Tensor):
        return float(value)
    tensor = value.detach().clone()
    array: NDArray[np.floating[Any]] = (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()
    return array


def _tensor(value: Tensor | float, like: Tensor) -> Tensor:
    return value if isinstance(value, Tensor) else torch.tensor(value, dtype=like.dtype)


@cache
def _compiled(code: str) -> CodeType:
    return compile(code, "<update>", "eval")


def _value(code: str, names: Mapping[str, Any]) -> Any:
    return eval(_compiled(code), dict(_BUILTINS), dict(names))  # noqa: S307 - the code of our own tables

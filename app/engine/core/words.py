"""What Optiscope says to people, as data: a code and parameters, of which any language makes a sentence.

``say("at_most", field="steps", bound=10, value=12)`` is data; ``str`` of it is English, by the table in
``sentences.json``. A language is another table with the same codes and the same holes.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

Value: TypeAlias = "str | int | float | Said | Sequence[Value]"
"""What fills a hole: a list is said with commas, a :class:`Said` is said in its turn."""

Sentence = str | Mapping[str, str]
"""A template with ``{holes}``; or two of them, ``one`` and ``other``, of which ``count`` decides."""

SENTENCES: Mapping[str, Sentence] = json.loads(
    Path(__file__).with_name("sentences.json").read_text(encoding="utf-8")
)
"""All that is ever said, in English."""

LONGEST_RAW = 600
"""Characters that are told of what another program says; the log has all of it."""

LARGEST = 2**53
"""Up to it every program that reads JSON keeps a whole number exactly."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something said to a person; made by :func:`say`.

    Attributes:
        code: What kind of thing is said: a key of ``SENTENCES``.
        params: What fills the holes.
    """

    code: str
    params: Mapping[str, Value] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, str(self)))

    def __str__(self) -> str:
        """The sentence in English."""
        template = SENTENCES[self.code]
        if not isinstance(template, str):
            template = template["one" if self.params["count"] == 1 else "other"]
        return template.format_map({name: _in_english(value) for name, value in self.params.items()})

    def data(self) -> dict[str, Any]:
        """``{"code", "params"}`` as JSON; a part that is said in its turn has its own ``detail``, too."""
        return {"code": self.code, "params": {name: _plain(value) for name, value in self.params.items()}}

    def document(self) -> dict[str, Any]:
        """``{"detail", "code", "params"}``, as it stands wherever something is said on the wire."""
        return {"detail": str(self)} | self.data()


def say(code: str, /, **params: Value) -> Said:
    """The sentence of ``code`` with its holes filled.

    Example:
        >>> print(say("at_most", field="steps", bound=10, value=12))
        steps must be at most 10, got 12
    """
    return Said(code, {name: _kept(value) for name, value in params.items()})


def heard(document: Mapping[str, Any]) -> Said:
    """What :meth:`Said.document` wrote; the words of another version are taken as they were written."""
    try:
        said = _said(document)
        str(said)
    except KeyError:
        return say("as_written", text=str(document["detail"]))
    return said


def why(error: BaseException) -> Value:
    """What an exception says: data if it is one of ours, else its text, or its class where it has none."""
    said: Value | None = getattr(error, "said", None)
    return said or str(error) or type(error).__name__


def raw(error: BaseException) -> Value:
    """What an exception that is not ours says, shortened, with its class; data if it is one of ours."""
    said: Value | None = getattr(error, "said", None)
    if said:
        return said
    text = " ".join(str(error).split())
    told = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return told if len(told) <= LONGEST_RAW else told[: LONGEST_RAW - 1] + "…"


def rounded(number: float, digits: int = 6) -> float:
    """``number`` with so many significant digits, as a sentence gives it."""
    return float(f"{number:.{digits}g}")


def spelled(number: float) -> float | str:
    """``number``, or its name where JSON has none that is not finite."""
    return number if math.isfinite(number) else _NON_FINITE[str(number)]


def _kept(value: Value) -> Value:
    """``value`` in a form that JSON keeps exactly."""
    if isinstance(value, bool | str | Said):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) <= LARGEST else str(value)
    if isinstance(value, float):
        return spelled(float(value))
    return tuple(map(_kept, value))


_NON_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def _in_english(value: Value) -> str:
    if isinstance(value, float):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    if isinstance(value, str | int | Said):
        return str(value)
    return ", ".join(map(_in_english, value))


def _plain(value: Value) -> Any:
    if isinstance(value, Said):
        return value.document()
    return value if isinstance(value, str | int | float) else [_plain(part) for part in value]


def _said(data: Mapping[str, Any]) -> Said:
    return Said(data["code"], {name: _read(value) for name, value in data["params"].items()})


def _read(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(map(_read, value))
    return _said(value) if isinstance(value, dict) else value

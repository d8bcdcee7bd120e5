"""Python source: values, calls that break over lines when they are long, and indented blocks."""

import math
from collections.abc import Iterable, Sequence
from textwrap import indent
from typing import Any

WIDTH = 88


def literal(value: Any) -> str:
    """A number, text, None, list or tuple as Python writes it."""
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, float) and math.isinf(value):
        return 'float("inf")'
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    return repr(value)


def call(function: str, arguments: Sequence[str]) -> str:
    """A call, over several lines where one would be too long."""
    return bracketed(f"{function}(", arguments, ")")


def bracketed(opening: str, items: Sequence[str], closing: str) -> str:
    """Items between brackets, each on a line of its own where one line would be too long."""
    line = opening + ", ".join(items) + closing
    if len(line) <= WIDTH and "\n" not in line:
        return line
    return opening + "\n" + block(f"{item}," for item in items) + "\n" + closing


def keywords(arguments: dict[str, Any]) -> list[str]:
    """Keyword arguments of a call."""
    return [f"{name}={literal(value)}" for name, value in arguments.items()]


def block(lines: Iterable[str]) -> str:
    """Lines, or statements of several lines, one level deeper."""
    return indent("\n".join(lines), "    ")

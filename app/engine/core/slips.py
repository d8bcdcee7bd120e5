"""Frequent slips in expressions: what people write as on paper, and how it is written here.

It is looked for only in a text that was refused, so that nothing that can be read is ever refused for it.
"""

import keyword
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from optiscope.engine.core.words import Said, say

_TOKEN = re.compile(
    r"(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<equals>(?<![<>=!:])=(?!=))"
    r"|(?P<other>\S)",
    re.ASCII,
)
_POWERS = {"^": "**", "²": "**2", "³": "**3", "⁴": "**4", "ⁿ": "**n"}
_INSTEAD = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{MULTIPLICATION SIGN}": "*",
    "\N{MIDDLE DOT}": "*",
    "\N{DOT OPERATOR}": "*",
    "\N{DIVISION SIGN}": "/",
    "π": "pi",
    "√": "sqrt(…)",
}
"""Signs; those of full width are found by their normal form."""

_NAMES = {
    "ln": "log",
    "log10": "log(…)/log(10)",
    "log2": "log(…)/log(2)",
    "arccos": "acos",
    "arcsin": "asin",
    "arctan": "atan",
    "tg": "tan",
    "fabs": "abs",
}
"""Functions by other names; a name that only its case sets apart needs no line."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    place: int
    """Of its first character, from 1."""


def slip_in(text: str, functions: Collection[str], values: Collection[str]) -> tuple[int, Said] | None:
    """The first slip of a text that could not be read: its character, from 1, and what to write instead.

    Args:
        text: What a person wrote.
        functions: Names that take brackets.
        values: Names of variables and constants.

    Example:
        >>> place, said = slip_in("3 + x^2", ["sin"], ["x"])
        >>> print(place, said)
        6 a power is **: write ** in place of ^
    """
    tokens = [
        _Token(str(match.lastgroup), match.group(), match.start() + 1) for match in _TOKEN.finditer(text)
    ]
    found = [*_single(tokens, functions, values), *_neighbours(tokens, functions, values), *_brackets(tokens)]
    return min(found, key=lambda slip: slip[0], default=None)


def _single(
    tokens: list[_Token], functions: Collection[str], values: Collection[str]
) -> Iterator[tuple[int, Said]]:
    """What is written otherwise here, whatever is beside it."""
    bars = sum(token.text == "|" for token in tokens)
    depth = 0
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")")
        if token.text in _POWERS:
            yield token.place, say("expression_power", written=token.text, instead=_POWERS[token.text])
        elif token.text == "|" and bars > 1:
            yield token.place, say("expression_instead", written="|…|", instead="abs(…)")
        elif token.kind == "equals" and depth == 0:
            yield token.place, say("expression_equals")
        elif (instead := _instead(token, functions, values)) is not None:
            yield token.place, say("expression_instead", written=token.text, instead=instead)


def _instead(token: _Token, functions: Collection[str], values: Collection[str]) -> str | None:
    known = {*functions, *values}
    if token.kind != "name":
        normal = unicodedata.normalize("NFKC", token.text)
        return _INSTEAD.get(token.text) or (normal if normal != token.text and normal.isascii() else None)
    if token.text in known or keyword.iskeyword(token.text):
        return None
    lower = token.text.lower()
    if lower in known:
        return lower
    if len(token.text) > 1 and all(letter in values for letter in token.text):
        return "*".join(token.text)
    instead = _NAMES.get(lower)
    return instead if instead is not None and instead.split("(")[0] in known else None


def _neighbours(
    tokens: list[_Token], functions: Collection[str], values: Collection[str]
) -> Iterator[tuple[int, Said]]:
    """A product without its sign, a function without its brackets, a decimal comma."""
    depth = 0
    end = _Token("end", "", 0)
    for before, after in pairwise([*tokens, end]):
        depth += (before.text == "(") - (before.text == ")")
        ends = before.kind == "number" or before.text in values or before.text == ")"
        begins = after.kind == "number" or after.text in {*functions, *values} or after.text == "("
        if before.text in functions and not _follows(after):
            yield before.place, say("expression_brackets", function=before.text)
        elif ends and begins:
            yield after.place, say("expression_product", example=f"{before.text}*{after.text}")
        elif before.kind == "number" and after.text == "," and depth == 0:
            yield after.place, say("expression_instead", written=",", instead=".")


def _follows(token: _Token) -> bool:
    """Whether a function may stand before it: a bracket, a power of it, or the end of an argument."""
    return unicodedata.normalize("NFKC", token.text) in {"(", ")", ","} or token.text in _POWERS


def _brackets(tokens: list[_Token]) -> Iterator[tuple[int, Said]]:
    """One that is not closed, or closes nothing."""
    open_ = []
    for token in tokens:
        if token.text == "(":
            open_.append(token.place)
        elif token.text == ")" and not open_:
            yield token.place, say("expression_bracket_closed")
            return
        elif token.text == ")":
            open_.pop()
    if open_:
        yield open_[-1], say("expression_bracket_open")

"""Formulas with names in angle brackets, read with symbols or with places for numbers."""

import re
from collections.abc import Callable, Mapping

_NAME = re.compile(r"<<(\w+)>>|<(\w+)>")


def names_in(formula: str) -> list[str]:
    """The names of a formula, each once."""
    return list(dict.fromkeys(whole or one for whole, one in _NAME.findall(formula)))


def in_symbols(formula: str, symbols: Mapping[str, str]) -> str:
    """LaTeX with the symbol of each name."""
    return _filled(formula, lambda name, _: symbols[name]).replace(" * ", r"\,")


def in_places(formula: str, places: Mapping[str, str]) -> str:
    """LaTeX with ``@place@`` for the number of each name, and ``@@place@@`` for a whole tensor."""
    filled = _filled(
        formula,
        lambda name, is_whole: rf"\text{{@@{places[name]}@@}}" if is_whole else rf"\text{{@{places[name]}@}}",
    )
    return filled.replace(" * ", r"\cdot ")


def _filled(formula: str, fill: Callable[[str, bool], str]) -> str:
    """Each name filled in, and braced where it is not alone, so that powers are of all of it."""
    return _NAME.sub(lambda found: f"{{{fill(found[1] or found[2], bool(found[1]))}}}", formula)

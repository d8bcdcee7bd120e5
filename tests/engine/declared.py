"""What the declaration of a hyperparameter says must be refused, and what must be taken."""

import math

from optiscope.engine.core.registry import Hyperparameter

WRONG_TYPE = {
    "float": (True, "0.1", {}),
    "int": (1.5, True, "1"),
    "bool": (1, "true"),
    "pair": (0.5, [0.5], [0.5, "x"], [0.5, True]),
    "triple": (0.5, [0.5, 0.5], [0.5, 0.5, "x"], [0.5, 0.5, True]),
    "choice": ("no such choice", 1.5),
    "int_list": (3, [], [1.5]),
    "expression": (5, True),
}


def error_inputs(h: Hyperparameter) -> list[tuple[object, str]]:
    """Values that cannot be used, each with what the sentence must say beside the name."""
    wrong = [(value, h.name) for value in WRONG_TYPE[h.kind]]
    if not h.optional:
        wrong.append((None, "null"))
    if h.kind == "float":
        wrong += [(value, "finite") for value in (math.nan, math.inf, -math.inf)]
    return wrong + [(_shaped(h, value), _written(bound)) for value, bound in _outside(h)]


def _written(bound: float) -> str:
    return str(bound) if isinstance(bound, int) else f"{bound:g}"


def edges(h: Hyperparameter) -> list[object]:
    """The outermost values that can be used, or are usual."""
    if h.kind == "bool":
        return [False, True]
    if h.kind == "choice":
        return list(h.choices)
    bounds = [(h.minimum, h.exclusive_minimum), (h.maximum, h.exclusive_maximum)]
    outermost = [bound for bound, exclusive in bounds if bound is not None and not exclusive]
    return [
        _shaped(h, value) for value in (*outermost, *(h.usual or ())) if h.problem(_shaped(h, value)) is None
    ]


def _outside(h: Hyperparameter) -> list[tuple[float, float]]:
    outside = []
    if h.minimum is not None:
        outside.append((h.minimum if h.exclusive_minimum else h.minimum - 1, h.minimum))
    if h.maximum is not None:
        outside.append((h.maximum if h.exclusive_maximum else h.maximum + 1, h.maximum))
    return outside


def _shaped(h: Hyperparameter, value: float) -> object:
    whole = int(value) if h.kind in {"int", "int_list"} else value
    inner = 0.5 * ((h.minimum or 0) + min(h.maximum or 1, 1))
    shapes = {"pair": [inner, whole], "triple": [inner, inner, whole], "int_list": [whole]}
    return shapes.get(h.kind, whole)

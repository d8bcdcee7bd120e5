"""Formulas are written once, in LaTeX, and shown as MathML."""

from functools import cache
from typing import Literal

from latex2mathml.converter import convert


@cache
def mathml(latex: str, display: Literal["block", "inline"] = "block") -> str:
    """``latex`` as a MathML ``<math>`` element: on lines of its own, or within one."""
    return convert(latex, display=display)

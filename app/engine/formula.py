"""Formulas are written once, in LaTeX, and shown as MathML."""

from functools import cache

from latex2mathml.converter import convert


@cache
def mathml(latex: str) -> str:
    """``latex`` as a MathML ``<math>`` element in display style."""
    return convert(latex, display="block")

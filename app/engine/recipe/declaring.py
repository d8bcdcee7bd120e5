"""Hyperparameters as the tables of torch's classes declare them: usual range, line and symbol, no default.

What a class does when an argument is left out is its own business: the default is read from its signature.
What it refuses is, too: ``minimum`` and ``maximum`` stand where torch itself draws the line. In the usual
range sliders run, and beyond it the linter speaks.
"""

import inspect
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.core.words import LARGEST


def number(name: str, description: str, low: float, high: float, **extra: Any) -> Hyperparameter:
    """A float that usually lies between two values."""
    return Hyperparameter(name, "float", ..., description, usual=(low, high), **extra)


def whole(name: str, description: str, low: int, high: int, **extra: Any) -> Hyperparameter:
    """A whole number that usually lies between two values, and that JSON keeps exactly."""
    bounds = {"minimum": -LARGEST, "maximum": LARGEST} | extra
    return Hyperparameter(name, "int", ..., description, usual=(low, high), **bounds)


def pair(name: str, description: str, low: float, high: float, **extra: Any) -> Hyperparameter:
    """Two floats that usually lie between two values."""
    return Hyperparameter(name, "pair", ..., description, usual=(low, high), **extra)


def triple(name: str, description: str, low: float, high: float, **extra: Any) -> Hyperparameter:
    """Three floats that usually lie between two values."""
    return Hyperparameter(name, "triple", ..., description, usual=(low, high), **extra)


def flag(name: str, description: str) -> Hyperparameter:
    """True or false."""
    return Hyperparameter(name, "bool", ..., description)


def choice(name: str, description: str, *choices: str, **extra: Any) -> Hyperparameter:
    """One of several words."""
    return Hyperparameter(name, "choice", ..., description, choices=choices, **extra)


def with_defaults(cls: type, declared: Sequence[Hyperparameter]) -> tuple[Hyperparameter, ...]:
    """What is declared of a class, each default that is ``...`` read from the signature of its constructor.

    Raises:
        TypeError: If the constructor has no such argument.

    Example:
        >>> from torch.optim import SGD
        >>> [h.default for h in with_defaults(SGD, [number("lr", "The rate.", 0, 1)])]
        [0.001]
    """
    if all(h.default is not ... for h in declared):
        return tuple(declared)
    parameters = inspect.signature(cls.__init__).parameters  # type: ignore[misc] # of this very class
    return tuple(_with_default(cls, h, parameters.get(h.name)) if h.default is ... else h for h in declared)


def _with_default(cls: type, h: Hyperparameter, parameter: inspect.Parameter | None) -> Hyperparameter:
    if parameter is None:
        raise TypeError(f"{cls.__name__} has no argument {h.name}, so its default must be given")
    required = parameter.default is inspect.Parameter.empty
    return replace(h, default=None if required else h.as_torch(parameter.default))

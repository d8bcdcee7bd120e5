"""Hyperparameters as the tables of torch's classes declare them: bounds, line and symbol, but no default.

What a class does when an argument is left out is its own business: the default is read from its signature.
"""

import inspect
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from optiscope.engine.core.registry import Hyperparameter


def number(name: str, description: str, minimum: float, maximum: float, **extra: Any) -> Hyperparameter:
    """A float between bounds."""
    return Hyperparameter(name, "float", ..., description, minimum, maximum, **extra)


def whole(name: str, description: str, minimum: int, maximum: int, **extra: Any) -> Hyperparameter:
    """A whole number between bounds."""
    return Hyperparameter(name, "int", ..., description, minimum, maximum, **extra)


def pair(name: str, description: str, minimum: float, maximum: float, **extra: Any) -> Hyperparameter:
    """Two floats between bounds."""
    return Hyperparameter(name, "pair", ..., description, minimum, maximum, **extra)


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

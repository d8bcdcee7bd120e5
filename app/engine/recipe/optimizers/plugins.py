"""Optimizers of other packages, through the entry point group ``optiscope.optimizers``."""

from dataclasses import replace
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from torch.optim import Optimizer

from optiscope.engine.core.plugins import Plugin, load
from optiscope.engine.recipe.optimizers.info import OptimizerInfo

ENTRY_POINTS = "optiscope.optimizers"
"""The group of entry points through which other packages bring optimizers."""


@cache
def plugins() -> tuple[Plugin[OptimizerInfo], ...]:
    """What the installed packages bring."""
    return load(entry_points(group=ENTRY_POINTS), accept_plugin)


def accept_plugin(prefix: str, info: object) -> OptimizerInfo:
    """An optimizer of another package, under ``prefix`` and a dot.

    Raises:
        TypeError: If it is none.
        ValueError: If it cannot be imported by its name, a default is outside its own bounds, or a formula
            cannot be typeset.
    """
    if not isinstance(info, OptimizerInfo):
        raise TypeError(f"{info!r} is no OptimizerInfo")
    if not issubclass(info.cls, Optimizer):
        raise TypeError(f"{info.cls!r} is no torch.optim.Optimizer")
    if getattr(import_module(info.source), info.cls.__name__, None) is not info.cls:
        raise ValueError(f"{info.source} has no {info.cls.__name__}: give the module as source")
    for h in info.hyperparameters:
        if h.default is not None and (problem := h.problem(h.default)):
            raise ValueError(f"the default of {info.name}: {problem}")
    try:
        info.catalog()
    except Exception as error:
        message = f"the formula or a symbol of {info.name} is no LaTeX: {type(error).__name__}"
        raise ValueError(message) from error
    return replace(info, name=f"{prefix}.{info.name}")

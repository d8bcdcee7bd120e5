"""Optimizers of other packages, through the entry point group ``optiscope.optimizers``."""

from dataclasses import replace

from torch.optim import Optimizer

from optiscope.engine.core.plugins import Group, check_defaults, check_formulas, check_source
from optiscope.engine.recipe.optimizers.info import OptimizerInfo


def accept(prefix: str, info: object) -> OptimizerInfo:
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
    if info.unavailable is None:
        check_source(info.source, info.cls)
    check_defaults(info.name, info.hyperparameters)
    check_formulas(info)
    return replace(info, name=f"{prefix}.{info.name}")


OPTIMIZER_PLUGINS = Group("optiscope.optimizers", accept)

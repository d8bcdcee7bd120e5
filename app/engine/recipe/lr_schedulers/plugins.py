"""Schedulers of other packages, through the entry point group ``optiscope.lr_schedulers``."""

from dataclasses import replace

from torch.optim.lr_scheduler import LRScheduler

from optiscope.engine.core.plugins import Group, check_defaults, check_formulas, check_source
from optiscope.engine.recipe.lr_schedulers.info import LRSchedulerInfo


def accept(prefix: str, info: object) -> LRSchedulerInfo:
    """A scheduler of another package, under ``prefix`` and a dot.

    Raises:
        TypeError: If it is none.
        ValueError: If it is made of other schedulers, cannot be imported by its name, a default is outside
            its own bounds, or a formula cannot be typeset.
    """
    if not isinstance(info, LRSchedulerInfo):
        raise TypeError(f"{info!r} is no LRSchedulerInfo")
    if not issubclass(info.cls, LRScheduler):
        raise TypeError(f"{info.cls!r} is no torch.optim.lr_scheduler.LRScheduler")
    if info.parts or info.milestones or info.hands_over:
        raise ValueError(f"{info.name} is made of other schedulers, which only those of torch can be here")
    check_source(info.source, info.cls)
    check_defaults(info.name, info.hyperparameters)
    check_formulas(info)
    return replace(info, name=f"{prefix}.{info.name}")


LR_SCHEDULER_PLUGINS = Group("optiscope.lr_schedulers", accept)

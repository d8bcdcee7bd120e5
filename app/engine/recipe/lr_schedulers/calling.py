"""How the loop calls a scheduler: with nothing, with the loss, with the epoch; of a hand-over, one part."""

from collections.abc import Callable
from enum import Enum

from optiscope.engine.core.config import LRSchedulerConfig
from optiscope.engine.recipe.lr_schedulers.hand_over import HandOver, Scheduler, stretch_of
from optiscope.engine.recipe.lr_schedulers.table import LR_SCHEDULERS


class Unknown(Enum):
    """What stands for a loss that the loop has not computed yet."""

    LOSS = "loss"


Calling = Callable[[int, float | Unknown | None], None]
"""Calls a scheduler, given how many calls came before by the steps of the run, and the loss."""


def calling(scheduler: Scheduler, config: LRSchedulerConfig) -> Calling:
    """How the loop calls the scheduler of a config.

    Without a loss, one that decides by it is passed over; if it is unknown, torch refuses the call.
    """
    if isinstance(scheduler, HandOver):
        return _handing_over(scheduler, config)
    step: Callable[..., None] = scheduler.step
    if LR_SCHEDULERS[config.name].needs_metric:
        return lambda _, loss: None if loss is None else step() if loss is Unknown.LOSS else step(loss)
    if length := config.epoch_steps:
        return lambda count, _: step(count // length + count % length / length)
    return lambda *_: step()


def _handing_over(scheduler: HandOver, config: LRSchedulerConfig) -> Calling:
    own, milestones = config.schedulers or (), config.milestones or ()
    parts = [calling(part, called) for part, called in zip(scheduler.schedulers, own, strict=True)]

    def call(count: int, loss: float | Unknown | None) -> None:
        index, begun = stretch_of(milestones, count)
        parts[index](count - begun, loss)

    return call


def call_text(config: LRSchedulerConfig, count: int) -> str:
    """What the loop writes to call a scheduler, after so many calls.

    Example:
        >>> call_text(LRSchedulerConfig(name="CosineAnnealingWarmRestarts", epoch_steps=4), 13)
        'scheduler.step(3 + 1 / 4)'
    """
    name = "scheduler"
    if LR_SCHEDULERS[config.name].hands_over:
        index, begun = stretch_of(config.milestones or (), count)
        name, count = f"schedulers[{index}]", count - begun
        config = (config.schedulers or ())[index]
    if LR_SCHEDULERS[config.name].needs_metric:
        return f"{name}.step(loss)"
    if length := config.epoch_steps:
        return f"{name}.step({count // length} + {count % length} / {length})"
    return f"{name}.step()"

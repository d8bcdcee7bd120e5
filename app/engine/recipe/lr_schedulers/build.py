"""The real scheduler of a config."""

from collections.abc import Callable
from typing import Any

from torch.optim import Optimizer

from optiscope.engine.core.config import LRSchedulerConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.expressions import epoch_function
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.words import raw, say
from optiscope.engine.recipe.lr_schedulers.checks import Place, arguments_of, problems_of
from optiscope.engine.recipe.lr_schedulers.hand_over import HandOver, Scheduler
from optiscope.engine.recipe.lr_schedulers.info import LRSchedulerInfo


def build_lr_scheduler(
    optimizer: Optimizer,
    config: LRSchedulerConfig,
    pointer: str = "/lr_scheduler",
    limits: Limits = UNLIMITED,
) -> Scheduler:
    """The scheduler of a config over one optimizer; building it sets the rate of the first step.

    Args:
        optimizer: Whose ``param_groups`` it moves.
        config: Name, hyperparameters and parts.
        pointer: Where ``config`` stands in the request.
        limits: Bound the nesting, lists and expressions.

    Raises:
        ConfigError: For all that the registry refuses, at any depth; else for what torch itself refuses, in
            torch's own words.
    """
    place = Place(config, pointer, limits=limits)
    if problems := list(problems_of(place)):
        raise ConfigError(problems)
    return _build(optimizer, place)


def _build(optimizer: Optimizer, place: Place) -> Scheduler:
    info = place.info
    arguments = _with_functions(info, place)
    parts = [_build(optimizer, part) for part in place.parts]
    try:
        return _construct(info, optimizer, arguments, parts, place.config)
    except ConfigError:
        raise
    except Exception as error:
        said = say("refused_by", package=info.source.partition(".")[0], name=info.name, why=raw(error))
        where = place.pointer if parts else f"{place.pointer}/hyperparameters"
        raise ConfigError.at(where, said) from error


def _with_functions(info: LRSchedulerInfo, place: Place) -> dict[str, Any]:
    """The arguments, expressions as the functions that they write."""
    arguments = arguments_of(info, place)
    for h in info.hyperparameters:
        if h.kind != "expression":
            continue
        where = f"{place.pointer}/hyperparameters/{h.name}"
        match arguments.get(h.name):
            case str(text):
                arguments[h.name] = epoch_function(text, where, place.limits, h.variable)
            case [*texts]:
                arguments[h.name] = [
                    epoch_function(text, f"{where}/{i}", place.limits, h.variable)
                    for i, text in enumerate(texts)
                ]
    return arguments


def _construct(
    info: LRSchedulerInfo,
    optimizer: Optimizer,
    arguments: dict[str, Any],
    parts: list[Scheduler],
    config: LRSchedulerConfig,
) -> Scheduler:
    build: Callable[..., Scheduler] = info.cls
    if info.hands_over:
        return HandOver(parts)
    if info.milestones:
        return build(optimizer, parts, milestones=list(config.milestones or ()))
    if info.parts:
        return build(parts, optimizer=optimizer)
    return build(optimizer, **arguments)

"""The real optimizers of a config."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from optiscope.engine.core.config import OptimizerConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.words import say, why
from optiscope.engine.recipe.optimizers.checks import (
    Named,
    arguments_of,
    group_arguments,
    problems_of,
    split,
)
from optiscope.engine.recipe.optimizers.info import OptimizerInfo
from optiscope.engine.recipe.optimizers.table import OPTIMIZERS
from optiscope.engine.recipe.parameters import resolve_names


def build_optimizers(
    model: nn.Module, config: OptimizerConfig, pointer: str = "/optimizer", limits: Limits = UNLIMITED
) -> list[Optimizer]:
    """The optimizer of a config over a model's parameters, and behind it that of the rest, if there is one.

    Args:
        model: Whose parameters are trained.
        config: Name, hyperparameters and param groups. Without groups, one group holds every parameter
            (for an optimizer of matrices with a ``rest``: every 2-D parameter).
        pointer: Where ``config`` stands in the request.
        limits: Bound the hyperparameters that are lists.

    Raises:
        ConfigError: For what the registry or torch itself refuses, the latter in torch's own words.
    """
    named = dict(model.named_parameters())
    if problems := list(problems_of(named, config, pointer, limits)):
        raise ConfigError(problems)
    mine, others = split(named, config)
    optimizers = [_build(mine, config, pointer, limits)]
    if config.rest is not None:
        optimizers.append(_build(others, config.rest, f"{pointer}/rest", limits))
    return optimizers


def _build(named: Named, config: OptimizerConfig, pointer: str, limits: Limits) -> Optimizer:
    info = OPTIMIZERS[config.name]
    arguments = arguments_of(info, config, pointer, limits)
    params: Any = list(named.values())
    try:
        if config.param_groups is not None:
            _try_all_groups(info, named, config, pointer, limits)
            params = _groups(info, named, config, pointer, limits)
        return info.cls(params, **arguments)
    except ConfigError:
        raise
    except Exception as error:
        refused = say(
            "refused_by", package=info.source.partition(".")[0], name=info.cls.__name__, why=why(error)
        )
        if not _accepts(info, arguments):
            raise ConfigError.at(f"{pointer}/hyperparameters", refused) from error
        if config.param_groups is not None:
            raise ConfigError.at(f"{pointer}/param_groups", refused) from error
        said = say("give_to_a_rest", refused=refused) if info.matrices_only else refused
        raise ConfigError.at(f"{pointer}/name", said) from error


def _try_all_groups(
    info: OptimizerInfo, named: Named, config: OptimizerConfig, pointer: str, limits: Limits
) -> None:
    """Let torch see at once what is added later, so that a parameter in two groups is refused."""
    later = _groups(info, named, config, pointer, limits, later=True)
    if not later:
        return
    first = _groups(info, named, config, pointer, limits)
    trial = info.cls(first, **arguments_of(info, config, pointer, limits))
    for group in later:
        trial.add_param_group(group)


def _accepts(info: OptimizerInfo, arguments: Mapping[str, Any]) -> bool:
    """Whether the arguments are good, so that a refusal must be for the parameters."""
    try:
        info.cls([nn.Parameter(torch.zeros(1, 1))], **arguments)
    except Exception:  # noqa: BLE001 - a class of another package may raise anything
        return False
    return True


def _groups(
    info: OptimizerInfo,
    named: Named,
    config: OptimizerConfig,
    pointer: str,
    limits: Limits,
    *,
    later: bool = False,
) -> list[dict[str, Any]]:
    """The param groups that are there from the start, or those that are added later."""
    groups = []
    for i, group in enumerate(config.param_groups or ()):
        if bool(group.from_step) != later:
            continue
        where = f"{pointer}/param_groups/{i}"
        names = resolve_names(group.params, named, f"{where}/params")
        own = group_arguments(info, group, where, limits)
        groups.append({"params": [named[name] for name in names], **own})
    return groups

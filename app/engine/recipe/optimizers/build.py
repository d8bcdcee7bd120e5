"""The real optimizers of a config."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from optiscope.engine.core.config import OptimizerConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.registry import check_hyperparameters
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
    info = OPTIMIZERS.resolve(config.name, f"{pointer}/name")
    if info.unavailable:
        raise ConfigError.at(f"{pointer}/name", info.unavailable)
    named = dict(model.named_parameters())
    if config.rest is None:
        return [_build(info, named, config, pointer, limits)]
    if not info.matrices_only:
        raise ConfigError.at(
            f"{pointer}/rest", f"{config.name} takes every parameter: rest is for Muon's kind"
        )
    if OPTIMIZERS.resolve(config.rest.name, f"{pointer}/rest/name").matrices_only or config.rest.rest:
        raise ConfigError.at(f"{pointer}/rest/name", f"{config.rest.name} cannot take biases either")
    matrices = {name: p for name, p in named.items() if p.ndim == 2}  # noqa: PLR2004
    others = {name: p for name, p in named.items() if name not in matrices}
    if not matrices:
        raise ConfigError.at(
            f"{pointer}/name", f"{config.name} takes 2-D parameters, and this problem has none"
        )
    return [
        _build(info, matrices, config, pointer, limits),
        *build_rest(others, config.rest, f"{pointer}/rest", limits),
    ]


def build_rest(
    named: Mapping[str, nn.Parameter], config: OptimizerConfig, pointer: str, limits: Limits
) -> list[Optimizer]:
    """The second optimizer, of the parameters that the first one cannot take."""
    info = OPTIMIZERS.resolve(config.name, f"{pointer}/name")
    if info.unavailable or info.closure:
        reason = info.unavailable or f"{config.name} evaluates the loss itself and cannot share a step"
        raise ConfigError.at(f"{pointer}/name", reason)
    return [_build(info, named, config, pointer, limits)]


def _build(
    info: OptimizerInfo,
    named: Mapping[str, nn.Parameter],
    config: OptimizerConfig,
    pointer: str,
    limits: Limits,
) -> Optimizer:
    where = f"{pointer}/hyperparameters"
    arguments = check_hyperparameters(
        info.name, info.hyperparameters, config.hyperparameters, where, limits=limits
    )
    params: Any = list(named.values())
    if config.param_groups is not None:
        params = _groups(info, named, config, pointer, limits)
    try:
        return info.cls(params, **arguments)
    except _REFUSALS as error:
        message = f"{info.source.partition('.')[0]} refuses {info.cls.__name__}: {error}"
        if not _accepts(info, arguments):
            raise ConfigError.at(where, message) from error
        if config.param_groups is not None:
            raise ConfigError.at(f"{pointer}/param_groups", message) from error
        hint = "; give the parameters that it cannot take to a rest" if info.matrices_only else ""
        raise ConfigError.at(f"{pointer}/name", message + hint) from error


_REFUSALS = (
    ValueError,
    TypeError,
    RuntimeError,
    AssertionError,
    ArithmeticError,
    LookupError,
    AttributeError,
)


def _accepts(info: OptimizerInfo, arguments: Mapping[str, Any]) -> bool:
    """Whether the arguments are good, so that a refusal must be for the parameters."""
    try:
        info.cls([nn.Parameter(torch.zeros(1, 1))], **arguments)
    except _REFUSALS:
        return False
    return True


def _groups(
    info: OptimizerInfo,
    named: Mapping[str, nn.Parameter],
    config: OptimizerConfig,
    pointer: str,
    limits: Limits,
) -> list[dict[str, Any]]:
    groups = []
    for i, group in enumerate(config.param_groups or ()):
        where = f"{pointer}/param_groups/{i}"
        names = resolve_names(group.params, named, f"{where}/params")
        own = check_hyperparameters(
            info.name, info.hyperparameters, group.hyperparameters, where, required=False, limits=limits
        )
        groups.append({"params": [named[name] for name in names], **own})
    return groups

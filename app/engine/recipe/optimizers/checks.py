"""What is wrong with the config of an optimizer: its name, its hyperparameters, its groups and its rest."""

from collections.abc import Iterator, Mapping
from typing import Any

from torch import nn

from optiscope.engine.core.config import OptimizerConfig, ParamGroupConfig
from optiscope.engine.core.errors import ConfigError, FieldProblem, refusals
from optiscope.engine.core.limits import UNLIMITED, Limits
from optiscope.engine.core.registry import check_hyperparameters
from optiscope.engine.core.words import Said, say
from optiscope.engine.recipe.optimizers.info import OptimizerInfo
from optiscope.engine.recipe.optimizers.table import OPTIMIZERS
from optiscope.engine.recipe.parameters import resolve_names

Named = Mapping[str, nn.Parameter]


def split(named: Named, config: OptimizerConfig) -> tuple[Named, Named]:
    """The parameters of an optimizer, and those of its rest: where there is one, all but 2-D ones."""
    if config.rest is None:
        return named, {}
    mine = {name: param for name, param in named.items() if param.ndim == 2}  # noqa: PLR2004
    return mine, {name: param for name, param in named.items() if name not in mine}


def problems_of(
    named: Named, config: OptimizerConfig, pointer: str, limits: Limits = UNLIMITED
) -> Iterator[FieldProblem]:
    """Everything that is wrong with an optimizer and with that of the rest.

    Args:
        named: The parameters that there are.
        config: Its config.
        pointer: Where ``config`` stands in the request.
        limits: Bound the hyperparameters that are lists.
    """
    mine, others = split(named, config)
    yield from _of_one(mine, config, pointer, limits)
    if config.rest is None:
        return
    yield from _of_pair(mine, config, pointer)
    yield from _of_one(others, config.rest, f"{pointer}/rest", limits)


def _of_one(named: Named, config: OptimizerConfig, pointer: str, limits: Limits) -> Iterator[FieldProblem]:
    for i, group in enumerate(config.param_groups or ()):
        yield from refusals(resolve_names, group.params, named, f"{pointer}/param_groups/{i}/params")
    try:
        info = OPTIMIZERS.resolve(config.name, f"{pointer}/name")
    except ConfigError as error:
        yield from error.problems
        return
    if why := info.unavailable:
        yield FieldProblem(
            f"{pointer}/name",
            why if isinstance(why, Said) else say("unavailable", why=why),
        )
    yield from refusals(arguments_of, info, config, pointer, limits)
    for i, group in enumerate(config.param_groups or ()):
        yield from refusals(group_arguments, info, group, f"{pointer}/param_groups/{i}", limits)


def arguments_of(
    info: OptimizerInfo, config: OptimizerConfig, pointer: str, limits: Limits
) -> dict[str, Any]:
    """The hyperparameters of an optimizer in torch's types.

    Raises:
        ConfigError: Naming every one that cannot be used.
    """
    where = f"{pointer}/hyperparameters"
    return check_hyperparameters(
        info.name, info.hyperparameters, config.hyperparameters, where, limits=limits
    )


def group_arguments(
    info: OptimizerInfo, group: ParamGroupConfig, pointer: str, limits: Limits
) -> dict[str, Any]:
    """The hyperparameters of a param group in torch's types.

    torch looks at those of its classes when it is given them for all groups, and not for one of them.

    Raises:
        ConfigError: Naming every one that cannot be used.
    """
    is_of_torch = info.source == "torch.optim"
    declared = [h.unbounded() if is_of_torch else h for h in info.hyperparameters]
    return check_hyperparameters(
        info.name, declared, group.hyperparameters, pointer, required=False, limits=limits
    )


def _of_pair(mine: Named, config: OptimizerConfig, pointer: str) -> Iterator[FieldProblem]:
    """What keeps an optimizer from having this rest."""
    first, rest = OPTIMIZERS.get(config.name), config.rest
    if first is not None and not first.matrices_only:
        yield FieldProblem(f"{pointer}/rest", say("takes_every_parameter", optimizer=config.name))
    elif first is not None and not mine:
        yield FieldProblem(f"{pointer}/name", say("no_matrices", optimizer=config.name))
    second = OPTIMIZERS.get(rest.name) if rest else None
    if rest is not None and second is not None:
        if second.matrices_only or rest.rest:
            yield FieldProblem(f"{pointer}/rest/name", say("no_biases_either", optimizer=rest.name))
        elif second.closure or second.again:
            yield FieldProblem(f"{pointer}/rest/name", say("cannot_share_a_step", optimizer=rest.name))

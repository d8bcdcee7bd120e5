"""Where the param groups of a config stand: in torch's order, and in that of their columns in records."""

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from torch import nn
from torch.optim import Optimizer

from optiscope.engine.core.config import OptimizerConfig, ParamGroupConfig
from optiscope.engine.core.limits import UNLIMITED
from optiscope.engine.recipe.optimizers.checks import group_arguments, split
from optiscope.engine.recipe.optimizers.table import OPTIMIZERS
from optiscope.engine.recipe.parameters import resolve_names


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """One param group of a run.

    Attributes:
        index: Its place in the config, where the groups of the rest follow those of the first optimizer.
        optimizer: The number of its optimizer.
        position: Its place among the groups of that optimizer, once all are there.
        from_step: After how many steps it is added; 0 for one that is there from the start.
        number: Its place in its list of the config.
        config: Its config; None for the only group of an optimizer without any.
    """

    index: int
    optimizer: int
    position: int
    from_step: int
    number: int
    config: ParamGroupConfig | None


def places_of(config: OptimizerConfig) -> list[GroupPlace]:
    """The param groups of an optimizer and of that of the rest, in the order in which they are added.

    This is the order of their columns in records: a group that is added later has the last one.
    """
    return sorted(_places(config), key=lambda place: place.from_step)


def _places(config: OptimizerConfig) -> Iterator[GroupPlace]:
    index = 0
    for optimizer, own in enumerate((config, config.rest)):
        if own is None:
            continue
        groups = own.param_groups or (None,)
        begins = [group.from_step if group else 0 for group in groups]
        in_order = sorted(range(len(groups)), key=begins.__getitem__)
        for number, group in enumerate(groups):
            yield GroupPlace(index, optimizer, in_order.index(number), begins[number], number, group)
            index += 1


def with_all_groups(config: OptimizerConfig) -> OptimizerConfig:
    """The same with every group there from the start, in the order in which they would be added.

    Where the class takes one group alone, the others stay what is added later.
    """
    if not OPTIMIZERS[config.name].param_groups:
        return config
    groups = config.param_groups and tuple(
        group.model_copy(update={"from_step": 0})
        for group in sorted(config.param_groups, key=lambda group: group.from_step)
    )
    return config.model_copy(
        update={"param_groups": groups, "rest": config.rest and with_all_groups(config.rest)}
    )


def with_groups_of(config: OptimizerConfig, step: int) -> OptimizerConfig:
    """The same with those groups alone, from the start, that are there in the step after so many others."""
    groups = config.param_groups and tuple(
        group for group in config.param_groups if group.from_step < max(step, 1)
    )
    rest = config.rest and with_groups_of(config.rest, step)
    return with_all_groups(config.model_copy(update={"param_groups": groups, "rest": rest}))


class LaterGroups:
    """The param groups that are added to the optimizers of a run while it goes on.

    Attributes:
        next_step: After how many steps the next one is added; infinite if none is to come.
    """

    def __init__(self, model: nn.Module, optimizers: list[Optimizer], config: OptimizerConfig) -> None:
        self._optimizers = optimizers
        self._places = places_of(config)
        self._model = model
        self._config = config
        self._waiting = [place for place in self._places if place.from_step]
        self.next_step = self._next_step()

    def _next_step(self) -> float:
        return self._waiting[0].from_step if self._waiting else math.inf

    @property
    def next_optimizer(self) -> int:
        """The number of the optimizer that the next one is added to."""
        return self._waiting[0].optimizer

    def add_until(self, step: int) -> None:
        """Call ``add_param_group`` for every group that is added after so many steps, or before."""
        while self._waiting and self._waiting[0].from_step <= step:
            place = self._waiting[0]
            self._optimizers[place.optimizer].add_param_group(self._group(place))
            del self._waiting[0]
        self.next_step = self._next_step()

    def add_all(self) -> None:
        """Add every group, whenever its time is."""
        self.add_until(sys.maxsize)

    def groups(self) -> list[dict[str, Any]]:
        """The param groups that are there, each in its column of the records."""
        there = [place for place in self._places if place not in self._waiting]
        return [self._optimizers[place.optimizer].param_groups[place.position] for place in there]

    def _group(self, place: GroupPlace) -> dict[str, Any]:
        """A group as ``add_param_group`` takes it, of the parameters that the model then has."""
        assert place.config is not None  # noqa: S101 - only what stands in a list has a step
        config = self._config if place.optimizer == 0 or self._config.rest is None else self._config.rest
        named = split(dict(self._model.named_parameters()), self._config)[place.optimizer]
        names = resolve_names(place.config.params, named, "")
        own = group_arguments(OPTIMIZERS[config.name], place.config, "", UNLIMITED)
        return {"params": [named[name] for name in names], **own}

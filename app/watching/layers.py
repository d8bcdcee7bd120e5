"""What is there to be watched: the parameters of a model and of its optimizers, by layer and group."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn
from torch.nn.parameter import is_lazy
from torch.optim import Optimizer

_WRAPPERS = ("module.", "_orig_mod.")
"""What DistributedDataParallel and ``torch.compile`` put before every name."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Parameters that are measured together: those of one module that lie in one param group.

    Attributes:
        name: Of the module; of the parameter where the module's lie in several groups.
        parameters: Their names.
        numel: How many numbers they hold.
        group: Their param group, counted over all optimizers; None for those that no optimizer holds.
        module: What it is: ``Linear(64, 10)``; empty where that is not known.
    """

    name: str
    parameters: tuple[str, ...]
    numel: int
    group: int | None
    module: str = ""

    def document(self) -> dict[str, Any]:
        """The layer as JSON."""
        return {
            "name": self.name,
            "parameters": list(self.parameters),
            "numel": self.numel,
            "group": self.group,
        } | ({"module": self.module} if self.module else {})


class Watched:
    """A model and its optimizers, looked at once.

    Attributes:
        named: Every parameter by its name, in the model's order; behind them those that optimizers hold and
            the model does not, such as ``group1[0]``.
        group_of: The param group of each by name, counted over all optimizers; None without one.
        twice: The names of those in two groups.
        foreign: The names of those that the model has not.
        optimizers: The optimizers, in order.
    """

    def __init__(self, model: nn.Module, optimizers: Sequence[Optimizer]) -> None:
        if not isinstance(model, nn.Module):
            raise TypeError(f"model must be a torch.nn.Module, got {model!r}")
        self.optimizers = tuple(optimizers)
        self.named: dict[str, Tensor] = {bare(name): param for name, param in model.named_parameters()}
        own = set(self.named)
        names = {id(param): name for name, param in self.named.items()}
        groups: dict[str, list[int]] = {}
        for index, group in enumerate(self.groups):
            for place, param in enumerate(group["params"]):
                name = names.setdefault(id(param), f"group{index}[{place}]")
                self.named.setdefault(name, param)
                groups.setdefault(name, []).append(index)
        lazy = [name for name, param in self.named.items() if is_lazy(param)]
        if lazy:
            raise ValueError(f"{lazy[0]} has no shape yet: have the model see a batch before it is watched")
        self._names = names
        self.foreign = set(self.named) - own
        self._modules = {bare(name): module for name, module in model.named_modules()}
        self.group_of = {name: groups[name][0] if name in groups else None for name in self.named}
        self.twice = [name for name, found in groups.items() if len(found) > 1]

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The param groups of all optimizers, as they are now."""
        return [group for optimizer in self.optimizers for group in optimizer.param_groups]

    @property
    def numel(self) -> int:
        """How many numbers all parameters hold."""
        return sum(param.numel() for param in self.named.values())

    def name_of(self, param: Tensor) -> str | None:
        """The name of a parameter; None for one that came later."""
        return self._names.get(id(param))

    def held_by(self, optimizer: Optimizer) -> list[str]:
        """The names of what an optimizer holds."""
        held = (self._names.get(id(p)) for group in optimizer.param_groups for p in group["params"])
        return [name for name in held if name is not None]

    def layers(self) -> list[Layer]:
        """All layers, in the model's order."""
        together: dict[tuple[str, int | None], list[str]] = {}
        for name in self.named:
            together.setdefault((_module(name), self.group_of[name]), []).append(name)
        split = [module for module, _ in together]
        return [
            Layer(
                names[0] if split.count(module) > 1 and len(names) == 1 else module,
                tuple(names),
                sum(self.named[name].numel() for name in names),
                group,
                self._told(module),
            )
            for (module, group), names in together.items()
        ]

    def _told(self, name: str) -> str:
        """What a module is, with what its class was given before any keyword: ``Linear(64, 10)``."""
        module = self._modules.get(name)
        if module is None:
            return ""
        given = _KEYWORD.split(_SIZE.sub("", module.extra_repr()))[0].partition("\n")[0]
        return f"{type(module).__name__}({given})"[:_LONGEST_TOLD]


_LONGEST_TOLD = 80
_SIZE = re.compile(r"\b(in|out)_features=")
_KEYWORD = re.compile(r"(?:^|, )\w+=")
"""Where what a layer is told without begins: ``bias=True``."""


def _module(name: str) -> str:
    """The module of a parameter; a parameter of the model itself stands alone."""
    return name.rpartition(".")[0] or name


def stepping(optimizer: Optimizer | Sequence[Optimizer]) -> tuple[Optimizer, ...]:
    """The optimizers that take the steps, out of wrappers that hand them on.

    That of accelerate is an ``Optimizer`` of torch by its class alone: it takes no hooks, and shares the
    param groups of the one within.

    Raises:
        TypeError: If something else is given.
        ValueError: If nothing is.
    """
    given = _several(optimizer, "param_groups", "optimizer must be a torch.optim.Optimizer or a list of them")
    if not given:
        raise ValueError("there is no optimizer to be watched")
    return tuple(_within(one) for one in given)


def _several(given: Any, has: str, must: str) -> tuple[Any, ...]:
    """One or several objects that have something as several."""
    one = hasattr(given, has)
    if not one and (isinstance(given, str) or not isinstance(given, Iterable)):
        raise TypeError(f"{must}, got {given!r}")
    several = (given,) if one else tuple(given)
    for each in several:
        if not hasattr(each, has):
            raise TypeError(f"{must}, got {each!r}")
    return several


def _within(optimizer: Optimizer) -> Optimizer:
    inner = getattr(optimizer, "optimizer", None)
    if isinstance(inner, Optimizer) and inner.param_groups is optimizer.param_groups:
        return _within(inner)
    return optimizer


def scheduling(scheduler: Any) -> list[Any]:
    """The schedulers that move the rates, none or more, out of wrappers that have no count of their own.

    Raises:
        TypeError: If something else is given.
    """
    must = "scheduler must be one of torch.optim.lr_scheduler or a list of them"
    given = () if scheduler is None else _several(scheduler, "step", must)
    return [one if hasattr(one, "last_epoch") else getattr(one, "scheduler", one) for one in given]


def bare(name: str) -> str:
    """A name without what wrappers put before it."""
    for wrapper in _WRAPPERS:
        while name.startswith(wrapper):
            name = name.removeprefix(wrapper)
    return name

"""What a model, its optimizers and schedulers say of a run before its first step."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from optiscope.engine.core.words import Said, say
from optiscope.watching.layers import Watched, bare

_MOST_NAMED = 8
"""Parameters that one sentence names."""

_PLANS = ("total_steps", "T_max", "total_iters", "step_size", "T_0")
"""Under these names a scheduler has the length that it is planned for."""


def amiss(watched: Watched, schedulers: Sequence[Any]) -> list[Said]:
    """What is likely not meant: of who owns which parameter, and which scheduler moves whose rates."""
    nowhere = [name for name, group in watched.group_of.items() if group is None]
    idle = [name for name in nowhere if watched.named[name].requires_grad]
    found: list[Said] = []
    if watched.named and not any(param.requires_grad for param in watched.named.values()):
        found.append(say("all_frozen"))
    found += _foreign(watched, idle)
    if idle:
        found.append(say("no_group", parameters=_some(idle)))
    if watched.twice:
        found.append(say("two_groups", parameters=_some(watched.twice)))
    return found + [said for one in schedulers for said in _of_another(one, watched.optimizers)]


def _foreign(watched: Watched, idle: Sequence[str]) -> list[Said]:
    """Of optimizers that hold what the model has not, while its own is held by none."""
    found: list[Said] = []
    for optimizer in watched.optimizers if idle else ():
        names = [name for name in watched.held_by(optimizer) if name in watched.foreign]
        if names:
            shapes = [str(tuple(watched.named[name].shape)) for name in names]
            name = type(optimizer).__name__
            told = say("foreign_parameters", optimizer=name, count=len(names), shapes=_some(shapes))
            found.append(told)
    return found


def _of_another(scheduler: Any, optimizers: Sequence[Optimizer]) -> list[Said]:
    moved = getattr(scheduler, "optimizer", None)
    moving = {id(group) for group in getattr(moved, "param_groups", ())}  # a wrapper shares its groups
    if not moving or any(id(group) in moving for one in optimizers for group in one.param_groups):
        return []
    name, other = type(scheduler).__name__, type(moved).__name__
    optimizer = type(optimizers[0]).__name__
    return [say("scheduler_of_another", scheduler=name, other=other, optimizer=optimizer)]


def plans_of(schedulers: Sequence[Any]) -> list[dict[str, float]]:
    """The length that each scheduler is planned for, by the name of its field."""
    return [
        {
            name: int(value) if isinstance(value, int) else float(value)
            for name in _PLANS
            if isinstance(value := getattr(one, name, None), int | float) and not isinstance(value, bool)
        }
        for one in schedulers
    ]


def decayed_of(model: nn.Module, watched: Watched) -> list[dict[str, Any]]:
    """Which norms and biases lie in param groups with weight decay, a few names for each."""
    norms = {
        bare(f"{place}.{name}" if place else name)
        for place, module in model.named_modules()
        if "Norm" in type(module).__name__
        for name, _ in module.named_parameters(recurse=False)
    }
    found: dict[int, list[str]] = {}
    for name, group in watched.group_of.items():
        is_one = name in norms or name.rpartition(".")[2] == "bias"
        if group is not None and is_one and watched.named[name].requires_grad:
            found.setdefault(group, []).append(name)
    groups = watched.groups
    return [
        {"group": group, "names": _some(names)}
        for group, names in found.items()
        if _number(groups[group].get("weight_decay")) > 0
    ]


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float | Tensor) else 0.0


def _some(names: Sequence[str]) -> list[str]:
    more = len(names) - _MOST_NAMED
    return [*names[:_MOST_NAMED], *([f"… {more}"] if more > 0 else [])]

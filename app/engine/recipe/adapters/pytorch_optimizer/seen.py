"""What a class of the package does, seen in a few steps."""

import math
import warnings
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying import Help

_GONE = 1e-4
"""A share of a rate that is as good as none."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What it does with a matrix and a vector whose gradients are all one.

    Attributes:
        state: What it keeps for each of them; of a class that takes matrices alone there is no vector.
        moves_without_rate: Whether a step is still there when its rate is gone.
        schedule_free: Whether it weighs its steps into an average of its own.
    """

    state: list[dict[str, Any]]
    moves_without_rate: bool
    schedule_free: bool


def seen_of(
    cls: type[Optimizer], declared: tuple[Hyperparameter, ...], shape: tuple[int, int], help_: Help
) -> Seen:
    """Take two steps, and two at a rate that is gone.

    Args:
        cls: The class.
        declared: Its hyperparameters, of which it is given those that it has no default for.
        shape: Of the matrix; the vector is one of its rows.
        help_: What a loop does for it.
    """
    params = [nn.Parameter(torch.ones(shape))]
    if not (help_.marks or help_.matrices):
        params.append(nn.Parameter(torch.ones(shape[1])))
    required = {h.name: h.suggested for h in declared if h.default is None and not h.optional}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        optimizer = cls(params, **required)
        usual = [_step(optimizer, params, help_) for _ in range(2)][-1]
        state = [deepcopy(dict(_all_of(optimizer, param))) for param in params]
        if "lr" not in optimizer.param_groups[0]:
            return Seen(state, moves_without_rate=False, schedule_free=False)
        for group in optimizer.param_groups:
            group["lr"] *= _GONE
        left = [_step(optimizer, params, help_) for _ in range(2)][-1]
    return Seen(state, left > 100 * _GONE * usual > 0, "weight_sum" in optimizer.param_groups[0])


def _all_of(optimizer: Optimizer, param: Tensor) -> Mapping[str, Any]:
    """What the optimizer, and what is within it, keep for a parameter."""
    kept: dict[str, Any] = {}
    for keeper in (optimizer, *getattr(optimizer, "keepers", ())):
        kept |= keeper.state.get(param, {})
    return kept


def _step(optimizer: Optimizer, params: list[nn.Parameter], help_: Help) -> float:
    """How far a step moves."""
    before = [param.detach().clone() for param in params]

    def evaluate() -> Tensor:
        loss = torch.stack([(param * param).sum() / 2 for param in params]).sum()
        if help_.graph:
            for param in params:
                param.grad = None
            loss.backward(create_graph=True)
        else:
            for param in params:
                param.grad = torch.ones_like(param)
        return loss

    if help_.closure:
        optimizer.step(evaluate)  # type: ignore[arg-type] # a closure may return a tensor
    else:
        loss = evaluate()
        match help_.again:
            case "gradients":
                optimizer.step(evaluate)  # type: ignore[arg-type]
            case "loss":
                optimizer.step(loss.item)
            case None:
                optimizer.step()
    return math.hypot(*(float((p.detach() - b).norm()) for p, b in zip(params, before, strict=True)))

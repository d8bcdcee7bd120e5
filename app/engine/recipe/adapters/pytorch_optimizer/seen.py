"""What a class of the package does, seen in a few steps."""

import math
import warnings
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from optiscope.engine.core.registry import Hyperparameter

_GONE = 1e-4
"""A share of a rate that is as good as none."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What it does with a matrix and a vector whose gradients are all one.

    Attributes:
        state: What it keeps for either.
        moves_without_rate: Whether a step is still there when its rate is gone.
        schedule_free: Whether it weighs its steps into an average of its own.
    """

    state: list[dict[str, Any]]
    moves_without_rate: bool
    schedule_free: bool


def seen_of(cls: type[Optimizer], declared: tuple[Hyperparameter, ...], shape: tuple[int, int]) -> Seen:
    """Take two steps, and two at a rate that is gone.

    Args:
        cls: The class.
        declared: Its hyperparameters, of which it is given those that it has no default for.
        shape: Of the matrix; the vector is one of its rows.
    """
    params = [nn.Parameter(torch.ones(shape)), nn.Parameter(torch.ones(shape[1]))]
    required = {h.name: h.suggested for h in declared if h.default is None and not h.optional}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        optimizer = cls(params, **required)
        usual = [_step(optimizer, params) for _ in range(2)][-1]
        state = [deepcopy(optimizer.state[param]) for param in params]
        for group in optimizer.param_groups:
            group["lr"] *= _GONE
        left = [_step(optimizer, params) for _ in range(2)][-1]
    return Seen(state, left > 100 * _GONE * usual > 0, "weight_sum" in optimizer.param_groups[0])


def _step(optimizer: Optimizer, params: list[nn.Parameter]) -> float:
    """How far a step moves."""
    before = [param.detach().clone() for param in params]
    for param in params:
        param.grad = torch.ones_like(param)
    optimizer.step()
    return math.hypot(*(float((p.detach() - b).norm()) for p, b in zip(params, before, strict=True)))

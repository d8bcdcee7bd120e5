"""The steps that a central flow is known of: full-batch gradient descent and RMSprop, without momentum."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from optiscope.engine.core.config import LoopConfig, RunConfig
from optiscope.engine.core.words import Said, say
from optiscope.engine.recipe.models import TinyNet
from optiscope.engine.recipe.optimizers import build_optimizers
from optiscope.engine.recipe.order import is_of_tutorial
from optiscope.engine.recipe.problems import Problem

_CLASSES: tuple[type[Optimizer], ...] = (torch.optim.SGD, torch.optim.RMSprop)
_KINKED = frozenset({"relu", "leaky_relu", "elu"})
"""Activations whose first or second derivative jumps, so that the third is not all there is to know."""

_LEAST_ALPHA = 0.5


@dataclass(frozen=True, slots=True)
class NoFlow:
    """Why there is no central flow of a run."""

    said: Said


@dataclass(frozen=True, slots=True, eq=False)
class UpdateRule:
    """Steps ``w ← w - (∇L + decay w) / P``; every tensor is [parameters], in float64.

    Attributes:
        rate: The learning rate of each parameter.
        decay: Its weight decay, added to the gradient.
        alpha: How much of V a step keeps; None for gradient descent.
        eps: What is added to √V.
    """

    rate: Tensor
    decay: Tensor
    alpha: Tensor | None
    eps: Tensor

    @property
    def largest_rate(self) -> float:
        """By which the bound is told: ``2 / lr``."""
        return self.rate.max().item()

    def divisor(self, squares: Tensor | None) -> Tensor:
        """P, for the running average V of squared gradients."""
        return (1.0 if squares is None else squares.sqrt() + self.eps) / self.rate

    def slope(self, squares: Tensor) -> Tensor:
        """``dP/dV``; 0 where V is, as no gradient comes there."""
        root = squares.sqrt()
        return torch.where(root > 0, 0.5 / (self.rate * root), torch.zeros_like(root))

    @property
    def pace(self) -> Tensor:
        """How fast V follows, ``(1 - alpha) / alpha``: as an average that has seen this step's gradient."""
        assert self.alpha is not None  # noqa: S101 - asked of RMSprop alone
        return (1 - self.alpha) / self.alpha


def update_rule(config: RunConfig, problem: Problem, model: nn.Module) -> UpdateRule | NoFlow:
    """The steps of a run, or why they are not such ones."""
    optimizers = build_optimizers(model, config.optimizer)
    groups = [group for optimizer in optimizers for group in optimizer.param_groups]
    said = next(_reasons(config, problem, model, optimizers[0], groups), None)
    if said is not None:
        return NoFlow(said)
    columns = {
        key: _spread(model, groups, key, other)
        for key, other in (("lr", 0.0), ("weight_decay", 0.0), ("alpha", 0.0), ("eps", 0.0))
    }
    adaptive = isinstance(optimizers[0], torch.optim.RMSprop)
    return UpdateRule(
        columns["lr"], columns["weight_decay"], columns["alpha"] if adaptive else None, columns["eps"]
    )


def _spread(model: nn.Module, groups: list[dict[str, Any]], key: str, other: float) -> Tensor:
    """What the param groups say of each element of each parameter."""
    said = {id(param): float(group.get(key, other)) for group in groups for param in group["params"]}
    return torch.cat(
        [torch.full((param.numel(),), said[id(param)], dtype=torch.float64) for param in model.parameters()]
    )


def _reasons(
    config: RunConfig, problem: Problem, model: nn.Module, optimizer: Optimizer, groups: list[dict[str, Any]]
) -> Iterator[Said]:
    """All that a central flow is not known of."""
    if type(optimizer) not in _CLASSES:
        yield say("flow_optimizer", optimizer=config.optimizer.name)
        return
    for group in groups:
        if group["momentum"]:
            yield say("flow_momentum", value=group["momentum"])
        if group.get("centered"):
            yield say("flow_centered")
        if group["maximize"]:
            yield say("flow_maximize")
        if group.get("alpha", 1.0) < _LEAST_ALPHA:
            yield say("flow_forgets", value=group["alpha"], bound=_LEAST_ALPHA)
        if group["lr"] == 0:
            yield say("flow_no_rate")
    trained = {id(param) for group in groups for param in group["params"]}
    if config.freeze or any(id(param) not in trained for param in model.parameters()):
        yield say("flow_frozen")
    yield from _reasons_of_loop(config, problem, model)


def _reasons_of_loop(config: RunConfig, problem: Problem, model: nn.Module) -> Iterator[Said]:
    if config.lr_scheduler is not None:
        yield say("flow_scheduled", scheduler=config.lr_scheduler.name)
    if config.hyperparameter_schedules:
        yield say("flow_scheduled", scheduler=config.hyperparameter_schedules[0].hyperparameter)
    if config.clip_grad is not None:
        yield say("flow_clipped", clipping=config.clip_grad.name)
    if config.batch_size is not None and config.batch_size < problem.samples:
        yield say("flow_batches", value=config.batch_size, samples=problem.samples)
    if problem.draw is not None:
        yield say("flow_drawn", problem=problem.name)
    if not _is_plain(config.loop):
        yield say("flow_loop")
    if isinstance(model, TinyNet) and config.model.activation in _KINKED:
        yield say("flow_kinks", activation=config.model.activation)


def _is_plain(loop: LoopConfig) -> bool:
    """Whether nothing but the tutorial's steps is done, whatever else a loop may be told."""
    same = {"zero_grad": True, "set_to_none": True, "scheduler_first": False, "order": None}
    return is_of_tutorial(loop) and loop.model_copy(update=same) == LoopConfig()

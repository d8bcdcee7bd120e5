"""How sharp the loss may be before an optimizer's steps grow: the bounds of the edge of stability.

On a quadratic with Hessian H a step of gradient descent overshoots without end once λ_max(H) > 2/lr. Momentum
moves that bound. An adaptive optimizer divides the gradient by a preconditioner P, so that what counts is
λ_max(P^-1/2 H P^-1/2). Weight decay counts as curvature: of the loss where it is added to the gradient, else
beside P^-1/2 H P^-1/2.

References:
    Cohen, J., Kaur, S., Li, Y., Kolter, J. Z. and Talwalkar, A. (2021). Gradient descent on neural networks
    typically occurs at the edge of stability. ICLR. arXiv:2103.00065
    Cohen, J. et al. (2022). Adaptive gradient methods at the edge of stability. arXiv:2207.14484
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.words import Said, say
from optiscope.engine.recipe.hyperparameters import Key
from optiscope.engine.recipe.optimizers import build_optimizers
from optiscope.engine.recipe.optimizers.places import LaterGroups
from optiscope.engine.recipe.order import is_ever_cleared, is_of_tutorial

_COHEN_2021 = "Cohen et al. (2021), arXiv:2103.00065"
_COHEN_2022 = "Cohen et al. (2022), arXiv:2207.14484"

Group = Mapping[str, Any]
State = Mapping[str, Tensor]
"""Optimizer state of one parameter under torch's keys, in float64."""


class NoBound(Enum):
    """Why there is no bound, as a sentence for people."""

    UNKNOWN = say("no_bound_known")
    MAXIMIZE = say("no_bound_climbing")
    DAMPENED = say("no_bound_dampened")
    MIXED = say("no_bound_in_common")
    ACCUMULATED = say("no_bound_accumulated")
    SUMMED = say("no_bound_summed")
    BROKEN = say("no_bound_broken_loop")


@dataclass(frozen=True, slots=True)
class Rule:
    """The bound of one kind of optimizer.

    Attributes:
        name: What the bound is called.
        formula: The bound in plain notation, with {} for the learning rate; for the bound of that, {} is the
            sharpness.
        limit: The bound times the learning rate, of a param group and its momentum (or beta1).
        preconditioner: P of a parameter, from its group and its state after the step; None for P = 1.
        source: Where it is derived.
    """

    name: Said
    formula: str
    limit: Callable[[Group, float], float]
    preconditioner: Callable[[Group, State], Tensor] | None
    source: str


def _decayed_average(group: Group, beta1: float) -> float:
    del group
    return 2 * (1 + beta1) / (1 - beta1) if beta1 < 1 else math.inf


def _adam(group: Group, state: State) -> Tensor:
    beta1, beta2 = group["betas"]
    step = state["step"]
    squares = state["max_exp_avg_sq" if group["amsgrad"] else "exp_avg_sq"]
    preconditioner: Tensor = (1 - beta1**step) * ((squares / (1 - beta2**step)).sqrt() + group["eps"])
    return preconditioner


def _adamax(group: Group, state: State) -> Tensor:
    preconditioner: Tensor = (1 - group["betas"][0] ** state["step"]) * state["exp_inf"]
    return preconditioner


def _rmsprop(group: Group, state: State) -> Tensor:
    average = state["square_avg"]
    if group["centered"]:
        average = average - state["grad_avg"].square()
    preconditioner: Tensor = average.sqrt() + group["eps"]
    return preconditioner


def _adagrad(group: Group, state: State) -> Tensor:
    decay = 1 + (state["step"] - 1) * group["lr_decay"]
    preconditioner: Tensor = decay * (state["sum"].sqrt() + group["eps"])
    return preconditioner


_PLAIN = Rule(say("bound_gradient_descent"), "2 / {}", lambda _, __: 2.0, None, _COHEN_2021)
_HEAVY_BALL = Rule(
    say("bound_heavy_ball"),
    "2 (1 + momentum) / {}",
    lambda _, momentum: 2 * (1 + momentum),
    None,
    _COHEN_2021,
)
_DAMPENED = Rule(
    say("bound_dampened_heavy_ball"),
    "2 (1 + momentum) / ({} (1 - dampening))",
    lambda group, momentum: 2 * (1 + momentum) / (1 - (group["dampening"] if momentum else 0.0)),
    None,
    _COHEN_2021,
)
_NESTEROV = Rule(
    say("bound_nesterov"),
    "2 (1 + momentum) / ({} (1 + 2 momentum))",
    lambda _, momentum: 2 * (1 + momentum) / (1 + 2 * momentum),
    None,
    _COHEN_2021,
)


def _preconditioned(optimizer: str) -> Said:
    return say("bound_preconditioned", optimizer=optimizer)


_EMA = "2 (1 + beta1) / ({} (1 - beta1))"
_ADAPTIVE: dict[type[Optimizer], Rule] = {
    torch.optim.Adam: Rule(_preconditioned("Adam"), _EMA, _decayed_average, _adam, _COHEN_2022),
    torch.optim.AdamW: Rule(_preconditioned("AdamW"), _EMA, _decayed_average, _adam, _COHEN_2022),
    torch.optim.Adamax: Rule(_preconditioned("Adamax"), _EMA, _decayed_average, _adamax, _COHEN_2022),
    torch.optim.Adagrad: Rule(_preconditioned("Adagrad"), "2 / {}", lambda _, __: 2.0, _adagrad, _COHEN_2022),
    torch.optim.RMSprop: Rule(
        _preconditioned("RMSprop"),
        "2 (1 + momentum) / {}",
        lambda _, momentum: 2 * (1 + (0.0 if math.isnan(momentum) else momentum)),
        _rmsprop,
        _COHEN_2022,
    ),
}


def _sgd(groups: list[dict[str, Any]]) -> Rule | NoBound:
    if any(group["dampening"] == 1 and group["momentum"] for group in groups):
        return NoBound.DAMPENED
    kinds = {_kind_of_sgd(group) for group in groups}
    return kinds.pop() if len(kinds) == 1 else NoBound.MIXED


def _kind_of_sgd(group: Group) -> Rule:
    if not group["momentum"]:
        return _PLAIN
    if group["nesterov"]:
        return _NESTEROV
    return _DAMPENED if group["dampening"] else _HEAVY_BALL


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """What one step does to the curvature it meets.

    Attributes:
        scale: [parameters] 1/P, relative to the largest learning rate; 0 for what is not trained.
        decay: [parameters] weight decay that is added to the Hessian's diagonal.
        shift: [parameters] decoupled weight decay, added to the diagonal of P^-1/2 (H + decay) P^-1/2: of a
            step w ← (1 - lr decay) w - lr m / P it moves the bound as so much more curvature does.
        bound: What the largest eigenvalue of that is compared with; NaN where param groups disagree.
    """

    scale: Tensor
    decay: Tensor
    shift: Tensor
    bound: float


class StabilityRule:
    """The bound of a run's optimizer, or the reason why there is none.

    Args:
        model: What it trains.
        config: The run.
        momentum: The largest that each param group had in the run: some schedules switch it on.
    """

    def __init__(self, model: nn.Module, config: RunConfig, momentum: Sequence[float] = ()) -> None:
        self.params = dict(model.named_parameters())
        optimizers = build_optimizers(model, config.optimizer)
        later = LaterGroups(model, optimizers, config.optimizer)
        later.add_all()
        self.groups = later.groups()
        for group, most in zip(self.groups, momentum, strict=False):
            if "momentum" in group and most > group["momentum"]:
                group["momentum"] = most
        names = {id(param): name for name, param in self.params.items()}
        self.members = [[names[id(param)] for param in group["params"]] for group in self.groups]
        self.rule = self._find(type(optimizers[0]), config)

    def _find(self, cls: type[Optimizer], config: RunConfig) -> Rule | NoBound:
        rule = _sgd(self.groups) if cls is torch.optim.SGD else _ADAPTIVE.get(cls, NoBound.UNKNOWN)
        if rule is not NoBound.UNKNOWN and any(group["maximize"] for group in self.groups):
            return NoBound.MAXIMIZE
        if isinstance(rule, NoBound):
            return rule
        if not is_ever_cleared(config.loop):
            return NoBound.ACCUMULATED
        if config.loop.accumulate > 1 and not config.loop.scale_loss:
            return NoBound.SUMMED
        return rule if is_of_tutorial(config.loop) else NoBound.BROKEN

    @property
    def trained(self) -> list[str]:
        """The parameters that are in a param group."""
        return [name for members in self.members for name in members]

    def scaling(
        self,
        lr: list[float],
        momentum: list[float],
        state: Mapping[str, State],
        moved: Mapping[str, Sequence[float]] | None = None,
    ) -> Scaling:
        """What a step does with these rates, and this state after it.

        Args:
            lr: Of each param group that is there.
            momentum: Momentum or beta1 of each param group.
            state: Of each parameter; one without state (that was not stepped) is left out.
            moved: What else followed a schedule, of each param group by its name.
        """
        assert isinstance(self.rule, Rule)  # noqa: S101 - asked only where there is a rule
        largest = max(lr)
        scale, decay, shift = (
            {name: torch.zeros(p.numel(), dtype=torch.float64) for name, p in self.params.items()}
            for _ in range(3)
        )
        limits = set()
        for number, (rate, beta) in enumerate(zip(lr, momentum, strict=True)):
            group, members = self.groups[number], self.members[number]
            now = group | {"betas": (beta, group["betas"][1])} if "betas" in group else dict(group)
            for name, values in (moved or {}).items():
                if not math.isnan(values[number]):
                    Key.of(name).put(now, values[number])
            limit = self.rule.limit(now, beta)
            limits.add(limit)
            coupled, decoupled = _decays(now)
            for name in members:
                decay[name] += coupled
                preconditioner = self._preconditioner(self.rule, now, state.get(name))
                if preconditioner is not None and largest > 0:
                    scale[name] += rate / largest / preconditioner.reshape(-1)
                    shift[name] += rate / largest * decoupled * limit / 2
        limit = limits.pop() if len(limits) == 1 else math.nan
        bound = limit / largest if largest > 0 else math.inf
        flat = [torch.cat(list(parts.values())) for parts in (scale, decay, shift)]
        return Scaling(flat[0], flat[1], flat[2], bound)

    @staticmethod
    def _preconditioner(rule: Rule, group: Group, state: State | None) -> Tensor | None:
        if rule.preconditioner is None:
            return torch.ones(1, dtype=torch.float64)
        return None if state is None else rule.preconditioner(group, state)


def _decays(group: Group) -> tuple[float, float]:
    """Weight decay that passes through the gradient, as L2 regularisation does, and decay that does not."""
    decay = float(group.get("weight_decay", 0.0))
    return (0.0, decay) if group.get("decoupled_weight_decay", False) else (decay, 0.0)

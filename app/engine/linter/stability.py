"""The largest learning rate at which gradient descent can be stable, where that can be known."""

from collections.abc import Iterator
from functools import lru_cache

import torch
from torch import Tensor, nn

from app.engine.config import ModelConfig, ProblemConfig
from app.engine.freezing import Freezing
from app.engine.linter.facts import Chosen, Facts, LintWarning, Rule
from app.engine.models import build_model
from app.engine.problems import Problem, build_problem

MAX_PARAMETERS = 64
"""The Hessian of larger networks takes longer than a warning may."""


def stable_rate(sharpness: float, *, momentum: float, dampening: float, nesterov: bool) -> float:
    """The learning rate above which SGD grows along an eigenvector of a quadratic loss.

    For x ← x - lr b, b ← μ b + (1 - τ) λ x the roots of the recurrence leave the unit circle at
    lr = 2 (1 + μ) / (λ (1 - τ)); with Nesterov's look-ahead at lr = (2 + 2 μ) / (λ (1 + 2 μ)).

    Args:
        sharpness: The eigenvalue λ > 0, with weight decay added.
        momentum: μ, 0 for plain gradient descent.
        dampening: τ, which only acts with momentum.
        nesterov: Whether the gradient is looked up ahead, which torch allows without dampening.

    Example:
        >>> stable_rate(100.0, momentum=0.0, dampening=0.0, nesterov=False)
        0.02
    """
    if momentum == 0:
        return 2 / sharpness
    if nesterov:
        return (2 + 2 * momentum) / (sharpness * (1 + 2 * momentum))
    return 2 * (1 + momentum) / (sharpness * (1 - dampening))


def learning_rate_unstable(facts: Facts) -> Iterator[LintWarning]:
    """SGD above the stability bound of the loss at the start."""
    chosen = facts.optimizers[0]
    rate = _first_rate(facts, chosen)
    if rate is None:
        return
    frozen = Freezing(facts.training.model, facts.config.freeze, facts.config.steps).frozen(0)
    place = (facts.config.problem, facts.config.model.model_dump_json(), tuple(sorted(frozen)))
    sharpness = _sharpness(*place)
    decay = chosen.value("weight_decay")
    if sharpness is None or sharpness + decay <= 0:
        return
    bound = stable_rate(
        sharpness + decay,
        momentum=chosen.value("momentum"),
        dampening=chosen.value("dampening"),
        nesterov=chosen.value("nesterov"),
    )
    if rate > bound:
        what = _quadratic(sharpness) if _is_quadratic(*place) else _at_the_start(sharpness)
        yield LintWarning(
            "learning_rate_unstable",
            f"{chosen.pointer}/hyperparameters/lr",
            f"lr {rate:g} is above {_formula(chosen)} = {bound:.3g}, the bound of stability {what}",
        )


def _quadratic(sharpness: float) -> str:
    return (
        f"of this quadratic loss (λ = {sharpness:.3g}, its largest curvature), so every step makes the error "
        "along that direction larger: go below it."
    )


def _at_the_start(sharpness: float) -> str:
    return (
        f"at the initial parameters (λ = {sharpness:.3g}, the largest eigenvalue of the Hessian of the "
        "full-batch loss there), so the first steps overshoot along that direction, until they find a "
        "flatter place or diverge: begin below it, or warm up."
    )


def _formula(chosen: Chosen) -> str:
    shift = "+ weight_decay)" if chosen.value("weight_decay") else ""
    sharpness = f"(λ {shift}" if shift else "λ"
    if not chosen.value("momentum"):
        return f"2 / {sharpness}"
    if chosen.value("nesterov"):
        return f"(2 + 2μ) / ((1 + 2μ) {sharpness})"
    return (
        f"2 (1 + μ) / {sharpness}" if not chosen.value("dampening") else f"2 (1 + μ) / ((1 - τ) {sharpness})"
    )


def _first_rate(facts: Facts, chosen: Chosen) -> float | None:
    """The rate of the first step, if the bound holds for this optimizer."""
    if chosen.info.name != "SGD" or facts.config.clip_grad is not None or not facts.config.loop.zero_grad:
        return None
    if chosen.value("maximize") or chosen.value("dampening") == 1 or chosen.config.param_groups is not None:
        return None
    if facts.schedule is None or not facts.schedule.lr.size:
        return float(chosen.value("lr"))
    return float(facts.schedule.lr[0, 0])


@lru_cache(maxsize=256)
def _sharpness(problem: ProblemConfig, model: str, held: tuple[str, ...]) -> float | None:
    """The largest eigenvalue of the Hessian at the initial parameters.

    Args:
        problem: What is minimised.
        model: The model's config as JSON.
        held: Parameters that are frozen.

    Returns:
        None for a network that is too large, or where the Hessian is not finite.
    """
    made, net, params = _built(problem, model, held)
    if sum(param.numel() for param in params) > MAX_PARAMETERS:
        return None
    hessian = _hessian(made.loss(net), params)
    return float(torch.linalg.eigvalsh(hessian)[-1]) if hessian.isfinite().all() else None


@lru_cache(maxsize=256)
def _is_quadratic(problem: ProblemConfig, model: str, held: tuple[str, ...]) -> bool:
    """Whether the Hessian is the same somewhere else; takes what ``_sharpness`` takes."""
    made, net, params = _built(problem, model, held)
    here = _hessian(made.loss(net), params)
    with torch.no_grad():
        for param in params:
            param.mul_(0.5).add_(0.25)
    return torch.allclose(here, _hessian(made.loss(net), params), rtol=1e-9, atol=1e-12)


def _built(
    problem: ProblemConfig, model: str, held: tuple[str, ...]
) -> tuple[Problem, nn.Module, list[Tensor]]:
    """Problem and model in float64, and the parameters that are trained."""
    made = build_problem(problem, torch.float64)
    net = build_model(made, ModelConfig.model_validate_json(model), torch.float64)
    return made, net, [param for name, param in net.named_parameters() if name not in held]


def _hessian(loss: Tensor, params: list[Tensor]) -> Tensor:
    """The exact matrix [n, n] of second derivatives in all parameters.

    Row by row: all rows at once would be faster, but the first time torch takes a second to import what it
    needs for that.
    """
    first = torch.autograd.grad(loss, params, create_graph=True, materialize_grads=True)
    gradient = torch.cat([part.reshape(-1) for part in first])
    if not gradient.requires_grad:
        return gradient.new_zeros(len(gradient), len(gradient))
    rows = (
        torch.autograd.grad(entry, params, retain_graph=True, materialize_grads=True) for entry in gradient
    )
    return torch.stack([torch.cat([part.reshape(-1) for part in row]) for row in rows])


RULES: tuple[Rule, ...] = (learning_rate_unstable,)

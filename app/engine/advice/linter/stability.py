"""The largest learning rate at which gradient descent can be stable, where that can be known."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch.nn.utils import parameters_to_vector

from optiscope.engine.advice.linter.facts import Facts
from optiscope.engine.advice.linter.findings import LintWarning, Rule
from optiscope.engine.advice.schedules import Schedule
from optiscope.engine.core.config import ModelConfig, ProblemConfig
from optiscope.engine.core.words import rounded, say
from optiscope.engine.lens.hessian import Hessians
from optiscope.engine.lens.stability import NoBound, StabilityRule
from optiscope.engine.recipe.freezing import Freezing
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import build_problem

MAX_PARAMETERS = 64
"""The Hessian of larger networks takes longer than a warning may."""


def _learning_rate_unstable(facts: Facts) -> Iterator[LintWarning]:
    chosen = facts.optimizers[0]
    if chosen.config.param_groups is not None or facts.config.clip_grad is not None:
        return
    schedule = facts.schedule
    rule = StabilityRule(facts.training.model, facts.config, _first_momentum(schedule))
    if isinstance(rule.rule, NoBound) or rule.rule.preconditioner is not None:
        return
    frozen = Freezing(facts.training.model, facts.config.freeze, facts.config.steps).frozen(0)
    start = _start_of(facts.config.problem, facts.config.model.model_dump_json(), tuple(sorted(frozen)))
    group = rule.groups[0]
    decay = group["weight_decay"]
    if start is None or start.sharpness + decay <= 0:
        return
    rate = float(schedule.lr[0, 0]) if schedule is not None and schedule.lr.size else group["lr"]
    bound = rule.rule.limit(group, group["momentum"]) / (start.sharpness + decay)
    if rate > bound:
        formula = rule.rule.formula.format("(λ + weight_decay)" if decay else "λ")
        sharpness = rounded(start.sharpness, 3)
        said = say(
            "learning_rate_unstable",
            lr=rounded(rate),
            formula=formula,
            bound=rounded(bound, 3),
            where=say("learning_rate_unstable_quadratic", sharpness=sharpness)
            if start.is_quadratic
            else say("learning_rate_unstable_at_start", sharpness=sharpness),
        )
        yield LintWarning(f"{chosen.pointer}/hyperparameters/lr", said)


def _first_momentum(schedule: Schedule | None) -> list[float]:
    """What the first step uses in each param group, which a schedule may have switched on."""
    if schedule is None or schedule.momentum is None or not schedule.momentum.size:
        return []
    first: list[float] = schedule.momentum[:, 0].tolist()
    return first


@dataclass(frozen=True, slots=True)
class _Start:
    """The loss around the initial parameters.

    Attributes:
        sharpness: The largest eigenvalue of the Hessian in what is trained.
        is_quadratic: Whether that Hessian is the same somewhere else.
    """

    sharpness: float
    is_quadratic: bool


@lru_cache(maxsize=256)
def _start_of(problem: ProblemConfig, model: str, held: tuple[str, ...]) -> _Start | None:
    """What there is at the start of a run.

    Args:
        problem: What is minimised.
        model: The model's config as JSON.
        held: Parameters that are frozen.

    Returns:
        None for a network that is too large, where nothing is trained, or where the Hessian is not finite.
    """
    made = build_problem(problem, torch.float64)
    net = build_model(made, ModelConfig.model_validate_json(model), torch.float64)
    hessians = Hessians(made, net)
    free = torch.cat(
        [torch.full((param.numel(),), name not in held) for name, param in net.named_parameters()]
    )
    if hessians.width > MAX_PARAMETERS or not free.any():
        return None
    here = parameters_to_vector(net.parameters()).detach()
    elsewhere = torch.where(free, 0.5 * here + 0.25, here)
    first, second = hessians(torch.stack([here, elsewhere])).hessian[:, free][:, :, free]
    if not first.isfinite().all():
        return None
    is_quadratic = torch.allclose(first, second, rtol=1e-9, atol=1e-12)
    return _Start(float(torch.linalg.eigvalsh(first)[-1]), is_quadratic)


RULES = (
    Rule(
        "learning_rate_unstable",
        "config",
        "the first rate is above the bound of gradient descent for the Hessian at the start",
        _learning_rate_unstable,
    ),
)

"""Which way a member goes: compiled or stacked with thousands of others, or one by one through the loop."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise

from optiscope.engine.core.config import ClipNormConfig, LoopConfig, OptimizerConfig, RunConfig
from optiscope.engine.core.words import Said, say
from optiscope.engine.recipe.lr_schedulers.parts import needs_metric
from optiscope.engine.recipe.models import ACTIVATIONS
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.parameters import resolve_names
from optiscope.engine.recipe.problems import info_of
from optiscope.engine.sweep import bends
from optiscope.engine.sweep.axes import Axis
from optiscope.engine.sweep.updates.table import FLAGS, UPDATES, key_of

LOSSES = {"F.mse_loss": "squared_error", "F.binary_cross_entropy_with_logits": "logistic_loss"}
"""The losses that are written out for many members at once."""


_WIDE = 1024
"""Weights of a layer from which on BLAS is some times faster than a kernel, measured on 32 x 32."""


class Way(StrEnum):
    """How members are trained."""

    COMPILED = "compiled"
    STACKED = "stacked"
    ONE_BY_ONE = "one by one"


def is_number(axis: Axis, *, of_point: bool) -> bool:
    """Whether the members along an axis can be trained together.

    Args:
        axis: The axis.
        of_point: Whether the model is a point: its start and the numbers of its optimizer may differ.
    """
    if of_point:
        is_own = list(axis.tokens[:2]) == ["optimizer", "hyperparameters"] and all(
            map(_is_numeric, axis.values)
        )
        return is_own or list(axis.tokens[:2]) == ["model", "start"]
    match axis.tokens:
        case ["model", "seed"] | ["clip_grad", "max_norm" | "clip_value"]:
            return True
        case ["lr_scheduler", *_, "hyperparameters", _] | ["lr_scheduler", *_, "hyperparameters", _, _]:
            return True
        case ["hyperparameter_schedules", _, "factor"]:
            return True
        case ["optimizer", "hyperparameters", *_] | ["optimizer", "param_groups", _, _, *_]:
            return axis.tokens[3:4] != ["from_step"] and all(map(_is_numeric, axis.values))
    return False


def _is_numeric(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_is_numeric, value))
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_wide(config: RunConfig) -> bool:
    """Whether layers are so wide that a product of matrices is faster than a loop over members."""
    return any(above * below >= _WIDE for above, below in pairwise(config.model.hidden))


def why_alone(config: RunConfig) -> Said | None:
    """What of a run is not written out for many members at once; None if all of it is."""
    return next((said for part in (_problem, _optimizer, _schedule, _loop) for said in part(config)), None)


def _problem(config: RunConfig) -> Iterator[Said]:
    problem = info_of(config.problem)
    if problem.kind == "function":
        yield from _point(config)
        return
    if problem.kind == "matrix":
        yield say("way_matrix")
        return
    if problem.loss.name not in LOSSES:
        yield say("way_loss", name=problem.loss.name)
    if not hasattr(bends, config.model.activation) or config.model.activation not in ACTIVATIONS:
        yield say("way_activation", name=config.model.activation)


def _point(config: RunConfig) -> Iterator[Said]:
    """What looks at more than one number of a point at once."""
    clips_norm = isinstance(config.clip_grad, ClipNormConfig)
    if clips_norm or config.freeze or config.optimizer.param_groups or config.loop.accumulate > 1:
        yield say("way_function")
    if needs_metric(config.lr_scheduler) is not None:
        yield say("way_function")


def _optimizer(config: RunConfig) -> Iterator[Said]:
    chosen = config.optimizer
    if OPTIMIZERS[chosen.name].source != "torch.optim" or key_of(chosen) not in UPDATES:
        yield say("way_optimizer", optimizer=chosen.name)
    elif chosen.rest is not None:
        yield say("way_rest")
    elif _has_own_flags(chosen) or _leaves_out(config):
        yield say("way_groups")


def _has_own_flags(config: OptimizerConfig) -> bool:
    """Whether its groups come later, or go another way than their optimizer."""
    own = {"maximize", *FLAGS}
    return any(group.from_step or own & set(group.hyperparameters) for group in config.param_groups or ())


def _leaves_out(config: RunConfig) -> bool:
    """Whether a parameter is in no group, so that its gradients add up."""
    if config.optimizer.param_groups is None:
        return False
    layers = range(1, len(config.model.hidden) + 2)
    names = [f"fc{i}.{kind}" for i in layers for kind in ("weight", "bias")]
    given = [name for group in config.optimizer.param_groups for name in group.params]
    return len(resolve_names(given, names, "")) < len(names)


def _schedule(config: RunConfig) -> Iterator[Said]:
    scheduler = config.lr_scheduler
    if scheduler is None or needs_metric(scheduler) is None:
        return
    if scheduler.name != "ReduceLROnPlateau":
        yield say("way_plateau_within", scheduler=scheduler.name)


def _loop(config: RunConfig) -> Iterator[Said]:
    plain = LoopConfig(accumulate=config.loop.accumulate, scale_loss=config.loop.scale_loss)
    if config.loop != plain:
        yield say("way_loop")
    if config.average is not None:
        yield say("way_average")
    if any(rule.by != "requires_grad" for rule in config.freeze):
        yield say("way_freezing")
    if isinstance(config.clip_grad, ClipNormConfig) and config.clip_grad.norm_type not in {2.0, "inf"}:
        yield say("way_norm", value=str(config.clip_grad.norm_type))

"""The central flow of a recorded run beside what the run did."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.core.parts import Parts, whole
from optiscope.engine.core.words import Said, rounded, say
from optiscope.engine.lens.central_flow.path import BOUND, SUBSTEPS, Flow, Moment, StoppedError, critical
from optiscope.engine.lens.central_flow.recorded import Array, Recorded, averaged
from optiscope.engine.lens.central_flow.update_rule import NoFlow, UpdateRule, update_rule
from optiscope.engine.lens.hessian import Hessians
from optiscope.engine.loop.block import Block
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import Problem, build_problem

WINDOW = 100
"""Records that what was measured is averaged over, unless told."""

FAR = 0.25
"""Where the two mean losses differ by more than this part of the measured one, the flow no longer holds."""

_OVERHEAD = 2e6  # multiplications that a core makes in the time that one of Euler's steps takes beside them
_AT_ONCE = 5  # multiplications of large matrices in the time of one
_LOOKED_AT = 200  # records, for one where the flow may begin
_THIRD = 30.0  # passes through the network that a third derivative costs
_LOSSES = 200  # computed at once


@dataclass(frozen=True, slots=True)
class Means:
    """One number, averaged over all records from the edge on (of a run that never comes to it: over all).

    Attributes:
        predicted: By the flow.
        measured: Of the run.
    """

    predicted: float
    measured: float


@dataclass(frozen=True, slots=True)
class CentralFlow:
    """A flow and the run that it is of; k is the number of records, p that of parameters.

    Attributes:
        steps: [k] records of the run, and times of the flow.
        path: [k, p]
        loss: [k] on the path, where nothing oscillates.
        predicted_loss: [k] the mean loss that the flow predicts of the run, ``L + ½ ⟨H, Σ⟩``.
        run_loss: [k] of the run, of all samples.
        measured_loss: [k] the same averaged over ``window`` records.
        sharpness: [k] the largest eigenvalue of the Hessian, preconditioned where the optimizer is.
        bound: ``2 / lr``.
        predicted_variance: [k] tr Σ: of the oscillation.
        measured_variance: [k] mean squared swing of the run along the directions at the bound, as averaged.
        oscillating: [k] in how many directions the flow oscillates.
        distance: [k] from the flow to the middle of the run's steps.
        window: Records of an average.
        edge: The first step at which the flow oscillates; None if it never does.
        mean_loss, mean_variance: From the edge on.
        departs: The first step where the mean losses are apart by more than :data:`FAR`; None: nowhere.
        stopped: Why the flow ends before the run does; None if it does not.
    """

    steps: tuple[int, ...]
    path: Array
    loss: Array
    predicted_loss: Array
    run_loss: Array
    measured_loss: Array
    sharpness: Array
    bound: float
    predicted_variance: Array
    measured_variance: Array
    oscillating: tuple[int, ...]
    distance: Array
    window: int
    edge: int | None
    mean_loss: Means
    mean_variance: Means
    departs: int | None
    stopped: Said | None


def central_flow(
    config: RunConfig,
    blocks: Sequence[Block],
    *,
    from_step: int | None = None,
    to_step: int | None = None,
    window: int = WINDOW,
    limits: Limits = DEFAULT_LIMITS,
) -> CentralFlow | NoFlow:
    """The central flow from a record of a run on, or why there is none.

    Args:
        config: The run.
        blocks: What it recorded.
        from_step: The record where the flow begins; unless given, the first one that is stable.
        to_step: The last one that is looked at; the run's last unless given.
        window: Records that what was measured is averaged over.
        limits: Bound parameters and operations.

    Raises:
        ConfigError: If the network has too many parameters, there is no such record, or it is too much.
    """
    return whole(central_flow_in_parts(config, blocks, from_step, to_step, window, limits))


def central_flow_in_parts(
    config: RunConfig,
    blocks: Sequence[Block],
    from_step: int | None,
    to_step: int | None,
    window: int,
    limits: Limits,
) -> Parts[CentralFlow | NoFlow]:
    """What :func:`central_flow` computes of the same arguments, in parts."""
    for pointer, step in (("/from_step", from_step), ("/to_step", to_step)):
        if step is not None and step > config.steps:
            said = say("between", field="step", low=0, high=config.steps, value=step)
            raise ConfigError.at(pointer, said)
    problem = build_problem(config.problem, torch.float64)
    model = build_model(problem, config.model, torch.float64)
    rule = update_rule(config, problem, model)
    if isinstance(rule, NoFlow):
        return rule
    hessians = Hessians(_as_trained(config), model)
    recorded = Recorded(blocks, config.steps if to_step is None else to_step)
    if recorded.last - max(recorded.first, from_step or 0) < 1:
        return NoFlow(say("flow_no_steps"))
    _check_effort(recorded.last - max(recorded.first, from_step or 0), hessians, problem, limits)
    begins = yield from _beginning(recorded, hessians, rule, from_step)
    if isinstance(begins, NoFlow):
        return begins
    moments, stopped = yield from _follow(recorded, hessians, rule, begins)
    if not moments:
        return NoFlow(stopped or say("flow_no_steps"))
    losses = yield from _losses(hessians, recorded.since(begins)[: len(moments)])
    return _beside(moments, losses, recorded, rule, (begins, window), stopped)


def _as_trained(config: RunConfig) -> Problem:
    """The problem with the data that the run saw, rounded as its dtype rounds them."""
    return build_problem(config.problem, torch.float32 if config.dtype == "float32" else torch.float64)


def _check_effort(steps: int, hessians: Hessians, problem: Problem, limits: Limits) -> None:
    """Refuse what would take too long.

    Raises:
        ConfigError: Naming the bound, and what it is compared with.
    """
    width, most = hessians.width, limits.max_hessian_parameters
    if width > most:
        raise ConfigError.at("/run/model/hidden", say("hessian_too_large", bound=most, value=width))
    each = (hessians.operations + _THIRD * problem.samples * width) / _AT_ONCE + _OVERHEAD
    needed, bound = steps * SUBSTEPS * each, limits.max_flow_operations
    if needed > bound:
        said = say(
            "flow_too_long",
            steps=steps,
            substeps=SUBSTEPS,
            each=rounded(each, 2),
            value=rounded(needed, 2),
            bound=rounded(bound, 2),
            most=int(bound / (SUBSTEPS * each)),
        )
        raise ConfigError.at("/to_step", said)


def _beginning(
    recorded: Recorded, hessians: Hessians, rule: UpdateRule, from_step: int | None
) -> Parts[int | NoFlow]:
    """The record where the flow begins: it must be stable there."""
    asked = recorded.first if from_step is None else max(recorded.first, from_step)
    last = asked if from_step is not None else min(recorded.last - 1, asked + _LOOKED_AT)
    least = math.inf
    for step in range(asked, last + 1):
        second = hessians(recorded.since(step)[:1])
        squares = recorded.squares(step) if rule.alpha is not None else None
        sharpness, *_ = critical(second.hessian[0], rule, rule.divisor(squares))
        if sharpness < BOUND:
            return step
        least = min(least, sharpness)
        yield
    bound = BOUND / rule.largest_rate
    value = rounded(least / rule.largest_rate, 3)
    return NoFlow(say("flow_begins_unstable", first=asked, last=last, value=value, bound=rounded(bound, 3)))


def _follow(
    recorded: Recorded, hessians: Hessians, rule: UpdateRule, begins: int
) -> Parts[tuple[list[Moment], Said | None]]:
    """The flow at each record from ``begins`` on, and why it ended before them."""
    squares = recorded.squares(begins) if rule.alpha is not None else None
    flow = Flow(hessians, rule, recorded.since(begins)[0], squares)
    moments: list[Moment] = []
    for step in range(begins, recorded.last + 1):
        try:
            moments.append(flow.unit())
        except StoppedError as stopped:
            return moments, say("flow_stopped", step=step, why=stopped.said)
        yield
    return moments, None


def _losses(hessians: Hessians, points: Tensor) -> Parts[Array]:
    found = []
    for chunk in points.split(_LOSSES):
        found.append(hessians.loss(chunk).numpy())
        yield
    return np.concatenate(found)


def _beside(
    moments: Sequence[Moment],
    run_loss: Array,
    recorded: Recorded,
    rule: UpdateRule,
    looked_at: tuple[int, int],
    stopped: Said | None,
) -> CentralFlow:
    begins, window = looked_at
    count = len(moments)
    swings, points = recorded.swings(begins)[:count], recorded.since(begins)[:count]
    path = torch.stack([moment.at for moment in moments])
    swung = torch.cat([moment.share_of(swings[i : i + 1]) for i, moment in enumerate(moments)])
    loss = np.array([moment.loss for moment in moments])
    predicted = loss + np.array([moment.rise for moment in moments])
    variance = np.array([moment.variance for moment in moments])
    swung_variance = swung.square().sum(dim=1).numpy()
    oscillating = tuple(moment.oscillating for moment in moments)
    edge = next((i for i, rank in enumerate(oscillating) if rank), None)
    measured = averaged(run_loss, window)
    apart = np.abs(averaged(predicted, window) - measured) > FAR * np.abs(measured)
    part = slice(edge or 0, None)
    return CentralFlow(
        steps=tuple(range(begins, begins + count)),
        path=path.numpy(),
        loss=loss,
        predicted_loss=predicted,
        run_loss=run_loss,
        measured_loss=measured,
        sharpness=np.array([moment.sharpness for moment in moments]) / rule.largest_rate,
        bound=BOUND / rule.largest_rate,
        predicted_variance=variance,
        measured_variance=averaged(swung_variance, window),
        oscillating=oscillating,
        distance=torch.linalg.vector_norm(points - swings.nan_to_num(0.0) - path, dim=1).numpy(),
        window=window,
        edge=None if edge is None else begins + edge,
        mean_loss=Means(float(predicted[part].mean()), float(run_loss[part].mean())),
        mean_variance=Means(float(variance[part].mean()), float(np.nanmean(swung_variance[part]))),
        departs=begins + int(apart.argmax()) if bool(apart.any()) else None,
        stopped=stopped,
    )

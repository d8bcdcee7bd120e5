"""Held-out loss along a run: of all held-out samples, at the parameters of records."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS, UNLIMITED, Limits
from optiscope.engine.core.parts import Parts, whole
from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.block import Block
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import build_problem
from optiscope.engine.recipe.problems.datasets import DatasetProblem

Array = NDArray[np.floating[Any]]

COLUMN = "held_out_loss"
"""What it is called among the columns of records."""

_RECORDS = 1000  # looked at, unless told which: more than a chart has pixels
_OPERATIONS_OF_A_CALL = 1e5  # multiplications that take as long as to call the module
_PART_OPERATIONS = 2e7  # about a hundredth of a second


class NoHeldOut(Enum):
    """Why there are no held-out samples; the value says it to a person."""

    WITHOUT_DATA = say("no_held_out_without_data")
    NONE = say("no_held_out_none")

    value: Said


@dataclass(frozen=True, slots=True)
class HeldOutLoss:
    """One run; k is the number of records looked at.

    Attributes:
        samples: How many held-out samples there are.
        steps: [k] the records.
        loss: [k] mean loss over all held-out samples at the parameters of the record.
    """

    samples: int
    steps: tuple[int, ...]
    loss: Array


def held_out_loss(
    config: RunConfig,
    blocks: Sequence[Block],
    *,
    every: int | None = None,
    steps: Sequence[int] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> HeldOutLoss | NoHeldOut:
    """The held-out loss at records of a run, by torch in the dtype of the run.

    Args:
        config: The run.
        blocks: What it recorded.
        every: Look at every k-th record and at the last one; unless given, at about a thousand, or at as many
            as a large network allows.
        steps: Or at these; one before the beginning of a fork or beyond an early end is left out.
        limits: Bound the operations.

    Raises:
        ConfigError: If a step is beyond the run, or it is too much.
    """
    return whole(held_out_loss_in_parts(config, blocks, every, steps, limits))


def held_out_loss_in_parts(
    config: RunConfig,
    blocks: Sequence[Block],
    every: int | None,
    steps: Sequence[int] | None,
    limits: Limits,
) -> Parts[HeldOutLoss | NoHeldOut]:
    """What :func:`held_out_loss` computes of the same arguments, in parts."""
    problem = _held_out(config)
    if isinstance(problem, NoHeldOut):
        return problem
    model = build_model(problem, config.model, problem.x.dtype)
    operations = problem.samples * _width(model)
    most = max(1, int(min(limits.max_surface_operations / operations, config.steps + 1)))
    chosen = _chosen(config, blocks, every, steps, most)
    if len(chosen) > most:
        raise ConfigError.at("/every", say("held_out_too_many", bound=most, value=len(chosen)))
    losses = yield from _losses(problem, model, blocks, chosen)
    return HeldOutLoss(problem.samples, chosen, losses)


def with_held_out_loss(config: RunConfig, blocks: Sequence[Block]) -> Parts[list[Block]]:
    """Records with their held-out loss as one more column; as they are where there is none."""
    found = yield from held_out_loss_in_parts(config, blocks, 1, None, UNLIMITED)
    if isinstance(found, NoHeldOut):
        return list(blocks)
    parts = np.split(found.loss, np.cumsum([len(block) for block in blocks])[:-1])
    return [
        replace(block, optional={**block.optional, COLUMN: part})
        for block, part in zip(blocks, parts, strict=True)
    ]


def _held_out(config: RunConfig) -> DatasetProblem | NoHeldOut:
    """The problem as if it were trained on what is held out."""
    problem = build_problem(config.problem, torch.float32 if config.dtype == "float32" else torch.float64)
    if not isinstance(problem, DatasetProblem):
        return NoHeldOut.WITHOUT_DATA
    if not problem.info.holds_out:
        return NoHeldOut.NONE
    return replace(problem, x=problem.x_test, y=problem.y_test)


def _chosen(
    config: RunConfig, blocks: Sequence[Block], every: int | None, steps: Sequence[int] | None, most: int
) -> tuple[int, ...]:
    first, last = blocks[0].first, blocks[-1].steps[-1]
    if steps is None:
        every = every or max(1, math.ceil((last - first) / min(_RECORDS, max(1, most - 1))))
        return tuple(dict.fromkeys([*range(first, last + 1, every), last]))
    for i, step in enumerate(steps):
        if not 0 <= step <= config.steps:
            said = say("between", field="step", low=0, high=config.steps, value=step)
            raise ConfigError.at(f"/steps/{i}", said)
    return tuple(sorted({step for step in steps if first <= step <= last} or {last}))


@torch.no_grad()
def _losses(
    problem: DatasetProblem, model: nn.Module, blocks: Sequence[Block], steps: Sequence[int]
) -> Parts[Array]:
    """What ``loss(model(x), y)`` gives with the parameters of each of the records: [k]."""
    part = max(1, int(_PART_OPERATIONS / (_OPERATIONS_OF_A_CALL + problem.samples * _width(model))))
    wanted, found = np.array(steps), []
    for block in blocks:
        for step in wanted[(wanted >= block.first) & (wanted <= block.steps[-1])]:
            row = block.steps.index(step)
            for name, param in model.named_parameters():
                param.copy_(torch.from_numpy(block.params[name][row]))
            found.append(problem.loss(model))
            if len(found) % part == 0:
                yield
        yield
    return torch.stack(found).numpy()


def _width(model: nn.Module) -> int:
    return sum(param.numel() for param in model.parameters())

"""The points that go along with a run: its average, and the z of a schedule-free optimizer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.parts import Parts
from optiscope.engine.loop.block import Array, Block
from optiscope.engine.recipe.optimizers import OPTIMIZERS

AVERAGE, Z = "average", "z"
_STATE_OF_Z = "z"
"""Under which key schedule-free optimizers keep it for each parameter."""


def drawn_of(config: RunConfig, blocks: Sequence[Block]) -> list[Block]:
    """The part of blocks that paths on a surface are made of."""
    keeps_z = _is_schedule_free(config)
    return [
        replace(
            block,
            grads=None,
            state={name: keys for name, keys in block.state.items() if keeps_z},
            optional={name: column for name, column in block.optional.items() if name == AVERAGE},
        )
        for block in blocks
    ]


def others_of(config: RunConfig, blocks: Sequence[Block]) -> Parts[dict[str, Tensor]]:
    """The paths [records, parameters] in float64 of the points that go along with a run, by their names.

    Where an optimizer keeps no z of a parameter, before the first step or while it is frozen, that is the
    parameter itself.
    """
    found: dict[str, Tensor] = {}
    if all(AVERAGE in block.optional for block in blocks):
        found[AVERAGE] = yield from average_path(blocks)
    if AVERAGE in found and _is_schedule_free(config):
        found[Z] = yield from flat_path([dict(_z(block)) for block in blocks])
    return found


def average_path(blocks: Sequence[Block]) -> Parts[Tensor]:
    """The average [records, parameters] of a run that has one, in float64."""
    return (yield from flat_path([_average(block) for block in blocks]))


def flat_path(columns: Sequence[Mapping[str, Array]]) -> Parts[Tensor]:
    """Columns by name of block after block as one path [records, parameters] in float64."""
    parts = []
    for named in columns:
        parts.append(np.concatenate([values.reshape(len(values), -1) for values in named.values()], axis=1))
        yield
    return torch.from_numpy(np.concatenate(parts)).double()


def _is_schedule_free(config: RunConfig) -> bool:
    return OPTIMIZERS[config.optimizer.name].schedule_free


def _average(block: Block) -> Mapping[str, Array]:
    named = block.optional[AVERAGE]
    assert isinstance(named, Mapping)  # noqa: S101 - the recorder makes it of parameters by name
    return {name: values for name, values in named.items() if isinstance(values, np.ndarray)}


def _z(block: Block) -> Iterator[tuple[str, Array]]:
    for name, values in block.params.items():
        yield name, block.state.get(name, {}).get(_STATE_OF_Z, values)

"""Which way round the axes of a plane are drawn, so that a picture keeps them while its runs change."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import say
from optiscope.engine.lens.planes.configs import Basis, TurnedConfig
from optiscope.engine.lens.planes.plane import Plane

Turn = tuple[int, int]
"""The numbers, from 1, of the axes that are drawn along x and y; negative, if they are turned round."""

ALL: tuple[Turn, ...] = tuple(
    (first * x, second * y)
    for first, second in ((1, 2), (2, 1))
    for x, y in itertools.product((1, -1), repeat=2)
)
UPRIGHT: tuple[Turn, ...] = ((1, 2), (1, -2))
"""Where the first axis has a sign and a place of its own."""


def turned(plane: Plane, config: TurnedConfig, turns: Sequence[Turn] = ALL) -> Plane:
    """``plane`` with its axes as ``config`` wants them, as far as ``turns`` has that.

    Without a plane to be like, the axes are those that are asked for. Otherwise they are those whose
    directions have the largest cosines, together, with the directions of that plane; the first of equals.

    Raises:
        ConfigError: If that plane is one of another network.
    """
    turn = _nearest(plane, config.like, turns) if config.like is not None else _asked(config.axes, turns)
    axes = (plane.axes[abs(turn[0]) - 1], plane.axes[abs(turn[1]) - 1])
    return replace(plane, basis=_along(plane.basis, turn), axes=axes, turn=turn)


def _asked(axes: Turn, turns: Sequence[Turn]) -> Turn:
    return axes if axes in turns else (1, axes[1] if abs(axes[1]) == 2 else 2)  # noqa: PLR2004


def _nearest(plane: Plane, like: Basis, turns: Sequence[Turn]) -> Turn:
    width = plane.basis.shape[1]
    if any(len(direction) != width for direction in like):
        raise ConfigError.at("/plane/like", say("plane_of_other_width", parameters=width))
    cosines = _unit(plane.basis) @ _unit(torch.tensor(like, dtype=torch.float64)).T
    return max(turns, key=lambda turn: round(_along(cosines, turn).trace().item(), 9))


def _along(rows: Tensor, turn: Turn) -> Tensor:
    """Of a row for each axis, those of the axes along x and y."""
    return torch.stack([(1 if axis > 0 else -1) * rows[abs(axis) - 1] for axis in turn])


def _unit(rows: Tensor) -> Tensor:
    lengths = torch.linalg.vector_norm(rows, dim=1, keepdim=True)
    unit: Tensor = rows / lengths.clamp(min=1e-300)
    return unit

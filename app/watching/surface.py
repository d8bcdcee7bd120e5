"""The loss over a plane through the parameters of a model."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from optiscope.watching.stacked import dots

Tensors = Sequence[Tensor]
Plane = Literal["random", "update"]
Surface = Mapping[str, NDArray[Any]]
"""``x`` and ``y`` [m], ``z`` [m, m], whose rows follow y, and ``path`` [2, 2]: before and after the step."""

_SEED = 0
_LEAST, _MOST = 2.0, 64.0
"""How far a plane of the update reaches, in steps, at least and at most."""


def random_surface(
    loss: Callable[[Tensors], Tensor], before: Tensors | None, at: Tensors, resolution: int
) -> Surface:
    """The loss along two random directions, each filter of which is as long as the model's own.

    Li et al. (2018): a filter is what leads to one output, and parameters of one dimension, such as biases,
    stay where they are. Every surface of a run has the same directions but for these lengths.

    Args:
        loss: At a point.
        before: The parameters before the step; None before the first one.
        at: Those after it, at (0, 0).
        resolution: Points along each axis.
    """
    generator = torch.Generator().manual_seed(_SEED)
    one, other = (_filter_normalised(at, generator) for _ in range(2))
    axis = np.linspace(-1, 1, resolution)
    back = [[0.0, 0.0]] if before is None else [_coordinates(before, at, one, other)]
    return _surface(loss, at, one, other, axis) | {"path": np.array([*back, [0.0, 0.0]])}


def update_surface(
    loss: Callable[[Tensors], Tensor],
    before: Tensors,
    update: Tensors,
    gradient: Tensors,
    far: float,
    resolution: int,
) -> Surface:
    """The loss along the step and along what of the negative gradient is orthogonal to it, just as long.

    Args:
        loss: At a point.
        before: The parameters before the step, at (0, 0); after it they are at (1, 0).
        update: What the step added.
        gradient: Of the loss before the step.
        far: The multiple of the step at which the loss begins to rise: the plane reaches twice as far.
        resolution: Points along each axis.
    """
    length = _inner(update, update)
    along = _inner(gradient, update) / length
    across = [u.mul(along).sub_(g) for g, u in zip(gradient, update, strict=True)]
    size = _inner(across, across)
    scale = (length / size) ** 0.5 if size > 0 else 0.0
    reach = min(max(2 * far, _LEAST), _MOST)
    axis = np.linspace(-reach, reach, resolution)
    found = _surface(loss, before, update, [part.mul_(scale) for part in across], axis)
    return found | {"path": np.array([[0.0, 0.0], [1.0, 0.0]])}


def _surface(
    loss: Callable[[Tensors], Tensor], origin: Tensors, one: Tensors, other: Tensors, axis: NDArray[Any]
) -> dict[str, NDArray[Any]]:
    """All points are fetched together, after the last one."""
    found: list[Tensor] = []
    for y in axis.tolist():
        row = [o.add(d, alpha=y) for o, d in zip(origin, other, strict=True)]
        for x in axis.tolist():
            point = [r.add(d, alpha=x) for r, d in zip(row, one, strict=True)]
            found.append(loss(point))
    z = torch.stack([value.reshape(()) for value in found]).cpu().numpy()
    return {"x": axis, "y": axis, "z": z.reshape(len(axis), len(axis))}


def _filter_normalised(at: Tensors, generator: torch.Generator) -> list[Tensor]:
    has_filters = any(part.dim() > 1 for part in at)
    return [_as_long_as(part, generator, has_filters=has_filters) for part in at]


def _as_long_as(own: Tensor, generator: torch.Generator, *, has_filters: bool) -> Tensor:
    drawn = torch.randn(own.shape, generator=generator).to(own.device, own.dtype)
    if own.dim() <= 1 and has_filters:
        return torch.zeros_like(own)
    filters = own.reshape(len(own) if own.dim() > 1 else 1, -1)
    flat = drawn.reshape(filters.shape)
    scale = torch.linalg.vector_norm(filters, dim=1) / torch.linalg.vector_norm(flat, dim=1)
    scaled: Tensor = (flat * scale[:, None]).reshape(own.shape)
    return scaled


def _coordinates(point: Tensors, origin: Tensors, one: Tensors, other: Tensors) -> list[float]:
    """Where the foot of a point lies in the plane."""
    away = [p.sub(o) for p, o in zip(point, origin, strict=True)]
    mixed = _inner(one, other)
    gram = np.array([[_inner(one, one), mixed], [mixed, _inner(other, other)]])
    wanted = np.array([_inner(one, away), _inner(other, away)])
    return [float(number) for number in np.linalg.lstsq(gram, wanted, rcond=None)[0]]


def _inner(left: Tensors, right: Tensors) -> float:
    return float(torch.stack([part.double().cpu() for part in dots(left, right)]).sum())

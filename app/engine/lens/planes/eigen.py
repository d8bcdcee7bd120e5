"""The plane of the gradient and the sharpest curvature."""

import torch
from torch import Tensor

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import Said, rounded, say
from optiscope.engine.lens.planes.configs import EigenConfig
from optiscope.engine.lens.planes.curvature import gradient_and_eigenvectors
from optiscope.engine.lens.planes.directions import across, towards
from optiscope.engine.lens.planes.orientation import ALL, UPRIGHT, turned
from optiscope.engine.lens.planes.plane import Axis, Notice, Plane, Scene

_LEAST_PART = 0.1
"""The part of an eigenvector across the gradient that is still drawn; of less, its curvature is not seen."""

_WHOLE = 0.9995
"""A part that is said as 100 %."""


def eigen_plane(config: EigenConfig, scene: Scene) -> Plane:
    """Lay the plane through the negative gradient and the Hessian's top eigenvector at a record.

    Of the eigenvector only what is orthogonal to the gradient is a second axis. Where (nearly) nothing of it
    is, the second eigenvector takes its place; without a gradient the two eigenvectors are the axes.

    Raises:
        ConfigError: If the Hessian is too large, or the runs move a single number.
    """
    at = scene.record(config.at, "/plane/at")
    moved = scene.moved() if config.trainable_only else torch.ones_like(at, dtype=torch.bool)
    _check_size(int(moved.sum()), scene.limits.max_hessian_parameters)
    gradient, values, vectors = gradient_and_eigenvectors(scene.problem, scene.model, at, moved)
    vectors = towards(vectors.flip(0)[:2], scene.ends)
    named = [_eigenvector(rank, value) for rank, value in enumerate(values.flip(0)[:2].tolist())]
    basis, axes, notices = _axes(gradient, vectors, named)
    laid = Plane(at, basis, axes, at, reach=1.0, notices=(*notices, *scene.left_out(moved)))
    return turned(laid, config, ALL if _vanishes(gradient) else UPRIGHT)


def _check_size(parameters: int, bound: int) -> None:
    if parameters > bound:
        raise ConfigError.at("/plane/kind", say("hessian_too_large", bound=bound, value=parameters))
    if parameters == 1:
        raise ConfigError.at("/plane/kind", say("eigen_plane_line"))


def _axes(
    gradient: Tensor, vectors: Tensor, named: list[Said]
) -> tuple[Tensor, tuple[Axis, Axis], tuple[Notice, ...]]:
    """Basis, axes and notices, from the gradient [n] and the named first two eigenvectors [2, n]."""
    if _vanishes(gradient):
        return vectors, (Axis(named[0]), Axis(named[1])), (Notice(say("no_gradient")),)
    downhill, _ = across(-gradient, ())
    second, part = across(vectors[0], (downhill,))
    name, notices = named[0], tuple[Notice, ...]()
    if part < _LEAST_PART:
        notices = (Notice(say("top_along_gradient", vector=named[0], percent=_percent(part))),)
        name = named[1]
        second, part = across(vectors[1], (downhill,))
    if part < _WHOLE:
        name = say("axis_eigenvector_part", vector=name, percent=_percent(part))
    return torch.stack([downhill, second]), (Axis(say("axis_downhill")), Axis(name)), notices


def _vanishes(gradient: Tensor) -> bool:
    return bool(across(gradient, ())[0].isnan().any())


def _eigenvector(rank: int, value: float) -> Said:
    if rank == 0:
        return say("axis_top_eigenvector", value=rounded(value, 3))
    return say("axis_second_eigenvector", value=rounded(value, 3))


def _percent(part: float) -> float:
    return rounded(100 * part, 2)

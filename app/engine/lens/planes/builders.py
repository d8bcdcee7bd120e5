"""How a plane of each kind is laid through the paths.

Adding a kind is adding a config and its function here.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.parts import Parts, whole
from optiscope.engine.core.registry import shown
from optiscope.engine.core.words import rounded, say
from optiscope.engine.lens.planes.configs import (
    EigenConfig,
    FunctionConfig,
    HeldConfig,
    ParametersConfig,
    PcaConfig,
    PlaneConfig,
    PointsConfig,
    RandomConfig,
)
from optiscope.engine.lens.planes.curvature import curvatures
from optiscope.engine.lens.planes.directions import across
from optiscope.engine.lens.planes.eigen import eigen_plane
from optiscope.engine.lens.planes.held import held_plane
from optiscope.engine.lens.planes.plane import Axis, Plane, Scene
from optiscope.engine.lens.planes.principal import principal_plane
from optiscope.engine.recipe.problems.functions import FunctionProblem


def build_plane(config: PlaneConfig, scene: Scene) -> Plane:
    """Lay the plane that ``config`` asks for through the paths.

    Raises:
        ConfigError: If there is no such plane; pointers begin with /plane.
    """
    return whole(plane_in_parts(config, scene))


def plane_in_parts(config: PlaneConfig, scene: Scene) -> Parts[Plane]:
    """The same in parts."""
    if isinstance(config, PcaConfig):
        plane = yield from principal_plane(config, scene)
    elif isinstance(config, HeldConfig):
        plane = yield from held_plane(config, scene)
    else:
        plane = _BUILDERS[type(config)](config, scene)
    yield
    return _with_curvature(plane, scene)


def _with_curvature(plane: Plane, scene: Scene) -> Plane:
    """The plane, whose axes say the curvature along them wherever a Hessian may be computed."""
    if plane.centre is None or len(plane.centre) > scene.limits.max_hessian_parameters:
        return plane
    along = curvatures(scene.problem, scene.model, plane.centre, plane.basis)
    first, second = (replace(axis, curvature=bend) for axis, bend in zip(plane.axes, along, strict=True))
    return replace(plane, axes=(first, second))


def _parameters(config: ParametersConfig, scene: Scene) -> Plane:
    first, second = (
        parameter_index(name, scene.model, f"/plane/names/{i}") for i, name in enumerate(config.names)
    )
    if first == second:
        raise ConfigError.at("/plane/names/1", say("names_twice", name=config.names[1]))
    at = scene.record(config.at, "/plane/at")
    origin = at.clone()
    origin[[first, second]] = 0.0  # so that coordinates are the parameters' own values
    axes = (_axis_of(config.names[0]), _axis_of(config.names[1]))
    return Plane(origin, _units(first, second, len(origin)), axes, at)


def _axis_of(coordinate: str) -> Axis:
    return Axis(say("axis_coordinate", name=coordinate))


def _units(first: int, second: int, width: int) -> Tensor:
    basis = torch.zeros(2, width, dtype=torch.float64)
    basis[0, first] = basis[1, second] = 1.0
    return basis


_SCALAR = re.compile(r"(?P<name>[\w.]+)\[(?P<index>\d{1,6}(?:, ?\d{1,6})*)\]", re.ASCII)


def parameter_index(name: str, model: nn.Module, pointer: str) -> int:
    """Where one entry of a parameter, such as ``fc1.weight[0,1]``, stands in the flat vector.

    Raises:
        ConfigError: If there is no such entry.
    """
    params = dict(model.named_parameters())
    match = _SCALAR.fullmatch(name)
    if match is None or match["name"] not in params:
        choices = [f"{n}[{','.join('0' * p.dim())}]" for n, p in params.items()]
        raise ConfigError.at(pointer, say("unknown_entry", value=shown(name), choices=choices))
    shape = params[match["name"]].shape
    index = tuple(int(part) for part in match["index"].split(","))
    if len(index) != len(shape) or any(i >= size for i, size in zip(index, shape, strict=True)):
        said = say("no_such_entry", parameter=match["name"], shape=str(list(shape)), entry=str(list(index)))
        raise ConfigError.at(pointer, said)
    names = list(params)
    before = sum(params[other].numel() for other in names[: names.index(match["name"])])
    return before + sum(i * math.prod(shape[k + 1 :]) for k, i in enumerate(index))


def _random(config: RandomConfig, scene: Scene) -> Plane:
    origin = scene.record(config.at, "/plane/at")
    generator = torch.Generator().manual_seed(config.seed)
    basis = torch.stack([filter_normalised(origin, scene.model, generator) for _ in range(2)])
    moved = scene.moved() if config.trainable_only else torch.ones_like(origin, dtype=torch.bool)
    basis = basis * moved
    gram = basis @ basis.T
    if not torch.linalg.det(gram) > 1e-12 * gram.diagonal().prod():
        raise ConfigError.at("/plane", say("random_plane_flat"))
    scaled = say("as_long_as_filters") if _has_matrix(scene.model) else say("as_long_as_point")
    first, second = (Axis(say("axis_random", number=number, scaled=scaled)) for number in (1, 2))
    return Plane(origin, basis, (first, second), origin, reach=1.0, notices=scene.left_out(moved))


def _has_matrix(model: nn.Module) -> bool:
    return any(param.dim() > 1 for param in model.parameters())


def filter_normalised(at: Tensor, model: nn.Module, generator: torch.Generator) -> Tensor:
    """A random direction in which every filter is as long as the model's own at ``at``.

    A filter is the weights into one unit, a row of a weight matrix. Biases are left out, as in the paper's
    code. The point of a test function, which has no matrix, counts as one filter.

    Args:
        at: [parameters], the model.
        model: Gives the shapes.
        generator: Where the numbers come from.

    Returns:
        [parameters]

    References:
        Li, H., Xu, Z., Taylor, G., Studer, C. and Goldstein, T. (2018). Visualizing the loss landscape of
        neural nets. NeurIPS 31. https://arxiv.org/abs/1712.09913
    """
    shapes = [param.shape for param in model.parameters()]
    has_matrix = _has_matrix(model)
    parts = []
    for own, shape in zip(at.split([shape.numel() for shape in shapes]), shapes, strict=True):
        if has_matrix and len(shape) == 1:
            parts.append(torch.zeros_like(own))
            continue
        filters = own.reshape(-1, shape[-1])
        drawn = torch.randn(filters.shape, dtype=at.dtype, generator=generator)
        scale = torch.linalg.vector_norm(filters, dim=1) / torch.linalg.vector_norm(drawn, dim=1)
        parts.append((drawn * scale.unsqueeze(1)).flatten())
    return torch.cat(parts)


def _points(config: PointsConfig, scene: Scene) -> Plane:
    a, b, c = (scene.record(point, f"/plane/points/{i}") for i, point in enumerate(config.points))
    first, _ = across(b - a, ())
    if first.isnan().any():
        raise ConfigError.at("/plane/points/1", say("points_same"))
    second, part = across(c - a, (first,))
    if second.isnan().any():
        raise ConfigError.at("/plane/points/2", say("points_on_a_line"))
    axes = (Axis(say("axis_second_point")), Axis(say("axis_third_point", percent=rounded(100 * part, 2))))
    return Plane(a, torch.stack([first, second]), axes, a)


def _function(_: FunctionConfig, scene: Scene) -> Plane:
    if not isinstance(scene.problem, FunctionProblem):
        raise ConfigError.at("/plane/kind", say("plane_of_function", problem=scene.problem.name))
    return Plane(torch.zeros(2, dtype=torch.float64), _units(0, 1, 2), (_axis_of("x"), _axis_of("y")))


_BUILDERS: Mapping[type[Any], Callable[[Any, Scene], Plane]] = {
    ParametersConfig: _parameters,
    RandomConfig: _random,
    PointsConfig: _points,
    EigenConfig: eigen_plane,
    FunctionConfig: _function,
}

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
from optiscope.engine.core.registry import shown
from optiscope.engine.core.words import Said, rounded, say
from optiscope.engine.lens.planes.configs import (
    EigenConfig,
    FunctionConfig,
    ParametersConfig,
    PcaConfig,
    PlaneConfig,
    PointsConfig,
    RandomConfig,
)
from optiscope.engine.lens.planes.curvature import curvatures
from optiscope.engine.lens.planes.directions import across, towards
from optiscope.engine.lens.planes.eigen import eigen_plane
from optiscope.engine.lens.planes.plane import Axis, Notice, Plane, Scene
from optiscope.engine.recipe.problems.functions import FunctionProblem


def build_plane(config: PlaneConfig, scene: Scene) -> Plane:
    """Lay the plane that ``config`` asks for through the paths.

    Raises:
        ConfigError: If there is no such plane; pointers begin with /plane.
    """
    return _with_curvature(_BUILDERS[type(config)](config, scene), scene)


def _with_curvature(plane: Plane, scene: Scene) -> Plane:
    """The plane, whose axes say the curvature along them wherever a Hessian may be computed."""
    if plane.centre is None or len(plane.centre) > scene.limits.max_hessian_parameters:
        return plane
    along = curvatures(scene.problem, scene.model, plane.centre, plane.basis)
    first, second = (replace(axis, curvature=bend) for axis, bend in zip(plane.axes, along, strict=True))
    return replace(plane, axes=(first, second))


def _pca(config: PcaConfig, scene: Scene) -> Plane:
    records = torch.cat(scene.visible)
    centre = _centre(config, scene, records)
    centred = records - centre
    axes = principal_axes(centred, 10 * torch.finfo(scene.dtype).eps)
    notices = []
    if len(axes) < 2:  # noqa: PLR2004
        notices.append(_flat_paths(len(axes)))
    basis = towards(_two_directions(axes, scene), scene.visible)
    shares = (centred @ basis.T).square().sum(dim=0) / centred.square().sum().clamp(min=1e-300)
    named = [Axis(_principal(config, k), share) for k, share in enumerate(shares.tolist(), start=1)]
    named[len(axes) :] = [Axis(say("axis_random_across"), 0.0)] * (2 - len(axes))
    return Plane(centre, basis, (named[0], named[1]), centre, notices=tuple(notices))


def _principal(config: PcaConfig, number: int) -> Said:
    if config.through == "mean":
        return say("axis_principal", number=number)
    if config.through == "final":
        return say("axis_principal_about_end", number=number)
    return say("axis_principal_about_start", number=number)


def _centre(config: PcaConfig, scene: Scene, records: Tensor) -> Tensor:
    if config.through == "mean":
        return records.mean(dim=0)
    path = scene.visible[0]
    return path[-1] if config.through == "final" else path[0]


_SVD_OPERATIONS = 5e8  # about a third of a second


def principal_axes(centred: Tensor, tolerance: float) -> Tensor:
    """The right singular vectors of the (at most two) largest singular values: [0 to 2, parameters].

    Args:
        centred: [records, parameters]. Of very many, every k-th record is used.
        tolerance: Singular values below this share of the largest are rounding.
    """
    records, width = centred.shape
    every = math.ceil(records / max(2.0, _SVD_OPERATIONS / (width * min(records, width))))
    matrix = centred[::every]
    if len(matrix) > width:
        matrix = torch.linalg.qr(matrix, mode="r")[
            1
        ]  # the same singular values and right vectors, fewer rows
    _, values, vectors = torch.linalg.svd(matrix, full_matrices=False)
    rank = int((values > tolerance * values[0]).sum())
    axes: Tensor = vectors[: min(rank, 2)]
    return axes


def _flat_paths(rank: int) -> Notice:
    if rank == 0:
        return Notice(say("flat_paths", how=say("flat_paths_point")))
    return Notice(say("flat_paths", how=say("flat_paths_line")))


def _two_directions(axes: Tensor, scene: Scene) -> Tensor:
    """``axes`` [0 to 2, parameters] with random orthonormal rows added: [2, parameters]."""
    generator = torch.Generator().manual_seed(0)
    where = scene.moved()
    if where.sum() < 2:  # noqa: PLR2004
        where = torch.ones_like(where)
    rows = [*axes]
    while len(rows) < 2:  # noqa: PLR2004
        drawn = torch.randn(len(where), dtype=torch.float64, generator=generator) * where
        rows.append(across(drawn, rows)[0])
    return torch.stack(rows)


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
    PcaConfig: _pca,
    ParametersConfig: _parameters,
    RandomConfig: _random,
    PointsConfig: _points,
    EigenConfig: eigen_plane,
    FunctionConfig: _function,
}

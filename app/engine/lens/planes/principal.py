"""The plane of the principal axes of all paths."""

import math

import torch
from torch import Tensor

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.parts import Parts
from optiscope.engine.core.words import Said, say
from optiscope.engine.lens.planes.configs import PcaConfig
from optiscope.engine.lens.planes.directions import across, towards
from optiscope.engine.lens.planes.orientation import turned
from optiscope.engine.lens.planes.plane import Axis, Notice, Plane, Scene
from optiscope.engine.lens.planes.variance import mean_of, shares

_SVD_OPERATIONS = 5e8  # about a third of a second


def principal_plane(config: PcaConfig, scene: Scene) -> Parts[Plane]:
    """Lay the plane along the two directions in which the records vary most.

    All records together may take gigabytes: they are gone through a portion at a time.

    Raises:
        ConfigError: If there is no run that it is laid through, or it is to be like one of another network.
    """
    centre = yield from _centre(config, scene)
    axes = principal_axes((yield from _sampled(scene)) - centre, 10 * torch.finfo(scene.dtype).eps)
    yield
    notices = [_flat_paths(len(axes))] if len(axes) < 2 else []  # noqa: PLR2004
    basis = towards(_two_directions(axes, scene), scene.ends)
    kept = yield from shares(scene, centre, basis)
    named = [Axis(_principal(config, k), share) for k, share in enumerate(kept.tolist(), start=1)]
    named[len(axes) :] = [Axis(say("axis_random_across"), 0.0)] * (2 - len(axes))
    return turned(Plane(centre, basis, (named[0], named[1]), centre, notices=tuple(notices)), config)


def _principal(config: PcaConfig, number: int) -> Said:
    if config.through == "mean":
        return say("axis_principal", number=number)
    if config.through == "final":
        return say("axis_principal_about_end", number=number, run=config.run + 1)
    return say("axis_principal_about_start", number=number, run=config.run + 1)


def _centre(config: PcaConfig, scene: Scene) -> Parts[Tensor]:
    if config.through != "mean":
        if config.run >= len(scene.paths):
            said = say("less_than", field="run", bound=len(scene.paths), value=config.run)
            raise ConfigError.at("/plane/run", said)
        return scene.ends[config.run][-1 if config.through == "final" else 0]
    return (yield from mean_of(scene))


def _sampled(scene: Scene) -> Parts[Tensor]:
    """All fitted records [k, parameters], or of very many every so many-th."""
    records = sum(int(fitted.sum()) for fitted in scene.fitted)
    every = _every(records, scene.paths[0].shape[1])
    found, skipped = [], 0
    for _, part in scene.portions():
        found.append(part[skipped::every])
        skipped = (skipped - len(part)) % every
        yield
    return torch.cat(found)


def _every(records: int, width: int) -> int:
    """Every how many-th record is used, so that the singular values are soon found."""
    return math.ceil(records / max(2.0, _SVD_OPERATIONS / (width * min(records, width))))


def principal_axes(centred: Tensor, tolerance: float) -> Tensor:
    """The right singular vectors of the (at most two) largest singular values: [0 to 2, parameters].

    Args:
        centred: [records, parameters]. Of very many, every k-th record is used.
        tolerance: Singular values below this share of the largest are rounding.
    """
    records, width = centred.shape
    matrix = centred[:: _every(records, width)]
    if len(matrix) > width:
        _, matrix = torch.linalg.qr(matrix, mode="r")  # the same singular values and right vectors
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

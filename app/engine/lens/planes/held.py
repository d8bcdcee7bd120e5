"""A plane that is held while the runs change."""

import torch

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.parts import Parts
from optiscope.engine.core.words import say
from optiscope.engine.lens.planes.configs import HeldConfig
from optiscope.engine.lens.planes.directions import across
from optiscope.engine.lens.planes.plane import Axis, Plane, Scene
from optiscope.engine.lens.planes.variance import mean_of, shares


def held_plane(config: HeldConfig, scene: Scene) -> Parts[Plane]:
    """Lay the plane of these numbers; its axes say how much of the variance of the present runs they keep.

    Of a second axis that is not orthogonal to the first, what is orthogonal counts: together, the shares are
    that of the plane.

    Raises:
        ConfigError: If it is a plane of another network, or none.
    """
    width = scene.paths[0].shape[1]
    for pointer, row in (
        ("origin", config.origin),
        ("basis/0", config.basis[0]),
        ("basis/1", config.basis[1]),
    ):
        if len(row) != width:
            raise ConfigError.at(f"/plane/{pointer}", say("plane_of_other_width", parameters=width))
    origin, basis = (torch.tensor(rows, dtype=torch.float64) for rows in (config.origin, config.basis))
    first, _ = across(basis[0], ())
    second, _ = across(basis[1], (first,))
    if first.isnan().any() or second.isnan().any():
        raise ConfigError.at("/plane/basis", say("held_plane_flat"))
    mean = yield from mean_of(scene)
    kept = yield from shares(scene, mean, torch.stack([first, second]))
    one, two = (Axis(say("axis_held", number=k), share) for k, share in enumerate(kept.tolist(), start=1))
    return Plane(origin, basis, (one, two), origin)

"""How much of what the paths do a plane keeps."""

import torch
from torch import Tensor

from optiscope.engine.core.parts import Parts
from optiscope.engine.lens.planes.plane import Scene


def mean_of(scene: Scene) -> Parts[Tensor]:
    """The mean [parameters] of all records that planes are fitted to."""
    total = torch.zeros(scene.paths[0].shape[1], dtype=torch.float64)
    for _, records in scene.portions():
        total += records.sum(dim=0)
        yield
    return total / sum(int(fitted.sum()) for fitted in scene.fitted)


def shares(scene: Scene, centre: Tensor, basis: Tensor) -> Parts[Tensor]:
    """The share [2] of the squared distances from ``centre`` along each row of an orthonormal basis."""
    along, distances = torch.zeros(2, dtype=torch.float64), torch.zeros((), dtype=torch.float64)
    for _, records in scene.portions():
        centred = records - centre
        along += (centred @ basis.T).square().sum(dim=0)
        distances += centred.square().sum()
        yield
    return along / distances.clamp(min=1e-300)

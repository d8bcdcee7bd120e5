"""Directions in parameter space: at length 1, at right angles, and with a sign that stays."""

from collections.abc import Sequence

import torch
from torch import Tensor

_LEAST = 1e-9
"""A part of a vector below this share of its length is rounding."""


def across(vector: Tensor, others: Sequence[Tensor]) -> tuple[Tensor, float]:
    """``vector`` [n] without its parts along the orthonormal ``others``, at length 1; NaN if none is left.

    Returns:
        The direction [n], and the share of the length of ``vector`` that is left in it, from 0 to 1.
    """
    length = torch.linalg.vector_norm(vector)
    for other in others:
        vector = vector - (vector @ other) * other
    left = torch.linalg.vector_norm(vector)
    if not left > _LEAST * length:
        return torch.full_like(vector, torch.nan), 0.0
    return vector / left, min((left / length).item(), 1.0)


def towards(basis: Tensor, paths: Sequence[Tensor]) -> Tensor:
    """``basis`` [k, n] with its signs chosen so that the paths, together, go towards larger coordinates."""
    progress = torch.stack([path[-1] - path[0] for path in paths]).sum(dim=0)
    along = basis @ progress
    largest = basis.gather(1, basis.abs().argmax(dim=1, keepdim=True)).squeeze(1)
    unclear = along.abs() <= 1e-12 * torch.linalg.vector_norm(progress)
    return basis * torch.where(unclear, largest, along).sign().unsqueeze(1)

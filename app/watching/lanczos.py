"""The largest eigenvalue of a Hessian by Lanczos iteration, and how far it has converged."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from optiscope.watching.stacked import dots

Tensors = Sequence[Tensor]

MOST_PRODUCTS = 32
"""Products with the Hessian, at most."""

TOLERANCE = 1e-3
"""A residual of this part of the eigenvalue ends it."""

_NOTHING = 1e-7
"""A vector this much shorter than the product that it is left of is rounding."""


class Eigenvalue(NamedTuple):
    """The largest eigenvalue.

    Attributes:
        value: It.
        residual: The norm of Hv - λv with its vector v: an eigenvalue lies no farther from it than that.
        products: The products with the Hessian that it took.
    """

    value: float
    residual: float
    products: int


def top_eigenvalue(product: Callable[[Tensors], list[Tensor]], start: Tensors) -> Eigenvalue:
    """The largest eigenvalue of a symmetric matrix of which only products with vectors are known.

    Vectors of the past are not kept, so that three are in memory at once; the largest eigenvalue of the small
    matrix is the right one all the same (Paige 1976).

    Args:
        product: The matrix times a vector.
        start: Where to begin: some vector that is not nothing.
    """
    size = float(_norm(start))
    vector = [part / size for part in start]
    before = [torch.zeros_like(part) for part in start]
    diagonal: list[float] = []
    off_diagonal: list[float] = []
    most = min(MOST_PRODUCTS, sum(part.numel() for part in start))
    while True:
        image = product(vector)
        length = float(_norm(image))
        diagonal.append(float(_dot(vector, image)))
        last = off_diagonal[-1] if off_diagonal else 0.0
        rest = [
            w.sub(v, alpha=diagonal[-1]).sub_(u, alpha=last)
            for w, v, u in zip(image, vector, before, strict=True)
        ]
        norm = float(_norm(rest))
        found = _ritz(diagonal, off_diagonal, norm)
        is_done = found.residual <= TOLERANCE * abs(found.value) or norm <= _NOTHING * length
        if is_done or len(diagonal) >= most or not np.isfinite(norm):
            return found
        off_diagonal.append(norm)
        before, vector = vector, [part / norm for part in rest]


def _ritz(diagonal: Sequence[float], off_diagonal: Sequence[float], norm: float) -> Eigenvalue:
    if not np.isfinite([*diagonal, *off_diagonal, norm]).all():
        return Eigenvalue(np.nan, np.nan, len(diagonal))
    small = np.diag(diagonal) + np.diag(off_diagonal, 1) + np.diag(off_diagonal, -1)
    values, vectors = np.linalg.eigh(small)
    return Eigenvalue(float(values[-1]), float(norm * abs(vectors[-1, -1])), len(diagonal))


def _dot(left: Tensors, right: Tensors) -> Tensor:
    return torch.stack([part.double().cpu() for part in dots(left, right)]).sum()


def _norm(vector: Tensors) -> Tensor:
    return _dot(vector, vector).sqrt()

"""Semidefinite complementarity problems of a few dimensions, by Newton's method.

References:
    Qi, L. and Sun, J. (1993). A nonsmooth version of Newton's method. Mathematical Programming 58, 353-367.
"""

import torch
from torch import Tensor

_ITERATIONS = 50
_HALVINGS = 12
_TOLERANCE = 1e-11  # of the residual, relative to the constant part


def complementary(constant: Tensor, linear: Tensor) -> Tensor | None:
    """The X with ``X ⪰ 0``, ``Y = constant + linear[X] ⪰ 0`` and ``⟨X, Y⟩ = 0``.

    It is the zero of ``X - Π(X - Y)``, where Π cuts off negative eigenvalues.

    Args:
        constant: [k, k], symmetric.
        linear: [k, k, k, k], symmetric in the first two axes and in the last two.

    Returns:
        [k, k]; None where none is found, as for a problem that has no solution.

    Example:
        >>> complementary(torch.tensor([[-3.0]]), torch.tensor([[[[2.0]]]]))
        tensor([[1.5000]])
    """
    if bool(torch.linalg.eigvalsh(constant)[0] >= 0):
        return torch.zeros_like(constant)
    width = constant.numel()
    unit = linear.reshape(width, width).diagonal().abs().mean()
    if not bool(unit > 0):
        return None
    operator = linear.reshape(width, width) / unit
    found = _newton(constant, operator)
    return None if found is None else found / unit


def _newton(constant: Tensor, operator: Tensor) -> Tensor | None:
    tolerance = _TOLERANCE * torch.linalg.matrix_norm(constant)
    basis = _symmetric(len(constant)).to(constant.dtype)
    eye = torch.eye(len(basis), dtype=constant.dtype)
    x = torch.zeros_like(constant)
    residual, slope = _residual(x, constant, operator)
    for _ in range(_ITERATIONS):
        size = residual.norm()
        if bool(size <= tolerance):
            return _projected(x)[0]
        system = basis.mT @ (eye - slope @ (eye - operator)) @ basis
        goal = -(basis.mT @ residual.reshape(-1, 1))
        step = (basis @ torch.linalg.lstsq(system, goal, driver="gelsd").solution).reshape(x.shape)
        for _ in range(_HALVINGS):
            tried = x + step
            residual, slope = _residual(tried, constant, operator)
            if bool(residual.norm() < size):
                break
            step = step / 2
        x = tried
    return None


def _symmetric(width: int) -> Tensor:
    """An orthonormal basis [width², width (width + 1) / 2] of the symmetric matrices."""
    rows, columns = torch.triu_indices(width, width)
    basis = torch.zeros(len(rows), width, width, dtype=torch.float64)
    each = torch.arange(len(rows))
    basis[each, rows, columns] = basis[each, columns, rows] = 1
    found: Tensor = (basis / torch.linalg.matrix_norm(basis).reshape(-1, 1, 1)).flatten(1).mT
    return found


def _residual(x: Tensor, constant: Tensor, operator: Tensor) -> tuple[Tensor, Tensor]:
    """``X - Π(X - Y)``, and the derivative [k², k²] of Π at ``X - Y``."""
    y = constant + (operator @ x.reshape(-1)).reshape(x.shape)
    kept, slope = _projected(x - (y + y.mT) / 2)
    return x - kept, slope


def _projected(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """A symmetric matrix without its negative eigenvalues, and the derivative [k², k²] of that."""
    values, vectors = torch.linalg.eigh(matrix)
    kept = values.clamp(min=0)
    gaps = values.unsqueeze(1) - values
    apart = gaps.abs() > torch.finfo(values.dtype).eps * values.abs().max()
    quotients = (kept.unsqueeze(1) - kept) / torch.where(apart, gaps, torch.ones_like(gaps))
    weights = torch.where(apart, quotients, (values.unsqueeze(1) > 0).to(values.dtype).expand_as(gaps))
    turned = torch.kron(vectors, vectors)
    return (vectors * kept) @ vectors.mT, (turned * weights.reshape(-1)) @ turned.mT

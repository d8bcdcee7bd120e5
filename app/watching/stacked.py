"""Sums over many tensors in few calls. What is private in torch here has a public way beside it."""

from collections.abc import Sequence

import torch
from torch import Tensor

Tensors = Sequence[Tensor]

_norm = getattr(torch, "_foreach_norm", None)
_copy = getattr(torch, "_foreach_copy_", None)
_subtract = getattr(torch, "_foreach_sub_", None)

_EXACT = (torch.float32, torch.float64)
"""Numbers of fewer bits are summed in float32."""


def norms(tensors: Tensors) -> list[Tensor]:
    """The 2-norm of each, in float32 or more."""
    if _norm is None or not all(tensor.dtype in _EXACT for tensor in tensors):
        return [torch.linalg.vector_norm(tensor, dtype=_wide(tensor)) for tensor in tensors]
    return list(_norm(tensors)) if tensors else []


def dots(left: Tensors, right: Tensors) -> list[Tensor]:
    """The inner product of each pair."""
    return [_dot(a.reshape(-1), b.reshape(-1)) for a, b in zip(left, right, strict=True)]


def non_zeros(tensors: Tensors) -> list[Tensor]:
    """How many numbers of each are not zero."""
    return [torch.count_nonzero(tensor) for tensor in tensors]


def copy(into: Tensors, tensors: Tensors) -> None:
    """Copy each into its place."""
    if _copy is None:
        for place, tensor in zip(into, tensors, strict=True):
            place.copy_(tensor)
    elif tensors:
        _copy(into, tensors)


def subtract(place: Tensors, tensors: Tensors) -> None:
    """Take each off what is in its place."""
    if _subtract is None:
        for minuend, tensor in zip(place, tensors, strict=True):
            minuend.sub_(tensor)
    elif tensors:
        _subtract(place, tensors)


def plain(tensor: Tensor) -> Tensor:
    """The numbers of a tensor as a dense real one, without its history."""
    tensor = tensor.detach()
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    return torch.view_as_real(tensor) if tensor.is_complex() else tensor


def _dot(a: Tensor, b: Tensor) -> Tensor:
    if a.dtype == b.dtype and a.dtype in _EXACT:
        return torch.dot(a, b)
    wide = torch.promote_types(_wide(a), _wide(b))
    return torch.dot(a.to(wide), b.to(wide))


def _wide(tensor: Tensor) -> torch.dtype:
    return torch.promote_types(tensor.dtype, torch.float32)

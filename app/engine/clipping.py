"""Gradient clipping with ``torch.nn.utils``, and the norm before it."""

import math
from collections.abc import Callable, Sequence

import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_, clip_grad_value_, get_total_norm

from app.engine.config import ClipNormConfig, ClipValueConfig

Clip = Callable[[], torch.Tensor]


def build_clip(params: Sequence[nn.Parameter], config: ClipNormConfig | ClipValueConfig | None) -> Clip | None:
    """A function that clips the gradients in place and returns their 2-norm before that, or None."""
    match config:
        case None:
            return None
        case ClipNormConfig(max_norm=max_norm, norm_type=2.0):
            return lambda: clip_grad_norm_(params, max_norm)
        case ClipNormConfig(max_norm=max_norm, norm_type=norm_type):
            order = math.inf if norm_type == "inf" else float(norm_type)
            return lambda: _norm_then(params, lambda: clip_grad_norm_(params, max_norm, order))
        case ClipValueConfig(clip_value=clip_value):
            return lambda: _norm_then(params, lambda: clip_grad_value_(params, clip_value))


def _norm_then(params: Sequence[nn.Parameter], clip: Callable[[], object]) -> torch.Tensor:
    norm = get_total_norm([p.grad for p in params if p.grad is not None])
    clip()
    return norm

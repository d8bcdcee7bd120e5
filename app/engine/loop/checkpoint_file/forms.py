"""Forms of what a state dict holds: what can be known of a value without its numbers."""

import math
from collections.abc import Hashable
from typing import Any, cast

import torch
from torch import Tensor


def is_number(value: object) -> bool:
    """Whether ``value`` is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def form_of(value: Any) -> Hashable:
    """Type, and of tensors shape and dtype, through lists and dicts; nothing is like a tensor of a view."""
    if isinstance(value, Tensor):
        return (value.dtype, tuple(value.shape)) if _is_plain(value) else id(value)
    if isinstance(value, dict):
        return type(value), tuple((key, form_of(part)) for key, part in value.items())
    if isinstance(value, list | tuple):
        return type(value), tuple(map(form_of, value))
    return cast("Hashable", type(value))


def _is_plain(value: Tensor) -> bool:
    """Whether it is no more than numbers, with memory for every one, in rows or in columns."""
    if type(value) is not Tensor or value.layout != torch.strided or value.device.type != "cpu":
        return False
    by_stride = sorted(range(value.ndim), key=value.stride, reverse=True)
    return value.is_contiguous() or value.permute(by_stride).is_contiguous()


def is_finite(value: Any) -> bool:
    """Whether all numbers in ``value`` are."""
    if isinstance(value, Tensor):
        return bool(torch.isfinite(value).all())
    if isinstance(value, dict):
        return all(map(is_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def is_same(template: Any, value: Any) -> bool:
    """Equality of plain values, without trusting ``==`` of anything else."""
    if type(template) is not type(value):
        return False
    if isinstance(template, list | tuple):
        return len(template) == len(value) and all(map(is_same, template, value))
    if isinstance(template, dict):
        return template.keys() == value.keys() and all(is_same(t, value[key]) for key, t in template.items())
    if isinstance(template, float):
        return template == value or (math.isnan(template) and math.isnan(value))
    return bool(template == value)


def is_close(template: Any, value: Any, scale: float = 0.0) -> bool:
    """Equality but for what another processor may round otherwise, beside numbers as large as ``scale``."""
    if isinstance(template, list | tuple) and type(template) is type(value):
        return len(template) == len(value) and all(
            is_close(t, v, scale) for t, v in zip(template, value, strict=True)
        )
    if is_number(template) and is_number(value):
        return math.isclose(template, value, rel_tol=1e-6, abs_tol=1e-9 * scale)
    return is_same(template, value)

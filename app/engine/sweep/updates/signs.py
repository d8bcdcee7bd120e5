"""Rprop."""

from typing import Any

from optiscope.engine.sweep.arithmetic import ONE, ZERO, full, maximum, minimum, sign, where


def prepare_rprop(t: Any, lr: Any, smaller: Any, larger: Any, least: Any, most: Any, begun: Any) -> Any:
    """The rate of the first step is the first size of all steps."""
    return lr, where(begun > 0, full(0.0, begun), 1.0), smaller, larger, least, most, full(1.0, begun)


def move_rprop(
    p: Any,
    g: Any,
    before: Any,
    size: Any,
    lr: Any,
    is_first: Any,
    smaller: Any,
    larger: Any,
    least: Any,
    most: Any,
) -> Any:
    """``torch.optim.Rprop``."""
    size = where(is_first > ZERO, lr, size)
    agreement = g * before
    unlike = where(agreement < ZERO, smaller, full(ONE, g))
    factor = where(agreement > ZERO, larger, where(agreement == agreement, unlike, agreement))  # noqa: PLR0124 - NaN
    size = minimum(maximum(size * factor, least), most)
    g = where(agreement < ZERO, ZERO, g)
    return p - sign(g) * size, g, size

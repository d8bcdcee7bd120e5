"""SGD and ASGD."""

from typing import Any

from optiscope.engine.sweep.arithmetic import ZERO, full, fused, power, single, where


def prepare_sgd(t: Any, lr: Any, momentum: Any, dampening: Any, decay: Any, begun: Any) -> Any:
    """The first gradient is the first velocity, not dampened; without momentum there is none."""
    share = where(begun > 0, 1 - dampening, 1.0)
    return lr, momentum, share, decay, where(momentum != 0, 1.0, begun)


def move_sgd(p: Any, g: Any, buffer: Any, lr: Any, momentum: Any, share: Any, decay: Any) -> Any:
    """``torch.optim.SGD``."""
    g = fused(decay, p, g)
    velocity = fused(share, g, momentum * buffer)
    step = where(momentum != ZERO, velocity, g)
    return fused(-lr, step, p), where(momentum != ZERO, velocity, buffer)


def move_nesterov(p: Any, g: Any, buffer: Any, lr: Any, momentum: Any, share: Any, decay: Any) -> Any:
    """``torch.optim.SGD`` that looks ahead."""
    g = fused(decay, p, g)
    velocity = fused(share, g, momentum * buffer)
    step = fused(momentum, velocity, g)
    return fused(-lr, step, p), where(momentum != ZERO, velocity, buffer)


def prepare_asgd(t: Any, lr: Any, lambd: Any, alpha: Any, decay: Any, eta: Any, begun: Any) -> Any:
    """A step uses the rate that the one before has left, which torch keeps in float32."""
    eta = where(begun > 0, eta, single(lr))
    following = single(lr / power(1 + lambd * lr * t, alpha))
    return 1 - lambd * eta, eta, decay, following, full(1.0, begun)


def move_asgd(p: Any, g: Any, shrink: Any, eta: Any, decay: Any) -> Any:
    """``torch.optim.ASGD``, without the average that it keeps beside the parameters."""
    g = fused(decay, p, g)
    return (fused(-eta, g, p * shrink),)

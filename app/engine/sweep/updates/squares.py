"""Adagrad, Adadelta and RMSprop."""

from typing import Any

from optiscope.engine.sweep.arithmetic import ZERO, sqrt, where


def prepare_adagrad(t: Any, lr: Any, lr_decay: Any, decay: Any, eps: Any) -> Any:
    """The rate falls by itself."""
    return lr / (1 + (t - 1) * lr_decay), decay, eps


def move_adagrad(p: Any, g: Any, total: Any, rate: Any, decay: Any, eps: Any) -> Any:
    """``torch.optim.Adagrad``."""
    g = g + decay * p
    total = total + g * g
    return p - rate * g / (sqrt(total) + eps), total


def prepare_adadelta(t: Any, lr: Any, rho: Any, eps: Any, decay: Any) -> Any:
    """Nothing depends on the step."""
    return lr, rho, 1 - rho, eps, decay


def move_adadelta(
    p: Any, g: Any, square: Any, moved: Any, lr: Any, rho: Any, rest: Any, eps: Any, decay: Any
) -> Any:
    """``torch.optim.Adadelta``."""
    g = g + decay * p
    square = rho * square + rest * (g * g)
    delta = sqrt(moved + eps) / sqrt(square + eps) * g
    moved = rho * moved + rest * (delta * delta)
    return p - lr * delta, square, moved


def prepare_rmsprop(t: Any, lr: Any, alpha: Any, eps: Any, decay: Any, momentum: Any) -> Any:
    """Nothing depends on the step."""
    return lr, alpha, 1 - alpha, eps, decay, momentum


def move_rmsprop(
    p: Any,
    g: Any,
    square: Any,
    buffer: Any,
    lr: Any,
    alpha: Any,
    rest: Any,
    eps: Any,
    decay: Any,
    momentum: Any,
) -> Any:
    """``torch.optim.RMSprop``."""
    g = g + decay * p
    square = alpha * square + rest * (g * g)
    scaled = g / (sqrt(square) + eps)
    velocity = momentum * buffer + scaled
    step = where(momentum > ZERO, velocity, scaled)
    return p - lr * step, square, where(momentum > ZERO, velocity, buffer)


def move_centered(
    p: Any,
    g: Any,
    square: Any,
    buffer: Any,
    mean: Any,
    lr: Any,
    alpha: Any,
    rest: Any,
    eps: Any,
    decay: Any,
    momentum: Any,
) -> Any:
    """``torch.optim.RMSprop`` that divides by the standard deviation."""
    g = g + decay * p
    square = alpha * square + rest * (g * g)
    mean = mean + rest * (g - mean)
    scaled = g / (sqrt(square - mean * mean) + eps)
    velocity = momentum * buffer + scaled
    step = where(momentum > ZERO, velocity, scaled)
    return p - lr * step, square, where(momentum > ZERO, velocity, buffer), mean

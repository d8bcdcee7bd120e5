"""Adagrad, Adadelta and RMSprop."""

from typing import Any

from optiscope.engine.sweep.arithmetic import ZERO, divided, divisor, fused, lerp, where


def prepare_adagrad(t: Any, lr: Any, lr_decay: Any, decay: Any, eps: Any) -> Any:
    """The rate falls by itself."""
    return lr / (1 + (t - 1) * lr_decay), decay, eps


def gather_adagrad(p: Any, g: Any, total: Any, rate: Any, decay: Any, eps: Any) -> Any:
    """The root of all squares so far."""
    g = fused(decay, p, g)
    total = fused(g, g, total)
    return g, total, total


def move_adagrad(p: Any, g: Any, root: Any, total: Any, rate: Any, decay: Any, eps: Any) -> Any:
    """``torch.optim.Adagrad``."""
    return p - rate * g / (root + eps), total


def prepare_adadelta(t: Any, lr: Any, rho: Any, eps: Any, decay: Any) -> Any:
    """Nothing depends on the step."""
    return lr, rho, 1 - rho, eps, decay


def gather_adadelta(
    p: Any, g: Any, square: Any, moved: Any, lr: Any, rho: Any, rest: Any, eps: Any, decay: Any
) -> Any:
    """The roots of the averages of squared steps and of squared gradients."""
    g = fused(decay, p, g)
    square = fused(rest * g, g, rho * square)
    return g, square, moved, moved + eps, square + eps


def move_adadelta(
    p: Any,
    g: Any,
    of_moved: Any,
    of_square: Any,
    square: Any,
    moved: Any,
    lr: Any,
    rho: Any,
    rest: Any,
    eps: Any,
    decay: Any,
) -> Any:
    """``torch.optim.Adadelta``."""
    delta = of_moved / of_square * g
    moved = fused(rest * delta, delta, rho * moved)
    return fused(-lr, delta, p), square, moved


def prepare_rmsprop(t: Any, lr: Any, alpha: Any, eps: Any, decay: Any, momentum: Any) -> Any:
    """Nothing depends on the step."""
    return lr, alpha, 1 - alpha, eps, decay, momentum


def gather_rmsprop(
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
    """The root of the average of squares."""
    g = fused(decay, p, g)
    square = fused(rest * g, g, alpha * square)
    return g, square, buffer, square


def move_rmsprop(
    p: Any,
    g: Any,
    root: Any,
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
    by = divisor(root + eps)
    velocity = momentum * buffer + divided(g, by)
    p = where(momentum > ZERO, fused(-lr, velocity, p), p - divided(lr * g, by))
    return p, square, where(momentum > ZERO, velocity, buffer)


def gather_centered(
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
    """The standard deviation."""
    g = fused(decay, p, g)
    square = fused(rest * g, g, alpha * square)
    mean = lerp(mean, g, rest)
    return g, square, buffer, mean, fused(-mean, mean, square)


def move_centered(
    p: Any,
    g: Any,
    root: Any,
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
    by = divisor(root + eps)
    velocity = momentum * buffer + divided(g, by)
    p = where(momentum > ZERO, fused(-lr, velocity, p), p - divided(lr * g, by))
    return p, square, where(momentum > ZERO, velocity, buffer), mean

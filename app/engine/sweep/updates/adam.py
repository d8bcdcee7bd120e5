"""Adam and those that follow it.

Weight decay is a part of the gradient, or shrinks the parameters themselves, as that of AdamW does: an update
is given both numbers, ``decay`` and ``shrinking``, of which one is 0.
"""

from typing import Any

from optiscope.engine.sweep.arithmetic import (
    ONE,
    ZERO,
    absolute,
    divided,
    divisor,
    fused,
    lerp,
    maximum,
    root,
    single,
    where,
)


def prepare_adam(
    t: Any,
    lr: Any,
    beta1: Any,
    beta2: Any,
    eps: Any,
    decay: Any,
    shrinking: Any,
    power1: Any,
    power2: Any,
) -> Any:
    """Both averages are corrected for their beginning at 0."""
    size = lr / (1 - power1)
    return size, divisor(root(1 - power2)), eps, decay, 1 - lr * shrinking, 1 - beta1, beta2, 1 - beta2


def gather_adam(
    p: Any,
    g: Any,
    m: Any,
    v: Any,
    size: Any,
    unbias: Any,
    eps: Any,
    decay: Any,
    shrink: Any,
    new1: Any,
    old2: Any,
    new2: Any,
) -> Any:
    """The averages of the gradient and of its square, of which the root is taken."""
    g = fused(decay, p, g)
    m = lerp(m, g, new1)
    v = fused(new2 * g, g, old2 * v)
    return g, m, v, v


def move_adam(
    p: Any,
    g: Any,
    root: Any,
    m: Any,
    v: Any,
    size: Any,
    unbias: Any,
    eps: Any,
    decay: Any,
    shrink: Any,
    new1: Any,
    old2: Any,
    new2: Any,
) -> Any:
    """``torch.optim.Adam`` and ``AdamW``."""
    return p * shrink - size * m / (divided(root, unbias) + eps), m, v


def gather_amsgrad(
    p: Any,
    g: Any,
    m: Any,
    v: Any,
    most: Any,
    size: Any,
    unbias: Any,
    eps: Any,
    decay: Any,
    shrink: Any,
    new1: Any,
    old2: Any,
    new2: Any,
) -> Any:
    """The same, but the root is of the largest average so far."""
    g = fused(decay, p, g)
    m = lerp(m, g, new1)
    v = fused(new2 * g, g, old2 * v)
    most = maximum(most, v)
    return g, m, v, most, most


def move_amsgrad(
    p: Any,
    g: Any,
    root: Any,
    m: Any,
    v: Any,
    most: Any,
    size: Any,
    unbias: Any,
    eps: Any,
    decay: Any,
    shrink: Any,
    new1: Any,
    old2: Any,
    new2: Any,
) -> Any:
    """``torch.optim.Adam`` and ``AdamW`` that divide by the largest average so far."""
    return p * shrink - size * m / (divided(root, unbias) + eps), m, v, most


def prepare_adamax(t: Any, lr: Any, beta1: Any, beta2: Any, eps: Any, decay: Any, power1: Any) -> Any:
    """The average is corrected for its beginning at 0."""
    return lr / (1 - power1), eps, decay, 1 - beta1, beta2


def move_adamax(
    p: Any, g: Any, m: Any, most: Any, size: Any, eps: Any, decay: Any, new1: Any, old2: Any
) -> Any:
    """``torch.optim.Adamax``."""
    g = fused(decay, p, g)
    m = lerp(m, g, new1)
    most = maximum(old2 * most, absolute(g) + eps)
    return p - size * m / most, m, most


def prepare_nadam(
    t: Any,
    lr: Any,
    beta1: Any,
    beta2: Any,
    eps: Any,
    decay: Any,
    shrinking: Any,
    momentum_decay: Any,
    power2: Any,
    warmth: Any,
    warmth_next: Any,
    product: Any,
) -> Any:
    """The momentum grows by what it is warmed up; the product is a float32 of torch."""
    mu = beta1 * (1 - 0.5 * warmth)
    mu_next = beta1 * (1 - 0.5 * warmth_next)
    product = single(product * single(mu))
    of_gradient = lr * (1 - mu) / (1 - product)
    of_average = lr * mu_next / (1 - product * mu_next)
    unbias = divisor(1 - power2)
    shrink = 1 - lr * shrinking
    return of_gradient, of_average, unbias, eps, decay, shrink, 1 - beta1, beta2, 1 - beta2, product


def gather_nadam(
    p: Any,
    g: Any,
    m: Any,
    v: Any,
    of_gradient: Any,
    of_average: Any,
    unbias: Any,
    eps: Any,
    decay: Any,
    shrink: Any,
    new1: Any,
    old2: Any,
    new2: Any,
) -> Any:
    """The root is of the squares' average, corrected for its beginning at 0."""
    g = fused(decay, p, g)
    m = lerp(m, g, new1)
    v = fused(new2 * g, g, old2 * v)
    return g, m, v, divided(v, unbias)


def move_nadam(
    p: Any,
    g: Any,
    root: Any,
    m: Any,
    v: Any,
    of_gradient: Any,
    of_average: Any,
    unbias: Any,
    eps: Any,
    decay: Any,
    shrink: Any,
    new1: Any,
    old2: Any,
    new2: Any,
) -> Any:
    """``torch.optim.NAdam``."""
    by = divisor(root + eps)
    return p * shrink - divided(of_gradient * g, by) - divided(of_average * m, by), m, v


def prepare_radam(
    t: Any,
    lr: Any,
    beta1: Any,
    beta2: Any,
    eps: Any,
    decay: Any,
    shrinking: Any,
    power1: Any,
    power2: Any,
) -> Any:
    """How far the squared average is trusted, 0 where it is not yet."""
    longest = 2 / (1 - beta2) - 1
    length = longest - 2 * t * power2 / (1 - power2)
    rectified = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
    trust = root(where(length > 5, rectified, 0.0))
    unbias1, unbias2 = divisor(1 - power1), root(1 - power2)
    return lr, unbias1, unbias2, trust, eps, decay, 1 - lr * shrinking, 1 - beta1, beta2, 1 - beta2


def gather_radam(
    p: Any,
    g: Any,
    m: Any,
    v: Any,
    lr: Any,
    unbias1: Any,
    unbias2: Any,
    trust: Any,
    eps: Any,
    decay: Any,
    shrink: Any,
    new1: Any,
    old2: Any,
    new2: Any,
) -> Any:
    """The averages of the gradient and of its square, of which the root is taken."""
    g = fused(decay, p, g)
    m = lerp(m, g, new1)
    v = fused(new2 * g, g, old2 * v)
    return g, m, v, v


def move_radam(
    p: Any,
    g: Any,
    root: Any,
    m: Any,
    v: Any,
    lr: Any,
    unbias1: Any,
    unbias2: Any,
    trust: Any,
    eps: Any,
    decay: Any,
    shrink: Any,
    new1: Any,
    old2: Any,
    new2: Any,
) -> Any:
    """``torch.optim.RAdam``."""
    step = divided(m, unbias1) * lr
    adapted = step * (ONE / (root + eps) * unbias2) * trust
    return p * shrink - where(trust > ZERO, adapted, step), m, v

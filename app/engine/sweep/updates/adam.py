"""Adam and those that follow it.

Weight decay is a part of the gradient, or shrinks the parameters themselves, as that of AdamW does: an update
is given both numbers, ``decay`` and ``shrinking``, of which one is 0.
"""

from typing import Any

from optiscope.engine.sweep.arithmetic import ZERO, absolute, full, maximum, single, sqrt, where


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
    return size, 1 / sqrt(1 - power2), eps, decay, 1 - lr * shrinking, 1 - beta1, beta2, 1 - beta2


def move_adam(
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
    """``torch.optim.Adam`` and ``AdamW``."""
    g = g + decay * p
    m = m + new1 * (g - m)
    v = old2 * v + new2 * (g * g)
    return p * shrink - size * m / (sqrt(v) * unbias + eps), m, v


def move_amsgrad(
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
    """``torch.optim.Adam`` and ``AdamW`` that divide by the largest average so far."""
    g = g + decay * p
    m = m + new1 * (g - m)
    v = old2 * v + new2 * (g * g)
    most = maximum(most, v)
    return p * shrink - size * m / (sqrt(most) * unbias + eps), m, v, most


def prepare_adamax(t: Any, lr: Any, beta1: Any, beta2: Any, eps: Any, decay: Any, power1: Any) -> Any:
    """The average is corrected for its beginning at 0."""
    return lr / (1 - power1), eps, decay, 1 - beta1, beta2


def move_adamax(
    p: Any, g: Any, m: Any, most: Any, size: Any, eps: Any, decay: Any, new1: Any, old2: Any
) -> Any:
    """``torch.optim.Adamax``."""
    g = g + decay * p
    m = m + new1 * (g - m)
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
    warm: Any,
    power2: Any,
    warmth: Any,
    product: Any,
) -> Any:
    """``warm`` is 0.96 to the momentum_decay, ``warmth`` that to the t; the product is a float32 of torch."""
    mu = beta1 * (1 - 0.5 * warmth)
    mu_next = beta1 * (1 - 0.5 * (warmth * warm))
    product = single(product * single(mu))
    of_gradient = lr * (1 - mu) / (1 - product)
    of_average = lr * mu_next / (1 - product * mu_next)
    unbias = 1 / sqrt(1 - power2)
    shrink = 1 - lr * shrinking
    return of_gradient, of_average, unbias, eps, decay, shrink, 1 - beta1, beta2, 1 - beta2, product


def move_nadam(
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
    """``torch.optim.NAdam``."""
    g = g + decay * p
    m = m + new1 * (g - m)
    v = old2 * v + new2 * (g * g)
    return p * shrink - (of_gradient * g + of_average * m) / (sqrt(v) * unbias + eps), m, v


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
    """The rate, and whether the squared average is trusted yet."""
    longest = 2 / (1 - beta2) - 1
    length = longest - 2 * t * power2 / (1 - power2)
    rectified = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
    trusted = where(length > 5, full(1.0, length), 0.0)
    rate = lr / (1 - power1)
    adaptive = rate * sqrt(where(length > 5, rectified, 0.0) * (1 - power2))
    return rate, adaptive, trusted, eps, decay, 1 - lr * shrinking, 1 - beta1, beta2, 1 - beta2


def move_radam(
    p: Any,
    g: Any,
    m: Any,
    v: Any,
    rate: Any,
    adaptive: Any,
    trusted: Any,
    eps: Any,
    decay: Any,
    shrink: Any,
    new1: Any,
    old2: Any,
    new2: Any,
) -> Any:
    """``torch.optim.RAdam``."""
    g = g + decay * p
    m = m + new1 * (g - m)
    v = old2 * v + new2 * (g * g)
    return p * shrink - where(trusted > ZERO, adaptive / (sqrt(v) + eps), rate) * m, m, v

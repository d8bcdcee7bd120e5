"""Activations and losses, each with its derivative, as short functions of one number or of many.

A loss gives ``value``, ``rest`` and the derivative: it is ``value + log1p(rest)``, with ``rest`` from 0 to 1.
"""

from torch import Tensor

from optiscope.engine.sweep.arithmetic import (
    HALF,
    HUNDREDTH,
    NORMAL,
    ONE,
    ROOT_HALF,
    TWENTY,
    TWO,
    ZERO,
    absolute,
    decay,
    erf,
    full,
    log1p,
    where,
)

CUTTING = frozenset({"relu"})
"""Activations that let an error through or do not, and never multiply it: an infinite one ends there."""


def relu(z: Tensor) -> tuple[Tensor, Tensor]:
    """``F.relu``."""
    return where(z < ZERO, ZERO, z), where(z > ZERO, full(ONE, z), ZERO)


def leaky_relu(z: Tensor) -> tuple[Tensor, Tensor]:
    """``F.leaky_relu``."""
    return where(z > ZERO, z, HUNDREDTH * z), where(z > ZERO, full(ONE, z), HUNDREDTH)


def elu(z: Tensor) -> tuple[Tensor, Tensor]:
    """``F.elu``."""
    e = decay(where(z > ZERO, ZERO, z))
    return where(z > ZERO, z, e - ONE), where(z > ZERO, ONE, e)


def gelu(z: Tensor) -> tuple[Tensor, Tensor]:
    """``F.gelu``, by the error function."""
    share = HALF * (ONE + erf(z * ROOT_HALF))
    return z * share, share + z * NORMAL * decay(-HALF * z * z)


def silu(z: Tensor) -> tuple[Tensor, Tensor]:
    """``F.silu``."""
    s = logistic(z)
    return z * s, s * (ONE + z * (ONE - s))


def tanh(z: Tensor) -> tuple[Tensor, Tensor]:
    """``torch.tanh``."""
    e = decay(-TWO * absolute(z))
    a = (ONE - e) / (ONE + e)
    a = where(z < ZERO, -a, a)
    return a, ONE - a * a


def sigmoid(z: Tensor) -> tuple[Tensor, Tensor]:
    """``torch.sigmoid``."""
    s = logistic(z)
    return s, s * (ONE - s)


def softplus(z: Tensor) -> tuple[Tensor, Tensor]:
    """``F.softplus``, which is the line itself above 20."""
    e = decay(-absolute(z))
    curve = where(z < ZERO, ZERO, z) + log1p(e)
    return where(z > TWENTY, z, curve), where(z > TWENTY, ONE, logistic(z))


def identity(z: Tensor) -> tuple[Tensor, Tensor]:
    """No bend."""
    return z, full(ONE, z)


def logistic(z: Tensor) -> Tensor:
    """1 / (1 + exp(-z)), by an exponential that never overflows."""
    e = decay(-absolute(z))
    return where(z < ZERO, e, ONE) / (ONE + e)


def squared_error(z: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """``F.mse_loss`` of one sample; no logarithm is in it."""
    return (z - y) * (z - y), full(ZERO, z), TWO * (z - y)


def logistic_loss(z: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """``F.binary_cross_entropy_with_logits`` of one sample: a number and the logarithm of 1 + another.

    The sum of many such logarithms is the one of a product, so a kernel takes one for many samples. Torch
    subtracts ``z`` from itself where it is below 0, and rounds at its size; here nothing cancels.
    """
    e = decay(-absolute(z))
    return (ONE - y) * z - where(z > ZERO, ZERO, z), e, logistic(z) - y

"""The few functions that updates, bends and losses are written in, for tensors of all members at once.

A kernel is made of the same sources: there these names are functions of single numbers, and the constants
have the kernel's dtype, so that no number grows to float64 on the way.
"""

import math

import torch
from torch import Tensor

ZERO = 0.0
ONE = 1.0
TWO = 2.0
HALF = 0.5
TWENTY = 20.0
HUNDREDTH = 0.01
ROOT_HALF = 0.5**0.5
NORMAL = 1 / math.sqrt(2 * math.pi)

sqrt = torch.sqrt
where = torch.where
maximum = torch.maximum
minimum = torch.minimum
absolute = torch.abs
sign = torch.sign
log1p = torch.log1p
erf = torch.erf


def fused(a: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """``a * b + c``, rounded once or twice, as all such sums of torch are."""
    return torch.addcmul(c, a, b)


lerp = torch.lerp


def divisor(x: Tensor) -> Tensor:
    """What ``divided`` divides by."""
    return x


def divided(x: Tensor, by: Tensor) -> Tensor:
    """A quotient."""
    return x / by


def power(base: Tensor | float, exponent: Tensor | float) -> Tensor:
    """A power as Python takes it, whose last bit torch's own functions have otherwise."""
    given = (torch.as_tensor(x, dtype=torch.float64) for x in (base, exponent))
    both = torch.stack(torch.broadcast_tensors(*given))
    if bool((both == both[:, :1]).all()):
        return torch.full_like(both[0], _power(*both[:, 0].tolist()))
    return torch.tensor([_power(*pair) for pair in both.T.tolist()], dtype=torch.float64)


def _power(base: float, exponent: float) -> float:
    try:
        return float(base**exponent)
    except OverflowError:
        return math.inf


def root(x: Tensor) -> Tensor:
    """A square root as Python's ``x ** 0.5`` rounds it."""
    return power(x, 0.5)


def decay(x: Tensor) -> Tensor:
    """The exponential of no x above 0."""
    return torch.exp(x)


def single(x: Tensor) -> Tensor:
    """A number as float32 keeps it, in which torch keeps some numbers of a state."""
    return x.float().double()


def full(value: float, like: Tensor) -> Tensor:
    """A number for each of others."""
    return torch.full_like(like, value)

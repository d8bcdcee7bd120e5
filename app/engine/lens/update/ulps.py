"""How far two floating-point numbers are apart, in units of the last place."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_BITS = {torch.float32: torch.int32, torch.float64: torch.int64, torch.bfloat16: torch.int16}


def ulps_between(one: Tensor, other: Tensor) -> NDArray[np.uint64]:
    """The numbers of their dtype that lie from one to the other, element by element; 0 where bits are equal.

    Two that are not a number are equal, one is as far from any number as there are numbers.

    Args:
        one: Of any floating-point dtype.
        other: Of the same shape; its dtype counts.
    """
    here, there = _place(one.to(other.dtype)), _place(other)
    apart = np.maximum(here, there) - np.minimum(here, there)
    return np.where((torch.isnan(one) & torch.isnan(other)).numpy(), np.uint64(0), apart)


def _place(tensor: Tensor) -> NDArray[np.uint64]:
    """Where each number stands among all of its dtype, in their order."""
    signed = tensor.detach().contiguous().view(_BITS[tensor.dtype]).numpy().astype(np.int64)
    sign = np.uint64(1 << 63)
    magnitude = (signed & np.int64(2 ** (8 * tensor.element_size() - 1) - 1)).view(np.uint64)
    return np.where(signed < 0, sign - np.uint64(1) - magnitude, sign + magnitude)

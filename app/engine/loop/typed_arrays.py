"""Arrays as they travel: ``{"dtype", "shape", "bdata"}``, the last in base64, as Plotly reads them."""

import base64
import binascii
from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

DTYPES: Mapping[str, str] = {"f4": "<f4", "f8": "<f8"}

_DIGITS = 12
"""Of a size: more than any array that is sent has."""


def typed(array: NDArray[np.floating[Any]]) -> dict[str, str]:
    """``array`` as a base64 typed array: float32 as ``f4``, everything else as ``f8``."""
    dtype = "f4" if array.dtype == np.float32 else "f8"
    data = base64.b64encode(array.astype(DTYPES[dtype], copy=False).tobytes())
    return {"dtype": dtype, "shape": ", ".join(map(str, array.shape)), "bdata": data.decode("ascii")}


def untyped(value: Mapping[str, Any]) -> NDArray[np.floating[Any]]:
    """What :func:`typed` wrote, whoever sent it.

    Raises:
        ValueError: If it is no typed array, or holds more or less than it says.
    """
    if value.keys() != {"dtype", "shape", "bdata"} or not all(isinstance(v, str) for v in value.values()):
        raise ValueError("no typed array")
    if value["dtype"] not in DTYPES:
        raise ValueError(f"no dtype of ours: {value['dtype'][:8]!r}")
    sizes = value["shape"].split(", ")
    if not all(size.isascii() and size.isdecimal() and len(size) <= _DIGITS for size in sizes):
        raise ValueError("no shape")
    shape = tuple(map(int, sizes))
    try:
        data = base64.b64decode(value["bdata"], validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error
    dtype = np.dtype(DTYPES[value["dtype"]])
    if len(data) != prod(shape) * dtype.itemsize:
        raise ValueError(f"shape {value['shape']} does not fit {len(data)} bytes")
    return np.frombuffer(data, dtype).reshape(shape)

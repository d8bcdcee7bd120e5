"""The square roots that torch takes in float64, for kernels that must have its bits.

With Intel's library torch's root is not always the float64 that is next to the true one, and which it is
depends on the processor. There a kernel calls the function that torch calls; elsewhere any root is the same.
"""

import ctypes
import math
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import torch

SYMBOL = "optiscope_roots"
"""Under which name compiled code finds the function."""

MODE = 0x140102
"""As torch calls it: high accuracy, small numbers are kept, nothing is said of errors."""

_TRIES = 2048
_LIBRARIES = ("libtorch_cpu.so", "libtorch_cpu.dylib", "torch_cpu.dll")


@lru_cache(maxsize=1)
def address() -> int | None:
    """Where the function that takes torch's roots is; None where any root is the same, or it is not found."""
    numbers = torch.rand(_TRIES, dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 4
    wanted = numbers.sqrt()
    if wanted.tolist() == [math.sqrt(x) for x in numbers.tolist()]:
        return None
    folder = Path(torch.__file__).parent / "lib"
    for path in (folder / name for name in _LIBRARIES):
        if path.exists():
            function = getattr(ctypes.CDLL(str(path)), "VMDSQRT_", None)
            if function is not None and _roots_by(function, numbers.tolist()) == wanted.tolist():
                return ctypes.cast(function, ctypes.c_void_p).value
    return None


def _roots_by(function: Callable[..., object], numbers: list[float]) -> list[float]:
    given = (ctypes.c_double * len(numbers))(*numbers)
    count, mode = ctypes.c_int32(len(numbers)), ctypes.c_int64(MODE)
    function(ctypes.byref(count), given, given, ctypes.byref(mode))
    return list(given)


def register() -> None:
    """Let code that numba compiles, or has compiled, find the function."""
    from llvmlite import binding  # type: ignore[import-untyped]  # noqa: PLC0415 - where there is a kernel alone

    binding.add_symbol(SYMBOL, address())

"""Kernels: written into a folder, compiled by numba once, and found there by the next process.

This module does not import numba until a kernel is loaded, which only workers do.
"""

import hashlib
import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from optiscope.engine.sweep.lanes import Net
from optiscope.engine.sweep.source import source_of


@dataclass(frozen=True, slots=True)
class Kernel:
    """The two functions of a kernel, compiled or not.

    Attributes:
        train: Takes steps of some lanes, see ``source.py``.
        measure: The mean loss of samples, of each lane.
        lanes: How many lanes it takes at once.
    """

    train: Callable[..., None]
    measure: Callable[..., None]
    lanes: int


@lru_cache
def numba_version() -> str | None:
    """The version of numba, None where it is not installed; nothing is imported."""
    try:
        return metadata.version("numba")
    except metadata.PackageNotFoundError:
        return None


def _text(net: Net) -> str:
    return f"# For numba {numba_version()}, numpy {np.__version__}.\n{source_of(net)}"


@lru_cache(maxsize=1024)
def _name(net: Net) -> str:
    """The file of its kernel: a hash of the text, which takes a millisecond to write."""
    return f"k_{hashlib.sha256(_text(net).encode()).hexdigest()[:32]}.py"


def _path(net: Net, folder: Path) -> Path:
    return folder / _name(net)


def is_compiled(net: Net, folder: Path) -> bool:
    """Whether a kernel lies in the folder, compiled."""
    return numba_version() is not None and _path(net, folder).with_suffix(".done").exists()


def load(net: Net, folder: Path) -> Kernel:
    """The kernel of a network, out of the folder if it is there; else it is compiled, which takes seconds."""
    os.environ.setdefault("NUMBA_NUM_THREADS", "1")
    path = _path(net, folder)
    module = sys.modules.get(path.stem)
    if module is None or module.__file__ != str(path) or not path.exists():
        _write(path, _text(net))
        module = _imported(path)
    kernel = Kernel(module.train, module.measure, net.lanes)
    done = path.with_suffix(".done")
    if not done.exists():
        _compile(net, kernel)
        done.touch()
    return kernel


def _write(path: Path, text: str) -> None:
    """Write a module whole, or not at all, whoever else writes the same one."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(text, encoding="utf-8")
        part.replace(path)


def _imported(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None  # noqa: S101 - it is a file of Python's
    assert spec.loader is not None  # noqa: S101 - same
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _compile(net: Net, kernel: Kernel) -> None:
    """Call it with no lanes, and arrays of the types that it is always given."""
    dtype = net.dtype
    flat, plane, cube = (np.zeros((1,) * n, dtype) for n in (1, 2, 3))
    row, whole = np.zeros(1, np.int32), np.zeros((1, 3), np.int32)
    numbers, number = np.zeros((1, 1)), np.zeros(1)
    train = (plane, flat, whole, row, 1, dtype(1), whole, whole, row, 0, 0)
    lanes = (plane, cube, numbers, numbers, numbers, np.zeros((1, 1, 1)), row, flat, flat, numbers, numbers)
    kernel.train(0, 0, 0, 0, *train, *lanes, number, numbers)
    kernel.measure(0, 0, plane, plane, flat, flat)

"""Arrays that lie in a file while they are large, so that they take room on the disk and not in memory."""

import mmap
import os
import tempfile
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

IN_MEMORY = 2**25
"""Bytes from which on an array lies in a file."""

_AT_ONCE = 2**20
"""Entries that are filled at once."""


class Scratch:
    """Arrays of one owner; their files have no name, and are gone with them."""

    def __init__(self) -> None:
        self._maps: list[mmap.mmap] = []

    def full(self, shape: tuple[int, ...], value: float, dtype: DTypeLike) -> NDArray[Any]:
        """An array filled with one value, as ``np.full`` makes it.

        Raises:
            OSError: If there is no room for it.
        """
        nbytes = int(np.prod(shape)) * np.dtype(dtype).itemsize
        if nbytes < IN_MEMORY:
            return np.full(shape, value, dtype)
        with tempfile.TemporaryFile() as file:
            if hasattr(os, "posix_fallocate"):  # a disk that is full later would end this process
                os.posix_fallocate(file.fileno(), 0, nbytes)
            else:
                file.truncate(nbytes)
            self._maps.append(mmap.mmap(file.fileno(), nbytes))
        flat = np.frombuffer(self._maps[-1], dtype)
        for first in range(0, len(flat), _AT_ONCE):
            flat[first : first + _AT_ONCE] = value
            self.leave()
        return flat.reshape(shape)

    def leave(self) -> None:
        """Leave to the disk what was read or written of them; what is needed again is read again."""
        if hasattr(mmap, "MADV_DONTNEED"):
            for one in self._maps:
                one.madvise(mmap.MADV_DONTNEED)

"""Blocks of records as bytes and back, exactly: NaN, infinities, signed zeros and all.

::

    magic (4 bytes)   length of the head (4 bytes)   head (JSON)   arrays (little endian, one after another)

The head is the blocks as JSON in which every array is the list ``[dtype, shape, offset]``.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import orjson

from optiscope.engine.loop.recorder import Array, Block

MAGIC = b"OSB1"

_HEAD = struct.Struct("<4sI")
_DTYPES = frozenset({"<f4", "<f8"})
_NAMES = tuple(field.name for field in fields(Block))


def encode_blocks(blocks: Sequence[Block]) -> bytes:
    """The blocks as one text of bytes."""
    arrays = _Arrays()
    head = orjson.dumps([{name: arrays.put(getattr(block, name)) for name in _NAMES} for block in blocks])
    return b"".join([_HEAD.pack(MAGIC, len(head)), head, *arrays.parts])


def decode_blocks(data: bytes) -> list[Block]:
    """The blocks that ``encode_blocks`` wrote; their arrays are read-only views of ``data``.

    Raises:
        ValueError: If ``data`` is anything else.
    """
    magic, length = _HEAD.unpack_from(data)
    if magic != MAGIC:
        raise ValueError("these bytes are not blocks of records")
    begin = _HEAD.size + length
    head = orjson.loads(data[_HEAD.size : begin])
    rest = memoryview(data)[begin:]
    return [Block(**{name: _taken(block[name], rest) for name in _NAMES}) for block in head]


class _Arrays:
    """Arrays laid one after another."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self._end = 0

    def put(self, value: Any) -> Any:
        """``value`` with every array in it laid down, and its place in its stead."""
        if isinstance(value, Mapping):
            return {name: self.put(part) for name, part in value.items()}
        return self._lay(value) if isinstance(value, np.ndarray) else value

    def _lay(self, array: Array) -> list[Any]:
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        if little.dtype.str not in _DTYPES:
            raise ValueError(f"records hold float32 and float64, got {array.dtype}")
        place = [little.dtype.str, list(array.shape), self._end]
        self.parts.append(little.tobytes())
        self._end += little.nbytes
        return place


def _taken(value: Any, rest: memoryview) -> Any:
    """``value`` with the arrays of ``rest`` in the stead of their places."""
    if isinstance(value, dict):
        return {name: _taken(part, rest) for name, part in value.items()}
    if not isinstance(value, list):
        return value
    dtype, shape, offset = value
    if dtype not in _DTYPES:
        raise ValueError(f"records hold float32 and float64, got {dtype}")
    count = int(np.prod(shape, dtype=np.int64))
    return np.frombuffer(rest, dtype, count, offset).reshape(shape)

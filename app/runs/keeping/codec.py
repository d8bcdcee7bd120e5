"""Blocks of records as bytes and back, exactly: NaN, infinities, signed zeros and all.

::

    magic (4 bytes)   checksum (4 bytes)   length of the head (4 bytes)   head (JSON)   arrays (little endian)

The checksum (CRC-32) is that of everything behind it. The head is a list of blocks,
``{"first", "every", "columns"}``; in its columns every array is ``[dtype, shape, offset]``, and the arrays
lie one after another. The first form, ``OSB1``, had no checksum, and its columns were the fields that a block
had then; it is read as far as it holds what a run can record.
"""

import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson

from optiscope.engine.loop.block import Array, Block, Column, arrays_of, mapped

MAGIC = b"OSB2"
_OLD_MAGIC = b"OSB1"

_UINT = struct.Struct("<I")
_DTYPES = frozenset({"<f4", "<f8"})


class DamagedBlocksError(ValueError):
    """These bytes are not, or no longer, blocks of records."""


def encode_blocks(blocks: Sequence[Block]) -> bytes:
    """The blocks as one text of bytes."""
    arrays = _Arrays()
    head = orjson.dumps(
        [{"first": b.first, "every": b.every, "columns": mapped(arrays.put, b.columns())} for b in blocks]
    )
    sealed = [_UINT.pack(len(head)), head, *arrays.parts]
    checksum = 0
    for part in sealed:
        checksum = zlib.crc32(part, checksum)
    return b"".join([MAGIC, _UINT.pack(checksum), *sealed])


def decode_blocks(data: bytes) -> list[Block]:
    """The blocks that ``encode_blocks`` wrote, now or in its first form; their arrays are views of ``data``.

    Raises:
        DamagedBlocksError: If ``data`` is anything else.
    """
    try:
        if data[:4] == _OLD_MAGIC:
            return _decoded_old(memoryview(data)[4:])
        if data[:4] != MAGIC:
            raise DamagedBlocksError("these bytes are not blocks of records")
        (checksum,) = _UINT.unpack_from(data, 4)
        sealed = memoryview(data)[8:]
        if zlib.crc32(sealed) != checksum:
            raise DamagedBlocksError("the checksum is not that of these records")
        laid = _Laid(sealed)
        return [Block.of(block["first"], laid.take(block["columns"]), block["every"]) for block in laid.head]
    except (struct.error, KeyError, TypeError, AttributeError, ValueError) as error:
        raise DamagedBlocksError(str(error)) from error


def checksum_of(data: bytes) -> bytes:
    """The magic and the checksum of blocks as bytes: what stands for all of them."""
    return data[:8]


class _Arrays:
    """Arrays laid one after another."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self._end = 0

    def put(self, array: Array) -> list[Any]:
        """The place at which ``array`` is laid down."""
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        if little.dtype.str not in _DTYPES:
            raise ValueError(f"records hold float32 and float64, got {array.dtype}")
        place = [little.dtype.str, list(array.shape), self._end]
        self.parts.append(little.tobytes())
        self._end += little.nbytes
        return place


class _Laid:
    """Arrays that lie one after another, behind a head that says where."""

    def __init__(self, data: memoryview) -> None:
        (length,) = _UINT.unpack_from(data)
        self._arrays = data[_UINT.size + length :]
        self._end = 0
        self.head = orjson.loads(data[_UINT.size : _UINT.size + length])

    def take(self, value: Any) -> Any:
        """``value`` with arrays in the stead of their places."""
        if isinstance(value, dict):
            return {name: self.take(part) for name, part in value.items()}
        return self._array(*value) if isinstance(value, list) else value

    def _array(self, dtype: str, shape: list[int], offset: int) -> Array:
        if dtype not in _DTYPES or offset != self._end:
            raise DamagedBlocksError(f"there is no array of {dtype} at {offset}")
        count = int(np.prod(shape, dtype=np.int64))
        array: Array = np.frombuffer(self._arrays, dtype, count, offset).reshape(shape)
        self._end += array.nbytes
        return array

    def require_end(self) -> None:
        """Refuse bytes that belong to no array."""
        if self._end != len(self._arrays):
            raise DamagedBlocksError("there is more than the arrays of the head")


def _decoded_old(data: memoryview) -> list[Block]:
    laid = _Laid(data)
    found = [_old_block(laid.take(fields)) for fields in laid.head]
    laid.require_end()
    _require_plausible(found)
    return found


def _old_block(fields: dict[str, Any]) -> Block:
    """A block of the first form, in which a column that a run has not was null."""
    clipped = fields.pop("clipped_grad_norm")
    first = fields.pop("first")
    return Block.of(first, fields if clipped is None else fields | {"clipped_grad_norm": clipped})


def _require_plausible(blocks: Sequence[Block]) -> None:
    """Refuse what no run records: what a form without a checksum shows of damage."""
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if any(len(array) != len(block) for array in arrays_of(block.columns())):
            raise DamagedBlocksError("the columns of a block differ in length")
        if block.grads is not None and block.grads.keys() != block.params.keys():
            raise DamagedBlocksError("the gradients are not those of the parameters")
        if not block.state.keys() <= block.params.keys():
            raise DamagedBlocksError("the state is not that of the parameters")
        if following is not None and following.first != block.steps.stop:
            raise DamagedBlocksError("the records do not follow each other")
    _require_numbers(blocks)


def _require_numbers(blocks: Sequence[Block]) -> None:
    """Only where a run ends, by diverging, a parameter is infinite or the loss is not a number."""
    for index, block in enumerate(blocks):
        rows = len(block) - (index == len(blocks) - 1)
        columns: Mapping[str, Column] = {"loss": block.loss, **block.params}
        for name, column in columns.items():
            for array in arrays_of(column):
                wrong = np.isnan(array[:rows]) if name == "loss" else ~np.isfinite(array[:rows])
                if wrong.any():
                    raise DamagedBlocksError(f"{name} is not finite, and the run went on")

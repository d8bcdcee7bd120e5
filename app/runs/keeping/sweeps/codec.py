"""Cells as bytes and back, exactly, each column in the smallest type that holds all of it.

::

    magic (4 bytes)  checksum (4 bytes)  length of the head (4 bytes)  head (JSON)  columns (little endian)

The checksum (CRC-32) is that of everything behind it; the head is ``{name: [kept as, given as, shape]}``, and
the columns lie one after another in its order. A float32 sweep has float64 columns of which half is zeros.
"""

import struct
import zlib
from dataclasses import fields
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from optiscope.engine.sweep.cells import Cells

MAGIC: Final = b"OSC1"

_UINT = struct.Struct("<I")
_SMALLER = {"f8": ("<f4",), "i8": ("<i1", "<i2", "<i4")}
_DTYPES = frozenset({"<f4", "<f8", "|i1", "<i2", "<i4", "<i8"})


class DamagedCellsError(ValueError):
    """These bytes are not, or no longer, cells."""


def encode_cells(cells: Cells) -> bytes:
    """The cells as bytes."""
    columns = {name: (column, _small(column)) for name, column in cells.columns().items()}
    head = orjson.dumps(
        {name: [small.dtype.str, given.dtype.str, given.shape] for name, (given, small) in columns.items()}
    )
    parts = [_UINT.pack(len(head)), head, *(small.tobytes() for _, small in columns.values())]
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    return b"".join([MAGIC, _UINT.pack(checksum), *parts])


def decode_cells(data: bytes) -> Cells:
    """The cells that :func:`encode_cells` wrote.

    Raises:
        DamagedCellsError: If ``data`` is anything else.
    """
    try:
        return _decoded(data)
    except (struct.error, TypeError, AttributeError, ValueError) as error:
        raise DamagedCellsError(str(error)) from error


def _decoded(data: bytes) -> Cells:
    if data[:4] != MAGIC:
        raise DamagedCellsError("these bytes are not cells")
    sealed = memoryview(data)[8:]
    if zlib.crc32(sealed) != _UINT.unpack_from(data, 4)[0]:
        raise DamagedCellsError("the checksum is not that of these cells")
    (length,) = _UINT.unpack_from(sealed)
    place = _UINT.size + length
    columns: dict[str, Any] = dict.fromkeys(field.name for field in fields(Cells))
    for name, (kept, given, shape) in orjson.loads(sealed[_UINT.size : place]).items():
        if not {kept, given} <= _DTYPES:
            raise DamagedCellsError(f"there is no column of {kept}")
        count = int(np.prod(shape, dtype=np.int64))
        column = np.frombuffer(sealed, kept, count, place)
        columns[name] = column.reshape(shape).astype(given)
        place += column.nbytes
    return Cells(**columns)


def _small(column: NDArray[Any]) -> NDArray[Any]:
    """The same numbers in the smallest type that has all of them."""
    given = column.astype(column.dtype.newbyteorder("<"), copy=False)
    for smaller in _SMALLER.get(given.dtype.str[1:], ()):
        with np.errstate(over="ignore"):
            small = given.astype(smaller)
        if np.array_equal(small.astype(given.dtype), given, equal_nan=given.dtype.kind == "f"):
            return small
    return given

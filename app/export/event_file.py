"""A run as TensorBoard reads it: a file of events, a record each, of which every one has its checksums.

::

    length (8 bytes)   checksum of it (4)   event (protocol buffer)   checksum of it (4)

An event is its time, its step and a summary: values, each a tag and a number; the first has the config as a
text. Numbers are float32, as TensorBoard has no others.
"""

import struct
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from optiscope.export.about import Recorded
from optiscope.export.choosing import KEY
from optiscope.export.event_parts import DELIMITED, FIXED32, field, key, varint

Sums = NDArray[np.uint32]

_TIME = b"\x09" + bytes(8)


def _table() -> Sums:
    """CRC-32C of each byte."""
    sums = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        sums = (sums >> np.uint32(1)) ^ (sums & np.uint32(1)) * np.uint32(0x82F63B78)
    return sums


_TABLE = _table()
_AT_ONCE = 2**12
"""Records whose checksums are computed side by side."""


def masked_sums(records: Sequence[bytes]) -> Sums:
    """The checksum of each, as such files have it."""
    lengths = np.array([len(record) for record in records])
    longest = int(lengths.max())
    texts = np.frombuffer(b"".join(record.ljust(longest, b"\0") for record in records), np.uint8)
    texts = texts.reshape(len(records), longest)
    sums: Sums = np.full(len(records), 0xFFFFFFFF, np.uint32)
    for place in range(longest):
        following = _TABLE[(sums ^ texts[:, place]) & 0xFF] ^ (sums >> np.uint32(8))
        sums = np.where(place < lengths, following, sums)
    sums = ~sums
    rotated: Sums = (sums >> np.uint32(15)) | (sums << np.uint32(17))
    return rotated + np.uint32(0xA282EAD8)


def event_file(run: Recorded) -> bytes:
    """All of it."""
    events = [_TIME + field(3, b"brain.Event:2"), _TIME + field(5, field(1, _text(run.about.text())))]
    events += _scalars(run)
    return b"".join(_framed(events))


def _framed(events: Sequence[bytes]) -> Iterator[bytes]:
    for first in range(0, len(events), _AT_ONCE):
        some = events[first : first + _AT_ONCE]
        heads = [struct.pack("<Q", len(event)) for event in some]
        sums = zip(masked_sums(heads).tolist(), masked_sums(some).tolist(), strict=True)
        for head, event, (of_head, of_event) in zip(heads, some, sums, strict=True):
            yield head + struct.pack("<I", of_head) + event + struct.pack("<I", of_event)


def _scalars(run: Recorded) -> Iterator[bytes]:
    """An event for each record, with those numbers that it has."""
    tags = []
    columns = []
    for name, values, present in run.table.scalars():
        tag = field(1, name.replace(".", "/", 1).encode()) + key(2, FIXED32)
        tags.append(key(1, DELIMITED) + varint(len(tag) + 4) + tag)
        columns.append((values.astype("<f4"), present))
    for row, step in enumerate(run.table.steps.tolist()):
        parts = (tag + v[row].tobytes() for tag, (v, there) in zip(tags, columns, strict=True) if there[row])
        yield _TIME + b"\x10" + varint(step) + field(5, b"".join(parts))


def _text(text: str) -> bytes:
    """A summary value that is a text, by the plugin that shows texts."""
    plugin = field(1, field(1, b"text")) + b"\x20\x02"
    tensor = b"\x08\x07" + field(2, field(2, b"\x08\x01")) + field(8, text.encode())
    return field(1, KEY.encode()) + field(9, plugin) + field(8, tensor)

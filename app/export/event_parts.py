"""Protocol buffers, as far as files of events are made of them, written and read back."""

from collections.abc import Iterator

import numpy as np

VARINT, FIXED64, DELIMITED, FIXED32 = 0, 1, 2, 5

_MOST_BITS = 56

HEAD_BYTES, FOOT_BYTES = 12, 4
"""Around a record: its length and a checksum of that; its own checksum."""


def field(number: int, data: bytes) -> bytes:
    """A field that is a text, or made of fields."""
    return key(number, DELIMITED) + varint(len(data)) + data


def key(number: int, kind: int) -> bytes:
    """What a field begins with."""
    return varint(number << 3 | kind)


def varint(number: int) -> bytes:
    """A whole number."""
    parts = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits a byte
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def text_in(file: bytes) -> str:
    """The text that a file of events of ours begins with.

    Raises:
        ValueError, LookupError: If it is none.
    """
    _, summary = [fields(event) for _, event in zip(range(2), _records(file), strict=False)]
    [value] = (fields(part) for part in fields(_one(summary, 5)).get(1, ()) if isinstance(part, bytes))
    return _one(fields(_one(value, 8)), 8).decode()


def scalars_in(file: bytes) -> Iterator[tuple[int, dict[str, float]]]:
    """The step of each event with numbers, and these by their tags.

    Raises:
        ValueError, LookupError: If it is no such file.
    """
    for number, event in enumerate(_records(file)):
        if number > 1:
            found = fields(event)
            [step] = found.get(2, [0])
            values = map(fields, _parts(fields(_one(found, 5)), 1))
            yield int(step), {_one(v, 1).decode(): float(np.frombuffer(_one(v, 2), "<f4")[0]) for v in values}


Fields = dict[int, list[bytes | int]]
"""What a message holds, by the numbers of its fields."""


def _records(file: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(file):
        begin = at + HEAD_BYTES
        end = begin + int.from_bytes(file[at : at + 8], "little")
        at = end + FOOT_BYTES
        if at > len(file):
            raise ValueError("the file breaks off")
        yield file[begin:end]


def fields(data: bytes) -> Fields:
    """The fields of a message by number.

    Raises:
        ValueError, LookupError: If it is none.
    """
    found: Fields = {}
    at = 0
    while at < len(data):
        head, at = _number(data, at)
        number, kind = head >> 3, head & 7
        value: bytes | int
        if kind == VARINT:
            value, at = _number(data, at)
        else:
            size = 4 if kind == FIXED32 else 8
            if kind == DELIMITED:
                size, at = _number(data, at)
            value, at = data[at : at + size], at + size
        found.setdefault(number, []).append(value)
    return found


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A whole number, and where it ends."""
    found = shift = 0
    while data[at] > 0x7F:  # noqa: PLR2004 - seven bits a byte
        if shift > _MOST_BITS:
            raise ValueError("a number of more than 64 bits")
        found |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return found | data[at] << shift, at + 1


def _parts(message: Fields, number: int) -> Iterator[bytes]:
    return (part for part in message.get(number, ()) if isinstance(part, bytes))


def _one(message: Fields, number: int) -> bytes:
    [found] = _parts(message, number)
    return found

"""TensorBoard's files of events as a watched run: its scalars by tag and step.

They are looked at as a stranger's: each record stands between checksums, which are held to. What is
no scalar, such as a picture, is passed over.
"""

import struct
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import say
from optiscope.engine.loop.block import Array, Block, Column
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.export.event_file import masked_sums
from optiscope.export.event_parts import FOOT_BYTES, HEAD_BYTES, Fields, fields
from optiscope.watching.events import LARGEST_STEP, LONGEST_NAME, Beginning, line_of

_LONGEST = 2**16
"""A longer record holds something else than scalars."""

_TOGETHER = 2**21
"""Bytes whose checksums are computed side by side, about."""

_MOST_TAGS = 1000
_MOST_NUMBERS = 2**24
_MOST_RECORDS = 4096
"""Of one block."""

_LOSS = (
    "loss",
    "train/loss",
    "train_loss",
    "Loss/train",
    "training_loss",
    "loss/train",
    "Loss",
    "train/total_loss",
)
_RATE = ("lr", "learning_rate", "train/learning_rate", "train/lr", "lr/group0", "optimizer/lr")
"""Under these tags people log the loss and the rate, the first that is there counts."""

_FLOAT, _DOUBLE = 1, 2
"""The types of a tensor that is a number."""


def is_event_file(head: bytes) -> bool:
    """Whether a file that begins so is one of events: its first length has the right checksum."""
    return len(head) >= HEAD_BYTES and _sum_of(head, 8) == int(masked_sums([head[:8]])[0])


def lines_of_events(data: bytes, most_bytes: int) -> bytes:
    """A file of events as the lines of a watched run.

    Args:
        data: The file; a last record that is not whole is left out.
        most_bytes: Of the lines, which may be many times as long as the file: of steps that lie unevenly
            each few have all tags.

    Raises:
        ConfigError: If a checksum is wrong, if it holds no scalars, or too many.
    """
    scalars = _Scalars()
    for batch in _batches(data):
        scalars.take(batch)
    lines = bytearray()
    for event in scalars.events():
        lines += line_of(event)
        if len(lines) > most_bytes:
            raise scalars.too_many()
    return bytes(lines)


def _sum_of(data: bytes, at: int) -> int:
    (found,) = struct.unpack_from("<I", data, at)
    return int(found)


def _records(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each whole record begins and ends."""
    at = 0
    while at + HEAD_BYTES <= len(data):
        (size,) = struct.unpack_from("<Q", data, at)
        end = at + HEAD_BYTES + size
        if end + FOOT_BYTES > len(data):
            _require(data, [at], [data[at : at + 8]], 8)
            return
        yield at, end
        at = end + FOOT_BYTES


def _batches(data: bytes) -> Iterator[list[bytes]]:
    """The records that may hold scalars, some together, once their checksums have been held to."""
    some: list[tuple[int, int]] = []
    longest = 0
    for begin, end in _records(data):
        size = min(end - begin, _LONGEST + 1)
        if some and max(longest, size) * (len(some) + 1) > _TOGETHER:
            yield _checked(data, some)
            some, longest = [], 0
        some.append((begin, end))
        longest = max(longest, size)
    if some:
        yield _checked(data, some)


def _checked(data: bytes, places: Sequence[tuple[int, int]]) -> list[bytes]:
    _require(data, [at for at, _ in places], [data[at : at + 8] for at, _ in places], 8)
    short = [(at + HEAD_BYTES, end) for at, end in places if end - at - HEAD_BYTES <= _LONGEST]
    records = [data[begin:end] for begin, end in short]
    _require(data, [end for _, end in short], records, 0)
    return records


def _require(data: bytes, places: Sequence[int], parts: Sequence[bytes], behind: int) -> None:
    """Refuse parts that are not what their checksums say, which stand so far behind the places."""
    for at, found in zip(places, masked_sums(parts).tolist() if parts else [], strict=True):
        if found != _sum_of(data, at + behind):
            raise ConfigError.at("", say("event_file_damaged", byte=at))


class _Scalars:
    """The scalars of a file, by tag."""

    def __init__(self) -> None:
        self._steps: dict[str, array[int]] = {}
        self._values: dict[str, array[float]] = {}

    def take(self, records: Sequence[bytes]) -> None:
        """Those of some records."""
        for record in records:
            try:
                self._of_event(fields(record))
            except ConfigError:
                raise
            except (LookupError, ValueError) as error:
                raise ConfigError.at("", say("event_file_odd", why=str(error))) from error

    def _of_event(self, event: Fields) -> None:
        step = next((value for value in event.get(2, ()) if isinstance(value, int)), 0)
        for summary in event.get(5, ()):
            if not isinstance(summary, bytes) or step > LARGEST_STEP:  # a negative step is a large number
                continue
            for value in fields(summary).get(1, ()):
                if isinstance(value, bytes):
                    self._of_value(step, fields(value))

    def _of_value(self, step: int, value: Fields) -> None:
        tag, number = _text(value), _number(value)
        if tag is None or number is None:
            return
        if tag not in self._steps and len(self._steps) >= _MOST_TAGS:
            raise ConfigError.at("", say("event_file_tags", most=_MOST_TAGS))
        self._steps.setdefault(tag, array("q")).append(step)
        self._values.setdefault(tag, array("d")).append(number)

    def events(self) -> Iterator[Beginning | Block | Ended]:
        """As a run: its beginning, its blocks, its end."""
        if not self._steps:
            raise ConfigError.at("", say("event_file_empty"))
        steps = self._all_steps()
        if steps.size * len(self._steps) > _MOST_NUMBERS:
            raise self.too_many()
        columns = {tag: self._column(tag, steps) for tag in sorted(self._steps)}
        source: dict[str, Any] = {"program": "TensorBoard", "format": "tensorboard", "tags": len(columns)}
        known = {
            name: tag
            for name, tags in (("loss", _LOSS), ("lr", _RATE))
            if (tag := next((tag for tag in tags if tag in columns), None)) is not None
        }
        yield Beginning("TensorBoard", source | {"tag_of": known}, [], [], [], "")
        yield from _blocks(steps, {name: columns.pop(tag) for name, tag in known.items()}, columns)
        last = int(steps[-1])
        yield Ended(Reason.COMPLETED, last, say("watched_ended", reason="completed", step=last))

    def too_many(self) -> ConfigError:
        """Says how much is in it."""
        said = say("event_file_numbers", steps=self._all_steps().size, tags=len(self._steps))
        return ConfigError.at("", said)

    def _all_steps(self) -> NDArray[np.int64]:
        return np.unique(np.concatenate([np.asarray(found) for found in self._steps.values()]))

    def _column(self, tag: str, steps: NDArray[np.int64]) -> Array:
        """The values of a tag at all steps, NaN where there is none; of several at one step the last."""
        column: Array = np.full(steps.size, np.nan)
        column[np.searchsorted(steps, np.asarray(self._steps[tag]))] = np.asarray(self._values[tag])
        return column


def _blocks(
    steps: NDArray[np.int64], known: Mapping[str, Array], others: Mapping[str, Array]
) -> Iterator[Block]:
    """The records of some steps, with the loss and the rate if they are known, and other tags."""
    unknown: Array = np.full(steps.size, np.nan)
    loss, rate = known.get("loss", unknown), known.get("lr", unknown)
    begin = 0
    while begin < steps.size:
        gaps = np.diff(steps[begin : begin + _MOST_RECORDS])
        uneven = np.flatnonzero(gaps != gaps[0]) if gaps.size else gaps
        end = begin + 1 + (int(uneven[0]) if uneven.size else gaps.size)
        rows = slice(begin, end)
        parts = {"loss": loss[rows], "lr": rate[rows, None], "momentum": None, "grad_norm": None}
        by_name: dict[str, Column] = {"params": {}, "grads": {}, "state": {}}
        logged = {"logged": {tag: column[rows] for tag, column in others.items()}} if others else {}
        yield Block.of(int(steps[begin]), parts | by_name | logged, int(gaps[0]) if end - begin > 1 else 1)
        begin = end


def _text(value: Fields) -> str | None:
    tag = next((part for part in value.get(1, ()) if isinstance(part, bytes)), b"")
    return tag.decode(errors="replace")[:LONGEST_NAME] if tag else None


def _number(value: Fields) -> float | None:
    """A number, plain or as a tensor of one; None of anything else."""
    for part in value.get(2, ()):
        if isinstance(part, bytes) and len(part) == 4:  # noqa: PLR2004 - a float32
            return float(np.frombuffer(part, "<f4")[0])
    tensors = (fields(part) for part in value.get(8, ()) if isinstance(part, bytes))
    for tensor in tensors:
        kind = tensor.get(1, [0])[0]
        size, places = {_FLOAT: ("<f4", (5, 4)), _DOUBLE: ("<f8", (6, 4))}.get(int(kind), ("", ()))
        data = [part for place in places for part in tensor.get(place, ()) if isinstance(part, bytes)]
        if size and len(data) == 1 and len(data[0]) == np.dtype(size).itemsize:
            return float(np.frombuffer(data[0], size)[0])
    return None

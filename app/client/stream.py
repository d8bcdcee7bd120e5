"""Events of the wire with their columns as arrays."""

import base64
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np

from optiscope.client.errors import StreamBrokenError
from optiscope.records import Block, Ended

T = TypeVar("T")

_PLACE = frozenset({"event", "run", "id", "first", "count", "every", "part"})
"""What an event of a block, or of cells, says besides its columns."""

_TYPED = {"dtype", "shape", "bdata"}


class Events(Iterator[T], ABC):
    """What events come to, as they come.

    Args:
        events: Of the stream; none, where :meth:`take` is given them.
    """

    def __init__(self, events: Iterable[dict[str, Any]] = ()) -> None:
        self._events = iter(events)

    def __next__(self) -> T:
        for event in self._events:
            if (found := self.take(event)) is not None:
                return found
        self.require_whole()
        raise StopIteration

    @abstractmethod
    def take(self, event: Mapping[str, Any]) -> T | None:
        """The records of an event, if it has any."""

    @abstractmethod
    def require_whole(self) -> None:
        """Refuse to end before each run has.

        Raises:
            StreamBrokenError: If one has not.
        """


class Stream(Events[Block]):
    """Blocks as they come. ``started`` and ``ended`` hold the events around them, once they have come."""

    def __init__(self, events: Iterable[dict[str, Any]] = ()) -> None:
        super().__init__(events)
        self.started: Mapping[str, Any] | None = None
        self.ended: Ended | None = None

    def take(self, event: Mapping[str, Any]) -> Block | None:
        """The records of an event, if it has any."""
        if event["event"] == "block":
            return block_of(event)
        if event["event"] == "run_started":
            self.started = event
        elif event["event"] == "run_ended":
            self.ended = ended_of(event)
        return None

    def require_whole(self) -> None:
        """Refuse to end before the run has.

        Raises:
            StreamBrokenError: If it has not.
        """
        if self.ended is None:
            raise StreamBrokenError("the stream broke off before the run had ended")


class ComparedBlock(NamedTuple):
    """Records of one run of several."""

    run: int
    block: Block


class Comparison(Events[ComparedBlock]):
    """Blocks of several runs as they come. ``ends`` holds how each ended, by its index, as far as it has.

    Args:
        count: How many runs there are.
        events: Of the stream.
    """

    def __init__(self, count: int, events: Iterable[dict[str, Any]] = ()) -> None:
        super().__init__(events)
        self.ends: dict[int, Ended] = {}
        self._count = count

    def take(self, event: Mapping[str, Any]) -> ComparedBlock | None:
        """The records of an event, if it has any."""
        if event["event"] == "block":
            return ComparedBlock(event["run"], block_of(event))
        if event["event"] == "run_ended":
            self.ends[event["run"]] = ended_of(event)
        return None

    def require_whole(self) -> None:
        """Refuse to end before each run has.

        Raises:
            StreamBrokenError: If one has not.
        """
        if len(self.ends) < self._count:
            raise StreamBrokenError("the stream broke off before every run had ended")


def ended_of(event: Mapping[str, Any]) -> Ended:
    """How a run ended."""
    return Ended(event["reason"], event["step"], event["detail"], _end_loss(event))


def _end_loss(event: Mapping[str, Any]) -> float | None:
    loss = event.get("end_loss")  # a server of an earlier version says none
    return None if loss is None else float(loss)


def block_of(event: Mapping[str, Any]) -> Block:
    """Records as columns."""
    columns = {name: _decoded(value) for name, value in event.items() if name not in _PLACE}
    return Block(event["first"], event["count"], columns, event.get("every", 1))


def begun(event: dict[str, Any] | None) -> dict[str, Any]:
    """The first event of a sweep.

    Raises:
        StreamBrokenError: If there is none.
    """
    if event is None:
        raise StreamBrokenError("the stream broke off before the sweep had begun")
    return event


def cells_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """An event of a sweep with its columns, if it has any, as arrays."""
    if event["event"] != "cells":
        return dict(event)
    return {name: value if name in _PLACE else _decoded(value) for name, value in event.items()}


def _decoded(value: Any) -> Any:
    """Typed arrays as arrays, however they are nested."""
    if value is None:
        return None
    if "bdata" not in value:
        return {name: _decoded(part) for name, part in value.items()}
    shape = [int(size) for size in value["shape"].split(", ")]
    return np.frombuffer(base64.b64decode(value["bdata"]), "<" + value["dtype"]).reshape(shape)


def arrays_in(value: Any) -> Any:
    """A document with its typed arrays as arrays."""
    if isinstance(value, list):
        return [arrays_in(part) for part in value]
    if not isinstance(value, dict):
        return value
    return (
        _decoded(value) if value.keys() == _TYPED else {name: arrays_in(part) for name, part in value.items()}
    )

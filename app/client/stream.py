"""Events of the wire with their columns as arrays."""

import base64
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, suppress
from typing import Any

import httpx
import numpy as np

from optiscope.client.errors import StreamBrokenError
from optiscope.records import Block, Ended

_PLACE = frozenset({"event", "run", "id", "first", "count", "every", "part"})
"""What an event of a block, or of cells, says besides its columns."""


class Stream(Iterator[Block]):
    """Blocks as they come. ``started`` and ``ended`` hold the events around them, once they have come."""

    def __init__(self, events: Iterator[dict[str, Any]]) -> None:
        self.started: Mapping[str, Any] | None = None
        self.ended: Ended | None = None
        self._events = events

    def __next__(self) -> Block:
        for event in self._events:
            if event["event"] == "run_started":
                self.started = event
            elif event["event"] == "run_ended":
                self.ended = Ended(event["reason"], event["step"], event["detail"], _end_loss(event))
            else:
                return _block(event)
        if self.ended is None:
            raise StreamBrokenError("the stream broke off before the run had ended")
        raise StopIteration


def _end_loss(event: Mapping[str, Any]) -> float | None:
    loss = event.get("end_loss")  # a server of an earlier version says none
    return None if loss is None else float(loss)


def _block(event: Mapping[str, Any]) -> Block:
    columns = {name: _decoded(value) for name, value in event.items() if name not in _PLACE}
    return Block(event["first"], event["count"], columns, event.get("every", 1))


def cells_of(events: Generator[dict[str, Any]]) -> Generator[dict[str, Any]]:
    """Events of a sweep with columns as arrays, until the connection breaks."""
    with closing(events), suppress(httpx.TransportError):
        for event in events:
            if event["event"] == "cells":
                event |= {name: _decoded(value) for name, value in event.items() if name not in _PLACE}
            yield event


def _decoded(value: Any) -> Any:
    """Typed arrays as arrays, however they are nested."""
    if value is None:
        return None
    if "bdata" not in value:
        return {name: _decoded(part) for name, part in value.items()}
    shape = [int(size) for size in value["shape"].split(", ")]
    return np.frombuffer(base64.b64decode(value["bdata"]), "<" + value["dtype"]).reshape(shape)

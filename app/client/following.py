"""What follows a kept run or sweep over all interruptions, told once for who waits and for who awaits."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar, cast

import httpx

from optiscope.client import run_calls, sweep_calls
from optiscope.client.answers import RunEnded, Step
from optiscope.client.call import Call, Request, document
from optiscope.client.calls import wanted
from optiscope.client.stream import block_of, cells_of, ended_of
from optiscope.records import Block, Ended

T = TypeVar("T")


class Following(ABC, Generic[T]):
    """Something kept, followed from where it has come to.

    Attributes:
        has_ended: Whether it is whole now.
    """

    def __init__(self) -> None:
        self.has_ended = False

    @abstractmethod
    def request(self) -> Request:
        """What to ask for, from what has not come yet."""

    @abstractmethod
    def take(self, event: Mapping[str, Any]) -> T | None:
        """What an event comes to, if to anything."""

    @abstractmethod
    def is_over(self) -> Call[bool]:
        """Asked where a stream broke off: whether nothing more comes. It is refused where nothing is kept."""


class FollowedRun(Following[T]):
    """The records of a kept run.

    Args:
        id_: Of the run.
        since: The first step.
        query: What else is asked for.
    """

    def __init__(self, id_: str, since: int, query: Mapping[str, Any]) -> None:
        super().__init__()
        self._id = id_
        self._since = since
        self._query = query

    def request(self) -> Request:
        """From the step behind the last one."""
        query = {**self._query, "from": self._since}
        return Request("GET", f"{run_calls.path_of(self._id)}/steps", {"params": query})

    def is_over(self) -> Call[bool]:
        """A loop that is not ours ends as stopped when it falls silent."""
        return Call("GET", run_calls.path_of(self._id), lambda response: _silent(response) is not None)


class FollowedBlocks(FollowedRun[Block]):
    """As columns.

    Args:
        id_: Of the run.
        since: The first step.
        record: The columns that are wanted; all, unless given.
    """

    def __init__(self, id_: str, since: int, record: Sequence[str] | None) -> None:
        super().__init__(id_, since, {"layout": "columns"} | wanted(record))

    def take(self, event: Mapping[str, Any]) -> Block | None:
        """The block of an event, if it has one."""
        if event["event"] == "block":
            block = block_of(event)
            self._since = block.steps.stop
            return block
        self.has_ended = event["event"] == "run_ended" and event["reason"] != "stopped"
        return None


class FollowedEvents(FollowedRun[Step | RunEnded]):
    """As they travel: a ``step`` for each record, and ``run_ended``.

    Args:
        id_: Of the run.
        since: The first step.
        record: The columns that are wanted; all, unless given.
    """

    def __init__(self, id_: str, since: int, record: Sequence[str] | None) -> None:
        super().__init__(id_, since, wanted(record))

    def take(self, event: Mapping[str, Any]) -> Step | RunEnded | None:
        """An event that says something new."""
        if event["event"] == "step":
            self._since = event["step"] + 1
            return cast("Step", event)
        self.has_ended = event["event"] == "run_ended" and event["reason"] != "stopped"
        return cast("RunEnded", event) if self.has_ended else None


class FollowedBlock(NamedTuple):
    """Records of one run of several that are followed.

    Attributes:
        id: Of the run.
        block: The records.
    """

    id: str
    block: Block


class FollowedRuns(Following[FollowedBlock]):
    """Several kept runs in one stream.

    Args:
        ids: Of the runs.
        record: The columns that are wanted; all, unless given.

    Attributes:
        ends: How those have ended that have, by id.
    """

    def __init__(self, ids: Sequence[str], record: Sequence[str] | None) -> None:
        super().__init__()
        self.ends: dict[str, Ended] = {}
        self._since = dict.fromkeys(ids, 0)
        self._asked: list[str] = []
        self._query = wanted(record)

    def request(self) -> Request:
        """Those that have not ended, each from the step behind its last one."""
        self._asked = [id_ for id_ in self._since if id_ not in self.ends]
        places = [f"{id_}@{self._since[id_]}" for id_ in self._asked]
        return Request("GET", "/api/runs/follow", {"params": {**self._query, "run": places}})

    def take(self, event: Mapping[str, Any]) -> FollowedBlock | None:
        """The block of an event, if it has one."""
        id_ = self._asked[event["run"]]
        if event["event"] == "block":
            block = block_of(event)
            self._since[id_] = block.steps.stop
            return FollowedBlock(id_, block)
        if event["event"] == "run_ended" and event["reason"] != "stopped":
            self.ends[id_] = ended_of(event)
            self.has_ended = len(self.ends) == len(self._since)
        return None

    def is_over(self) -> Call[bool]:
        """Of the first that has not ended."""
        id_ = next(id_ for id_ in self._asked if id_ not in self.ends)

        def read(response: httpx.Response) -> bool:
            if (ended := _silent(response)) is not None:
                self.ends[id_] = ended_of(ended)
            return len(self.ends) == len(self._since)

        return Call("GET", run_calls.path_of(id_), read)


class FollowedSweep(Following[dict[str, Any]]):
    """The events of a kept sweep, each once, with columns as arrays.

    Args:
        id_: Of the sweep.
    """

    def __init__(self, id_: str) -> None:
        super().__init__()
        self._id = id_
        self._part = 0
        self._has_begun = False

    def request(self) -> Request:
        """From the part behind the last one."""
        return Request("GET", f"{sweep_calls.path_of(self._id)}/cells", {"params": {"from": self._part}})

    def take(self, event: Mapping[str, Any]) -> dict[str, Any] | None:
        """An event that says something new."""
        if event["event"] == "cells":
            self._part = event["part"] + 1
        elif event["event"] == "sweep_started":
            if self._has_begun:
                return None
            self._has_begun = True
        elif event["reason"] == "stopped":
            return None
        else:
            self.has_ended = True
        return cells_of(event)

    def is_over(self) -> Call[bool]:
        """Never, as long as it is kept."""
        return Call("GET", sweep_calls.path_of(self._id), lambda _: False)


def _silent(response: httpx.Response) -> Mapping[str, Any] | None:
    """How a run has ended whose loop, which is not ours, fell silent."""
    ended: Mapping[str, Any] | None = document(response)["ended"]
    return ended if ended is not None and ended["reason"] == "stopped" else None

"""A kept run, as the database knows it."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.words import Said, heard, say
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.runs.keeping.errors import ConflictError
from optiscope.runs.keeping.seals import config_is_whole, run_is_whole
from optiscope.runs.workers.lanes import Place


def to_text(said: Said | None) -> str:
    """What is said as a text in the database; "" for nothing."""
    return "" if said is None else json.dumps(said.document(), ensure_ascii=False)


def from_text(text: str) -> Said | None:
    """What :func:`to_text` wrote."""
    return kept_words(text) if text else None


def kept_words(text: str) -> Said:
    """What is said in a text of the database; an earlier version of Optiscope wrote English sentences."""
    return heard(json.loads(text)) if text.startswith("{") else say("as_written", text=text)


T = TypeVar("T")
D = TypeVar("D")

_LATEST = 32503680000.0
"""The year 3000."""


class State(StrEnum):
    """What is being done with a run."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    DAMAGED = "damaged"


@dataclass(frozen=True)
class Run:
    """One row of ``runs``.

    Attributes:
        serial: Order of creation.
        id: The name in addresses.
        name: What a person calls it.
        stored_config: The complete RunConfig as JSON; None for a run that is not ours.
        state: Whether it is being trained.
        said: Why it is in this state, in one sentence; None while it is trained.
        reason: Why it ended, if it has.
        version: How often a person changed it; a command may insist on the version that it was made for.
        created, updated: Seconds since 1970, UTC.
        pinned: Whether it is kept whatever the quota says.
        first: Step of its first record: 0, or where it was forked.
        step: Step of its last record, which is on the disk, as all before it.
        steps: Steps that it is to reach; None for a run that is not ours.
        nbytes: Size of its records and checkpoints.
        result: Its losses: ``{"loss", "lowest": {"loss", "step"}, "end_loss"?}``, numbers as on the wire.
        origin: Where it was forked from: ``{"run", "step", "changes", "restore", "notes"}``.
        source: Where a run comes from that is not ours.
        row_damaged: Whether the row is not what was written, so that what it says may be wrong.
        config_damaged: The same of what decides the numbers of the run; it has no config then.
        place: Where it waits for a worker, if it does. No column: only who trains it knows.
    """

    serial: int
    id: str
    name: str
    stored_config: str | None
    state: State
    said: Said | None
    reason: Reason | None
    version: int
    created: float
    updated: float
    pinned: bool
    first: int
    step: int
    steps: int | None
    nbytes: int
    result: Mapping[str, Any] | None
    origin: Mapping[str, Any] | None
    source: Mapping[str, Any] | None
    row_damaged: bool = False
    config_damaged: bool = False
    place: Place | None = None

    @property
    def config_json(self) -> str:
        """What is trained, as JSON.

        Raises:
            ConflictError: If it was not trained here, or its config is damaged: there is nothing to train.
        """
        if self.stored_config is None:
            damaged = self.config_damaged and say("config_damaged", step=self.step)
            raise ConflictError(damaged or say("no_config"))
        return self.stored_config

    @cached_property
    def config(self) -> RunConfig:
        """What is trained.

        Raises:
            ConflictError: As for ``config_json``.
        """
        return RunConfig.model_validate_json(self.config_json)

    @property
    def ended(self) -> Ended | None:
        """Its end, if it has come to one."""
        if self.reason is None or self.said is None:
            return None
        end_loss = (self.result or {}).get("end_loss")
        return Ended(self.reason, self.step, self.said, None if end_loss is None else float(end_loss))

    @property
    def stopped(self) -> Ended | None:
        """Why nothing more comes of it for now, though it has not come to its end."""
        reasons = {State.PAUSED: Reason.PAUSED, State.DAMAGED: Reason.DAMAGED}
        if self.state not in reasons or self.said is None:
            return None
        return Ended(reasons[self.state], self.step, self.said)

    def require_version(self, version: int | None) -> None:
        """Refuse a command that was made for another version.

        Raises:
            ConflictError: If ``version`` is given and not the run's.
        """
        if version is not None and version != self.version:
            raise ConflictError(say("other_version", version=self.version, asked=version))

    @classmethod
    def of_row(cls, row: sqlite3.Row, id_: str | None = None) -> "Run":
        """The run of a row of ``runs``, found by an id if that is given, as far as the row is whole."""
        if run_is_whole(row) and id_ in {None, row["id"]}:
            has_config = config_is_whole(row)
            return cls(
                **{name: row[name] for name in PLAIN},
                stored_config=row["config"] if has_config else None,
                steps=row["steps"] if has_config else None,
                config_damaged=not has_config,
                state=State(row["state"]),
                said=from_text(row["detail"]),
                reason=row["reason"] and Reason(row["reason"]),
                pinned=bool(row["pinned"]),
                nbytes=row["bytes"],
                result=row["result"] and json.loads(row["result"]),
                origin=row["origin"] and json.loads(row["origin"]),
                source=row["source"] and json.loads(row["source"]),
            )
        return _salvaged(row, id_)


PLAIN = ("serial", "id", "name", "version", "created", "updated", "first", "step")


def _salvaged(row: sqlite3.Row, id_: str | None) -> Run:
    """What can still be said of a run whose row is not what was written."""
    config = row["config"] if config_is_whole(row) and isinstance(row["config"], str) else None
    return Run(
        serial=row["serial"],
        id=id_ or _as(str, row["id"], ""),
        name=_as(str, row["name"], "?"),
        stored_config=config,
        state=State.DAMAGED,
        said=say("row_unread"),
        reason=None,
        version=_as(int, row["version"], 1),
        created=_time(row["created"]),
        updated=_time(row["updated"]),
        pinned=bool(row["pinned"]),
        first=_as(int, row["first"], 0),
        step=_as(int, row["step"], -1),
        steps=_as(int, row["steps"], None) if config is not None else None,
        nbytes=_as(int, row["bytes"], 0),
        result=None,
        origin=None,
        source=None,
        row_damaged=True,
        config_damaged=not config_is_whole(row),
    )


def _as(kind: type[T], value: Any, otherwise: D) -> T | D:
    return value if isinstance(value, kind) else otherwise


def _time(value: Any) -> float:
    """A time that can be a date; the beginning of 1970 for one that cannot."""
    return value if isinstance(value, float) and 0 <= value < _LATEST else 0.0

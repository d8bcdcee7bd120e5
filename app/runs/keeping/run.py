"""A kept run, as the database knows it."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.words import Said, heard, say
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.runs.keeping.errors import ConflictError


def to_text(said: Said | None) -> str:
    """What is said as a text in the database; "" for nothing."""
    return "" if said is None else json.dumps(said.document(), ensure_ascii=False)


def from_text(text: str) -> Said | None:
    """What :func:`to_text` wrote."""
    return kept_words(text) if text else None


def kept_words(text: str) -> Said:
    """What is said in a text of the database; an earlier version of Optiscope wrote English sentences."""
    return heard(json.loads(text)) if text.startswith("{") else say("as_written", text=text)


class State(StrEnum):
    """What is being done with a run."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


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
        result: Its losses: ``{"loss", "lowest": {"loss", "step"}}``, numbers as on the wire.
        origin: Where it was forked from: ``{"run", "step", "changes", "restore", "notes"}``.
        source: Where a run comes from that is not ours.
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

    @property
    def config_json(self) -> str:
        """What is trained, as JSON.

        Raises:
            ConflictError: If it was not trained here, so that nothing is known that could be trained again.
        """
        if self.stored_config is None:
            raise ConflictError(say("no_config"))
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
        return Ended(self.reason, self.step, self.said)

    def require_version(self, version: int | None) -> None:
        """Refuse a command that was made for another version.

        Raises:
            ConflictError: If ``version`` is given and not the run's.
        """
        if version is not None and version != self.version:
            raise ConflictError(say("other_version", version=self.version, asked=version))

    @classmethod
    def of_row(cls, row: sqlite3.Row) -> "Run":
        """The run of a row of ``runs``."""
        return cls(
            serial=row["serial"],
            id=row["id"],
            name=row["name"],
            stored_config=row["config"],
            state=State(row["state"]),
            said=from_text(row["detail"]),
            reason=row["reason"] and Reason(row["reason"]),
            version=row["version"],
            created=row["created"],
            updated=row["updated"],
            pinned=bool(row["pinned"]),
            first=row["first"],
            step=row["step"],
            steps=row["steps"],
            nbytes=row["bytes"],
            result=row["result"] and json.loads(row["result"]),
            origin=row["origin"] and json.loads(row["origin"]),
            source=row["source"] and json.loads(row["source"]),
        )

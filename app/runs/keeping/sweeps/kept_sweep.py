"""A kept sweep, as the database knows it."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optiscope.engine.core.words import Said, say
from optiscope.engine.sweep.cells import Cells
from optiscope.engine.sweep.request import SweepConfig
from optiscope.runs.keeping.errors import DamagedError
from optiscope.runs.keeping.run import State, from_text
from optiscope.runs.keeping.seals import row_seal
from optiscope.runs.keeping.sweeps.codec import decode_cells


@dataclass(frozen=True, slots=True)
class KeptSweep:
    """One row of ``sweeps``.

    Attributes:
        serial: Order of creation.
        id: The name in addresses.
        name: What a person calls it.
        config_json: The SweepConfig as JSON.
        shape: Of its members.
        ways: How they are trained, as the wire has it.
        state: Whether it is being trained.
        said: Why it is in this state, in one sentence; None while it is trained.
        created, updated: Seconds since 1970, UTC.
        pinned: Whether it is kept whatever the quota says.
        members: How many there are.
        done: How many of them have cells in the database.
        nbytes: The size of those.
        summary: What it comes to, with numbers as Python has them; None until all are done.
    """

    serial: int
    id: str
    name: str
    config_json: str
    shape: Sequence[int]
    ways: Sequence[Mapping[str, Any]]
    state: State
    said: Said | None
    created: float
    updated: float
    pinned: bool
    members: int
    done: int
    nbytes: int
    summary: Sequence[Mapping[str, Any]] | None

    @property
    def config(self) -> SweepConfig:
        """What is swept."""
        return SweepConfig.model_validate_json(self.config_json)

    @classmethod
    def of_row(cls, row: sqlite3.Row) -> "KeptSweep":
        """The sweep of a row.

        Raises:
            DamagedError: If the row is not what was written.
        """
        if row["seal"] != row_seal(row):
            raise DamagedError(say("sweep_row_damaged"))
        return cls(
            **{name: row[name] for name in ("serial", "id", "name", "created", "updated", "members", "done")},
            config_json=row["config"],
            shape=json.loads(row["shape"]),
            ways=json.loads(row["ways"]),
            state=State(row["state"]),
            said=from_text(row["detail"]),
            pinned=bool(row["pinned"]),
            nbytes=row["bytes"],
            summary=row["summary"] and json.loads(row["summary"]),
        )


@dataclass(frozen=True, slots=True)
class StoredCells:
    """Cells that lie together.

    Attributes:
        part: How many parts came before it.
        first: Their first position in the plan.
        last: The position behind their last.
        data: Their bytes, which are whole.
    """

    part: int
    first: int
    last: int
    data: bytes

    def cells(self) -> Cells:
        """The cells."""
        return decode_cells(self.data)

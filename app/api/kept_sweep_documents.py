"""The documents of sweeps that are kept."""

from typing import Any, Literal

import orjson
from pydantic import BaseModel, Field

from optiscope.api import wire
from optiscope.api.run_documents import time_of
from optiscope.api.sentences import Params
from optiscope.api.sweep_documents import SummedUp, WayOfMembers
from optiscope.engine.sweep.request import SweepConfig
from optiscope.runs.keeping.sweeps.kept_sweep import KeptSweep


class ListedSweep(BaseModel):
    """A kept sweep, as a list has it."""

    id: str = Field(examples=["3f9a0c7d21be"])
    name: str
    state: Literal["running", "paused", "ended"]
    detail: str = Field(description="Why it is in this state, in one sentence; empty while it is trained.")
    code: str | None = Field(description="What `detail` says, as data; null while it is trained.")
    params: Params = {}
    created: str
    updated: str
    pinned: bool
    shape: list[int]
    members: int
    done: int = Field(description="Members whose cells are on the disk.")
    bytes: int = Field(description="Size on the disk.")
    ways: list[WayOfMembers]


class SweepDocument(ListedSweep):
    """A kept sweep."""

    sweep: SweepConfig = Field(description="What is swept; POST it to have it once more.")
    summary: list[SummedUp] | None = Field(description="One entry an optimizer; null unless complete.")


class KeptOfSweeps(BaseModel):
    """How much is kept, and how much may be."""

    sweeps: int
    bytes: int
    max_sweeps: int = Field(description="Ended sweeps beyond it are pruned, oldest first, unless pinned.")
    max_bytes: int


class SweepPageDocument(BaseModel):
    """Sweeps, newest first."""

    sweeps: list[ListedSweep]
    next: int | None = Field(description="`before` of the next page; null on the last.")
    kept: KeptOfSweeps


def listed_document(sweep: KeptSweep) -> dict[str, Any]:
    """A sweep as a list has it, as JSON."""
    return {
        "id": sweep.id,
        "name": sweep.name,
        "state": sweep.state,
        **(sweep.said.document() if sweep.said else {"detail": "", "code": None, "params": {}}),
        "created": time_of(sweep.created),
        "updated": time_of(sweep.updated),
        "pinned": sweep.pinned,
        "shape": sweep.shape,
        "members": sweep.members,
        "done": sweep.done,
        "bytes": sweep.nbytes,
        "ways": sweep.ways,
    }


def sweep_document(sweep: KeptSweep) -> dict[str, Any]:
    """A sweep as JSON."""
    return {
        **listed_document(sweep),
        "sweep": orjson.Fragment(sweep.config_json),
        "summary": sweep.summary and wire.spelled(sweep.summary),
    }

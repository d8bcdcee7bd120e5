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

    id: str = Field(examples=["3f9a0c7d21be"], description="By which it is asked for.")
    name: str = Field(description="What it is called.")
    state: Literal["running", "paused", "ended"] = Field(
        description="Whether it is trained now, paused, or over."
    )
    detail: str = Field(description="Why it is in this state, in one sentence; empty while it is trained.")
    code: str | None = Field(description="What `detail` says, as data; null while it is trained.")
    params: Params = Field({}, description="What fills the holes of the sentence, by name.")
    created: str = Field(description="When, in ISO 8601 and UTC.")
    updated: str = Field(description="When it changed last, in ISO 8601 and UTC.")
    pinned: bool = Field(description="Whether it is kept whatever the quota says.")
    shape: list[int] = Field(description="Optimizers if given, the axes, seeds if given.")
    members: int = Field(description="How many runs it has.")
    done: int = Field(description="Members whose cells are on the disk.")
    bytes: int = Field(description="Size on the disk.")
    ways: list[WayOfMembers] = Field(description="How its members are trained.")


class SweepDocument(ListedSweep):
    """A kept sweep."""

    sweep: SweepConfig = Field(description="What is swept; POST it to have it once more.")
    summary: list[SummedUp] | None = Field(description="One entry an optimizer; null unless complete.")


class KeptOfSweeps(BaseModel):
    """How much is kept, and how much may be."""

    sweeps: int = Field(description="How many are kept.")
    bytes: int = Field(description="Their size on the disk.")
    max_sweeps: int = Field(description="Ended sweeps beyond it are pruned, oldest first, unless pinned.")
    max_bytes: int = Field(description="How large all of them may be before old ones are removed.")


class SweepPageDocument(BaseModel):
    """Sweeps, newest first."""

    sweeps: list[ListedSweep] = Field(description="Newest first.")
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

"""The documents of ``/api/runs``: what is sent in, and what a run looks like from outside."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, BaseModel, Discriminator, Field, RootModel, Tag, ValidationInfo

from optiscope.api.events import Number
from optiscope.api.sentences import Params, Sentence
from optiscope.api.wire import public_source
from optiscope.engine.core.config import Config, RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.findings import refusal
from optiscope.engine.core.limits import Limits, limits_of
from optiscope.engine.core.words import say
from optiscope.engine.loop.forking import Restore
from optiscope.runs.keeping.listing import Page
from optiscope.runs.keeping.run import Run
from optiscope.settings import Settings


def _short(name: str, info: ValidationInfo) -> str:
    bound = limits_of(info).max_run_name
    if len(name) > bound:
        raise refusal(say("name_too_long", bound=bound, value=len(name)))
    if not name.strip() or not name.isprintable():
        raise refusal(say("name_unprintable"))
    return name.strip()


def require_short(name: str | None, limits: Limits) -> None:
    """Refuse a name in the address that is too long, which pydantic looks at without the limits.

    Raises:
        ConfigError: Naming it.
    """
    if name is not None and len(name) > limits.max_run_name:
        raise ConfigError.at("/name", say("name_too_long", bound=limits.max_run_name, value=len(name)))


Name = Annotated[str, AfterValidator(_short), Field(json_schema_extra={"pattern": r"\S"})]
Step = Annotated[int, Field(ge=0, le=2**53)]


class NewRun(Config):
    """A run to keep and start."""

    config: RunConfig
    name: Name | None = Field(None, description="Unless given: the optimizer and the problem.")
    pinned: bool = Field(False, description="Keep it whatever the quota says.")


def _shape(body: Any) -> str:
    bare = (
        isinstance(body, dict) and "config" not in body and not body.keys().isdisjoint(RunConfig.model_fields)
    )
    return "run config" if bare else "new run"


class Creation(
    RootModel[
        Annotated[
            Annotated[NewRun, Tag("new run")] | Annotated[RunConfig, Tag("run config")], Discriminator(_shape)
        ]
    ]
):
    """A run to keep and start: a RunConfig, alone or with what to call it."""

    @property
    def new(self) -> NewRun:
        """The run that was asked for."""
        return self.root if isinstance(self.root, NewRun) else NewRun(config=self.root)

    @property
    def pointer(self) -> str:
        """Where the body holds the config."""
        return "/config" if isinstance(self.root, NewRun) else ""


class Edit(Config):
    """What to change about a run that is not its training."""

    name: Name | None = Field(None, description="What it is called from now on.")
    pinned: bool | None = Field(None, description="Whether it is kept whatever the quota says.")


class Extension(Config):
    """Steps to add."""

    steps: Annotated[int, Field(ge=1, le=2**53)] = Field(description="How many are added.")


class Fork(Config):
    """Where to fork a run, and what to change."""

    step: Step = Field(description="Any recorded step; the fork begins there.")
    changes: dict[str, Any] = Field(
        default_factory=dict,
        description="A merge patch (RFC 7396) of the config; an optimizer, scheduler or problem of another "
        "name replaces the one before whole.",
    )
    restore: Restore = Field(Restore(), description="What to take over besides the parameters.")
    name: Name | None = Field(None, description="Unless given: the parent's name and the step.")


class Lowest(BaseModel):
    """The lowest recorded loss and its step: as recorded, of that step before it."""

    loss: float = Field(description="The lowest one that was recorded.")
    step: int = Field(description="The record that has it.")


class Result(BaseModel):
    """What came of a run so far."""

    loss: Number = Field(
        description="Of the last step, before it, as its record says: of one minibatch, if there are any."
    )
    end_loss: Number | None = Field(
        None,
        description="The loss here, after the last step: of all training samples, at the parameters of the "
        "last record; NaN after divergence. Runs are compared by it. Absent until a run has ended, and of "
        "one kept before this was computed.",
    )
    lowest: Lowest | None = Field(description="null while no loss was finite.")


class End(Sentence):
    """The end of a run."""

    reason: Literal["completed", "diverged", "failed", "stopped"] = Field(description="How it ended.")
    step: int = Field(description="The step of the last record.")


class Origin(BaseModel):
    """Where a run was forked from, or that it began with a file."""

    run: str | None = Field(None, description="Id of the parent, which may have been deleted since.")
    checkpoint: bool = Field(False, description="Whether it began with an uploaded checkpoint.")
    step: int = Field(description="Where it begins.")
    changes: dict[str, Any] = Field({}, description="What was merged into the config of the parent.")
    restore: Restore = Restore()
    notes: list[str] = Field([], description="What could not be taken over.")
    notices: list[Sentence] = Field([], description="The notes, also as data.")


class QueuePlace(BaseModel):
    """Where a run waits for a worker."""

    position: int = Field(description="1 is the next.", ge=1)
    of: int = Field(description="How many wait.", ge=1)


class RunDocument(BaseModel):
    """A kept run."""

    id: str = Field(examples=["3f9a0c7d21be"], description="By which it is asked for.")
    name: str = Field(description="What it is called.")
    state: Literal["running", "paused", "ended", "damaged"] = Field(
        description="Whether it is trained now, paused, over, or cannot be read."
    )
    detail: str = Field(description="Why it is in this state, in one sentence; empty while it is trained.")
    code: str | None = Field(description="What `detail` says, as data; null while it is trained.")
    params: Params = Field({}, description="What fills the holes of the sentence, by name.")
    ended: End | None = Field(description="How it ended; null while it may go on.")
    queue: QueuePlace | None = Field(None, description="While it waits for its turn, where.")
    version: int = Field(description="Changes that people made; a command may insist on it with If-Match.")
    created: str = Field(description="When, in ISO 8601 and UTC.")
    updated: str = Field(description="When it changed last, in ISO 8601 and UTC.")
    pinned: bool = Field(description="Whether it is kept whatever the quota says.")
    first: int = Field(description="Step of the first record.")
    step: int = Field(description="Step of the last record.")
    steps: int | None = Field(description="Steps that it is to reach; null for a run that is not ours.")
    bytes: int = Field(description="Size on the disk.")
    result: Result | None = Field(description="What came of it so far; null before the first record.")
    origin: Origin | None = Field(description="Where it was forked from, if from somewhere.")
    config: RunConfig | None = Field(description="null for a run that is not ours.")
    source: dict[str, Any] | None = Field(description="Where a run comes from that is not ours.")
    whole: int | None = Field(
        None,
        description="How many numbers of its parameters each record of such a run holds, 0 where it was "
        "measured by layer; null for a run of ours.",
    )


class Kept(BaseModel):
    """How much is kept, and how much may be."""

    runs: int = Field(description="How many are kept.")
    bytes: int = Field(description="Their size on the disk.")
    max_runs: int = Field(description="Ended runs beyond it are pruned, oldest first, unless pinned.")
    max_bytes: int = Field(description="How large all of them may be before old ones are removed.")


class Pruned(Sentence):
    """A run that the quota removed."""

    id: str = Field(description="By which it was asked for.")
    name: str = Field(description="What it was called.")
    at: str = Field(description="When, in ISO 8601 and UTC.")


class RunPage(BaseModel):
    """Runs, newest first."""

    runs: list[RunDocument] = Field(description="Newest first.")
    next: int | None = Field(description="`before` of the next page; null on the last.")
    kept: Kept
    pruned: list[Pruned] = Field(description="What the quota removed last, newest first.")


def run_document(run: Run) -> bytes:
    """A run as JSON."""
    return orjson.dumps(_document(run))


def page_document(page: Page, options: Settings) -> bytes:
    """A page of runs as JSON."""
    return orjson.dumps(
        {
            "runs": [_document(run) for run in page.runs],
            "next": page.following,
            "kept": {
                "runs": page.totals.runs,
                "bytes": page.totals.nbytes,
                "max_runs": options.max_kept_runs,
                "max_bytes": options.max_kept_bytes,
            },
            "pruned": [
                {"id": gone.id, "name": gone.name, "at": time_of(gone.at), **gone.said.document()}
                for gone in page.pruned
            ],
        }
    )


def _document(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "name": run.name,
        "state": run.state,
        **(run.said.document() if run.said else {"detail": "", "code": None, "params": {}}),
        "ended": run.ended and run.ended.document(),
        "queue": run.place and run.place._asdict(),
        "version": run.version,
        "created": time_of(run.created),
        "updated": time_of(run.updated),
        "pinned": run.pinned,
        "first": run.first,
        "step": run.step,
        "steps": run.steps,
        "bytes": run.nbytes,
        "result": run.result,
        "origin": run.origin,
        "config": run.stored_config and orjson.Fragment(run.stored_config),
        "source": public_source(run.source),
        "whole": run.source and _recorded_whole(run.source),
    }


def _recorded_whole(source: Mapping[str, Any]) -> int:
    parameters = source.get("started", {}).get("parameters", [])
    numbers: int = sum(math.prod(parameter["shape"]) for parameter in parameters)
    return min(numbers, 2**53)  # which a stranger may have made of anything


def time_of(seconds: float) -> str:
    """A time as documents have it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

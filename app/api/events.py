"""The events of a stream: what the documentation shows, and how a request's runs become lines."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal

from pydantic import BaseModel, Field

from optiscope.api import wire
from optiscope.api.body import MODELS
from optiscope.api.sentences import Sentence
from optiscope.engine.core.config import RunConfig
from optiscope.runs.description import Description
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.service import Event

Number = float | Literal["NaN", "Infinity", "-Infinity"]
Nested = Number | list[Any]


class TypedArray(BaseModel):
    """Little-endian numbers in base64: the form of an array that Plotly reads."""

    dtype: Literal["f4", "f8"] = Field(description="f4 is float32, f8 is float64.")
    shape: str = Field(examples=["64, 2, 2"], description="Dimensions, with commas between.")
    bdata: str = Field(description="The numbers in base64, in C order.")


class Parameter(BaseModel):
    """A parameter of the network."""

    name: str = Field(examples=["fc1.weight"], description="As `named_parameters()` has it.")
    shape: list[int] = Field(examples=[[2, 2]], description="Its dimensions.")
    layer: str | None = Field(examples=["fc1"], description="The layer that it is of.")


class Layer(BaseModel):
    """Parameters of one module and param group of a watched run."""

    name: str = Field(examples=["fc1"], description="As the model calls it.")
    parameters: list[str] = Field(description="Their names.")
    numel: int = Field(description="How many numbers its parameters hold.")
    group: int | None = Field(description="Their param group, counted over all optimizers; null without one.")
    module: str | None = Field(None, description="What the module is.", examples=["Linear(64, 10)"])


class Data(BaseModel):
    """What a run is trained on: lists, or typed arrays where the records are blocks."""

    x: list[list[float]] | TypedArray = Field(description="Inputs, [n, 2].")
    y: list[list[float]] | TypedArray = Field(description="Targets, [n, 1].")


class Warned(Sentence):
    """Something about a run that its author should know: what, why and what to do; its code is the rule's."""

    pointer: str = Field(
        description="JSON pointer into the config.", examples=["/lr_scheduler/hyperparameters/total_steps"]
    )


class RunStarted(BaseModel):
    """The first event of a run."""

    event: Literal["run_started"]
    run: int | None = Field(None, description="Index of the run, in a comparison.")
    id: str | None = Field(None, description="Of a kept run.")
    config: RunConfig | None = Field(
        description="With all defaults filled in; null for a run that is not ours or damaged."
    )
    source: dict[str, Any] | None = Field(None, description="Where a run comes from that has no config.")
    name: str | None = Field(None, description="What a watched run calls itself.")
    parameters: list[Parameter] = Field(description="Of a watched run those that are recorded whole.")
    layers: list[Layer] | None = Field(None, description="Of a watched run, what is measured together.")
    data: Data | None = Field(description="null where there are none.")
    warnings: list[Warned] = Field(description="What is likely not meant in the recipe.")
    torch: str = Field(examples=["2.13.0"], description="The version of PyTorch that trains.")


class Queued(BaseModel):
    """Where a run waits for a worker (`queue=true`): sent while it waits, and again where it has moved up."""

    event: Literal["queued"]
    run: int | None = Field(None, description="Its index, where the stream is of several.")
    position: int = Field(description="1 is the next.", ge=1)
    of: int = Field(description="How many wait.", ge=1)


class Step(BaseModel):
    """One record: iteration `step` of the loop; step 0 is the initial state."""

    event: Literal["step"]
    run: int | None = Field(None, description="Its index, where the stream is of several.")
    step: int = Field(description="Its number; record 0 is the start.")
    loss: Number | None = Field(
        description="Of this step, before it: of its forward pass, at the parameters of the record before, "
        "and on its minibatch if there are any. Of the first record: of all samples, at its own parameters. "
        "null where the loop of a watched run said none."
    )
    lr: list[Number] = Field(description="What this step used, for each param group.")
    momentum: list[Number | None] | None = Field(
        description="momentum or beta1 that this step used, for each param group; null for one without, and "
        "instead of the list if no group has any."
    )
    grad_norm: Number | None = Field(description="2-norm of all gradients, before clipping; null at step 0.")
    clipped_grad_norm: Number | None = Field(None, description="The same after clipping, where there is any.")
    hyperparameters: dict[str, list[Number]] | None = Field(
        None,
        description="What else this step used that follows a factor of `hyperparameter_schedules`, by name, "
        "for each param group; NaN for one without.",
    )
    average: dict[str, Nested] | None = Field(
        None,
        description="An average of the parameters, after the step: that of `average` of the config, or what "
        "`optimizer.eval()` shows of a schedule-free optimizer, whose `params` are those it trains at.",
    )
    average_loss: Number | None = Field(None, description="The loss of all samples at the average.")
    layers: dict[str, list[Number]] | None = Field(
        None, description="Of a watched run, by quantity what was measured of each layer; NaN where unknown."
    )
    logged: dict[str, Number] | None = Field(None, description="What else its loop said; NaN where nothing.")
    skipped: Number | None = Field(None, description="Steps that mixed precision has skipped so far.")
    samples: Number | None = Field(None, description="Samples seen so far, as its loop said.")
    epoch: Number | None = Field(None, description="Epochs that were over.")
    scheduled: list[Number] | None = Field(None, description="`last_epoch` of each of its schedulers.")
    critical_rate: Number | None = Field(
        None,
        description="Of a watched run with a closure: the smallest rate at which the loss along the update "
        "rises, beside `lr` of the first param group; 0 where it always rises, Infinity where it did not as "
        "far as was tried, and like all of these NaN where it was not looked for.",
    )
    critical_bracket: list[Number] | None = Field(
        None,
        description="The largest rate that was tried at which it did not rise, the smallest at which it did.",
    )
    critical_sharpness: Number | None = Field(None, description="2 / `critical_rate`.")
    top_eigenvalue: Number | None = Field(None, description="The largest one of the Hessian, by Lanczos.")
    eigenvalue_residual: Number | None = Field(
        None, description="An eigenvalue lies no farther from `top_eigenvalue` than that."
    )
    passes: Number | None = Field(None, description="Forward passes of the closure that this record took.")
    surface: dict[str, Nested] | None = Field(
        None,
        description="The loss over a plane, in records that have one: `x` [m], `y` [n], `z` [n, m], and "
        "`path` [2, 2], the parameters before and after the step; `source.surfaces` says which plane.",
    )
    params: dict[str, Nested] = Field(description="After the step.")
    grads: dict[str, Nested | None] | None = Field(
        description="As optimizer.step() was given them; null where .grad is None, as in a frozen layer."
    )
    state: dict[str, dict[str, Nested]] = Field(
        description="Optimizer state after it, under torch's keys; at step 0 what there is from the start. "
        "Several tensors under one key are one array [length, …]; where shapes differ, each has a key such "
        "as `GG[0]`."
    )


class BlockOfSteps(BaseModel):
    """Records as columns, each with the steps as its first dimension (`layout=columns`)."""

    event: Literal["block"]
    run: int | None = Field(None, description="Its index, where the stream is of several.")
    first: int = Field(description="The step of its first record.")
    count: int = Field(description="How many records it holds.")
    every: int = Field(1, description="Records of first, first + every, …; left out if 1.")
    loss: TypedArray
    lr: TypedArray
    momentum: TypedArray | None = Field(description="As in a step; NaN for a group without.")
    grad_norm: TypedArray | None = Field(description="Before clipping; null at record 0.")
    clipped_grad_norm: TypedArray | None = Field(
        None, description="As in a step; left out where nothing clips."
    )
    hyperparameters: dict[str, TypedArray] | None = Field(
        None, description="Those that follow a factor, by name and group."
    )
    average: dict[str, TypedArray] | None = Field(
        None, description="The average of the parameters, by name; left out where there is none."
    )
    average_loss: TypedArray | None = Field(None, description="Of all samples, at that average.")
    layers: dict[str, TypedArray] | None = Field(
        None, description="Of a watched run: each quantity [records, layers], NaN where it is unknown."
    )
    logged: dict[str, TypedArray] | None = Field(
        None, description="Of a watched run: what its program logged, by name."
    )
    skipped: TypedArray | None = Field(None, description="Of a watched run: steps that were skipped so far.")
    samples: TypedArray | None = Field(None, description="Of a watched run: samples seen so far.")
    epoch: TypedArray | None = Field(None, description="Of a watched run: epochs so far.")
    scheduled: TypedArray | None = Field(
        None, description="Of a watched run: last_epoch of each scheduler, [records, schedulers]."
    )
    critical_rate: TypedArray | None = Field(
        None, description="Of a watched run: the rate above which its step raises the loss."
    )
    critical_bracket: TypedArray | None = Field(
        None, description="Of a watched run: two rates that the critical one lies between."
    )
    critical_sharpness: TypedArray | None = Field(
        None, description="Of a watched run: 2 by the critical rate."
    )
    top_eigenvalue: TypedArray | None = Field(
        None, description="Of a watched run: the largest one of the Hessian."
    )
    eigenvalue_residual: TypedArray | None = Field(
        None, description="Of a watched run: the norm of Hv - λv for that eigenvalue."
    )
    passes: TypedArray | None = Field(
        None, description="Of a watched run: forward passes that looking at the loss took there."
    )
    surface: dict[str, TypedArray] | None = Field(
        None, description="Of a watched run: the loss around the parameters, where it was asked for."
    )
    noticed: dict[str, TypedArray] | None = Field(
        None, description="Of a watched run: what was noticed in each step, by its code."
    )
    params: dict[str, TypedArray] = Field(description="By name: as they are after the step.")
    grads: dict[str, TypedArray | None] | None = Field(
        description="By parameter: what the step was given; null where `.grad` is None."
    )
    state: dict[str, dict[str, TypedArray]] = Field(
        description="By parameter and by torch's own key: what the optimizer keeps after the step."
    )


class RunEnded(Sentence):
    """The last event of a run. A stream without it is broken."""

    event: Literal["run_ended"]
    run: int | None = Field(None, description="Its index, where the stream is of several.")
    reason: Literal["completed", "diverged", "failed", "stopped", "paused", "damaged"] = Field(
        description="How it ended."
    )
    step: int = Field(description="The step of the last record.")
    end_loss: Number | None = Field(
        description="The loss here, after the last step: of all training samples, at the parameters of the "
        "last record; NaN after divergence. null where the run may go on, and of one kept before this was "
        "computed."
    )


EVENTS: tuple[type[BaseModel], ...] = (RunStarted, Queued, Step, BlockOfSteps, RunEnded)
MODELS.update(EVENTS)


LINES_SCHEMA = {"type": "string", "description": "JSON Lines: each line is one of `itemSchema`."}
"""The whole of a stream, for tools of OpenAPI 3.1; those of 3.2 read ``itemSchema`` beside it."""


def stream_of(*events: type[BaseModel], example: str) -> dict[int | str, dict[str, Any]]:
    """``responses`` of a route that streams these events as JSON Lines."""
    content = lines_of(*events, example=example)
    return {200: {"description": "One event a line, as soon as it is known.", "content": content}}


def lines_of(*events: type[BaseModel], example: str) -> dict[str, Any]:
    """The ``content`` of a body of these events as JSON Lines."""
    item = {"oneOf": [{"$ref": f"#/components/schemas/{event.__name__}"} for event in events]}
    return {"application/jsonl": {"schema": LINES_SCHEMA, "itemSchema": item, "example": example}}


class FieldError(Sentence):
    """One field that cannot be used."""

    pointer: str = Field(
        description="JSON pointer into the body, or the name of a parameter of the address behind a slash."
    )
    parameter: str | None = Field(None, description="Its name, if it is a parameter of the address.")


class Problem(Sentence):
    """What is wrong, as `application/problem+json` (RFC 9457)."""

    type: str = Field("about:blank", description="Always about:blank: the status says the kind.")
    title: str = Field(description="What kind of refusal it is, in a few words.")
    status: int = Field(description="The status of the answer.")
    request_id: str = Field(
        description="That of the header X-Request-ID and of the lines in the log of the server."
    )
    errors: list[FieldError] = Field(description="Empty where no field is to blame.")


MODELS.add(Problem)


_SAID = {
    400: "The Host header names another server, or there is more than one.",
    401: "A token is needed.",
    403: "A page of another site asks, or another machine while the server has no token.",
    404: "There is nothing of this name.",
    409: "The run or sweep is in another state or version than the command is for.",
    413: "The body is too large.",
    415: "The body is not declared to be what the route takes.",
    422: "Something cannot be used; `errors` names each field, the value and the bound.",
    429: "Too many runs are being trained or followed; `Retry-After` says when to come back.",
    500: "The server made a mistake; its log says more.",
    501: "What writes such a file is not installed; `detail` says what installs it.",
    503: "Not now: the server stops, a worker died or took too long, or the database cannot be used.",
    507: "No space is left for runs. Nothing is lost.",
}

_RETRY_AFTER = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}
}

_HEADERS: Mapping[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"description": "How a token is sent.", "schema": {"const": "Bearer"}}},
    429: _RETRY_AFTER,
    503: _RETRY_AFTER,
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """``responses`` for the statuses that a route may refuse with."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status: {"description": _SAID[status], "content": content}
        | ({"headers": _HEADERS[status]} if status in _HEADERS else {})
        for status in statuses
    }


COMPUTING = problems(413, 415, 422, 429, 503)
"""What a route refuses with that reads a body and computes."""


async def event_lines(
    runs: Sequence[Description],
    events: AsyncGenerator[list[Event]],
    layout: wire.Layout,
    marks: Sequence[wire.Mark],
    record: Sequence[str] | None = None,
) -> AsyncIterator[bytes]:
    """The stream of these runs: their beginnings, their records as they come, their ends.

    Args:
        runs: They.
        events: What becomes of them.
        layout: How records are written.
        marks: What each event of a run carries besides.
        record: The columns that are wanted; all, unless given.
    """
    async with _asked_for(events) as first:  # so that they are trained while they are linted
        yield await _beginnings(runs, layout, marks)
        batch = await first
    while batch is not None:
        lines = (
            line for index, event in batch for line in wire.event_lines(event, layout, marks[index], record)
        )
        for together in wire.batched(lines):
            yield together
        batch = await anext(events, None)


async def _beginnings(runs: Sequence[Description], layout: wire.Layout, marks: Sequence[wire.Mark]) -> bytes:
    """The first lines of all runs; others have their turns in the thread between two of them."""
    lines = [
        await in_engine_thread(wire.started, run, layout, mark) for run, mark in zip(runs, marks, strict=True)
    ]
    return b"".join(lines)


@asynccontextmanager
async def _asked_for(
    events: AsyncGenerator[list[Event]],
) -> AsyncIterator[asyncio.Future[list[Event] | None]]:
    """The first events, on their way; who leaves without them leaves the generator ready to be closed."""

    async def ask() -> list[Event] | None:
        return await anext(events, None)

    first = asyncio.ensure_future(ask())
    try:
        yield first
    finally:
        first.cancel()
        await asyncio.wait([first])

"""``POST /api/sweeps``: thousands of runs over a grid of hyperparameters and seeds, as cells of a map."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import asdict
from typing import Annotated, Any, Literal

import torch
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from optiscope.api import stream_examples, wire
from optiscope.api.body import MODELS, documented, json_body
from optiscope.api.events import COMPUTING, Number, TypedArray, Warned, stream_of
from optiscope.api.sentences import Params, Sentence, sentence_fields
from optiscope.api.state import Bounds, KernelsOf, Service, take_place
from optiscope.api.streams import JSONLinesResponse
from optiscope.engine.core.limits import Limits
from optiscope.engine.loop.block import mapped
from optiscope.engine.sweep.cells import Cells
from optiscope.engine.sweep.job import Outlook
from optiscope.engine.sweep.judging import plan_of
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.summary import QUANTILES
from optiscope.runs.description import describe
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.sweeping import SweepEnded, started, sweep, ways_of

SweepEvent = Sequence[Outlook] | Cells | SweepEnded

router = APIRouter(tags=["sweeps"])


class SweptAxis(BaseModel):
    """One axis, with the values used."""

    path: str = Field(examples=["/optimizer/hyperparameters/lr"])
    values: list[Any]


class WayOfMembers(BaseModel):
    """How some members are trained."""

    members: int
    way: Literal["compiled", "stacked", "one by one"]
    because: str | None = Field(description="Why no faster; null where there is no faster way.")
    because_code: str | None = Field(description="What `because` says, as data.")
    because_params: Params = {}


class Noted(Sentence):
    """What a ranking of the cells cannot say."""

    pointer: str = Field(description="JSON pointer into the request.", examples=["/axes/0/path"])


class SweepStarted(BaseModel):
    """The first event of a sweep: what its cells stand for."""

    event: Literal["sweep_started"]
    shape: list[int] = Field(description="Optimizers if given, the axes, seeds if given; members in C order.")
    axes: list[SweptAxis]
    members: int
    reasons: list[str] = Field(description="What `ended` of a cell indexes.")
    ways: list[WayOfMembers]
    runs: list[dict[str, Any]] = Field(
        description="The run of the first member of each optimizer. That of any other one is this, with its "
        "values at the paths of the axes, and its seed at /model/seed."
    )
    notes: list[Noted] = Field(
        description="Of what the cells do not compare: losses along an axis of the problem."
    )
    warnings: list[Warned] = Field(description="Of the base run, without a step of it.")
    torch: str = Field(examples=["2.13.0"])


class CellsOfMembers(BaseModel):
    """Some cells as columns, [n] unless another shape is said, in any order."""

    event: Literal["cells"]
    members: TypedArray = Field(description="Their indices, in C order of `shape`; each comes once.")
    initial_loss: TypedArray = Field(description="Of all training samples, at the initial parameters.")
    final_loss: TypedArray = Field(
        description="What record `last_step` says: of its minibatch, before its step."
    )
    end_loss: TypedArray = Field(
        description="Of all training samples, at the last parameters; NaN after divergence."
    )
    test_loss: TypedArray | None = Field(
        None, description="Of all held-out samples there; left out where data are fixed."
    )
    best_loss: TypedArray = Field(description="The least recorded number, NaN if none.")
    steps_to_target: TypedArray | None = Field(
        None, description="The first step whose recorded loss is at most `target`, NaN if none."
    )
    last_step: TypedArray
    ended: TypedArray = Field(description="Index into `reasons`.")
    end: TypedArray | None = Field(None, description="[n, 2], the last point, where the model is one.")


class BestCellFound(BaseModel):
    """All seeds of the place with the least median of `end_loss`; divergence counts as infinite."""

    at: list[int] = Field(description="Its place on each axis, from 0.")
    members: list[int] = Field(description="One for each seed.")
    values: dict[str, Any] = Field(description="What the axes say there, by path.")
    quantiles: list[Number] = Field(
        description=f"Of `end_loss` over its seeds, at {', '.join(map(str, QUANTILES))}."
    )
    test_loss: Number | None = Field(description="The median; null where there are no held-out samples.")
    steps_to_target: Number | None = Field(
        description="The median, infinite if half of the seeds do not get there; null without a target."
    )
    reached: float | None = Field(description="The share of its seeds that got to the target.")
    diverged: float = Field(description="The share of its seeds that diverged or failed.")


class ToleranceFound(BaseModel):
    """How far a rate may be from the best one, with all else as in the best cell."""

    path: str = Field(description="The first axis that is a rate.")
    decades: Number = Field(description="1 where the largest good rate is ten times the smallest.")
    at_most: Number | None = Field(
        description="What a finer grid could make of `decades`: those between the nearest rates that are "
        "not good; null where the good ones reach an end of the axis."
    )
    between: tuple[Number, Number] = Field(
        description="The smallest and the largest rate around the best one, with none between them whose "
        "median is above `bound`."
    )
    bound: Number = Field(description="The best median, and a tenth of what it is below the initial loss.")


class SummedUp(BaseModel):
    """What is said of one optimizer."""

    optimizer: int = Field(description="Its index among the `optimizers` of the request, 0 without.")
    name: str
    best: BestCellFound | None = Field(description="null if no cell has a finite median.")
    initial_loss: Number | None = Field(description="The median over the seeds of that cell.")
    tolerance: ToleranceFound | None = Field(description="null without a best cell, or an axis of a rate.")
    diverged: float = Field(description="The share of all its members that diverged or failed.")


class SweepEndedEvent(Sentence):
    """The last event. A sweep without it is broken."""

    event: Literal["sweep_ended"]
    reason: Literal["completed", "cancelled", "failed"]
    summary: list[SummedUp] | None = Field(description="One entry an optimizer; null unless completed.")


MODELS.update((SweepStarted, CellsOfMembers, SweepEndedEvent))

_LR = {"path": "/optimizer/hyperparameters/lr", "from": 1e-3, "to": 1.0, "count": 4, "scale": "log"}
EXAMPLES: dict[str, Any] = {
    "Is it the optimizer, or its rate?": {
        "run": {"problem": {"name": "xor", "samples": 16}, "optimizer": {"name": "SGD"}, "steps": 30},
        "axes": [_LR],
        "optimizers": [{"name": "SGD", "hyperparameters": {"momentum": 0.9}}, {"name": "Adam"}],
        "seeds": [0, 1],
    },
    "Rate and momentum": {
        "run": {"problem": {"name": "himmelblau"}, "optimizer": {"name": "SGD"}, "steps": 40},
        "axes": [_LR, {"path": "/optimizer/hyperparameters/momentum", "values": [0, 0.5, 0.9]}],
        "target": 0.01,
    },
}


async def planned(asked: Annotated[SweepConfig, Depends(json_body(SweepConfig))], limits: Bounds) -> Plan:
    """The sweep of the body, found possible before the first byte is sent."""
    return await in_engine_thread(plan_of, asked, limits)


async def sweeping(
    plan: Annotated[Plan, Depends(planned)],
    service: Service,
    kernels: KernelsOf,
    _place: Annotated[None, Depends(take_place)],
) -> AsyncIterator[AsyncGenerator[SweepEvent]]:
    """The events of the sweep; whatever ends the request ends the sweep."""
    async with aclosing(sweep(service, kernels, plan)) as events:
        yield events


@router.post(
    "/sweeps",
    summary="Train a grid of runs and stream what each comes to",
    response_class=JSONLinesResponse,
    openapi_extra=documented(SweepConfig, EXAMPLES),
    responses=COMPUTING
    | stream_of(SweepStarted, CellsOfMembers, SweepEndedEvent, example=stream_examples.SWEPT),
)
async def sweeps(
    plan: Annotated[Plan, Depends(planned)],
    events: Annotated[AsyncGenerator[SweepEvent], Depends(sweeping)],
    limits: Bounds,
) -> AsyncIterator[bytes]:
    """Varies a run along one to three axes, for several optimizers and seeds, and says how each member ended.

    The stream begins with `sweep_started`, sends `cells` as they come, and ends with `sweep_ended`, whose
    summary says for each optimizer where it does best, how wide its good rates are, and what seeds change. An
    axis is a JSON pointer into the run with all defaults filled in, and the values along it. Everything that
    can be refused is refused before the first byte. Close the connection to cancel.
    """
    async for event in events:
        if isinstance(event, SweepEnded):
            yield wire.dumps(_ended(event))
        elif isinstance(event, Cells):
            yield wire.dumps(_cells(event))
        else:
            yield await in_engine_thread(_started, plan, event, limits)


def _started(plan: Plan, outlooks: Sequence[Outlook], limits: Limits) -> bytes:
    ways = [
        {"members": taken.members, "way": taken.way, **sentence_fields("because", taken.because)}
        for taken in ways_of(plan, outlooks)
    ]
    return wire.dumps(
        {
            "event": "sweep_started",
            **started(plan, ways),
            "warnings": [warning.document() for warning in describe(plan.groups[0].config, limits).warnings],
            "torch": torch.__version__,
        }
    )


def _cells(cells: Cells) -> dict[str, Any]:
    return {"event": "cells", **mapped(wire.typed, cells.columns())}


def _ended(ended: SweepEnded) -> dict[str, Any]:
    summary = ended.summary
    return {
        "event": "sweep_ended",
        "reason": ended.reason,
        **ended.said.document(),
        "summary": summary and [wire.spelled(asdict(entry)) for entry in summary],
    }

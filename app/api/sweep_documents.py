"""The documents of ``/api/sweeps``: what a sweep comes to before, while and after it is trained."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

import torch
from pydantic import BaseModel, Field

from optiscope.api import wire
from optiscope.api.body import MODELS
from optiscope.api.events import Number, TypedArray, Warned
from optiscope.api.sentences import Params, Sentence, sentence_fields
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.words import Said
from optiscope.engine.loop.block import mapped
from optiscope.engine.loop.typed_arrays import typed
from optiscope.engine.sweep.cells import Cells
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.summary import QUANTILES
from optiscope.runs.description import describe
from optiscope.runs.sweeping import SweepEnded, WayTaken, started


class SweptAxis(BaseModel):
    """One axis, with the values used."""

    path: str = Field(
        examples=["/optimizer/hyperparameters/lr"], description="The field, as a JSON pointer into the run."
    )
    values: list[Any] = Field(description="What the field is, in order.")


class WayOfMembers(BaseModel):
    """How some members are trained."""

    members: int = Field(description="How many go this way.")
    way: Literal["compiled", "stacked", "one by one"] = Field(
        description="Many at once by a kernel or by torch, or one by one."
    )
    seconds: float = Field(description="What they are thought to take, with all workers to themselves.")
    because: str | None = Field(description="Why no faster; null where there is no faster way.")
    because_code: str | None = Field(description="What `because` says, as data.")
    because_params: Params = Field({}, description="What fills the holes of the sentence, by name.")


class Noted(Sentence):
    """What the cells cannot say."""

    pointer: str = Field(description="JSON pointer into the request.", examples=["/axes/0/path"])


class SweepPlan(BaseModel):
    """What a sweep comes to, before it is trained."""

    shape: list[int] = Field(description="Optimizers if given, the axes, seeds if given; members in C order.")
    axes: list[SweptAxis] = Field(description="What is varied, the outermost first.")
    members: int = Field(description="How many runs there are.")
    reasons: list[str] = Field(description="What `ended` of a cell indexes.")
    ways: list[WayOfMembers] = Field(description="How members are trained.")
    runs: list[dict[str, Any]] = Field(
        description="The run of the first member of each optimizer. That of any other one is this, with its "
        "values at the paths of the axes, and its seed at /model/seed."
    )
    notes: list[Noted] = Field(
        description="That losses along an axis of the problem do not compare; that float32 is an overview; "
        "where an optimizer is refused, so that runs have no numbers."
    )
    warnings: list[Warned] = Field(description="Of the base run, without a step of it.")
    torch: str = Field(examples=["2.13.0"], description="The version of PyTorch that trains.")


class SweepStarted(SweepPlan):
    """The first event of a sweep: what its cells stand for."""

    event: Literal["sweep_started"]
    id: str | None = Field(None, description="Of a sweep that is kept.")


class CellsOfMembers(BaseModel):
    """Some cells as columns, [n] unless another shape is said, in any order."""

    event: Literal["cells"]
    part: int | None = Field(
        None, description="Of a sweep that is kept: which; to go on behind it, ask `from` the next."
    )
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
    name: str = Field(description="Of the optimizer.")
    best: BestCellFound | None = Field(description="null if no cell has a finite median.")
    initial_loss: Number | None = Field(description="The median over the seeds of that cell.")
    tolerance: ToleranceFound | None = Field(description="null without a best cell, or an axis of a rate.")
    diverged: float = Field(description="The share of all its members that diverged or failed.")


class SweepEndedEvent(Sentence):
    """The last event. A sweep without it is broken."""

    event: Literal["sweep_ended"]
    reason: Literal["completed", "cancelled", "failed", "paused", "stopped"] = Field(
        description="`paused` and `stopped` are of one that is kept, and goes on when it is resumed or the "
        "server is back."
    )
    summary: list[SummedUp] | None = Field(description="One entry an optimizer; null unless completed.")


MODELS.update((SweepPlan, SweepStarted, CellsOfMembers, SweepEndedEvent))


def way_documents(ways: Sequence[WayTaken]) -> list[dict[str, Any]]:
    """How members are trained, as JSON."""
    return [
        {
            "members": taken.members,
            "way": taken.way,
            "seconds": taken.seconds,
            **sentence_fields("because", taken.because),
        }
        for taken in ways
    ]


def plan_document(plan: Plan, ways: Sequence[Mapping[str, Any]], limits: Limits) -> dict[str, Any]:
    """What a sweep comes to, as JSON."""
    return {
        **started(plan, ways),
        "warnings": [warning.document() for warning in describe(plan.groups[0].config, limits).warnings],
        "torch": torch.__version__,
    }


def started_line(plan: Plan, ways: Sequence[Mapping[str, Any]], limits: Limits, **more: str) -> bytes:
    """The first event, with what else there is to say of the sweep."""
    return wire.dumps({"event": "sweep_started", **more, **plan_document(plan, ways, limits)})


def cells_line(cells: Cells, **more: int) -> bytes:
    """An event of cells, with what else there is to say of them."""
    return wire.dumps({"event": "cells", **more, **mapped(typed, cells.columns())})


def ended_line(ended: SweepEnded) -> bytes:
    """The last event."""
    summary = None if ended.summary is None else [asdict(entry) for entry in ended.summary]
    return end_line(ended.reason, ended.said, summary)


def end_line(reason: str, said: Said, summary: Sequence[Mapping[str, Any]] | None) -> bytes:
    """The same of its parts."""
    document = {"reason": reason, **said.document(), "summary": summary and wire.spelled(summary)}
    return wire.dumps({"event": "sweep_ended", **document})

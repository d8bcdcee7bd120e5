"""``POST /api/held-out-loss``: the loss of runs on what they are not trained on, along their records."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from optiscope.api import wire
from optiscope.api.body import documented, json_body
from optiscope.api.computed import (
    ENCODERS,
    Accepted,
    Array,
    Encoding,
    GivenRuns,
    Records,
    accepted,
    answers,
    each_computed,
    parameters_of,
    records_of,
    require_one_choice,
)
from optiscope.api.events import COMPUTING, problems
from optiscope.api.sentences import Params, sentence_fields
from optiscope.api.state import Bounds, Service, take_place
from optiscope.api.streams import unless_left
from optiscope.engine.core.config import Config
from optiscope.engine.core.limits import Limits
from optiscope.engine.lens.held_out import HeldOutLoss, NoHeldOut
from optiscope.runs.service import RunService
from optiscope.runs.workers.jobs import held_out_loss_of
from optiscope.runs.workers.lanes import Kind, Lane

router = APIRouter(tags=["views"])


class HeldOutLossRequest(Config):
    """Which runs, and at which of their records."""

    runs: GivenRuns = Field(description="Runs: configs (trained unless they just were) or ids.")
    every: int | None = Field(
        None, ge=1, description="Look at every k-th record and the last; unless given, at about a thousand."
    )
    steps: Records | None = Field(None, description="Look at these records instead.")
    encoding: Encoding = Field("list", description="Arrays as nested lists, or as base64 typed arrays.")


class HeldOut(BaseModel):
    """One run at some of its records."""

    samples: int = Field(description="How many held-out samples there are.")
    steps: list[int] = Field(description="The records that it is told at.")
    loss: Array = Field(
        description="[records]: mean over all held-out samples, at the parameters of the record."
    )


class RunHeldOutLoss(BaseModel):
    """One run, or why there is nothing held out."""

    held_out: HeldOut | None = Field(description="null where nothing is held out.")
    no_held_out: str | None = Field(description="Why there are no held-out samples; null where there are.")
    no_held_out_code: str | None = Field(description="What `no_held_out` says, as data.")
    no_held_out_params: Params = Field({}, description="What fills the holes of the sentence, by name.")


class HeldOutLosses(BaseModel):
    """Every run."""

    runs: list[RunHeldOutLoss] = Field(description="In the order of the request.")


_RUN: dict[str, Any] = {
    "problem": {"name": "moons"},
    "model": {"hidden": [4, 4], "seed": 33},
    "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.05}},
    "steps": 100,
}
EXAMPLES: dict[str, Any] = {
    "Every record": {"runs": [_RUN], "every": 1},
    "At the start and at the end": {"runs": [_RUN], "steps": [0, 100]},
}


@router.post(
    "/held-out-loss",
    summary="Compute the held-out loss along runs",
    response_class=Response,
    openapi_extra=documented(HeldOutLossRequest, EXAMPLES),
    responses=answers(HeldOutLosses, "The losses.") | COMPUTING | problems(404),
    dependencies=[Depends(take_place)],
)
async def held_out_loss(
    asked: Annotated[HeldOutLossRequest, Depends(json_body(HeldOutLossRequest))],
    request: Request,
    service: Service,
    limits: Bounds,
) -> Response:
    """Trains the runs (or recalls them) and takes their loss on all samples that no step sees.

    A generated dataset has as many held-out samples as it has to train on, drawn from another stream of its
    seed; of points of one's own it is the share that they hold out. Training neither sees nor pays for them:
    the loss is computed afterwards, by torch, at the recorded parameters. Where there are none, the answer
    says why.
    """
    require_one_choice(asked.every, asked.steps)
    runs = await accepted(request, {f"/runs/{index}": run for index, run in enumerate(asked.runs)})
    computed = await unless_left(request, _computed(service, runs, asked, limits))
    document = {"runs": [held_out_document(run, asked.encoding) for run in computed]}
    return Response(wire.dumps(document), media_type="application/json")


async def _computed(
    service: RunService, runs: Mapping[str, Accepted], asked: HeldOutLossRequest, limits: Limits
) -> list[HeldOutLoss | NoHeldOut]:
    blocks = await records_of(service, runs)
    lane = Lane(Kind.VIEW)
    jobs = (
        service.compute(
            held_out_loss_of,
            config.canonical(),
            parameters_of(records),
            asked.every,
            asked.steps,
            limits,
            lane=lane,
        )
        for (config, _), records in zip(runs.values(), blocks, strict=True)
    )
    return await each_computed(runs, jobs)


def held_out_document(run: HeldOutLoss | NoHeldOut, encoding: Encoding) -> dict[str, Any]:
    """One run as it is answered."""
    if isinstance(run, NoHeldOut):
        return {"held_out": None, **sentence_fields("no_held_out", run.value)}
    found = {"samples": run.samples, "steps": run.steps, "loss": ENCODERS[encoding](run.loss)}
    return {"held_out": found, **sentence_fields("no_held_out", None)}

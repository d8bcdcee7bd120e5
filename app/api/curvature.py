"""``POST /api/curvature``: the Hessian along the paths of runs, and the bounds of their optimizers."""

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
    records_of,
    require_one_choice,
)
from optiscope.api.events import COMPUTING, problems
from optiscope.api.sentences import Params, sentence_fields
from optiscope.api.state import Bounds, Service, take_place
from optiscope.api.streams import unless_left
from optiscope.engine.core.config import Config, at_most
from optiscope.engine.core.limits import Limits
from optiscope.engine.lens.curvature import Curvature, Stability
from optiscope.engine.lens.stability import NoBound
from optiscope.runs.service import RunService
from optiscope.runs.workers.jobs import curvature_of
from optiscope.runs.workers.lanes import Kind, Lane

router = APIRouter(tags=["views"])

_Steps = Annotated[Records, at_most("max_curvature_records")]


class CurvatureRequest(Config):
    """Which runs, and at which of their records."""

    runs: GivenRuns = Field(description="Runs: configs (trained unless they just were) or ids.")
    every: int | None = Field(
        None, ge=1, description="Look at every k-th record and the last; unless given, at about a hundred."
    )
    steps: _Steps | None = Field(None, description="Look at these records instead.")
    top: int = Field(0, ge=0, le=16, description="Give the eigenvectors of so many largest eigenvalues.")
    encoding: Encoding = Field("list", description="Arrays as nested lists, or as base64 typed arrays.")


class StabilityBound(BaseModel):
    """What decides whether steps grow."""

    name: str = Field(examples=["heavy ball"], description="Which bound it is, in English.")
    name_code: str = Field(description="What `name` says, as data.", examples=["bound_heavy_ball"])
    name_params: Params = Field(description="What fills the holes of the sentence, by name.")
    formula: str = Field(description="Of the bound.", examples=["2 / lr"])
    source: str = Field(description="Where it comes from.")
    value: Array = Field(
        description="[records]: λ_max of P^-1/2 (H + decay) P^-1/2; P = 1 unless the optimizer is adaptive."
    )
    bound: Array = Field(
        description="[records]: above it, steps along that direction grow. With the rates of the step that "
        "follows the record; at the last one, of the step that led to it."
    )


class RunCurvature(BaseModel):
    """One run, a row for each record."""

    steps: list[int] = Field(description="The records that are looked at.")
    parameters: list[int] = Field(description="How many parameters the next step trains.")
    loss: Array = Field(description="[records], of the whole dataset at the record.")
    gradient_norm: Array = Field(description="[records]")
    eigenvalues: Array = Field(
        description="[records, parameters], largest first; NaN behind the last where some are frozen."
    )
    eigenvectors: Array | None = Field(description="[records, top, parameters], where asked for.")
    sharpness: Array = Field(description="[records], the largest eigenvalue.")
    condition: Array = Field(description="[records], largest by smallest magnitude of the eigenvalues.")
    negative: list[int] = Field(description="How many eigenvalues are negative beyond rounding.")
    drifting: list[int] = Field(
        description="How many parameters the next step moves though they are frozen, by momentum, decay or "
        "since the optimizer does not ask. They count in `predicted`; the eigenvalues leave them out."
    )
    predicted: Array = Field(
        description="[records], change of the loss by all that the next step moves, in the quadratic model."
    )
    real: Array = Field(description="[records], what it really was; NaN at the last record.")
    stability: StabilityBound | None = Field(description="null where there is no bound.")
    no_bound: str | None = Field(description="Why there is no bound; null where there is one.")
    no_bound_code: str | None = Field(description="What `no_bound` says, as data.")
    no_bound_params: Params = Field({}, description="What fills the holes of the sentence, by name.")


class Curvatures(BaseModel):
    """Every run."""

    runs: list[RunCurvature] = Field(description="In the order of the request.")


_RUN: dict[str, Any] = {
    "problem": {"name": "xor", "samples": 64},
    "model": {"seed": 44},
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.3, "momentum": 0.9}},
    "steps": 100,
}
EXAMPLES: dict[str, Any] = {
    "Every tenth record": {"runs": [_RUN], "every": 10},
    "The top direction at two records": {"runs": [_RUN], "steps": [0, 100], "top": 1},
}


@router.post(
    "/curvature",
    summary="Compute exact Hessian eigenvalues along the paths of runs",
    response_class=Response,
    openapi_extra=documented(CurvatureRequest, EXAMPLES),
    responses=answers(Curvatures, "The curvature.") | COMPUTING | problems(404),
    dependencies=[Depends(take_place)],
)
async def curvature(
    asked: Annotated[CurvatureRequest, Depends(json_body(CurvatureRequest))],
    request: Request,
    service: Service,
    limits: Bounds,
) -> Response:
    """Trains the runs (or recalls them) and computes the Hessian of the loss of the whole dataset.

    Everything is exact, and in float64: no power iteration, no sampling. Frozen parameters are left out, but
    for `predicted`, which counts whatever the next step moves. For SGD, with and without momentum, Adam,
    AdamW, Adamax, RMSprop and Adagrad the edge of stability is known (Cohen et al. 2021, 2022): `stability`
    holds the bound and what is compared with it, for the step that follows each record.
    """
    require_one_choice(asked.every, asked.steps)
    runs = await accepted(request, {f"/runs/{index}": run for index, run in enumerate(asked.runs)})
    computed = await unless_left(request, _computed(service, runs, asked, limits))
    document = {"runs": [curvature_document(run, asked.encoding) for run in computed]}
    return Response(wire.dumps(document), media_type="application/json")


async def _computed(
    service: RunService, runs: Mapping[str, Accepted], asked: CurvatureRequest, limits: Limits
) -> list[Curvature]:
    blocks = await records_of(service, runs)
    lane = Lane(Kind.VIEW)
    jobs = (
        service.compute(
            curvature_of, config.canonical(), records, asked.every, asked.steps, asked.top, limits, lane=lane
        )
        for (config, _), records in zip(runs.values(), blocks, strict=True)
    )
    return await each_computed(runs, jobs)


def curvature_document(run: Curvature, encoding: Encoding) -> dict[str, Any]:
    """One run as it is answered."""
    encode = ENCODERS[encoding]
    return {
        "steps": run.steps,
        "parameters": run.parameters,
        "loss": encode(run.loss),
        "gradient_norm": encode(run.gradient_norm),
        "eigenvalues": encode(run.eigenvalues),
        "eigenvectors": None if run.eigenvectors is None else encode(run.eigenvectors),
        "sharpness": encode(run.eigenvalues[:, 0]),
        "condition": encode(run.condition),
        "negative": run.negative,
        "drifting": run.drifting,
        "predicted": encode(run.predicted),
        "real": encode(run.real),
        **_stability(run.stability, encoding),
    }


def _stability(bound: Stability | NoBound, encoding: Encoding) -> dict[str, Any]:
    if isinstance(bound, NoBound):
        return {"stability": None, **sentence_fields("no_bound", bound.value)}
    encode = ENCODERS[encoding]
    document = {
        **sentence_fields("name", bound.name),
        "formula": bound.formula,
        "source": bound.source,
        "value": encode(bound.value),
        "bound": encode(bound.bound),
    }
    return {"stability": document, **sentence_fields("no_bound", None)}

"""``POST /api/central-flow``: the averaged path that theory predicts of a run, beside what the run did."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from optiscope.api import wire
from optiscope.api.body import documented, json_body
from optiscope.api.computed import (
    ENCODERS,
    Array,
    Encoding,
    GivenRun,
    accepted,
    answers,
    records_of,
    telling_of,
)
from optiscope.api.events import COMPUTING, Number, problems
from optiscope.api.sentences import Params, sentence_fields
from optiscope.api.state import Bounds, Service, take_place
from optiscope.api.streams import unless_left
from optiscope.engine.core.config import Config
from optiscope.engine.core.limits import Limits
from optiscope.engine.lens.central_flow import WINDOW, CentralFlow, NoFlow
from optiscope.runs.workers.jobs import central_flow_of
from optiscope.runs.workers.lanes import Kind, Lane

router = APIRouter(tags=["views"])


class CentralFlowRequest(Config):
    """Of which run, and from where on."""

    run: GivenRun = Field(description="A run: a config (trained unless it just was) or an id.")
    from_step: int | None = Field(
        None,
        ge=0,
        description="Where the flow begins; unless given, at the first record that is stable.",
    )
    to_step: int | None = Field(None, ge=1, description="The last record that is looked at.")
    window: int = Field(
        WINDOW, ge=1, le=10_000, description="Records that what was measured is averaged over."
    )
    encoding: Encoding = Field("list", description="Arrays as nested lists, or as base64 typed arrays.")


class PredictedAndMeasured(BaseModel):
    """One number, averaged over all records from the edge on; of a run that never comes to it, over all."""

    predicted: Number = Field(description="By the flow.")
    measured: Number = Field(description="Of the run.")


class PredictedPath(BaseModel):
    """The flow and the run, a row for each record."""

    steps: list[int] = Field(description="The records that it is told at.")
    path: Array = Field(description="[records, parameters], in the order of the model's parameters.")
    loss: Array = Field(description="[records], on the path itself.")
    predicted_loss: Array = Field(
        description="[records], the mean loss that is predicted of the run: `loss` + ½ ⟨H, Σ⟩."
    )
    run_loss: Array = Field(description="[records], of the run, of the whole dataset at the record.")
    measured_loss: Array = Field(description="[records], the same averaged over `window` records.")
    sharpness: Array = Field(
        description="[records], the largest eigenvalue on the path, of P^-1/2 (H + decay) P^-1/2 with P "
        "relative to the learning rate; of gradient descent it is that of the Hessian."
    )
    bound: Number = Field(description="2 / lr, which `sharpness` does not pass.")
    predicted_variance: Array = Field(description="[records], tr Σ, of the oscillation about the path.")
    measured_variance: Array = Field(
        description="[records], the mean squared swing of the run in the directions at the bound, averaged. "
        "A swing is how far a record is from the middle of the steps to it and from it."
    )
    oscillating: list[int] = Field(description="In how many directions the flow oscillates.")
    distance: Array = Field(description="[records], from the flow to the middle of the run's steps.")
    window: int = Field(description="Over how many records the measured values are averaged.")
    edge: int | None = Field(description="The first step at which the flow oscillates; null: it never does.")
    mean_loss: PredictedAndMeasured
    mean_variance: PredictedAndMeasured
    departs: int | None = Field(
        description="The first step where the mean losses are apart by more than a quarter; null: nowhere."
    )
    stopped: str | None = Field(description="Why the flow ends before the run; null if it does not.")
    stopped_code: str | None = Field(description="What `stopped` says, as data.")
    stopped_params: Params = Field({}, description="What fills the holes of the sentence, by name.")


class CentralFlowAnswer(BaseModel):
    """The flow, or why there is none."""

    flow: PredictedPath | None = Field(description="null where there is none.")
    no_flow: str | None = Field(description="Why there is no flow; null where there is one.")
    no_flow_code: str | None = Field(description="What `no_flow` says, as data.")
    no_flow_params: Params = Field({}, description="What fills the holes of the sentence, by name.")


_RUN: dict[str, Any] = {
    "problem": {"name": "regression-2d", "samples": 32},
    "model": {"hidden": [8], "activation": "tanh"},
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.4}},
    "steps": 200,
}
EXAMPLES: dict[str, Any] = {
    "Gradient descent at the edge of stability": {"run": _RUN},
    "With momentum there is none": {
        "run": _RUN | {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.1, "momentum": 0.9}}}
    },
}


@router.post(
    "/central-flow",
    summary="Predict the averaged path of a run at the edge of stability",
    response_class=Response,
    openapi_extra=documented(CentralFlowRequest, EXAMPLES),
    responses=answers(CentralFlowAnswer, "The flow beside the run.") | COMPUTING | problems(404),
    dependencies=[Depends(take_place)],
)
async def central_flow(
    asked: Annotated[CentralFlowRequest, Depends(json_body(CentralFlowRequest))],
    request: Request,
    service: Service,
    limits: Bounds,
) -> Response:
    """Trains the run (or recalls it), and integrates the central flow of Cohen et al. (2025) from its start.

    It is known of full-batch `SGD` and `RMSprop` without momentum, on a loss whose third derivative exists;
    of what else a run may be, `no_flow` says so. The path, its loss and the covariance Σ are computed in
    float64, with exact second and third derivatives. This is theory: nothing of it is a number of the run
    but `run_loss` and what is called measured.
    """
    runs = await accepted(request, {"/run": asked.run})
    document = await unless_left(request, _computed(service, runs, asked, limits))
    return Response(wire.dumps(document), media_type="application/json")


async def _computed(
    service: Service, runs: dict[str, Any], asked: CentralFlowRequest, limits: Limits
) -> dict[str, Any]:
    [blocks], [(config, _)] = await records_of(service, runs), runs.values()
    with telling_of(runs):
        found = await service.compute(
            central_flow_of,
            config.canonical(),
            blocks,
            asked.from_step,
            asked.to_step,
            asked.window,
            limits,
            lane=Lane(Kind.VIEW),
        )
    return central_flow_document(found, asked.encoding)


def central_flow_document(found: CentralFlow | NoFlow, encoding: Encoding) -> dict[str, Any]:
    """A ``CentralFlowAnswer``."""
    if isinstance(found, NoFlow):
        return {"flow": None, **sentence_fields("no_flow", found.said)}
    return {"flow": _document(found, encoding), **sentence_fields("no_flow", None)}


_ARRAYS = (
    "path",
    "loss",
    "predicted_loss",
    "run_loss",
    "measured_loss",
    "sharpness",
    "predicted_variance",
    "measured_variance",
    "distance",
)


def _document(flow: CentralFlow, encoding: Encoding) -> dict[str, Any]:
    encode = ENCODERS[encoding]
    means = {"mean_loss": flow.mean_loss, "mean_variance": flow.mean_variance}
    return {
        "steps": flow.steps,
        **{name: encode(getattr(flow, name)) for name in _ARRAYS},
        "bound": wire.spelled(flow.bound),
        "oscillating": flow.oscillating,
        "window": flow.window,
        "edge": flow.edge,
        **{
            name: {"predicted": wire.spelled(mean.predicted), "measured": wire.spelled(mean.measured)}
            for name, mean in means.items()
        },
        "departs": flow.departs,
        **sentence_fields("stopped", flow.stopped),
    }

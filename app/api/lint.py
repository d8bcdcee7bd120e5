"""``POST /api/lint``: what an expert would say about a run, before it is trained."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from optiscope.api import wire
from optiscope.api.body import documented, json_body
from optiscope.api.computed import answers
from optiscope.api.events import COMPUTING, Warned
from optiscope.api.state import AdviceOf, Bounds, take_place
from optiscope.api.streams import unless_left
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.judging import check
from optiscope.runs.engine_thread import in_engine_thread

router = APIRouter(tags=["views"])


class Warnings(BaseModel):
    """Everything that is worth saying; nothing, if the recipe is sound."""

    warnings: list[Warned] = Field(description="In the order of the config.")


EXAMPLES: dict[str, Any] = {
    "OneCycleLR that ends before the run": {
        "problem": {"name": "moons"},
        "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.01, "weight_decay": 0.1}},
        "lr_scheduler": {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 50}},
        "steps": 100,
    }
}


@router.post(
    "/lint",
    summary="Look for mistakes in a recipe",
    response_class=Response,
    openapi_extra=documented(RunConfig, EXAMPLES),
    responses=answers(Warnings, "The warnings.") | COMPUTING,
    dependencies=[Depends(take_place)],
)
async def lint(
    config: Annotated[RunConfig, Depends(json_body(RunConfig))],
    request: Request,
    advice: AdviceOf,
    limits: Bounds,
) -> Response:
    """Says what is likely not meant: what, why, and what to do, with a pointer to the field.

    A worker tries the first steps of the run and measures them, as far as the limits allow. A run that starts
    does not wait for that: `warnings` of `run_started` are those that need no step.
    """
    await in_engine_thread(check, config, limits)
    warnings = await unless_left(request, advice.of(config))
    document = {"warnings": [warning.document() for warning in warnings]}
    return Response(wire.dumps(document), media_type="application/json")

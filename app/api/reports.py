"""``GET /api/runs/{id}/report``: what an expert would say of a watched run."""

from functools import partial

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel, Field

from optiscope.api import wire
from optiscope.api.computed import answers
from optiscope.api.events import Number, problems
from optiscope.api.runs import FOLLOWING, Id
from optiscope.api.sentences import Sentence
from optiscope.api.state import Kept, Service, take_place
from optiscope.api.streams import unless_left
from optiscope.engine.core.words import say
from optiscope.engine.loop.checkpoint import Reason
from optiscope.runs.keeping.reports import report_of

router = APIRouter(prefix="/runs", tags=["kept runs"])


class Observation(Sentence):
    """Something that was seen of a loop: what, why it matters and what to do."""

    step: int | None = Field(
        description="The first step where it was seen; null where it is of the whole run."
    )
    layers: list[int] = Field(description="Which of the `layers` of `run_started` it is of.")


class AuditedGroup(BaseModel):
    """A param group, as it was when the run began."""

    optimizer: str = Field(description="The class that steps it.")
    tensors: int = Field(description="How many parameters it holds.")
    numel: int = Field(description="How many numbers it holds.")
    lr: Number = Field(description="Its learning rate.")
    weight_decay: Number | None = Field(description="null where its optimizer has none.")


class Audited(BaseModel):
    """Who trains what."""

    groups: list[AuditedGroup] = Field(description="The param groups of all optimizers.")
    frozen: list[str] = Field(description="Parameters that did not require a gradient when the run began.")
    unowned: list[str] = Field(description="Parameters that no optimizer held when the run began.")
    twice: list[str] = Field(
        description="Parameters in two groups when the run began, some of them where they are many."
    )


class Report(BaseModel):
    """What is to be said of a watched run."""

    id: str = Field(description="Of the run.")
    step: int = Field(description="The last step that was looked at.")
    records: int = Field(description="How many records were looked at.")
    every: int = Field(description="The usual distance of records: of few steps, only some are measured.")
    found: list[Observation] = Field(description="Causes before symptoms; nothing, if all is well.")
    audit: Audited


@router.get(
    "/{id}/report",
    summary="Look for mistakes in a watched loop",
    response_class=Response,
    responses=answers(Report, "What is to be said.") | FOLLOWING | problems(409),
    dependencies=[Depends(take_place)],
)
async def report_run(
    request: Request,
    id: Id,  # noqa: A002 - the word that a person reads in /docs
    kept: Kept,
    service: Service,
) -> Response:
    """Says what is likely not meant in a loop that is not ours: what was seen at which step, and what to do.

    Of a run that goes on it is said as far as it has come. A run that is trained here has a config instead,
    of which `POST /api/lint` says the same before it is trained.
    """
    run = await kept.exports.told(id)
    source, ended = run.about.source, run.about.ended
    if source is None:
        raise HTTPException(409, say("report_of_watched"))
    is_complete = ended is not None and ended["reason"] == Reason.COMPLETED
    job = service.compute(partial(report_of, is_complete=is_complete), source, run.pieces)
    document = {"id": id} | await unless_left(request, job)
    return Response(wire.dumps(document), media_type="application/json")

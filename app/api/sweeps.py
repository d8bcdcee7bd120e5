"""``/api/sweeps``: thousands of runs over a grid of hyperparameters and seeds, as cells of a map."""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from optiscope.api import stream_examples, wire
from optiscope.api.body import documented, json_body
from optiscope.api.computed import answers
from optiscope.api.events import COMPUTING, stream_of
from optiscope.api.state import Bounds, KernelsOf, Service, take_place
from optiscope.api.streams import JSONLinesResponse, unless_left
from optiscope.api.sweep_documents import (
    CellsOfMembers,
    SweepEndedEvent,
    SweepPlan,
    SweepStarted,
    cells_line,
    ended_line,
    plan_document,
    way_documents,
)
from optiscope.engine.sweep.cells import Cells
from optiscope.engine.sweep.job import Outlook
from optiscope.engine.sweep.judging import plan_of
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.kernels import Kernels
from optiscope.runs.service import RunService
from optiscope.runs.sweeping import SweepEnded, sweep, ways_of
from optiscope.runs.workers.lanes import Kind

SweepEvent = Sequence[Outlook] | Cells | SweepEnded

router = APIRouter(tags=["sweeps"])

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
    await kernels.ready()
    async with aclosing(sweep(service, kernels, plan)) as events:
        yield _with(await anext(events), events)


async def _with(first: SweepEvent, others: AsyncGenerator[SweepEvent]) -> AsyncGenerator[SweepEvent]:
    yield first
    async for event in others:
        yield event


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
    service: Service,
    kernels: KernelsOf,
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
            yield ended_line(event)
        elif isinstance(event, Cells):
            yield cells_line(event)
        else:
            known = await in_engine_thread(plan_document, plan, _ways(plan, event, service, kernels), limits)
            yield wire.dumps({"event": "sweep_started", **known})


@router.post(
    "/sweeps/plan",
    summary="Say what a sweep would come to, and how long it would take",
    openapi_extra=documented(SweepConfig, EXAMPLES),
    responses=COMPUTING | answers(SweepPlan, "What `sweep_started` would say."),
    dependencies=[Depends(take_place)],
)
async def plan_sweep(
    request: Request,
    plan: Annotated[Plan, Depends(planned)],
    service: Service,
    kernels: KernelsOf,
    limits: Bounds,
) -> Response:
    """Trains nothing: says which members go which way, why no faster, and how long that takes.

    The seconds are corrected by what sweeps took on this server.
    """
    text = plan.sweep.model_dump_json(by_alias=True)
    await kernels.ready()
    outlooks = await unless_left(request, kernels.outlooks(text))
    known = await in_engine_thread(plan_document, plan, _ways(plan, outlooks, service, kernels), limits)
    return Response(wire.dumps(known), media_type="application/json")


def _ways(
    plan: Plan, outlooks: Sequence[Outlook], service: RunService, kernels: Kernels
) -> list[dict[str, Any]]:
    workers = service.executor.workers_for(Kind.SWEEP)
    return way_documents(ways_of(plan, outlooks, service.speeds, workers, kernels.stacked_because))

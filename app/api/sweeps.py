"""``/api/sweeps``: thousands of runs over a grid of hyperparameters and seeds, as cells of a map."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query, Request, Response

from optiscope.api import stream_examples, wire
from optiscope.api.body import documented, json_body
from optiscope.api.computed import answers
from optiscope.api.events import COMPUTING, stream_of
from optiscope.api.kept_sweeps import followed_lines
from optiscope.api.run_documents import Name, require_short
from optiscope.api.state import Bounds, Client, KernelsOf, Service, get_kept_sweeps, take_place
from optiscope.api.streams import JSONLinesResponse, Places, unless_left
from optiscope.api.sweep_documents import (
    CellsOfMembers,
    SweepEndedEvent,
    SweepPlan,
    SweepStarted,
    plan_document,
)
from optiscope.api.sweep_lines import lines_of_sweep, ways_told
from optiscope.engine.sweep.judging import plan_of
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.runs.engine_thread import in_engine_thread

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


async def planned(config: Annotated[SweepConfig, Depends(json_body(SweepConfig))], limits: Bounds) -> Plan:
    """The sweep of the body, found possible before the first byte is sent."""
    return await in_engine_thread(plan_of, config, limits)


class Asked(NamedTuple):
    """Who asks for a sweep, whether it is to be kept, and what to call it then."""

    client: str
    keep: bool
    name: str | None


async def asked(
    client: Client,
    limits: Bounds,
    keep: Annotated[  # noqa: FBT002 - a parameter of the address
        bool, Query(description="Whether it is kept, and goes on when nobody follows it.")
    ] = False,
    name: Annotated[
        Name | None, Query(description="Of one that is kept; unless given: the optimizers and the problem.")
    ] = None,
) -> Asked:
    """What the address says of the sweep."""
    require_short(name, limits)
    return Asked(client, keep, name)


async def lines_of(
    request: Request,
    plan: Annotated[Plan, Depends(planned)],
    asked: Annotated[Asked, Depends(asked)],
    service: Service,
    kernels: KernelsOf,
    limits: Bounds,
) -> AsyncIterator[AsyncGenerator[bytes]]:
    """The lines of the sweep; whatever ends the request ends the sweep, unless it is kept."""
    places: Places = request.app.state.followers if asked.keep else request.app.state.places
    with places.take(asked.client):
        await kernels.ready()
        if asked.keep:
            kept = await get_kept_sweeps(request)
            outlooks = await unless_left(request, kernels.outlooks(plan.text))
            ways = ways_told(plan, outlooks, service, kernels)
            begun = await kept.create(plan, ways, name=asked.name, pinned=False, client=asked.client)
            async with aclosing(followed_lines(kept, begun, 0, limits)) as lines:
                yield lines
        else:
            async with aclosing(lines_of_sweep(service, kernels, plan, limits)) as lines:
                yield _from_first(await anext(lines), lines)


async def _from_first(first: bytes, lines: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for line in lines:
        yield line


@router.post(
    "/sweeps",
    summary="Train a grid of runs and stream what each comes to",
    response_class=JSONLinesResponse,
    openapi_extra=documented(SweepConfig, EXAMPLES),
    responses=COMPUTING
    | stream_of(SweepStarted, CellsOfMembers, SweepEndedEvent, example=stream_examples.SWEPT),
)
async def sweeps(lines: Annotated[AsyncGenerator[bytes], Depends(lines_of)]) -> AsyncIterator[bytes]:
    """Varies a run along one to three axes, for several optimizers and seeds, and says how each member ended.

    The stream begins with `sweep_started`, sends `cells` as they come, and ends with `sweep_ended`, whose
    summary says for each optimizer where it does best, how wide its good rates are, and what seeds change. An
    axis is a JSON pointer into the run with all defaults filled in, and the values along it. Everything that
    can be refused is refused before the first byte. Close the connection to cancel.

    With `keep=true` the sweep lasts as a run of `/api/runs` does: `sweep_started` has its `id`, it is trained
    whether somebody follows it or not, every cell is on the disk before anybody is given it, and what is
    interrupted goes on when the server is back.
    """
    async for line in lines:
        yield line


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
    await kernels.ready()
    outlooks = await unless_left(request, kernels.outlooks(plan.text))
    known = await in_engine_thread(plan_document, plan, ways_told(plan, outlooks, service, kernels), limits)
    return Response(wire.dumps(known), media_type="application/json")

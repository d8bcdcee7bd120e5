"""``/api/sweeps/{id}``: sweeps that are kept: list, read, follow, pause, resume, export, delete."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, get_args

import orjson
from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response

from optiscope.api import stream_examples
from optiscope.api.body import documented, json_body
from optiscope.api.computed import answers
from optiscope.api.events import problems, stream_of
from optiscope.api.kept_sweep_documents import (
    SweepDocument,
    SweepPageDocument,
    listed_document,
    sweep_document,
)
from optiscope.api.run_documents import Edit
from optiscope.api.runs import CHANGING, FOLLOWING, LARGEST, READING, TRAINING
from optiscope.api.state import Bounds, Client, KeptSweepsOf, follow_place, take_place
from optiscope.api.streams import JSONLinesResponse, unless_left
from optiscope.api.sweep_documents import (
    CellsOfMembers,
    SweepEndedEvent,
    SweepStarted,
    cells_line,
    end_line,
    started_line,
)
from optiscope.api.taken import FILE_TYPES
from optiscope.engine.core.limits import Limits
from optiscope.engine.core.words import say
from optiscope.engine.sweep.plan import Plan
from optiscope.export.choosing import ExportError
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.keeping.sweeps.files import Format
from optiscope.runs.keeping.sweeps.kept_sweep import KeptSweep, StoredCells
from optiscope.runs.keeping.sweeps.kept_sweeps import KeptSweeps

router = APIRouter(prefix="/sweeps", tags=["sweeps"])

Id = Annotated[
    str,
    Path(
        description="The `id` of a sweep.",
        json_schema_extra={"pattern": "^[0-9a-f]{1,64}$"},
        examples=["3f9a0c7d21be"],
    ),
]

ONE_SWEEP = answers(SweepDocument, "The sweep as it is now.")

MEDIA_TYPES = {kind: FILE_TYPES[kind] for kind in get_args(Format)}


def answer(sweep: KeptSweep) -> Response:
    """A sweep as the body."""
    return Response(
        orjson.dumps(sweep_document(sweep)),
        media_type="application/json",
        headers={"Cache-Control": "no-cache"},
    )


async def followed_lines(
    kept: KeptSweeps, sweep: KeptSweep, part: int, limits: Limits
) -> AsyncGenerator[bytes]:
    """The stream of a sweep: its beginning, its cells as they become durable, its end."""
    yield await in_engine_thread(_started, sweep, limits)
    async with aclosing(kept.follow(sweep.id, part)) as events:
        async for event in events:
            if isinstance(event, StoredCells):
                yield await asyncio.to_thread(_encoded, event)
            else:
                yield end_line(event.reason, event.said, event.summary)


def _started(sweep: KeptSweep, limits: Limits) -> bytes:
    return started_line(Plan(sweep.config), sweep.ways, limits, id=sweep.id)


def _encoded(stored: StoredCells) -> bytes:
    return cells_line(stored.cells(), part=stored.part)


@router.get(
    "", summary="List kept sweeps", responses=answers(SweepPageDocument, "Newest first.") | problems(422, 503)
)
async def list_sweeps(
    request: Request,
    kept: KeptSweepsOf,
    search: Annotated[
        str, Query(max_length=200, description="Words in the name, problem, optimizers or paths.")
    ] = "",
    before: Annotated[int | None, Query(ge=0, le=LARGEST, description="`next` of the last page.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="Sweeps of a page.")] = 50,
) -> Response:
    """Lists sweeps, newest first, each without its axes and its summary, and says how much is kept."""
    page, options = await kept.page(search=search, before=before, limit=limit), request.app.state.options
    document = {
        "sweeps": [listed_document(sweep) for sweep in page.sweeps],
        "next": page.following,
        "kept": {
            "sweeps": page.totals.sweeps,
            "bytes": page.totals.nbytes,
            "max_sweeps": options.max_kept_sweeps,
            "max_bytes": options.max_kept_sweep_bytes,
        },
    }
    headers = {"Cache-Control": "no-cache"}
    return Response(orjson.dumps(document), media_type="application/json", headers=headers)


@router.get("/{id}", summary="Read a kept sweep", responses=ONE_SWEEP | READING)
async def read_sweep(id: Id, kept: KeptSweepsOf) -> Response:  # noqa: A002 - the word that a person reads in /docs
    """The sweep as it is now: what is swept, how far it has come, and its summary once it is complete."""
    return answer(await kept.get(id))


@router.patch(
    "/{id}",
    summary="Rename or pin a kept sweep",
    openapi_extra=documented(Edit, {"Rename": {"name": "SGD, the wide grid"}, "Pin": {"pinned": True}}),
    responses=ONE_SWEEP | TRAINING,
)
async def edit_sweep(
    id: Id,  # noqa: A002
    changes: Annotated[Edit, Depends(json_body(Edit))],
    kept: KeptSweepsOf,
) -> Response:
    """Changes what a person calls it, or whether it is kept whatever the quota says."""
    return answer(await kept.edit(id, name=changes.name, pinned=changes.pinned))


@router.delete("/{id}", status_code=204, summary="Delete a kept sweep", responses=CHANGING)
async def delete_sweep(id: Id, kept: KeptSweepsOf) -> Response:  # noqa: A002
    """Stops it if it is being trained, and deletes it and its cells."""
    await kept.delete(id)
    return Response(status_code=204)


@router.post("/{id}/pause", summary="Pause a kept sweep", responses=ONE_SWEEP | CHANGING)
async def pause_sweep(id: Id, kept: KeptSweepsOf) -> Response:  # noqa: A002
    """Stops training; the cells that are on the disk stay."""
    return answer(await kept.pause(id))


@router.post(
    "/{id}/resume", summary="Go on with a paused sweep", responses=ONE_SWEEP | CHANGING | problems(429)
)
async def resume_sweep(id: Id, kept: KeptSweepsOf, client: Client) -> Response:  # noqa: A002
    """Trains the members that have no cells yet."""
    return answer(await kept.resume(id, client))


async def found(id: Id, kept: KeptSweepsOf) -> KeptSweep:  # noqa: A002
    """The sweep to follow, found before the first byte is sent."""
    return await kept.get(id)


@router.get(
    "/{id}/cells",
    summary="Follow or replay a kept sweep",
    response_class=JSONLinesResponse,
    responses=stream_of(SweepStarted, CellsOfMembers, SweepEndedEvent, example=stream_examples.SWEPT)
    | FOLLOWING,
    dependencies=[Depends(follow_place)],
)
async def follow_sweep(
    sweep: Annotated[KeptSweep, Depends(found)],
    kept: KeptSweepsOf,
    limits: Bounds,
    part: Annotated[int, Query(alias="from", ge=0, le=LARGEST, description="The first part to send.")] = 0,
) -> AsyncIterator[bytes]:
    """Sends `sweep_started`, every part of its cells, and `sweep_ended`.

    Cells that are there come at once, later ones as soon as they are on the disk. `sweep_ended` says
    `completed`; or `paused`, or `stopped` when the sweep was deleted or the server shuts down: then ask again
    from the part behind the last one.
    """
    async with aclosing(followed_lines(kept, sweep, part, limits)) as lines:
        async for line in lines:
            yield line


@router.get(
    "/{id}/export",
    summary="Take the cells of a kept sweep away as a file",
    response_class=Response,
    responses=FOLLOWING
    | problems(501)
    | {
        200: {
            "description": "A line or row for each member that has come.",
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()
            },
        }
    },
    dependencies=[Depends(take_place)],
)
async def export_sweep(
    id: Id,  # noqa: A002
    request: Request,
    kept: KeptSweepsOf,
    format: Annotated[Format, Query(description="Of the file.")] = "csv",  # noqa: A002
) -> Response:
    """Writes what has come, whatever the state: number, optimizer, values, seed and columns of each member.

    Arrays of `npz` have one entry for each row; their names are the columns without a leading slash.
    """
    try:
        data = await unless_left(request, kept.export(id, format))
    except ExportError as error:
        raise HTTPException(501, say("as_written", text=str(error))) from error
    headers = {"Content-Disposition": f'attachment; filename="{id}.{format}"'}
    return Response(data, headers=headers, media_type=MEDIA_TYPES[format])

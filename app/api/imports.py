"""``/api/runs/import`` and ``/api/runs/{id}/steps``: runs of loops that are not ours, as a file or live."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request, Response
from pydantic import BaseModel

from optiscope.api import stream_examples
from optiscope.api.events import BlockOfSteps, RunEnded, RunStarted, lines_of
from optiscope.api.run_documents import Name, require_short
from optiscope.api.runs import LARGEST, NEW_RUN, ONE_RUN, TRAINING, Id, answer
from optiscope.api.state import Bounds, Kept, Service, take_place
from optiscope.engine.core.words import say
from optiscope.export.event_parts import HEAD_BYTES
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.keeping.intake import Intake
from optiscope.runs.service import RunService
from optiscope.watching.tensorboard import is_event_file, lines_of_events

router = APIRouter(prefix="/runs", tags=["kept runs"])

LINES = "application/jsonl"
_TAKEN = frozenset({LINES, "application/x-ndjson", "application/octet-stream"})


def _lines(*events: type[BaseModel], example: str) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": lines_of(*events, example=example)}}


async def body_lines(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes, if it is declared to be lines: a form of another site cannot declare that."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _TAKEN:
        raise HTTPException(415, say("send_lines", type=LINES))
    return request.stream()


Lines = Annotated[AsyncIterator[bytes], Depends(body_lines)]


async def _as_lines(
    parts: AsyncIterator[bytes], service: RunService, most_bytes: int
) -> AsyncIterator[bytes]:
    """The body, or the lines that a worker makes of it where it is a file of TensorBoard's."""
    head = b""
    async for part in parts:
        head += part
        if len(head) >= HEAD_BYTES:
            break
    if is_event_file(head):
        whole = bytearray(head)
        async for part in parts:
            whole += part
        head = await service.compute(lines_of_events, bytes(whole), most_bytes)
    yield head
    async for part in parts:
        yield part


async def imported_lines(request: Request, lines: Lines, service: Service) -> AsyncIterator[bytes]:
    """The lines of a whole run; those of a file of TensorBoard's are bounded as a body is."""
    return _as_lines(lines, service, request.app.state.options.max_import_bytes)


Imported = Annotated[AsyncIterator[bytes], Depends(imported_lines)]


async def _read(intake: Intake, lines: AsyncIterator[bytes]) -> Intake:
    async for part in lines:
        if part:
            await in_engine_thread(intake.feed, part)
    await in_engine_thread(intake.finish)
    return intake


@router.post(
    "/import",
    status_code=201,
    summary="Keep a watched run",
    openapi_extra=_lines(RunStarted, BlockOfSteps, RunEnded, example=stream_examples.WATCHED),
    responses=NEW_RUN | ONE_RUN | TRAINING,
    dependencies=[Depends(take_place)],
)
async def import_run(
    lines: Imported,
    kept: Kept,
    limits: Bounds,
    name: Annotated[Name | None, Query(description="Unless given: what the run says.")] = None,
    file: Annotated[
        Name | None,
        Query(description="Name of its file, for a run that its program did not name."),
    ] = None,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            pattern=r"^[!-~]{1,200}$",
            description="Of a live run: its beginning sent again with the same key, as where no answer came, "
            "is answered with that run.",
        ),
    ] = None,
) -> Response:
    """Takes what `optiscope.watch` wrote: `run_started` with `config` null, blocks, and `run_ended`.

    `run_started` alone begins a live run: what follows is sent to `/api/runs/{id}/steps`. A file that has no
    `run_ended`, as of a program that was killed, is kept up to its last whole line. A file that is
    kept already, byte for byte, is answered with its run (200). A file of events of TensorBoard is taken
    as well: its scalars, by tag and step, are the run's `logged`.
    """
    require_short(name, limits)
    run, is_new = await kept.watched.add(await _read(Intake(), lines), name, file, key)
    return answer(run, 201 if is_new else 200)


@router.post(
    "/{id}/steps",
    summary="Go on with a live run",
    openapi_extra=_lines(BlockOfSteps, RunEnded, example=stream_examples.WATCHED_ON),
    responses=ONE_RUN | TRAINING,
    dependencies=[Depends(take_place)],
)
async def append_steps(
    id: Id,  # noqa: A002 - the word that a person reads in /docs
    lines: Lines,
    kept: Kept,
    since: Annotated[int, Query(alias="from", ge=0, le=LARGEST, description="The step the body begins at.")],
) -> Response:
    """Takes blocks of a watched run as they are made, and `run_ended`, which closes it.

    Records that are kept already are skipped; where some are missing before those of the body, it is refused.
    An empty body is a sign of life. A run of which nothing comes for a while ends as `stopped`, and goes on
    with the next request.
    """
    run = await kept.watched.get(id, since)
    return answer(await kept.watched.append(run, await _read(Intake(run), lines)))

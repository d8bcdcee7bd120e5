"""``/api/runs``: checkpoints of kept runs as files, and runs that go on from one."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response

from optiscope.api.events import problems
from optiscope.api.run_documents import Name, require_short
from optiscope.api.runs import FOLLOWING, LARGEST, NEW_RUN, TRAINING, Id, answer
from optiscope.api.state import Bounds, Client, Kept, take_place
from optiscope.api.streams import unless_left
from optiscope.engine.core.words import say

router = APIRouter(prefix="/runs", tags=["kept runs"])

OCTETS = "application/octet-stream"
FILE = {OCTETS: {"schema": {"type": "string", "format": "binary"}}}


@router.get(
    "/{id}/checkpoints/{step}",
    summary="Download a checkpoint",
    response_class=Response,
    responses=FOLLOWING | problems(409) | {200: {"description": "A file of torch.save.", "content": FILE}},
    dependencies=[Depends(take_place)],
)
async def download_checkpoint(
    id: Id,  # noqa: A002
    step: Annotated[int, Path(ge=0, le=LARGEST, description="Any recorded step.")],
    request: Request,
    kept: Kept,
) -> Response:
    """A file that `torch.load(path, weights_only=True)` reads.

    It holds `model`, `optimizer` and `lr_scheduler` (each for `load_state_dict`), `step`, `config`, and what
    else it takes to go on bit for bit.
    """
    headers = {"Content-Disposition": f'attachment; filename="{id}-{step}.pt"'}
    data = await unless_left(request, kept.checkpoint(id, step))
    return Response(data, headers=headers, media_type=OCTETS)


async def uploaded(request: Request) -> bytes:
    """The file in the body, within its bound; a body of no declared type is taken for one (RFC 9110, 8.3)."""
    kind = request.headers.get("content-type", OCTETS).partition(";")[0].strip().lower()
    if kind != OCTETS:
        raise HTTPException(415, say("send_octets", type=OCTETS))
    bound, data = request.app.state.options.max_upload_bytes, bytearray()
    async for part in request.stream():
        data += part
        if len(data) > bound:
            raise HTTPException(413, say("upload_too_large", bound=bound))
    return bytes(data)


@router.post(
    "/from-checkpoint",
    status_code=201,
    summary="Go on from a checkpoint file",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": FILE,
        }
    },
    responses=NEW_RUN | TRAINING,
    dependencies=[Depends(take_place)],
)
async def create_run_from_checkpoint(
    request: Request,
    data: Annotated[bytes, Depends(uploaded)],
    kept: Kept,
    client: Client,
    limits: Bounds,
    name: Annotated[Name | None, Query(description="Unless given: the optimizer and the problem.")] = None,
) -> Response:
    """A new run that begins where the file was taken.

    The file is one that `GET /api/runs/{id}/checkpoints/{step}` gave. It is checked in a process of its own:
    it either goes on exactly, or is refused with what is wrong with it.
    """
    require_short(name, limits)
    run = await unless_left(request, kept.create_from_checkpoint(data, name=name, client=client))
    return answer(run, 201)

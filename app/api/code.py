"""``POST /api/code``: a run as a plain PyTorch script."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from optiscope.api import wire
from optiscope.api.body import documented, json_body
from optiscope.api.computed import answers
from optiscope.api.events import COMPUTING
from optiscope.api.state import Bounds, take_place
from optiscope.api.train import EXAMPLES
from optiscope.engine.advice.codegen import script
from optiscope.engine.core.config import RunConfig
from optiscope.runs.engine_thread import in_engine_thread

router = APIRouter(tags=["views"])


class Code(BaseModel):
    """A script."""

    code: str = Field(examples=["import torch\n"], description="The script.")


@router.post(
    "/code",
    summary="Write a run as a PyTorch script",
    response_class=Response,
    openapi_extra=documented(RunConfig, EXAMPLES),
    responses=answers(Code, "The script.") | COMPUTING,
    dependencies=[Depends(take_place)],
)
async def code(config: Annotated[RunConfig, Depends(json_body(RunConfig))], limits: Bounds) -> Response:
    """The complete script: model, data, optimizer, groups, scheduler, clipping, freezing and loop.

    It needs torch, and the packages that its parts come from. It prints the loss of every step, which is that
    of the run bit for bit, on the same machine with the same PyTorch.
    """
    return Response(
        wire.dumps({"code": await in_engine_thread(script, config, limits)}), media_type="application/json"
    )

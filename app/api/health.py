"""Whether the server is alive."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from app import __version__
from app.api.state import Service, Taken

router = APIRouter(tags=["server"])


class Health(BaseModel):
    """The server as it is now."""

    status: Literal["ok", "stopping"]
    version: str
    streams: int
    finished_runs: int


@router.get("/health", summary="Is the server alive?")
async def health(service: Service, places: Taken) -> Health:
    """Answers at once, however many runs are being trained, and without a token."""
    return Health(
        status="stopping" if service.stopping else "ok",
        version=__version__,
        streams=places.taken,
        finished_runs=len(service.cache),
    )

"""Whether the server is alive."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from optiscope import __version__
from optiscope.api.sentences import Params, beside
from optiscope.api.state import Service, Taken
from optiscope.runs.keeping.errors import StorageError
from optiscope.runs.keeping.kept_runs import KeptRuns

router = APIRouter(tags=["server"])


class Health(BaseModel):
    """The server as it is now."""

    status: Literal["ok", "stopping"]
    version: str
    streams: int
    finished_runs: int
    training: int = Field(description="Kept runs that are being trained.")
    storage: str = Field(description="ok, or why runs cannot be kept.")
    storage_code: str | None = Field(description="What `storage` says, as data; null where it is ok.")
    storage_params: Params = {}


@router.get("/health", summary="Is the server alive?")
async def health(request: Request, service: Service, places: Taken) -> Health:
    """Answers at once, however many runs are being trained, and without a token."""
    kept: KeptRuns | StorageError = request.app.state.kept_runs
    return Health(
        status="stopping" if service.stopping else "ok",
        version=__version__,
        streams=places.taken,
        finished_runs=len(service.cache),
        training=kept.training if isinstance(kept, KeptRuns) else 0,
        **beside("storage", None if isinstance(kept, KeptRuns) else kept.said, "ok"),
    )

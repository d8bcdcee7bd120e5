"""What ``GET /api/health`` answers; needs no torch, so that the server can say that it starts."""

from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from optiscope import __version__
from optiscope.api.sentences import Params

HEALTH_PATH = "/api/health"


class Health(BaseModel):
    """The server as it is now."""

    status: Literal["starting", "ok", "degraded", "stopping"] = Field(
        description="ok once a worker has answered; degraded while workers cannot be started or die."
    )
    reason: str = Field(description="Why it is degraded, else empty.")
    reason_code: str | None = Field(description="What `reason` says, as data.")
    reason_params: Params = {}
    version: str = __version__
    streams: int = 0
    finished_runs: int = 0
    training: int = Field(0, description="Kept runs that are being trained.")
    storage: str = Field(description="ok, or why runs cannot be kept.")
    storage_code: str | None = Field(description="What `storage` says, as data; null where it is ok.")
    storage_params: Params = {}


def health_response(health: Health) -> Response:
    """The document: with status 200 if all is well, else with 503, which is what health checks look at."""
    status = HTTPStatus.OK if health.status == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"Cache-Control": "no-store"}
    return Response(health.model_dump_json(), status, headers, media_type="application/json")

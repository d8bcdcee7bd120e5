"""What ``GET /api/health`` answers; needs no torch, so that the server can say that it starts."""

from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from optiscope import __version__
from optiscope.api.sentences import Params

HEALTH_PATH = "/api/health"


class Workers(BaseModel):
    """How many training processes are how."""

    ready: int = Field(0, description="Processes that can train.")
    starting: int = Field(0, description="Processes that are on their way.")
    failing: int = Field(0, description="Processes that could not be started.")
    restarts: int = Field(0, description="Processes that were started in the place of another one.")


class Health(BaseModel):
    """The server as it is now.

    `status` tells what starting it again could mend. A full disk or a damaged database is told by `storage`,
    `held_up` and `runs`: it answers, and computes what is not to be kept.
    """

    status: Literal["starting", "ok", "degraded", "stopping"] = Field(
        description="ok once a worker has answered; degraded while workers cannot be started or die."
    )
    reason: str = Field(description="Why it is degraded, else empty.")
    reason_code: str | None = Field(description="What `reason` says, as data.")
    reason_params: Params = Field({}, description="What fills the holes of the sentence, by name.")
    version: str = Field(__version__, description="Of Optiscope.")
    streams: int = Field(0, description="Answers that are being streamed.")
    finished_runs: int = Field(0, description="Recorded runs that are kept in memory.")
    training: int = Field(0, description="Kept runs that are being trained.")
    workers: Workers = Field(default_factory=Workers, description="The training processes.")
    waiting: dict[str, int] = Field({}, description="Jobs of each kind that wait for a training process.")
    runs: dict[str, int] = Field({}, description="How many kept runs are in each state; damaged is one.")
    held_up: int = Field(0, description="Kept runs that are being trained and cannot go on now.")
    held_up_by: str = Field(description="Why the first of them cannot, else empty.")
    held_up_by_code: str | None = Field(description="What `held_up_by` says, as data.")
    held_up_by_params: Params = Field({}, description="What fills the holes of the sentence, by name.")
    storage: str = Field(description="ok, or why runs cannot be kept.")
    storage_code: str | None = Field(description="What `storage` says, as data; null where it is ok.")
    storage_params: Params = Field({}, description="What fills the holes of the sentence, by name.")


def health_response(health: Health) -> Response:
    """The document: with status 200 if all is well, else with 503, which is what health checks look at."""
    status = HTTPStatus.OK if health.status == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"Cache-Control": "no-store"}
    return Response(health.model_dump_json(), status, headers, media_type="application/json")

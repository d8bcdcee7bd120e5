"""Whether the server is alive, and can train."""

from fastapi import APIRouter, Request, Response

from optiscope.api.health_document import Health, health_response
from optiscope.api.sentences import sentence_fields
from optiscope.api.state import Service, Taken
from optiscope.runs.keeping.errors import StorageError
from optiscope.runs.keeping.kept_runs import KeptRuns

router = APIRouter(tags=["server"])

NOT_OK = {"model": Health, "description": "It starts, stops, or its workers cannot be started or die."}


@router.get("/health", summary="Is the server alive?", response_model=Health, responses={503: NOT_OK})
async def health(request: Request, service: Service, places: Taken) -> Response:
    """Answers at once, however many runs are being trained, and without a token."""
    kept: KeptRuns | StorageError = request.app.state.kept_runs
    workers = service.executor.status
    found = Health(
        status="stopping" if service.stopping else workers.state,
        streams=places.taken,
        finished_runs=len(service.cache),
        training=kept.training if isinstance(kept, KeptRuns) else 0,
        **sentence_fields("reason", workers.reason, ""),
        **sentence_fields("storage", None if isinstance(kept, KeptRuns) else kept.said, "ok"),
    )
    return health_response(found)

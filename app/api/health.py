"""Whether the server is alive, and can train."""

from fastapi import APIRouter, Request, Response

from optiscope.api.health_document import Health, Workers, health_response
from optiscope.api.sentences import sentence_fields
from optiscope.api.state import Service, Taken
from optiscope.engine.core.words import Said
from optiscope.runs.keeping.errors import StorageError
from optiscope.runs.keeping.kept_runs import KeptRuns
from optiscope.runs.workers.lanes import Kind

router = APIRouter(tags=["server"])

NOT_OK = {"model": Health, "description": "It starts, stops, or its workers cannot be started or die."}


@router.get("/health", summary="Is the server alive?", response_model=Health, responses={503: NOT_OK})
async def health(request: Request, service: Service, places: Taken) -> Response:
    """Answers at once, however many runs are being trained, and without a token."""
    kept: KeptRuns | StorageError = request.app.state.kept_runs
    workers = service.executor.status
    trouble, runs = await _kept(kept)
    held_up = kept.held_up if isinstance(kept, KeptRuns) else []
    found = Health(
        status="stopping" if service.stopping else workers.state,
        streams=places.taken,
        finished_runs=len(service.cache),
        training=kept.training if isinstance(kept, KeptRuns) else 0,
        workers=Workers.model_validate(workers, from_attributes=True),
        waiting={kind.value: service.waiting.get(kind, 0) for kind in Kind},
        runs=runs,
        held_up=len(held_up),
        **sentence_fields("held_up_by", next(iter(held_up), None), ""),
        **sentence_fields("reason", workers.reason, ""),
        **sentence_fields("storage", trouble, "ok"),
    )
    return health_response(found)


async def _kept(kept: KeptRuns | StorageError) -> tuple[Said | None, dict[str, int]]:
    """Why runs cannot be kept, if so, and how many there are in each state."""
    if isinstance(kept, StorageError):
        return kept.said, {}
    try:
        return kept.trouble, {state: tally.runs for state, tally in (await kept.by_state()).items()}
    except StorageError as error:
        return error.said, {}

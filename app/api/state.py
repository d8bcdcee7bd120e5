"""What routes share, as dependencies: runs, and the places for requests that compute or follow."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Annotated

from fastapi import Depends, Query, Request

from optiscope.api.following import EncodedRecords
from optiscope.api.streams import Places
from optiscope.engine.core.limits import Limits
from optiscope.runs.advice import Advice
from optiscope.runs.description import Description
from optiscope.runs.keeping.errors import StorageError
from optiscope.runs.keeping.kept_runs import KeptRuns
from optiscope.runs.keeping.sweeps.kept_sweeps import KeptSweeps
from optiscope.runs.kernels import Kernels
from optiscope.runs.service import Event, RunService


async def _service(request: Request) -> RunService:
    service: RunService = request.app.state.service
    return service


async def _places(request: Request) -> Places:
    places: Places = request.app.state.places
    return places


async def get_limits(request: Request) -> Limits:
    """What a request may ask for."""
    limits: Limits = request.app.state.limits
    return limits


Bounds = Annotated[Limits, Depends(get_limits)]
Service = Annotated[RunService, Depends(_service)]
Taken = Annotated[Places, Depends(_places)]


async def _client(request: Request) -> str:
    """Who asks, for limits: the address, since nobody has to say a name."""
    return request.client.host if request.client else ""


Client = Annotated[str, Depends(_client)]


async def take_place(places: Taken, client: Client) -> AsyncIterator[None]:
    """Hold a place while the request lasts; 429 if there is none."""
    with places.take(client):
        yield


async def follow_place(request: Request, client: Client) -> AsyncIterator[None]:
    """Hold a place for following a run while the request lasts; 429 if there is none."""
    followers: Places = request.app.state.followers
    with followers.take(client):
        yield


async def get_kept_runs(request: Request) -> KeptRuns:
    """The kept runs, or why there are none."""
    kept: KeptRuns | StorageError = request.app.state.kept_runs
    if isinstance(kept, StorageError):
        raise type(kept)(kept.said)
    return kept


async def get_kept_sweeps(request: Request) -> KeptSweeps:
    """The kept sweeps, or why there are none."""
    kept: KeptSweeps | StorageError = request.app.state.kept_sweeps
    if isinstance(kept, StorageError):
        raise type(kept)(kept.said)
    return kept


async def _advice(request: Request) -> Advice:
    advice: Advice = request.app.state.advice
    return advice


async def _kernels(request: Request) -> Kernels:
    kernels: Kernels = request.app.state.kernels
    return kernels


async def _encoded(request: Request) -> EncodedRecords:
    encoded: EncodedRecords = request.app.state.encoded
    return encoded


Kept = Annotated[KeptRuns, Depends(get_kept_runs)]
KeptSweepsOf = Annotated[KeptSweeps, Depends(get_kept_sweeps)]
AdviceOf = Annotated[Advice, Depends(_advice)]
KernelsOf = Annotated[Kernels, Depends(_kernels)]
Encoded = Annotated[EncodedRecords, Depends(_encoded)]


def training(
    accepted: Callable[..., Awaitable[list[Description]]],
) -> Callable[..., AsyncIterator[AsyncGenerator[list[Event]]]]:
    """A dependency that trains the runs which the dependency ``accepted`` found possible.

    It yields their events; whatever ends the request ends the training.
    """

    async def events_of(
        runs: Annotated[list[Description], Depends(accepted)],
        service: Service,
        _place: Annotated[None, Depends(take_place)],
        queue: Annotated[  # noqa: FBT002 - a parameter of the address
            bool, Query(description="Whether to say where a run waits that has not begun, as `queued`.")
        ] = False,
    ) -> AsyncIterator[AsyncGenerator[list[Event]]]:
        async with aclosing(service.train([run.config for run in runs], telling=queue)) as events:
            yield events

    return events_of

"""What routes share, as dependencies: the run service and the places for requests that compute."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from app.api.streams import Places
from app.runs.service import RunService


async def _service(request: Request) -> RunService:
    service: RunService = request.app.state.service
    return service


async def _places(request: Request) -> Places:
    places: Places = request.app.state.places
    return places


Service = Annotated[RunService, Depends(_service)]
Taken = Annotated[Places, Depends(_places)]


async def take_place(places: Taken) -> AsyncIterator[None]:
    """Hold a place while the request lasts; 429 if there is none."""
    with places.take():
        yield

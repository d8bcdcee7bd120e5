"""Streams of JSON Lines, and how many of them there may be."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from fastapi import HTTPException, Request
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from optiscope.engine.core.words import say

T = TypeVar("T")


class JSONLinesResponse(StreamingResponse):
    """A stream of JSON Lines."""

    media_type = "application/jsonl"

    def init_headers(self, headers: dict[str, str] | None = None) -> None:  # type: ignore[override]
        """Keep caches and proxies from holding the stream back."""
        super().init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no"} | (headers or {}))


async def unless_left(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What ``work`` returns; it is cancelled as soon as the client has gone, and waited for.

    A stream notices by itself that nobody reads it; an answer that is computed first does not.

    Raises:
        ClientDisconnect: If nobody is left to answer.
    """
    computing = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait([computing, leaving], return_when=asyncio.FIRST_COMPLETED)
        if not computing.done():
            raise ClientDisconnect
        return computing.result()
    finally:
        for task in (computing, leaving):
            task.cancel()
        await asyncio.wait([computing, leaving])


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


class Places:
    """A fixed number of places for requests that compute; who finds none free is asked to come back."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.taken = 0

    @contextmanager
    def take(self) -> Iterator[None]:
        """Hold one place.

        Raises:
            HTTPException: 429 with ``Retry-After`` if all are taken.
        """
        if self.taken >= self.number:
            said = say("no_place", count=self.number)
            raise HTTPException(429, said, headers={"Retry-After": "2"})
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

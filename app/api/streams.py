"""Streams of JSON Lines, and how many of them there may be."""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from fastapi import HTTPException, Request
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from optiscope.engine.core.words import Said, say

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
    """A fixed number of places for requests that compute; who finds none free is asked to come back.

    Args:
        number: How many there are.
        of_one: How many of them one client may hold, so that others find one; all, unless given.
    """

    def __init__(self, number: int, of_one: int | None = None) -> None:
        self.number = number
        self._of_one = number if of_one is None else of_one
        self._held: Counter[str] = Counter()

    @property
    def taken(self) -> int:
        """How many are held."""
        return self._held.total()

    @contextmanager
    def take(self, client: str) -> Iterator[None]:
        """Hold one place.

        Raises:
            HTTPException: 429 with ``Retry-After`` if all are taken, or all that the client may hold.
        """
        if self.taken >= self.number:
            raise _no_place(say("no_place", count=self.number))
        if self._held[client] >= self._of_one:
            raise _no_place(say("no_place_of_yours", count=self._of_one))
        self._held[client] += 1
        try:
            yield
        finally:
            self._held[client] -= 1
            self._held += Counter()  # those who hold none are forgotten


def _no_place(said: Said) -> HTTPException:
    return HTTPException(429, said, headers={"Retry-After": "2"})

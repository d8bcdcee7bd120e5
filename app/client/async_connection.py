"""A connection to one server for programs that await; see :mod:`optiscope.client.connection`."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any, Self, TypeVar

import httpx

from optiscope.client.call import Call, Request
from optiscope.client.errors import StreamBrokenError, refused
from optiscope.client.following import Following
from optiscope.client.lines import Lines, json_of
from optiscope.client.pages import Page
from optiscope.client.patience import RETRY_S, Patience
from optiscope.client.reaching import address_of, headers_for, reaching
from optiscope.client.stream import Events

T = TypeVar("T")


class AsyncConnection:
    """Talks to one server, and is awaited.

    Args:
        url: Address of the server; unless given, ``OPTISCOPE_URL`` of the environment, or
            ``http://127.0.0.1:8000``.
        token: Its access token, if it has one; unless given, ``OPTISCOPE_TOKEN`` of the environment.
        timeout: Seconds to wait for an answer, or for more of a stream.
        patience: Seconds in which a server that is busy is asked again, as often as it says, and one that has
            answered before is waited for.
        transport: How requests travel, if not over the network.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        timeout: float = 60.0,
        *,
        patience: float = 60.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = address_of(url)
        self._http = httpx.AsyncClient(
            base_url=self.url, headers=headers_for(token), timeout=timeout, transport=transport
        )
        self._seconds = patience
        self._has_answered = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Give up the connections."""
        await self._http.aclose()

    async def ask(self, call: Call[T]) -> T:
        """The answer to a call."""
        async with self._answer(call.method, call.path, call.more, call.accepts) as response:
            await response.aread()
        return call.read(response)

    async def events(self, request: Request) -> AsyncGenerator[dict[str, Any]]:
        """The events of any stream, as they travel."""
        lines = Lines()
        async with self._answer(*request) as response:
            async for data in response.aiter_bytes():
                for line in lines.feed(data):
                    yield json_of(response, line)

    async def _taken(self, whole: Events[T], request: Request) -> AsyncGenerator[T]:
        """What the events of a stream come to, as they come."""
        async with aclosing(self.events(request)) as events:
            async for event in events:
                if (found := whole.take(event)) is not None:
                    yield found
        whole.require_whole()

    async def _followed(self, following: Following[T]) -> AsyncGenerator[T]:
        """What is kept, each part once; a connection that breaks and a server that stops are waited for."""
        patience = Patience(self._seconds)
        while True:
            broken: Exception | None = None
            try:
                async with aclosing(self.events(following.request())) as events:
                    async for event in events:
                        if (found := following.take(event)) is not None:
                            yield found
                            patience = Patience(self._seconds)
                        if following.has_ended:
                            return
            except httpx.TransportError as error:
                broken = error
            await self._wait_for_server(patience, broken)
            if await self.ask(following.is_over()):
                return

    async def _listed(self, page: Callable[[int | None], Call[Page[T]]]) -> AsyncIterator[T]:
        """The entries of a list, a page after the other."""
        before: int | None = None
        while True:
            found = await self.ask(page(before))
            for entry in found.entries:
                yield entry
            if (before := found.before) is None:
                return

    async def _wait_for_server(self, patience: Patience, broken: Exception | None) -> None:
        while self._has_answered and patience.allows(RETRY_S):
            await asyncio.sleep(RETRY_S)
            try:
                await self._http.get("/api/health")
            except httpx.TransportError as error:
                broken = error
                continue
            return
        raise broken or StreamBrokenError("the server does not go on with it")

    @asynccontextmanager
    async def _answer(
        self, method: str, path: str, more: Mapping[str, Any], accepts: int | None = None
    ) -> AsyncGenerator[httpx.Response]:
        """The answer to a request, asked again while the server is busy; its body is still to be read."""
        patience = Patience(self._seconds)
        while True:
            with reaching(self.url):
                async with self._http.stream(method, path, **more) as response:
                    self._has_answered = True
                    if not response.is_error or response.status_code == accepts:
                        yield response
                        return
                    await response.aread()
            if (pause := patience.pause(response)) is None:
                raise refused(response)
            await asyncio.sleep(pause)

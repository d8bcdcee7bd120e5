"""A connection to one server: requests, streams, and waiting for it."""

import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, Self, TypeVar

import httpx

from optiscope.client.call import Call, Request
from optiscope.client.errors import StreamBrokenError, refused
from optiscope.client.following import Following
from optiscope.client.lines import Lines, json_of
from optiscope.client.pages import Page
from optiscope.client.patience import RETRY_S, Patience
from optiscope.client.reaching import address_of, headers_for, reaching
from optiscope.client.stream import Stream

T = TypeVar("T")


class Connection:
    """Talks to one server.

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
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = address_of(url)
        self._http = httpx.Client(
            base_url=self.url, headers=headers_for(token), timeout=timeout, transport=transport
        )
        self._seconds = patience
        self._has_answered = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give up the connections."""
        self._http.close()

    def blocks(self, method: str, path: str, **more: Any) -> Stream:
        """Any stream of records, as columns."""
        more["params"] = {"layout": "columns"} | more.get("params", {})
        return Stream(self.events(Request(method, path, more)))

    def events(self, request: Request) -> Generator[dict[str, Any]]:
        """The events of any stream, as they travel."""
        lines = Lines()
        with self._answer(*request) as response:
            for data in response.iter_bytes():
                for line in lines.feed(data):
                    yield json_of(response, line)

    def _followed(self, following: Following[T]) -> Generator[T]:
        """What is kept, each part once; a connection that breaks and a server that stops are waited for."""
        patience = self._patience()
        while True:
            broken: Exception | None = None
            try:
                with closing(self.events(following.request())) as events:
                    for event in events:
                        if (found := following.take(event)) is not None:
                            yield found
                            patience = self._patience()
                        if following.has_ended:
                            return
            except httpx.TransportError as error:
                broken = error
            self._wait_for_server(patience, broken)
            if self.ask(following.is_over()):
                return

    def _patience(self) -> Patience:
        return Patience(self._seconds)

    def _wait_for_server(self, patience: Patience, broken: Exception | None = None) -> None:
        """Until it answers again.

        Raises:
            TransportError, StreamBrokenError: What broke, if the server never answered or stays away.
        """
        while self._has_answered and patience.allows(RETRY_S):
            time.sleep(RETRY_S)
            try:
                self._http.get("/api/health")
            except httpx.TransportError as error:
                broken = error
                continue
            return
        raise broken or StreamBrokenError("the server does not go on with it")

    def ask(self, call: Call[T]) -> T:
        """The answer to a call."""
        with self._answer(call.method, call.path, call.more, call.accepts) as response:
            response.read()
        return call.read(response)

    def _listed(self, page: Callable[[int | None], Call[Page[T]]]) -> Iterator[T]:
        """The entries of a list, a page after the other."""
        before: int | None = None
        while True:
            found = self.ask(page(before))
            yield from found.entries
            if (before := found.before) is None:
                return

    @contextmanager
    def _answer(
        self, method: str, path: str, more: Mapping[str, Any], accepts: int | None = None
    ) -> Generator[httpx.Response]:
        """The answer to a request, asked again while the server is busy; its body is still to be read.

        Raises:
            RequestRefusedError: If it is refused.
        """
        patience = self._patience()
        while True:
            with reaching(self.url), self._http.stream(method, path, **more) as response:
                self._has_answered = True
                if not response.is_error or response.status_code == accepts:
                    yield response
                    return
                response.read()
            if (pause := patience.pause(response)) is None:
                raise refused(response)
            time.sleep(pause)

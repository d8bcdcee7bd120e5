"""A connection to one server: requests, streams, and waiting for it."""

import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Self, TypeVar

import httpx

from optiscope.client.call import Call
from optiscope.client.errors import StreamBrokenError, refused
from optiscope.client.lines import Lines, json_of
from optiscope.client.patience import RETRY_S, Patience
from optiscope.client.stream import Stream

T = TypeVar("T")

DEFAULT_URL = "http://127.0.0.1:8000"


class Connection:
    """Talks to one server.

    Args:
        url: Address of the server.
        token: Its access token, if it has one.
        timeout: Seconds to wait for an answer, or for more of a stream.
        patience: Seconds in which a server that is busy is asked again, as often as it says, and one that has
            answered before is waited for.
        transport: How requests travel, if not over the network.
    """

    def __init__(
        self,
        url: str = DEFAULT_URL,
        token: str | None = None,
        timeout: float = 60.0,
        *,
        patience: float = 60.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.url = url
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout, transport=transport)
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
        return Stream(self._events(method, path, more))

    def _events(self, method: str, path: str, more: Mapping[str, Any]) -> Generator[dict[str, Any]]:
        lines = Lines()
        with self._answer(method, path, more) as response:
            for data in response.iter_bytes():
                for line in lines.feed(data):
                    yield json_of(response, line)

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
        return call.read(self._request(call.method, call.path, **call.more))

    def _json(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        response = self._request(method, path, **more)
        found: dict[str, Any] = json_of(response, response.content)
        return found

    def _listed(self, path: str, name: str, search: str) -> Iterator[Mapping[str, Any]]:
        """The documents of a list, a page after the other; only those with all words of ``search``."""
        query: dict[str, Any] = {"search": search, "limit": 200}
        while True:
            page = self._json("GET", path, params=query)
            yield from page[name]
            if page["next"] is None:
                return
            query["before"] = page["next"]

    def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        with self._answer(method, path, more) as response:
            response.read()
            return response

    @contextmanager
    def _answer(self, method: str, path: str, more: Mapping[str, Any]) -> Generator[httpx.Response]:
        """The answer to a request, asked again while the server is busy; its body is still to be read.

        Raises:
            RequestRefusedError: If it is refused.
        """
        patience = self._patience()
        while True:
            with self._http.stream(method, path, **more) as response:
                self._has_answered = True
                if not response.is_error:
                    yield response
                    return
                response.read()
            if (pause := patience.pause(response)) is None:
                raise refused(response)
            time.sleep(pause)

"""A connection to one server: requests, streams, and waiting for it."""

import json
import time
from collections.abc import Generator, Mapping
from typing import Any, Self

import httpx

from optiscope.client.errors import refused
from optiscope.client.stream import Stream

DEFAULT_URL = "http://127.0.0.1:8000"
RETRY_S = 0.5


class Connection:
    """Talks to one server.

    Args:
        url: Address of the server.
        token: Its access token, if it has one.
        timeout: Seconds to wait for an answer, or for more of a stream.
    """

    def __init__(self, url: str = DEFAULT_URL, token: str | None = None, timeout: float = 60.0) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.url = url
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout)

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
        with self._http.stream(method, path, **more) as response:
            if response.is_error:
                response.read()
                raise refused(response)
            for line in response.iter_lines():
                yield json.loads(line)

    def _wait_for_server(self) -> None:
        """Until it answers again."""
        while True:
            time.sleep(RETRY_S)
            try:
                self._http.get("/api/health")
            except httpx.TransportError:
                continue
            return

    def _json(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._request(method, path, **more).json()
        return found

    def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        response = self._http.request(method, path, **more)
        if response.is_error:
            raise refused(response)
        return response

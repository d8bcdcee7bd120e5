"""Bytes of a stream as lines: JSON Lines end in a line feed, and in nothing else that may end a line."""

import json
from collections.abc import Iterator
from typing import Any

import httpx

from optiscope.client.errors import RequestRefusedError


class Lines:
    """The lines of bytes that come in pieces; a last one without its end is none."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The lines that are whole now."""
        *lines, self._rest = (self._rest + data).split(b"\n") if b"\n" in data else (self._rest + data,)
        return iter(lines)


def json_of(response: httpx.Response, text: bytes) -> Any:
    """What an answer, or a line of it, says.

    Raises:
        RequestRefusedError: If it is not JSON, as of a server that is another one.
    """
    try:
        return json.loads(text)
    except ValueError:
        where = response.url.copy_with(query=None)
        raise RequestRefusedError(
            response.status_code, f"{where} does not answer as Optiscope does", []
        ) from None

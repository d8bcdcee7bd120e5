"""A run that a server follows while it is made. A server that stops costs the loop nothing."""

import http.client
import json
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import SplitResult, urlsplit

from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Ended
from optiscope.watching.events import Beginning, line_of
from optiscope.watching.thinning import bounded

BODY_BYTES = 2**20
"""What is sent at once, about."""

MOST_WAITING = 2**23
"""Bytes that wait for a server that does not answer; beyond it, detail is dropped."""

TIMEOUT_S = 4.5
LAST_TRIES = 2
"""So often a slow server is asked at the end, within what a loop waits for as it closes."""

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
SIGN_OF_LIFE_S = 5.0
"""So often a server hears of a loop that is slow."""

_AGAIN = frozenset({408, 429, 500, 502, 503, 504, 507})
_CONFLICT = 409


class Live:
    """Sends a run to a server.

    Args:
        url: Of the server; or of a run there, ``…/api/runs/{id}``, that is gone on with.
        token: What lets one in.
        beginning: How the run begins.
    """

    def __init__(self, url: str, token: str | None, beginning: Beginning) -> None:
        self._server, self.id = _split(url)
        self._token = token
        self._beginning = beginning
        self._key = secrets.token_hex(16)
        self._waiting: list[Block] = []
        self._ended: Ended | None = None
        self._kept = -1
        self._known = False
        self._stride = 1
        self._pause = 0.0
        self._next_try = 0.0
        self._is_slow = False
        self._heard = 0.0
        self._given_up: Said | None = None
        self._dropped = 0
        self._unsent = 0

    @property
    def trouble(self) -> Said | None:
        """Why nothing more is sent, or how many records were dropped, or never sent."""
        if self._given_up is not None:
            return self._given_up
        if self._unsent:
            return say("watch_unsent", url=self._server.netloc, count=self._unsent + self._dropped)
        return say("watch_dropped", count=self._dropped) if self._dropped else None

    def reached(self) -> int:
        """How far a run that is gone on with has come at the server; 0 if it does not say."""
        if self.id is None:
            return 0
        with suppress(OSError, http.client.HTTPException, ValueError, _RefusedError):
            self._begin()
        return max(self._kept, 0)

    def write(self, blocks: Sequence[Block]) -> None:
        """Send blocks, or keep them until the server answers again."""
        if self._given_up is None:
            self._waiting += blocks
            self._bound()
            self._send()

    def tick(self) -> None:
        """Send what waits, or a sign of life."""
        if self._waiting or time.monotonic() - self._heard > SIGN_OF_LIFE_S:
            self._send(alive=True)

    def end(self, ended: Ended) -> None:
        """Send the rest and the end, as far as the server answers."""
        self._ended = ended
        for _ in range(LAST_TRIES):
            self._next_try = 0.0
            self._send(alive=True)
            if not self._is_slow:
                break
        self._unsent = sum(map(len, self._waiting))

    def _bound(self) -> None:
        if sum(block.nbytes() for block in self._waiting) > MOST_WAITING:
            before = sum(map(len, self._waiting))
            self._waiting, self._stride = bounded(self._waiting, self._stride, MOST_WAITING)
            self._dropped += before - sum(map(len, self._waiting))

    def _send(self, *, alive: bool = False) -> None:
        if self._given_up is not None or time.monotonic() < self._next_try:
            return
        self._is_slow = False
        try:
            self._begin()
            while self._waiting or alive:
                self._send_some()
                alive = False
            self._stride = 1
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._is_slow = isinstance(error, TimeoutError)
            self._wait()
        except _RefusedError as refused:
            self._given_up = refused.said

    def _begin(self) -> None:
        """Let the server know of the run, or ask how far it has come there."""
        if self.id is None:
            document = self._call("POST", "/api/runs/import", line_of(self._beginning))
            self.id, self._known = str(document["id"]), True
        elif not self._known:
            self._kept = int(self._call("GET", f"/api/runs/{self.id}")["step"])
            self._known = True

    def _send_some(self) -> None:
        lines, count = [], 0
        for block in self._waiting:
            lines.append(line_of(block))
            count += 1
            if sum(map(len, lines)) > BODY_BYTES:
                break
        if self._ended is not None and count == len(self._waiting):
            lines.append(line_of(self._ended))
        path = f"/api/runs/{self.id}/steps?from={self._kept + 1}"
        document = self._call("POST", path, b"".join(lines))
        self._kept, self._waiting = int(document["step"]), self._waiting[count:]
        self._heard, self._pause = time.monotonic(), 0.0

    def _wait(self) -> None:
        self._pause = min(max(2 * self._pause, FIRST_PAUSE_S), LONGEST_PAUSE_S)
        self._next_try = time.monotonic() + self._pause

    def _call(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        connect = (
            http.client.HTTPSConnection if self._server.scheme == "https" else http.client.HTTPConnection
        )
        connection = connect(self._server.netloc, timeout=TIMEOUT_S)
        headers = {
            "Content-Type": "application/jsonl",
            "Accept": "application/json",
            "Idempotency-Key": self._key,  # a server that is slow to answer is asked again
        }
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        if response.status in _AGAIN:
            raise http.client.HTTPException(response.status)
        if response.status == _CONFLICT:
            self._known = False  # it has other records than was thought, as after it was restored
            raise http.client.HTTPException(response.status)
        document: dict[str, Any] = json.loads(text)
        if response.status >= http.client.BAD_REQUEST:
            raise _RefusedError(
                say("watch_refused", url=self._server.netloc, why=str(document.get("detail")))
            )
        return document


class _RefusedError(Exception):
    """The server will not take it, now or later."""

    def __init__(self, said: Said) -> None:
        super().__init__(str(said))
        self.said = said


def _split(url: str) -> tuple[SplitResult, str | None]:
    """The server of an address, and the run that it names."""
    server = urlsplit(url)
    before, _, id_ = server.path.rpartition("/runs/")
    return server, (id_.strip("/") or None) if before or id_ else None

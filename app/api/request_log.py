"""What is noted of every request: its id, and a line in the log once it is answered."""

import logging
import time
from collections.abc import Callable
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from optiscope.api.request_id import HEADER, REQUEST_ID, given, made_up

log = logging.getLogger("optiscope.access")

LEFT = 499
"""What servers write into their logs for a request whose client did not wait for the answer."""

_KEY = "optiscope.request_id"

Observe = Callable[[Scope, int, float], None]
"""Told of a request, the status of its answer and the seconds that it took."""


class RequestLog:
    """Gives each request an id, and notes how it was answered.

    While the server starts, a request may pass through two of them: the outer one names and logs it, and the
    inner one, of the whole application, observes it.

    Args:
        app: The application behind it.
        observe: Told of every request.
    """

    def __init__(self, app: ASGIApp, observe: Observe | None = None) -> None:
        self.app = app
        self.observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_outer = _KEY not in scope
        if is_outer:
            scope[_KEY] = given(Headers(scope=scope)) or made_up()
            REQUEST_ID.set(scope[_KEY])
        status, begun = LEFT, time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = scope[_KEY]
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except Exception:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            raise
        finally:
            seconds = time.perf_counter() - begun
            if is_outer:
                _log(scope, status, seconds)
            if self.observe is not None:
                self.observe(scope, status, seconds)


def _log(scope: Scope, status: int, seconds: float) -> None:
    """A line without the query, which may hold a token."""
    client = scope["client"][0] if scope.get("client") else "-"
    log.info('%s "%s %s" %d %.1f ms', client, scope["method"], scope["path"], status, 1000 * seconds)

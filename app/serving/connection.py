"""One connection of the server, which does not wait for ever for the other end.

uvicorn bounds nothing that comes before a request reaches the application, and keeps the socket of a reader
who takes nothing until that reader closes it. A :class:`Connection` has a bound on what it takes in without
getting further (a head, the trailers of a body), and is looked at several times a second:

::

    a head begins ──> it ends ──> the body ends ──> the answer is taken
      head_seconds      body_seconds of silence,      stall_seconds in which nothing is taken,
      max_head_bytes    request_seconds in all        also of what is sent while it closes
"""

import logging
from collections.abc import Mapping
from enum import Enum, auto
from http import HTTPStatus
from typing import Any

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from optiscope.api.problem import problem
from optiscope.api.request_id import HEADER, REQUEST_ID, made_up
from optiscope.api.security import SECURITY_HEADERS
from optiscope.engine.core.words import Said, rounded, say
from optiscope.settings import Settings

log = logging.getLogger(__name__)

LINGER_SECONDS = 2.0
"""How long what still comes after a refusal is thrown away, so that the other end can read why."""

MOST_LINGERING = 64
"""Connections beyond the most there may be that are told so; further ones are cut off."""


class Awaited(Enum):
    """What a connection waits for from the other end."""

    REQUEST = auto()
    HEAD = auto()
    BODY = auto()


class Connection(HttpToolsProtocol):
    """The HTTP of uvicorn, with the bounds of the settings.

    Attributes:
        options: Whose bounds hold; see :func:`connections_of`.
    """

    options: Settings

    def connection_made(self, transport: Any) -> None:
        """Begin, unless there are too many connections."""
        super().connection_made(transport)
        self._awaited = Awaited.REQUEST
        self._since = self._heard = self._taken = self.loop.time()
        self._has_got_further = False
        self._idle_bytes = 0
        self._unsent = 0
        self._refused_at: float | None = None
        most = self.options.max_connections
        if len(self.connections) > most + MOST_LINGERING:
            self.transport.abort()
        elif len(self.connections) > most:
            self._refuse(503, say("no_connection", count=most), {"Retry-After": "2"})

    def data_received(self, data: bytes) -> None:
        """Read on, by pieces none of which is larger than a head may be."""
        step = self.options.max_head_bytes
        for begin in range(0, len(data), step):
            if self._refused_at is not None or self.transport.is_closing():
                return
            self._read(data[begin : begin + step])

    def _read(self, piece: bytes) -> None:
        self._has_got_further = False
        super().data_received(piece)
        self._idle_bytes = 0 if self._has_got_further else self._idle_bytes + len(piece)
        if self._idle_bytes > self.options.max_head_bytes:
            self._refuse(431, say("head_too_large", bound=self.options.max_head_bytes))

    def _get_further(self, awaited: Awaited) -> None:
        self._has_got_further = True
        self._heard = self.loop.time()
        if awaited is not self._awaited:
            self._awaited, self._since = awaited, self._heard

    def on_message_begin(self) -> None:
        """A request begins."""
        self._get_further(Awaited.HEAD)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Its head is here."""
        self._get_further(Awaited.BODY)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Some of its body is here."""
        self._get_further(Awaited.BODY)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of it is here."""
        self._get_further(Awaited.REQUEST)
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._refuse(400, say("not_http", why=msg))

    def resume_writing(self) -> None:
        """Most of what was to be sent has been taken."""
        self._taken = self.loop.time()
        super().resume_writing()

    def check(self, now: float) -> None:
        """Give the connection up if it keeps the server waiting for too long."""
        if self._takes_nothing(now):
            log.warning("a reader took nothing for %g s and was cut off", self.options.stall_seconds)
            self.transport.abort()
        elif self._refused_at is not None:
            if now - self._refused_at > LINGER_SECONDS:
                self.transport.abort()
        elif self._awaited is Awaited.REQUEST:
            self._check_idle(now)
        elif seconds := self._waited_too_long(now):
            self._refuse(408, say("request_too_slow", seconds=rounded(seconds)))

    def _takes_nothing(self, now: float) -> bool:
        """Whether something waits to be taken, and nothing of it has been for too long."""
        unsent = self.transport.get_write_buffer_size()
        is_waiting = unsent > 0 and (self.flow.write_paused or self.transport.is_closing())
        if not is_waiting or unsent < self._unsent:
            self._taken = now
        self._unsent = unsent
        return now - self._taken > self.options.stall_seconds

    def _check_idle(self, now: float) -> None:
        if self._is_answering:
            self._since = now
        elif now - self._since > self.options.idle_seconds:
            self.transport.close()

    def _waited_too_long(self, now: float) -> float:
        """The deadline of a head or a body that has passed, in seconds, or 0."""
        waited, options = now - self._since, self.options
        if self._awaited is Awaited.HEAD:
            return options.head_seconds if waited > options.head_seconds and not self._is_answering else 0
        if self.flow.read_paused or self.cycle.waiting_for_100_continue:  # it has not been asked for
            self._heard = now
            return 0
        if now - self._heard > options.body_seconds:
            return options.body_seconds
        return options.request_seconds if waited > options.request_seconds else 0

    @property
    def _answer(self) -> RequestResponseCycle | None:
        """The answer to the last request, of which uvicorn's types do not say that there may be none."""
        return self.cycle

    @property
    def _is_answering(self) -> bool:
        return self._answer is not None and not self._answer.response_complete

    def _refuse(self, status: int, said: Said, headers: Mapping[str, str] | None = None) -> None:
        """Say why, take nothing in any more, and close; an answer that has begun breaks off instead."""
        self._refused_at = self.loop.time()
        self._unset_keepalive_if_required()
        answer = self._answer
        if answer is not None and (self._is_answering or self._awaited is not Awaited.HEAD):
            if answer.response_started:
                self.transport.abort()
                return
            answer.disconnected = True
            answer.message_event.set()
        id_ = made_up()
        token = REQUEST_ID.set(id_)
        refusal = problem(status, said, headers={"Connection": "close", HEADER: id_, **(headers or {})})
        log.info("a connection was refused with %d: %s", status, said)
        REQUEST_ID.reset(token)
        self.transport.write(self._written(refusal))
        self.transport.write_eof()

    def _written(self, refusal: Response) -> bytes:
        own = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
        fields = [*self.server_state.default_headers, *refusal.raw_headers, *own]
        lines = [b"%b: %b\r\n" % field for field in fields]
        return b"".join([STATUS_LINE[HTTPStatus(refusal.status_code)], *lines, b"\r\n", bytes(refusal.body)])


def connections_of(options: Settings) -> type[Connection]:
    """The class of the connections of a server with these settings; uvicorn makes one of each."""
    return type("Connection", (Connection,), {"options": options})

"""uvicorn, set up for streams that last: it lets them end when it is told to stop."""

import asyncio
import math
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from optiscope.serving.connection import Connection, connections_of
from optiscope.serving.starting import Starting
from optiscope.settings import Settings

SWITCH_SECONDS = 0.001
"""How long a thread may compute while others wait for their turn. A query gives its turn away at every row:
with Python's 5 ms, a list of fifty runs would take as many times 5 ms while the event loop is busy."""


class Server(uvicorn.Server):
    """uvicorn, which tells the application of a signal before it waits for the connections to close."""

    def __init__(self, config: uvicorn.Config, on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_stop = on_stop

    async def on_tick(self, counter: int) -> bool:
        """Look, ten times a second, whether a connection keeps the server waiting."""
        now = asyncio.get_running_loop().time()
        for connection in tuple(self.server_state.connections):
            assert isinstance(connection, Connection)  # noqa: S101 - made by the config below
            connection.check(now)
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End the streams, then the server."""
        self._on_stop()
        super().handle_exit(sig, frame)

    def stop(self) -> None:
        """End as after a signal, without one."""
        self._on_stop()
        self.should_exit = True


def server_of(application: ASGIApp, options: Settings, on_stop: Callable[[], None]) -> Server:
    """The server of an application."""
    config = uvicorn.Config(
        application,
        http=connections_of(options),
        ws="none",
        log_config=None,
        log_level=options.log_level,
        access_log=False,
        server_header=False,
        timeout_keep_alive=math.ceil(options.idle_seconds),
        timeout_graceful_shutdown=max(1, round(options.shutdown_seconds)),
    )
    return Server(config, on_stop)


def run(application: Starting, options: Settings, listener: socket.socket) -> None:
    """Serve until a signal, or until the application gives up."""
    sys.setswitchinterval(SWITCH_SECONDS)
    server = server_of(application, options, application.stop)
    application.on_failure = server.stop
    with suppress(KeyboardInterrupt):  # uvicorn raises it again after a clean end
        server.run(sockets=[listener])

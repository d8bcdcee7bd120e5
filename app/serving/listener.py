"""The socket that the server listens on, and the address that a browser finds it under."""

import os
import socket

from optiscope.settings import Settings


class BindError(Exception):
    """The address cannot be bound; the message says why, and what to do."""


def bind(options: Settings) -> socket.socket:
    """A socket at the address of the settings.

    Raises:
        BindError: If it cannot be had.
    """
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((options.host.strip("[]"), options.port))
    except OSError as error:
        listener.close()
        where = f"{options.host}:{options.port}"
        raise BindError(f"cannot serve on {where}: {error.strerror or error}; try --port 0") from error
    return listener


def address(options: Settings, listener: socket.socket) -> str:
    """Where a browser finds the page."""
    host = "localhost" if options.host in {"0.0.0.0", "::"} else options.host  # noqa: S104 - compared, not bound
    host = f"[{host}]" if ":" in host else host
    token = f"?token={options.token}" if options.token else ""
    return f"http://{host}:{listener.getsockname()[1]}/{token}"

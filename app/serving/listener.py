"""The socket that the server listens on, and the address that a browser finds it under."""

import errno
import ipaddress
import os
import socket

from optiscope.settings import Settings

UNSENT_BYTES = 2**17
"""What the kernel holds for a reader who does not take it. By itself it takes megabytes, and then says for a
long time that nothing moves although a slow reader reads on."""


class BindError(Exception):
    """The address cannot be bound; the message says why, and what to do."""


def bind(options: Settings) -> socket.socket:
    """A socket at the address of the settings; where a name has several, an IPv4 one.

    Raises:
        BindError: If it cannot be had.
    """
    name = options.host.strip("[]") or None
    try:
        found = socket.getaddrinfo(name, options.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, *_, where = min(found, key=lambda one: one[0] != socket.AF_INET)
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise _cannot(options, error) from error
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):  # inherited by the connections that it accepts
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
    try:
        listener.bind(where)
    except OSError as error:
        listener.close()
        raise _cannot(options, error) from error
    return listener


def _cannot(options: Settings, error: OSError) -> BindError:
    another = "; try --port 0" if error.errno in {errno.EADDRINUSE, errno.EACCES} else ""
    return BindError(f"cannot serve on {options.host}:{options.port}: {error.strerror or error}{another}")


def answering(options: Settings, listener: socket.socket) -> Settings:
    """The settings of a server that answers to the address that its socket is bound to."""
    return options.model_copy(update={"allowed_hosts": (*options.allowed_hosts, _host(listener))})


def reachable(host: str) -> str:
    """What a browser or a client on this machine calls a host that a server is bound to.

    A server that listens everywhere is found at the loopback address; names stay as they are.
    """
    try:
        found = ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return host
    found = getattr(found, "ipv4_mapped", None) or found
    if found.is_unspecified:
        found = ipaddress.ip_address("127.0.0.1" if found.version == 4 else "::1")  # noqa: PLR2004 - of IP
    return f"[{found}]" if ":" in str(found) else str(found)


def address(options: Settings, listener: socket.socket) -> str:
    """Where a browser finds the page: an address and never a name, which may lead elsewhere as well."""
    token = f"?token={options.token}" if options.token else ""
    return f"http://{_host(listener)}:{listener.getsockname()[1]}/{token}"


def _host(listener: socket.socket) -> str:
    return reachable(listener.getsockname()[0])

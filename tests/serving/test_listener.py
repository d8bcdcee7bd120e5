"""Whatever address is bound, the one that is printed leads to the server and is answered."""

import socket
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.responses import PlainTextResponse

from optiscope.api.guards import guarded
from optiscope.serving.listener import BindError, address, answering, bind, reachable
from optiscope.settings import Settings

HOSTS = [
    "127.0.0.1",
    "127.0.0.2",
    "localhost",
    "0.0.0.0",  # noqa: S104 - with a token
    "::1",
    "[::1]",
    "0:0:0:0:0:0:0:1",
    "::",
    "::ffff:127.0.0.1",
    "",
    socket.gethostname(),
]


@pytest.mark.parametrize("host", HOSTS)
async def test_a_printed_address_is_answered(host):
    """Under every kind of host that this machine can bind: the name or address of the address passes."""
    options = Settings(host=host, port=0, token="x" * 16)
    try:
        listener = bind(options)
    except BindError:
        pytest.skip(f"this machine cannot bind {host}")
    with closing(listener):
        listener.listen()
        printed = address(options, listener)
        where = urlsplit(printed)
        socket.create_connection((where.hostname, where.port), timeout=5).close()
        transport = httpx.ASGITransport(guarded(PlainTextResponse("here"), answering(options, listener)))
        async with httpx.AsyncClient(transport=transport) as client:
            answer = await client.get(printed)
    assert answer.is_success
    assert "optiscope_token" in answer.headers["set-cookie"]


def test_an_address_that_cannot_be_had_is_named():
    """With the reason, for a name as for an address; another port is offered where that would do."""
    for host in ("no such name", "192.0.2.7"):
        with pytest.raises(BindError, match=f"cannot serve on {host}:0: [^;]+$"):
            bind(Settings(host=host, port=0))
    with closing(bind(Settings(port=0))) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BindError, match=f"cannot serve on 127.0.0.1:{port}: .*; try --port 0"):
            bind(Settings(port=port))


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104 - nothing is bound to it
        ("::", "[::1]"),
        ("fe80::1%eth0", "[fe80::1]"),
        ("lab.example", "lab.example"),
    ],
)
def test_a_host_to_bind_is_one_to_reach(host, found):
    """Everywhere includes the loopback interface; a name stays what it is."""
    assert reachable(host) == found

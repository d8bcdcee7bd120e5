"""A connection that keeps the server waiting is given up: over real sockets, with bounds that are small."""

import asyncio
import socket
from contextlib import asynccontextmanager, suppress

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse

from optiscope.serving.listener import bind
from optiscope.serving.server import server_of
from optiscope.settings import Settings
from tests.waiting import until_async

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BOUND = 1000
SOON = 0.3


async def echo(scope, receive, send):
    """Answers with the length of the body."""
    if scope["type"] == "lifespan":
        return
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


class Flood:
    """An answer without end, of which it is known whether it goes on."""

    is_going_on = False

    async def __call__(self, scope, receive, send):
        if scope["type"] != "lifespan":
            await StreamingResponse(self.water())(scope, receive, send)

    async def water(self):
        self.is_going_on = True
        try:
            while True:
                yield bytes(2**16)
                await asyncio.sleep(0)
        finally:
            self.is_going_on = False


async def large(scope, receive, send):
    """Answers with more than a socket holds, and closes."""
    if scope["type"] != "lifespan":
        await PlainTextResponse(bytes(2**24), headers={"Connection": "close"})(scope, receive, send)


@asynccontextmanager
async def serving(application, **bounds):
    """A server in this loop, and its port."""
    options = Settings(port=0, log_level="error", **bounds)
    listener = bind(options)
    server = server_of(application, options, lambda: None)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    await until_async(lambda: server.started)
    try:
        yield server, listener.getsockname()[1]
    finally:
        server.should_exit = True
        await running


@asynccontextmanager
async def connected(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def answer_to(port, sent):
    """All that is answered until the server closes the connection."""
    async with connected(port) as (reader, writer):
        writer.write(sent)
        return await asyncio.wait_for(reader.read(), 30)


ENDLESS = {
    "an address": b"GET /" + b"a" * 8 * BOUND,
    "a header": HEAD + b"X: " + b"a" * 8 * BOUND,
    "headers": HEAD + b"X: a\r\n" * 2 * BOUND,
    "a name": HEAD + b"X" * 8 * BOUND,
    "blank lines": b"\r\n" * 4 * BOUND,
}


@pytest.mark.parametrize("sent", ENDLESS.values(), ids=ENDLESS)
async def test_a_head_without_end_is_refused(sent):
    """In words and with the headers of every answer, long before all that was sent has been read."""
    async with serving(echo, max_head_bytes=BOUND) as (_, port):
        head, _, body = (await answer_to(port, sent)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 ")
    assert b"content-security-policy: default-src 'none'" in head
    assert b'"code":"head_too_large","params":{"bound":1000}' in body


async def test_what_follows_a_body_has_an_end_as_well():
    """Trailers and the extensions of a chunk are no body, and are bounded as a head is."""
    async with serving(echo, max_head_bytes=BOUND) as (server, port):
        for sent in (CHUNKED + b"0\r\n" + b"X: a\r\n" * 2 * BOUND, CHUNKED + b"1;" + b"a" * 8 * BOUND):
            assert b'"code":"head_too_large"' in await answer_to(port, sent)
        await until_async(lambda: not server.server_state.tasks)


async def test_what_is_within_the_bounds_is_answered():
    """A head of the largest size, byte by byte; a body larger than it; and again on the same connection."""
    async with serving(echo, max_head_bytes=BOUND) as (_, port), connected(port) as (reader, writer):
        fields = HEAD + b"Content-Length: 5000\r\nX: "
        head = fields + b"a" * (BOUND - len(fields) - 4) + b"\r\n\r\n"
        assert len(head) == BOUND
        for byte in head:
            writer.write(bytes([byte]))
            await asyncio.sleep(0)
        for _ in range(2):
            writer.write(bytes(5000))
            found = await reader.readuntil(b"\r\n\r\n5000")
            assert found.startswith(b"HTTP/1.1 200 OK")
            writer.write(head)


@pytest.mark.parametrize(
    "sent", [b"FOO / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET / HTTP/9\r\n\r\n"]
)
async def test_what_is_not_http_is_refused_like_everything_else(sent):
    """An unknown method, TLS and an unknown version: a problem document with the headers of every answer."""
    async with serving(echo) as (_, port):
        head, _, body = (await answer_to(port, sent)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"x-content-type-options: nosniff" in head
    assert b"content-type: application/problem+json" in head
    assert b'"code":"not_http"' in body


SLOW = {
    "half a head": (HEAD, {"head_seconds": SOON}),
    "half a body": (HEAD + b"Content-Length: 9\r\n\r\nhalf", {"body_seconds": SOON}),
    "no body": (HEAD + b"Content-Length: 9\r\n\r\n", {"body_seconds": SOON}),
    "half a chunk": (CHUNKED + b"9\r\nhalf", {"body_seconds": SOON}),
}


@pytest.mark.parametrize(("sent", "bounds"), SLOW.values(), ids=SLOW)
async def test_half_a_request_is_not_waited_for(sent, bounds):
    """408 in words, and nothing of it is kept."""
    async with serving(echo, **bounds) as (server, port):
        answer = await answer_to(port, sent)
        await until_async(lambda: not server.server_state.connections and not server.server_state.tasks)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"request_too_slow","params":{"seconds":0.3}' in answer


async def test_a_body_that_trickles_has_a_deadline():
    """However often a byte of it comes."""
    async with serving(echo, request_seconds=SOON) as (_, port), connected(port) as (reader, writer):
        writer.write(CHUNKED)
        answer = asyncio.create_task(reader.read())
        while not answer.done():
            writer.write(b"1\r\nx\r\n")
            await asyncio.sleep(0.01)
        assert answer.result().startswith(b"HTTP/1.1 408 ")


async def test_an_idle_connection_is_closed():
    """Without a word, whether it was used or not, or sent nothing but blank lines."""
    async with serving(echo, idle_seconds=SOON) as (_, port):
        assert await answer_to(port, b"") == b""
        assert await answer_to(port, b"\r\n\r\n") == b""
        assert (await answer_to(port, HEAD + b"\r\n")).endswith(b"\r\n\r\n0")


@asynccontextmanager
async def frozen(port, room=2**12):
    """A socket that asks and then takes nothing, with room for some bytes."""
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        reader.setblocking(False)
        await asyncio.get_running_loop().sock_connect(reader, ("127.0.0.1", port))
        reader.sendall(HEAD + b"\r\n")
        yield reader


async def test_the_socket_of_a_reader_who_takes_nothing_is_gone():
    """Of a stream as of an answer after which the connection closes; what made it has ended."""
    flood = Flood()
    for application in (flood, large):
        async with serving(application, stall_seconds=SOON) as (server, port), frozen(port):
            await until_async(lambda found=server.server_state: found.connections)
            await until_async(lambda found=server.server_state: not found.connections)
            assert not flood.is_going_on


async def test_a_reader_who_takes_little_is_served():
    """For longer than one may take nothing."""
    flood = Flood()
    async with serving(flood, stall_seconds=2 * SOON) as (server, port), frozen(port, 2**17) as reader:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while loop.time() - begun < 4 * SOON:
            assert await loop.sock_recv(reader, 2**15)
            await asyncio.sleep(SOON / 10)
        assert flood.is_going_on
        assert server.server_state.connections


async def test_there_are_only_so_many_connections():
    """One more is told so; it may come when another one has left."""
    async with serving(echo, max_connections=1) as (server, port):
        async with connected(port):
            await until_async(lambda: server.server_state.connections)
            refused = await answer_to(port, b"")
            assert refused.startswith(b"HTTP/1.1 503 ")
            assert b"retry-after: 2" in refused
            assert b'"code":"no_connection"' in refused
        await until_async(lambda: not server.server_state.connections)
        async with connected(port) as (reader, writer):
            writer.write(HEAD + b"\r\n")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK")

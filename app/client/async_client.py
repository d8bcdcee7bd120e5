"""The same for programs that await: one connection for many requests at once."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any, Self, TypeVar

import httpx

from optiscope.client import calls, run_calls
from optiscope.client.call import Call, awaits
from optiscope.client.connection import DEFAULT_URL
from optiscope.client.errors import StreamBrokenError, refused
from optiscope.client.lines import Lines, json_of
from optiscope.client.patience import RETRY_S, Patience
from optiscope.client.stream import ComparedBlock, Comparison, Events, Stream
from optiscope.records import Record

T = TypeVar("T")
Taken = TypeVar("Taken")


class AsyncClient:
    """Talks to one server, and is awaited; what it is asked is that of :class:`optiscope.Client`.

    Args:
        url: Address of the server.
        token: Its access token, if it has one.
        timeout: Seconds to wait for an answer, or for more of a stream.
        patience: Seconds in which a server that is busy is asked again, as often as it says, and one that has
            answered before is waited for.
        transport: How requests travel, if not over the network.
    """

    catalog = awaits(calls.catalog)
    lessons = awaits(calls.lessons)
    lint = awaits(calls.lint)
    code = awaits(calls.code)
    lr_schedule = awaits(calls.lr_schedule)
    loss_surface = awaits(calls.loss_surface)
    curvature = awaits(calls.curvature)
    gradient_noise = awaits(calls.gradient_noise)
    decision_boundary = awaits(calls.decision_boundary)
    anatomy = awaits(calls.anatomy)
    export_runs = awaits(calls.export_runs)
    create = awaits(run_calls.create)
    run = awaits(run_calls.run)
    extend = awaits(run_calls.extend)
    pause = awaits(run_calls.pause)
    resume = awaits(run_calls.resume)
    fork = awaits(run_calls.fork)
    rename = awaits(run_calls.rename)
    pin = awaits(run_calls.pin)
    delete = awaits(run_calls.delete)
    checkpoint = awaits(run_calls.checkpoint)
    export = awaits(run_calls.export)
    upload = awaits(run_calls.upload)
    import_run = awaits(run_calls.import_run)

    def __init__(
        self,
        url: str = DEFAULT_URL,
        token: str | None = None,
        timeout: float = 60.0,
        *,
        patience: float = 60.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.url = url
        self._http = httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout, transport=transport)
        self._seconds = patience
        self._has_answered = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Give up the connections."""
        await self._http.aclose()

    async def ask(self, call: Call[T]) -> T:
        """The answer to a call."""
        async with self._answer(call.method, call.path, call.more) as response:
            await response.aread()
        return call.read(response)

    async def train(
        self, config: Mapping[str, Any], *, record: Sequence[str] | None = None
    ) -> AsyncIterator[Record]:
        """Train a run and give every record as it comes; see :meth:`optiscope.Client.train`."""
        query = {"layout": "columns"} | ({} if record is None else {"record": list(record)})
        blocks = self._taken(Stream(), "POST", "/api/train", json=dict(config), params=query)
        async with aclosing(blocks):
            async for block in blocks:
                for found in block.records():
                    yield found

    def compare(
        self, configs: Sequence[Mapping[str, Any]], *, record: Sequence[str] | None = None
    ) -> AsyncIterator[ComparedBlock]:
        """Train several runs in one stream; see :meth:`optiscope.Client.compare`."""
        body = calls.comparison(configs, record)
        return self._taken(Comparison(len(configs)), "POST", "/api/compare", json=body)

    async def follow(self, id_: str, since: int = 0) -> AsyncIterator[Record]:
        """The records of a kept run, live or replayed; see :meth:`optiscope.Client.follow`."""
        patience = Patience(self._seconds)
        while True:
            stream, broken = Stream(), None
            query = {"layout": "columns", "from": since}
            blocks = self._taken(stream, "GET", f"{run_calls.path_of(id_)}/steps", params=query)
            try:
                async with aclosing(blocks):
                    async for block in blocks:
                        for found in block.records():
                            yield found
                        since, patience = block.steps.stop, Patience(self._seconds)
            except (httpx.TransportError, StreamBrokenError) as error:
                broken = error
            if stream.ended is not None and stream.ended.reason != "stopped":
                return
            await self._wait_for_server(patience, broken)
            if run_calls.is_stopped(await self.run(id_)):
                return

    async def _taken(
        self, whole: Events[Taken], method: str, path: str, **more: Any
    ) -> AsyncGenerator[Taken]:
        """What the events of an answer come to, as they come."""
        lines = Lines()
        async with self._answer(method, path, more) as response:
            async for data in response.aiter_bytes():
                for line in lines.feed(data):
                    if (found := whole.take(json_of(response, line))) is not None:
                        yield found
        whole.require_whole()

    async def _wait_for_server(self, patience: Patience, broken: Exception | None) -> None:
        while self._has_answered and patience.allows(RETRY_S):
            await asyncio.sleep(RETRY_S)
            try:
                await self._http.get("/api/health")
            except httpx.TransportError as error:
                broken = error
                continue
            return
        raise broken or StreamBrokenError("the server does not go on with it")

    @asynccontextmanager
    async def _answer(
        self, method: str, path: str, more: Mapping[str, Any]
    ) -> AsyncGenerator[httpx.Response]:
        """The answer to a request, asked again while the server is busy; its body is still to be read."""
        patience = Patience(self._seconds)
        while True:
            async with self._http.stream(method, path, **more) as response:
                self._has_answered = True
                if not response.is_error:
                    yield response
                    return
                await response.aread()
            if (pause := patience.pause(response)) is None:
                raise refused(response)
            await asyncio.sleep(pause)

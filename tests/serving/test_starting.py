"""The application while it loads: what it answers itself, what waits, and how it ends."""

import asyncio
import threading
from concurrent.futures import Future
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.responses import PlainTextResponse

from optiscope.engine.core.words import say
from optiscope.runs.workers.executor import WorkerDiedError
from optiscope.runs.workers.status import WorkersStatus
from optiscope.serving.loading import Whole
from optiscope.serving.starting import Starting
from optiscope.settings import Settings


class Pool:
    """Workers of which the test says how they are."""

    def __init__(self):
        self.first_answer = Future()
        self.status = WorkersStatus("starting")
        self.is_shut_down = False

    def shutdown(self):
        self.is_shut_down = True


class Loading:
    """The whole application, which is there when the test says so."""

    def __init__(self):
        self.gate = threading.Event()
        self.said = []

    def __call__(self, *_):
        self.gate.wait(30)
        return Whole(PlainTextResponse("whole"), self.lifespan, lambda: self.said.append("streams end"))

    @asynccontextmanager
    async def lifespan(self):
        self.said.append("begins")
        yield
        self.said.append("ends")


@pytest.fixture
def loading(monkeypatch):
    loading = Loading()
    monkeypatch.setattr("optiscope.serving.starting.whole_application", loading)
    yield loading
    loading.gate.set()


@asynccontextmanager
async def living(pool, tmp_path, greeted=lambda: None):
    """The application in its lifespan, and a client of it."""
    application = Starting(Settings(data_dir=tmp_path), pool, greeted)
    begun, ending = asyncio.Event(), asyncio.Event()
    events = iter([asyncio.sleep(0), ending.wait()])

    async def receive():
        await next(events)
        return {}

    async def send(message):
        begun.set() if message["type"] == "lifespan.startup.complete" else None

    life = asyncio.create_task(application({"type": "lifespan"}, receive, send))
    await begun.wait()
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", timeout=60) as client:
        yield application, client
    ending.set()
    await life


async def test_health_is_known_at_once_and_the_rest_waits(loading, tmp_path):
    """A request that comes early is answered once, by the whole application."""
    pool, greetings = Pool(), []
    async with living(pool, tmp_path, lambda: greetings.append("hello")) as (_, client):
        found = await client.get("/api/health")
        assert (found.status_code, found.json()["status"]) == (503, "starting")
        pool.status = WorkersStatus("ok")
        assert greetings == []
        pool.first_answer.set_result(None)
        found = await client.head("/api/health")
        assert (found.status_code, found.content) == (200, b"")
        page = await client.get("/")
        assert page.text.startswith("<!doctype html>")
        waiting = asyncio.create_task(client.post("/api/train"))
        assert (await client.get("/", headers={"host": "evil.com"})).status_code == 400
        assert not waiting.done()
        loading.gate.set()
        assert (await waiting).text == "whole"
        assert (await client.get("/api/health")).text == "whole"
    assert greetings == ["hello"]
    assert loading.said == ["begins", "ends"]
    assert pool.is_shut_down


async def test_who_waits_when_it_stops_is_told(loading, tmp_path):
    """503 in words, and the rest is not loaded."""
    pool = Pool()
    async with living(pool, tmp_path) as (application, client):
        waiting = asyncio.create_task(client.get("/api/catalog"))
        await client.get("/")
        application.stop()
        response = await waiting
        assert (response.status_code, response.json()["code"]) == (503, "shutting_down")
        found = await client.get("/api/health")
        assert (found.status_code, found.json()["status"]) == (503, "stopping")
        loading.gate.set()
    assert loading.said == []
    assert pool.is_shut_down


async def test_streams_end_when_it_is_told_to_stop(loading, tmp_path):
    """Before the lifespan does: connections close in between."""
    loading.gate.set()
    async with living(Pool(), tmp_path) as (application, client):
        await client.get("/api/catalog")
        application.stop()
        assert loading.said == ["begins", "streams end"]
    assert loading.said == ["begins", "streams end", "ends"]


async def failure_of(pool, tmp_path, then=lambda: None):
    """Why it cannot go on, and what is done once it has said so."""
    failed = asyncio.Event()
    async with living(pool, tmp_path) as (application, _):
        application.on_failure = failed.set
        await asyncio.wait_for(failed.wait(), 30)
        then()
        return application.failure


async def test_without_any_worker_it_cannot_go_on(loading, tmp_path):
    """With the reason, while the rest is still loading."""
    pool = Pool()
    pool.first_answer.set_exception(WorkerDiedError(say("no_worker", why="out of luck")))
    failure = await failure_of(pool, tmp_path, then=loading.gate.set)
    assert failure == "no worker process can be started: out of luck"


async def test_without_the_rest_it_cannot_go_on(monkeypatch, tmp_path, caplog):
    """With the reason; the log has all of it."""

    def broken(*_):
        raise ImportError("no torch")

    monkeypatch.setattr("optiscope.serving.starting.whole_application", broken)
    assert await failure_of(Pool(), tmp_path) == "the application cannot be loaded: ImportError: no torch"
    assert "Traceback" in caplog.text

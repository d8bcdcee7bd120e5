"""The application in this process, with warm workers, and a client that talks to it without a network."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import Mount

from optiscope.main import create_app
from optiscope.runs.workers.executor import Executor
from optiscope.runs.workers.lanes import Kind
from optiscope.runs.workers.pool import ProcessPool
from optiscope.runs.workers.status import WorkersStatus
from optiscope.runs.workers.warm_up import warm_up
from optiscope.settings import Settings

ORIGIN = "http://127.0.0.1:8000"

Connect = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


class Borrowed:
    """The workers of all tests, for an application that would end its own when it ends."""

    def __init__(self, pool: Executor) -> None:
        self.submit = pool.submit
        self.place = pool.place
        self._pool = pool

    @property
    def status(self) -> WorkersStatus:
        """Theirs."""
        return self._pool.status

    @property
    def waiting_by_kind(self) -> Mapping[Kind, int]:
        """The same of each kind."""
        return self._pool.waiting_by_kind

    def __len__(self) -> int:
        return len(self._pool)

    def workers_for(self, kind: Kind) -> int:
        """Theirs."""
        return self._pool.workers_for(kind)

    def shutdown(self) -> None:
        """Leave the workers to the next test."""


@pytest.fixture(scope="session")
def workers() -> Iterator[ProcessPool]:
    """Two warm workers."""
    pool = ProcessPool(2, warm_up=warm_up)
    yield pool
    pool.shutdown()


@pytest.fixture
def connect(workers: ProcessPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Connect:
    """Opens a client of a fresh application; keyword arguments change its settings.

    An executor of the test's own gets each run as one job, however slow the machine is.
    It does not prepare what its first requests would wait for: that takes longer than most tests.
    """
    monkeypatch.setattr("optiscope.main.prepare", lambda _: None)

    @asynccontextmanager
    async def opened(executor: Executor | None = None, **changes: Any) -> AsyncIterator[httpx.AsyncClient]:
        settings = {"data_dir": tmp_path / "data"} | ({"chunk_seconds": 3600} if executor else {}) | changes
        app = create_app(Settings(**settings), lambda _: executor or Borrowed(workers))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url=ORIGIN, timeout=240) as client,
        ):
            client.app = app  # type: ignore[attr-defined]
            yield client

    return opened


@pytest.fixture
async def client(connect: Connect) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application with its default settings."""
    async with connect() as client:
        yield client


def walked(routes: Iterable[Any]) -> Iterator[tuple[str, set[str]]]:
    """(path, methods) of every route, those of included routers and mounts too."""
    for route in routes:
        if hasattr(route, "effective_candidates"):
            yield from walked(route.effective_candidates())
        elif isinstance(route, Mount):
            yield f"{route.path}/js/main.js", {"GET"}
        else:
            yield route.path, route.methods

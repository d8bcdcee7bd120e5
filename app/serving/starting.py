"""The application from its first moment on: it answers while torch, and all that needs it, is still loading.

::

    workers start ──> one answers ──────────> health is ok
    socket is bound ──> the page loads ──> torch, engine and routes load ──> everything else is answered

Until the whole application is there, health and the page are answered here, and every other request waits
for it, behind the same guards. From then on each request goes straight to it.
"""

import asyncio
import logging
from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from optiscope.api.guards import guarded
from optiscope.api.health_document import HEALTH_PATH, Health, Workers, health_response
from optiscope.api.problem import problem
from optiscope.api.sentences import sentence_fields
from optiscope.engine.core.words import say
from optiscope.runs.workers.executor import WorkerDiedError
from optiscope.runs.workers.pool import ProcessPool
from optiscope.serving.loading import Whole, page_application, whole_application
from optiscope.settings import Settings

log = logging.getLogger(__name__)


class Starting:
    """An ASGI application that becomes the whole one.

    Args:
        options: Addresses and limits of the server.
        pool: The workers, which have begun to start.
        on_start: Called once a worker has answered.

    Attributes:
        failure: Why the server cannot go on, in one sentence.
        on_failure: Called then.
    """

    def __init__(self, options: Settings, pool: ProcessPool, on_start: Callable[[], None]) -> None:
        self.failure = ""
        self.on_failure: Callable[[], None] = lambda: None
        self._options = options
        self._pool = pool
        self._on_start = on_start
        self._guarded = guarded(self._answer, options)
        self._page: asyncio.Task[ASGIApp]
        self._whole: Whole | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_stopping = False
        self._decided = asyncio.Event()
        self._ending = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or live as long as the server does."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._decided.is_set() and self._whole is not None:
            await self._whole.application(scope, receive, send)
        else:
            await self._guarded(scope, receive, send)

    def stop(self) -> None:
        """End every stream and every wait; may be called from a signal handler."""
        self._is_stopping = True
        if self._whole is not None:
            self._whole.end_streams()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._decided.set)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._loop = asyncio.get_running_loop()
        self._page = asyncio.create_task(asyncio.to_thread(page_application))
        greeting, loading = asyncio.create_task(self._greet()), asyncio.create_task(self._load())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._ending.set()
        greeting.cancel()
        await asyncio.gather(greeting, loading, return_exceptions=True)
        await asyncio.to_thread(self._pool.shutdown)
        await send({"type": "lifespan.shutdown.complete"})

    async def _greet(self) -> None:
        """Say that the server is there, or that it never will be."""
        try:
            await asyncio.wrap_future(self._pool.first_answer)
        except WorkerDiedError as error:
            self._fail(str(error))
        else:
            self._on_start()

    async def _load(self) -> None:
        """Load the whole application, and keep it until the server ends."""
        try:
            await self._page
            whole = await asyncio.to_thread(whole_application, self._options, self._pool)
            if self._is_stopping:
                return
            async with whole.lifespan():
                self._whole = whole
                self._decided.set()
                await self._ending.wait()
        except Exception as error:
            log.exception("the application cannot be loaded")
            self._fail(f"the application cannot be loaded: {type(error).__name__}: {error}")

    def _fail(self, reason: str) -> None:
        if not self._is_stopping:
            self.failure = reason
            self.on_failure()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request that has come before the whole application is there."""
        if (scope.get("method"), scope["path"]) == ("GET", HEALTH_PATH):
            await health_response(self._health())(scope, receive, send)
        elif not await _answered(await asyncio.shield(self._page), scope, receive, send):
            await self._decided.wait()
            await (self._whole.application if self._whole else _going_down())(scope, receive, send)

    def _health(self) -> Health:
        workers = self._pool.status
        return Health(
            status="stopping" if self._is_stopping else workers.state,
            workers=Workers.model_validate(workers, from_attributes=True),
            **sentence_fields("held_up_by", None, ""),
            **sentence_fields("reason", workers.reason, ""),
            **sentence_fields("storage", say("database_opening")),
        )


def _going_down() -> Response:
    """The answer to what still waits when the server ends."""
    return problem(503, say("shutting_down"), headers={"Retry-After": "2"})


async def _answered(page: ASGIApp, scope: Scope, receive: Receive, send: Send) -> bool:
    """Let the page answer; what it does not know is answered by the whole application, later and in words."""
    is_known = True

    async def send_if_known(message: Message) -> None:
        nonlocal is_known
        if message["type"] == "http.response.start":
            is_known = message["status"] < 400  # noqa: PLR2004 - where refusals begin
        if is_known:
            await send(message)

    await page(scope, receive, send_if_known)
    return is_known

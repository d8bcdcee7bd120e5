"""A defect of ours: logged in full, told without its inside.

FastAPI would answer it outside of all other middleware, without the headers that every answer carries.
"""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from optiscope.api.problem import problem
from optiscope.engine.core.words import say

log = logging.getLogger(__name__)


class Mistakes:
    """Answers with 500 where an application fails before its answer has begun; afterwards that breaks off."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        has_begun = scope["type"] != "http"

        async def send_and_note(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except Exception:
            if has_begun:
                raise
            log.exception("%s %s failed", scope["method"], scope["path"])
            await problem(500, say("mistake"))(scope, receive, send)

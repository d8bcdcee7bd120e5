"""The methods of an address (RFC 9110): HEAD where there is GET, OPTIONS, and a 405 that names them all."""

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.routing import Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def allowed_methods(scope: Mapping[str, Any]) -> str:
    """The methods of the address of a request, as the header ``Allow`` lists them.

    Each method may have a route of its own, so that no route knows them all.
    """
    asked = {
        "type": "http",
        "path": scope["path"],
        "root_path": scope.get("app_root_path", scope.get("root_path", "")),
        "headers": scope["headers"],
        "app": scope["app"],
    }
    found = [method for method in _METHODS if _is_routed(asked | {"method": method})]
    return ", ".join([*found, *(["HEAD"] if "GET" in found else [])])


def _is_routed(scope: dict[str, Any]) -> bool:
    matching = [route for route in scope["app"].routes if route.matches(scope)[0] is Match.FULL]
    return any(scope["method"] == "GET" or not isinstance(route, Mount) for route in matching)


class HeadOfGet:
    """Answers HEAD with the head of what GET would answer, and lets nothing go on for a body nobody gets."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; once its head is sent, the route is told that the reader has left."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        answered = asyncio.Event()
        is_read = False

        async def receive_until_answered() -> Message:
            nonlocal is_read
            if not is_read:
                is_read = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await answered.wait()
            return {"type": "http.disconnect"}

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                answered.set()

        asked = {**scope, "method": "GET"}
        await self.app(asked, receive_until_answered, send_head)
        scope.update({name: asked[name] for name in ("route", "endpoint", "root_path") if name in asked})

"""What the browser tests share: a page that must not complain, and an eye on what it asks for."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

expect.set_options(timeout=15_000)


@pytest.fixture
def open_page(browser: Browser, live_server: str) -> Iterator[Callable[..., Page]]:
    """Open the page; what it logged as an error, or asked of another machine, fails the test at its end."""
    complaints: list[str] = []
    contexts = []

    def note(message: ConsoleMessage, *, may_be_refused: bool) -> None:
        refused = may_be_refused and "status of 422" in message.text
        if message.type in {"error", "warning"} and "GPU stall" not in message.text and not refused:
            complaints.append(f"{message.type}: {message.text}")

    def watch(request: Request) -> None:
        if not request.url.startswith((live_server, "data:", "blob:")):
            complaints.append(f"a request left the machine: {request.url}")

    def opened(path: str = "/", *, may_be_refused: bool = False, **options: Any) -> Page:
        settings = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US"} | options
        context = browser.new_context(base_url=live_server, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", partial(note, may_be_refused=may_be_refused))
        page.on("pageerror", lambda error: complaints.append(f"thrown: {error}"))
        page.on("request", watch)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []

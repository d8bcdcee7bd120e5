"""What the browser tests share: a page that must not complain, and an eye on what it asks for."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

expect.set_options(timeout=30_000)

XOR = "/?v=2&problem=xor"
"""Four optimizers on a network: what most tests look at. A bare address opens on a test function."""

ADVICE = ("GPU stall", "willReadFrequently")
"""What Chromium says to the makers of plotly.js about speed, where it draws in software."""


LET_NEWS_STAY = """
  const after = globalThis.setTimeout;
  globalThis.setTimeout = (act, ms, ...rest) => after(act, ms >= 2500 ? 600_000 : ms, ...rest);
"""
"""What is said for some seconds only is there for a browser that takes longer to look."""


def let_news_stay(page: Page) -> None:
    """For ``prepare``: what the page says does not go by itself."""
    page.add_init_script(LET_NEWS_STAY)


FITS = "() => document.documentElement.scrollWidth <= innerWidth"
"""To be waited for: nothing is wider than the window."""


def boxes(found: Locator) -> list[dict[str, Any]]:
    """The boxes of what is visible, all at the same moment."""
    return found.evaluate_all(  # type: ignore[no-any-return]
        "found => found.filter(one => one.checkVisibility()).map(one => one.getBoundingClientRect().toJSON())"
    )


def is_advice(message: ConsoleMessage) -> bool:
    """Whether a message is no complaint of the page, and comes or not by how fast the machine is."""
    return message.type == "warning" and any(part in message.text for part in ADVICE)


@pytest.fixture
def open_page(browser: Browser, live_server: str) -> Iterator[Callable[..., Page]]:
    """Open the page; what it logged as an error, or asked of another machine, fails the test at its end.

    Nothing moves by itself, unless ``reduced_motion`` is "no-preference".
    """
    complaints: list[str] = []
    contexts = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not is_advice(message):
            complaints.append(f"{message.type}: {message.text}")

    def watch(request: Request, address: str) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            complaints.append(f"a request left the machine: {request.url}")

    def opened(
        path: str = XOR,
        *,
        address: str = live_server,
        prepare: Callable[[Page], object] = lambda _: None,
        **options: Any,
    ) -> Page:
        desk = {"viewport": {"width": 1440, "height": 900}, "locale": "en-US", "reduced_motion": "reduce"}
        context = browser.new_context(base_url=address, **(desk | options))
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(f"thrown: {error}"))
        page.on("request", partial(watch, address=address))
        prepare(page)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []

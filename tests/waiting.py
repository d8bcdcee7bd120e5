"""Waiting for something to become true, with a deadline and without guessing how long it takes."""

import asyncio
import time
from collections.abc import Callable

WITHIN_S = 120.0
PAUSE_S = 0.005


def until(condition: Callable[[], object], seconds: float = WITHIN_S) -> float:
    """Poll until ``condition()`` holds; the seconds that took. Fails when it does not come true in time."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, "the condition did not come true in time"
        time.sleep(PAUSE_S)
    return time.monotonic() - begun


async def until_async(condition: Callable[[], object], seconds: float = WITHIN_S) -> float:
    """``until`` for tests that run in an event loop."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, "the condition did not come true in time"
        await asyncio.sleep(PAUSE_S)
    return time.monotonic() - begun

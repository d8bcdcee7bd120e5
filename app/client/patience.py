"""How long a busy server is asked again, and one that has gone is waited for."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

RETRY_S = 0.5
"""Between two looks whether a server is back."""

_BUSY = frozenset({429, 503})


class Patience:
    """A time that runs out.

    Args:
        seconds: How long it lasts from now on.
        clock: Tells the time.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def allows(self, pause: float) -> bool:
        """Whether it lasts for such a pause."""
        return self._clock() + pause <= self._end

    def pause(self, response: httpx.Response) -> float | None:
        """Seconds until a request is to be asked again, as its answer says; None if it is not."""
        if response.status_code not in _BUSY:
            return None
        seconds = _retry_after(response.headers.get("Retry-After", ""))
        return seconds if seconds is not None and self.allows(seconds) else None


def _retry_after(text: str) -> float | None:
    """A number of seconds or a date, both of which the header may hold."""
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds())

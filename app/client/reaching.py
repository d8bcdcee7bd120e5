"""Where the server is, and what is said where none answers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

_LOCAL = "http://127.0.0.1:8000"


class NoServerError(httpx.ConnectError):
    """No server answers at an address."""


def address_of(url: str | None) -> str:
    """One that is given, or ``OPTISCOPE_URL`` of the environment, or where ``optiscope serve`` serves."""
    return url or os.environ.get("OPTISCOPE_URL") or _LOCAL


def headers_for(token: str | None) -> dict[str, str]:
    """What lets one in: a token that is given, or ``OPTISCOPE_TOKEN`` of the environment."""
    known = token or os.environ.get("OPTISCOPE_TOKEN")
    return {"Authorization": f"Bearer {known}"} if known else {}


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Say in a sentence that no server answers there, in place of what a socket says.

    Raises:
        NoServerError: If there is none.
    """
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol) as error:
        why = f" ({error})" if str(error) else ""
        raise NoServerError(
            f"no server answers at {url}{why}: start one with `optiscope serve`, or name another address"
        ) from None

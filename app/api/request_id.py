"""The id of a request: in its answer, in what is said when it is refused, and in every line of the log.

It is that of the header ``X-Request-ID``, where a proxy or a client gives one that can be written anywhere;
else one is made up.
"""

import re
import secrets
from contextvars import ContextVar
from typing import Final

from starlette.datastructures import Headers

HEADER: Final = "X-Request-ID"
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the request that is being answered, also in what is done for it in other threads; else ""."""


def made_up() -> str:
    """An id that no other request has."""
    return secrets.token_hex(8)


def given(headers: Headers) -> str:
    """The id that a request brings, or "" if it brings none, several, or one that is not well-formed."""
    found = headers.getlist(HEADER)
    return found[0] if len(found) == 1 and _WELL_FORMED.fullmatch(found[0]) else ""

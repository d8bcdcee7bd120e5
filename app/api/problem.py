"""Problem documents (RFC 9457), the one form of every refusal; torch-free, so that it is there at once."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"

MAX_ERRORS = 100
"""Fields that one answer names; a body of a million wrong fields is answered briefly."""

MAX_TEXT = 500
"""Characters of a sentence or a pointer; a key of a million characters is quoted briefly."""


def problem(
    status: int,
    detail: str,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document.

    Args:
        status: HTTP status; its phrase becomes the title.
        detail: What is wrong and what to do, in one plain sentence.
        errors: ``{"pointer", "detail"}`` for each wrong field; a parameter of the address has a name besides.
        headers: Further headers, such as ``Allow`` or ``Retry-After``.
    """
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _shortened(detail),
    }
    content["errors"] = [
        {key: _shortened(text) for key, text in error.items()} for error in errors[:MAX_ERRORS]
    ]
    return Response(
        orjson.dumps(content),
        status,
        headers={"Cache-Control": "no-store"} | dict(headers or {}),
        media_type=MEDIA_TYPE,
    )


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"

"""Problem documents (RFC 9457), the one form of every refusal; torch-free, so that it is there at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import Response

from optiscope.api.request_id import REQUEST_ID
from optiscope.engine.core.words import Said, say

MEDIA_TYPE = "application/problem+json"

MAX_ERRORS = 100
"""Fields that one answer names; a body of a million wrong fields is answered briefly."""

MAX_TEXT = 500
"""Characters of a sentence or a pointer; a key of a million characters is quoted briefly."""


@dataclass(frozen=True, slots=True)
class WrongField:
    """What is wrong with one field.

    Attributes:
        pointer: JSON pointer into the body; of a parameter of the address, its name behind a slash.
        said: What is wrong with it.
        parameter: The name of a parameter of the address.
    """

    pointer: str
    said: Said
    parameter: str | None = None

    def document(self) -> dict[str, Any]:
        """The entry of ``errors``."""
        named = {"parameter": self.parameter} if self.parameter is not None else {}
        return {"pointer": self.pointer} | named | self.said.document()


def problem(
    status: int,
    said: Said,
    errors: Sequence[WrongField] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document.

    Args:
        status: HTTP status; its phrase becomes the title.
        said: What is wrong and what to do, in one plain sentence.
        errors: Each wrong field.
        headers: Further headers, such as ``Allow`` or ``Retry-After``.
    """
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        **said.document(),
        "request_id": REQUEST_ID.get(),
        "errors": [error.document() for error in errors[:MAX_ERRORS]],
    }
    return Response(
        orjson.dumps(_shortened(content)),
        status,
        headers={"Cache-Control": "no-store"} | dict(headers or {}),
        media_type=MEDIA_TYPE,
    )


def unprocessable(errors: Sequence[WrongField]) -> Response:
    """422 for fields that cannot be used."""
    first, others = errors[0].said, len(errors) - 1
    return problem(422, say("and_more", first=first, count=others) if others else first, errors)


def _shortened(value: Any) -> Any:
    """``value`` with no text or list longer than a person reads."""
    if isinstance(value, dict):
        return {key: _shortened(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_shortened(part) for part in value[:MAX_ERRORS]]
    is_long = isinstance(value, str) and len(value) > MAX_TEXT
    return f"{value[: MAX_TEXT - 1]}…" if is_long else value

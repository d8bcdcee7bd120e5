"""JSON bodies, read once and strictly: from the raw bytes, so that what JSON means is not lost on the way.

FastAPI would parse the body with ``json.loads`` and validate Python objects: NaN, 1e400 and texts for
numbers need care then, and an error that quotes NaN cannot be encoded. pydantic reads the bytes itself.
"""

import re
from collections.abc import Awaitable, Callable
from email.message import Message
from typing import Any, TypeVar

from fastapi import HTTPException, Request
from pydantic import BaseModel, ValidationError

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import Limits, in_context
from optiscope.engine.core.words import say
from optiscope.engine.loop.refusing import refused
from optiscope.runs.engine_thread import in_engine_thread

M = TypeVar("M", bound=BaseModel)

_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


def json_body(model: type[M]) -> Callable[[Request], Awaitable[M]]:
    """A dependency that reads the body as ``model``.

    It raises :class:`ConfigError` naming each wrong field, or 415 if the body is not
    declared to be JSON (which also keeps forms of other sites out: a form cannot declare it).
    """

    async def read(request: Request) -> M:
        _require_json(request)
        body, state = await request.body(), request.app.state
        return await in_engine_thread(_read, model, body, state.limits, state.options.max_body_parts)

    return read


def _read(model: type[M], body: bytes, limits: Limits, max_parts: int) -> M:
    if (parts := parts_in(body, max_parts)) > max_parts:
        raise ConfigError.at("", say("too_many_parts", bound=max_parts, value=parts))
    return parsed(model, body, limits)


def parts_in(body: bytes, enough: int) -> int:
    """How many fields, lists and objects a JSON text holds; where they are few, signs in texts count as well.

    pydantic makes an object or a finding of each, and a body has room for hundreds of thousands.
    """
    signs = _signs(body)
    return signs if signs <= enough else _signs(_TEXT.sub(b"", body))


def _signs(text: bytes) -> int:
    return sum(map(text.count, (b":", b"[", b"{")))


def parsed(model: type[M], body: bytes, limits: Limits) -> M:
    """A body as ``model``.

    Raises:
        ConfigError: Naming each wrong field.
    """
    try:
        return model.model_validate_json(body, context=in_context(limits))
    except ValidationError as error:
        raise refused(error, body, model, limits) from None


def _require_json(request: Request) -> None:
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    kind = header.get_content_type() if request.headers.get("content-type") else ""
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise HTTPException(415, say("send_json", got=kind or say("none")))


def documented(model: type[BaseModel], examples: dict[str, Any]) -> dict[str, Any]:
    """``openapi_extra`` of a route that reads ``model`` through :func:`json_body`.

    The route's module adds ``model`` to :data:`MODELS`, from which the document takes the schema.

    Args:
        model: The model of the body.
        examples: Bodies by a short summary; the first is what ``/docs`` offers.
    """
    MODELS.add(model)
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": f"#/components/schemas/{model.__name__}"},
                    "examples": {name: {"summary": name, "value": value} for name, value in examples.items()},
                }
            },
        }
    }


MODELS: set[type[BaseModel]] = set()
"""Models whose schemas the OpenAPI document must hold."""

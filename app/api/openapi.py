"""The OpenAPI document: what FastAPI finds in the routes, and what holds for all of them.

FastAPI knows the routes and their parameters. Bodies and answers are read and written by ourselves, so their
schemas are added here; and so are the refusals and the token of the guard, which stands before every route.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema

from optiscope.api.body import MODELS
from optiscope.api.events import problems
from optiscope.api.security import COOKIE, OPEN_PATHS

SECURITY_SCHEMES: dict[str, dict[str, Any]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token that the server was started with, or that it printed. Needed off loopback.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "For browsers: opening any address once with `?token=` and the token sets it.",
    },
}

SECURITY: list[dict[str, list[str]]] = [{}, {"bearer": []}, {"cookie": []}]
"""A server on loopback needs none, any other one of these."""


def operation_id(route: APIRoute) -> str:
    """The name of an operation in generated clients: that of the function that answers it."""
    return route.name


def install(app: FastAPI) -> None:
    """Let ``app.openapi()`` give the whole document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    document["security"] = SECURITY
    document["components"]["securitySchemes"] = SECURITY_SCHEMES
    document["components"]["schemas"] |= _schemas()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _guard(operation, is_open=path in OPEN_PATHS)
    return document


def _schemas() -> dict[str, Any]:
    models = sorted(MODELS, key=lambda model: model.__name__)
    _, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    found: dict[str, Any] = schemas["$defs"]
    return found


def _guard(operation: dict[str, Any], *, is_open: bool) -> None:
    """Add what every request may be refused with before it reaches its route, and when that fails."""
    refusals = problems(400, 403, 500) if is_open else problems(400, 401, 403, 500)
    answers = {str(status): answer for status, answer in refusals.items()} | operation["responses"]
    operation["responses"] = dict(sorted(answers.items()))
    if is_open:
        operation["security"] = []

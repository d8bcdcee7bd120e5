"""Errors as ``application/problem+json`` (RFC 9457): one plain sentence, and every field that is wrong."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from optiscope.api.methods import allowed_methods
from optiscope.api.problem import problem
from optiscope.engine.core.config import sentence
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.loop.checkpoint_file import CheckpointFileError
from optiscope.runs.keeping.errors import (
    BusyError,
    ConflictError,
    StorageFullError,
    StorageUnavailableError,
    UnknownRunError,
)
from optiscope.runs.service import StoppedError
from optiscope.runs.workers.executor import JobTimeoutError, WorkerDiedError

log = logging.getLogger(__name__)


def _summary(errors: Sequence[Mapping[str, str]]) -> str:
    first, others = errors[0]["detail"], len(errors) - 1
    return first if not others else f"{first} (and {others} more, see errors)"


def unprocessable(errors: Sequence[Mapping[str, str]]) -> Response:
    """422 for fields that cannot be used."""
    return problem(422, _summary(errors), errors)


async def on_config_error(_: Request, error: Exception) -> Response:
    """A body that the engine refuses."""
    assert isinstance(error, ConfigError)  # noqa: S101 - registered for this class only
    return unprocessable([{"pointer": p.pointer, "detail": p.detail} for p in error.problems])


async def on_validation_error(_: Request, error: Exception) -> Response:
    """Query or path parameters that FastAPI refuses; what was sent is quoted as text, never as a number.

    Two dependencies may read the same parameter: it is told once.
    """
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    told = dict.fromkeys(
        (name, sentence(found, name)) for found in error.errors() for name in [str(found["loc"][-1])]
    )
    return unprocessable([{"pointer": f"/{n}", "parameter": n, "detail": detail} for n, detail in told])


async def on_http_exception(request: Request, error: Exception) -> Response:
    """What routing or a route refuses with a status of its own."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    headers = error.headers or {}
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {**headers, "Allow": allowed_methods(request.scope)}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
    detail = str(error.detail)
    if detail == HTTPStatus(error.status_code).phrase:
        detail = _explained(error.status_code, request, headers)
    return problem(error.status_code, detail, headers=headers)


def _explained(status: int, request: Request, headers: Mapping[str, str]) -> str:
    """A sentence for a status that starlette raises without one."""
    sentences = {
        HTTPStatus.NOT_FOUND: f"there is nothing at {request.url.path}; /docs lists what there is",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} is not possible here, only {headers.get('Allow')}",
    }
    return sentences.get(HTTPStatus(status), HTTPStatus(status).phrase)


_STATUSES: Mapping[type[Exception], int] = {
    UnknownRunError: 404,
    ConflictError: 409,
    CheckpointFileError: 422,
    BusyError: 429,
    StorageUnavailableError: 503,
    StoppedError: 503,
    JobTimeoutError: 503,
    WorkerDiedError: 503,
    StorageFullError: 507,
}


async def on_known_error(_: Request, error: Exception) -> Response:
    """What the run service refuses, or cannot do now, in its own words."""
    status = next(status for kind, status in _STATUSES.items() if isinstance(error, kind))
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return unprocessable([{"pointer": "", "detail": str(error)}])
    return problem(status, str(error), headers={"Retry-After": "2"} if status in {429, 503} else None)


async def on_disconnect(_request: Request, _error: Exception) -> Response:
    """Nobody reads this; 499 is what servers write into their logs for it."""
    return Response(status_code=499)


async def on_unexpected_error(request: Request, error: Exception) -> Response:
    """A defect of ours: logged in full, told without its inside."""
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem(500, "the server made a mistake; its log says more")


def install(app: FastAPI) -> None:
    """Answer every error of ``app`` with a problem document."""
    app.add_exception_handler(ConfigError, on_config_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(HTTPException, on_http_exception)
    for kind in _STATUSES:
        app.add_exception_handler(kind, on_known_error)
    app.add_exception_handler(ClientDisconnect, on_disconnect)
    app.add_exception_handler(Exception, on_unexpected_error)

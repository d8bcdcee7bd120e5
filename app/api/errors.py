"""Errors as ``application/problem+json`` (RFC 9457): one plain sentence, and every field that is wrong."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from optiscope.api.methods import allowed_methods
from optiscope.api.problem import WrongField, problem, unprocessable
from optiscope.engine.core.errors import ConfigError, SaidError
from optiscope.engine.core.findings import finding
from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.checkpoint_file import CheckpointFileError
from optiscope.runs.keeping.errors import (
    BusyError,
    ConflictError,
    StorageFullError,
    StorageUnavailableError,
    UnknownRunError,
    UnknownSweepError,
)
from optiscope.runs.service import StoppedError
from optiscope.runs.workers.executor import JobTimeoutError, WorkerDiedError
from optiscope.runs.workers.scheduler_address import SchedulerError


async def on_config_error(_: Request, error: Exception) -> Response:
    """A body that the engine refuses."""
    assert isinstance(error, ConfigError)  # noqa: S101 - registered for this class only
    return unprocessable([WrongField(p.pointer, p.said) for p in error.problems])


async def on_validation_error(_: Request, error: Exception) -> Response:
    """Query or path parameters that FastAPI refuses; what was sent is quoted as text, never as a number.

    Two dependencies may read the same parameter: it is told once.
    """
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    told = dict.fromkeys(
        WrongField(f"/{name}", finding(found, name), name)
        for found in error.errors()
        for name in [str(found["loc"][-1])]
    )
    return unprocessable(list(told))


async def on_http_exception(request: Request, error: Exception) -> Response:
    """What routing or a route refuses with a status of its own."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    headers = error.headers or {}
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {**headers, "Allow": allowed_methods(request.scope)}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
    detail: object = error.detail
    said = detail if isinstance(detail, Said) else _explained(error.status_code, detail, request, headers)
    return problem(error.status_code, said, headers=headers)


def _explained(status: int, detail: object, request: Request, headers: Mapping[str, str]) -> Said:
    """A sentence for what starlette or FastAPI raise by themselves."""
    if status == HTTPStatus.NOT_FOUND:
        return say("nothing_here", path=request.url.path)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return say("method_not_allowed", method=request.method, allowed=headers.get("Allow", ""))
    return say("as_written", text=str(detail))


_STATUSES: Mapping[type[SaidError], int] = {
    UnknownRunError: 404,
    UnknownSweepError: 404,
    ConflictError: 409,
    CheckpointFileError: 422,
    BusyError: 429,
    StorageUnavailableError: 503,
    StoppedError: 503,
    SchedulerError: 503,
    JobTimeoutError: 503,
    WorkerDiedError: 503,
    StorageFullError: 507,
}


async def on_known_error(_: Request, error: Exception) -> Response:
    """What the run service refuses, or cannot do now, in its own words."""
    assert isinstance(error, SaidError)  # noqa: S101 - registered for such classes only
    status = next(status for kind, status in _STATUSES.items() if isinstance(error, kind))
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return unprocessable([WrongField("", error.said)])
    return problem(status, error.said, headers={"Retry-After": "2"} if status in {429, 503} else None)


async def on_disconnect(_request: Request, _error: Exception) -> Response:
    """Nobody reads this; 499 is what servers write into their logs for it."""
    return Response(status_code=499)


def install(app: FastAPI) -> None:
    """Answer every error of ``app`` with a problem document."""
    app.add_exception_handler(ConfigError, on_config_error)
    app.add_exception_handler(RequestValidationError, on_validation_error)
    app.add_exception_handler(HTTPException, on_http_exception)
    for kind in _STATUSES:
        app.add_exception_handler(kind, on_known_error)
    app.add_exception_handler(ClientDisconnect, on_disconnect)

"""What takes long to import, in the order in which it is needed: the page, then torch and everything else."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import NamedTuple

from starlette.types import ASGIApp

from optiscope.runs.workers.executor import Executor
from optiscope.settings import Settings


class Whole(NamedTuple):
    """The application with all that it needs.

    Attributes:
        application: Answers every request, inside its lifespan.
        lifespan: From its start to its end.
        end_streams: Ends every open stream; may be called from a signal handler.
    """

    application: ASGIApp
    lifespan: Callable[[], AbstractAsyncContextManager[object]]
    end_streams: Callable[[], None]


def page_application() -> ASGIApp:
    """The page and the files that it loads, which need no torch."""
    from fastapi import FastAPI

    from optiscope.pages import page

    application = FastAPI(openapi_url=None)
    page.install(application)
    return application


def whole_application(options: Settings, executor: Executor) -> Whole:
    """The page and the API, trained on by workers that have begun to start."""
    from optiscope.main import create_app, end_streams

    application = create_app(options, lambda _: executor)
    return Whole(
        application,
        partial(application.router.lifespan_context, application),
        partial(end_streams, application),
    )

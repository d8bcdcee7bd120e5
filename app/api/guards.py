"""The guards before every route, in one order for every application of this package."""

from starlette.middleware import Middleware
from starlette.types import ASGIApp

from optiscope.api.methods import HeadOfGet
from optiscope.api.mistakes import Mistakes
from optiscope.api.preference import ProblemStatus
from optiscope.api.request_log import Observe, RequestLog
from optiscope.api.security import Guard, SecurityHeaders
from optiscope.settings import Settings


def guards(options: Settings, observe: Observe | None = None) -> list[Middleware]:
    """The outermost first.

    Args:
        options: Who may talk to the server.
        observe: Told of every request.
    """
    return [
        Middleware(RequestLog, observe),
        Middleware(SecurityHeaders, options.frame_ancestors),
        Middleware(Mistakes),
        Middleware(ProblemStatus),
        Middleware(
            Guard,
            allowed_hosts=(options.host, *options.allowed_hosts),
            public_url=options.public_url,
            token=options.token,
            max_body_bytes=options.max_body_bytes,
            larger={"/api/runs/import": options.max_import_bytes},
        ),
        Middleware(HeadOfGet),
    ]


def guarded(app: ASGIApp, options: Settings) -> ASGIApp:
    """``app`` behind all of them."""
    for guard in reversed(guards(options)):
        app = guard.cls(app, *guard.args, **guard.kwargs)
    return app

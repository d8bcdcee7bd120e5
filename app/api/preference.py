"""``Prefer: problem-status=200``: refusals as answers, for a client to which being refused is no accident.

A browser logs every answer with a status of 400 or more as an error, and no page can keep it from that. What
a person types is refused often, on purpose and in time; a console that is full of it hides what is really
wrong. So a client may prefer (RFC 7240) that problem documents come with status 200: body, media type and
headers are the same, the document's own ``status`` (RFC 9457) says what it would have been, and
``Preference-Applied`` that it was heard. Who does not ask gets the status on the line, as ever.

It is one rule for every route, of which none knows: a route added later follows it too. A defect of the
server stays a 500 for everybody, since it is answered outside of this.
"""

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from optiscope.api.problem import MEDIA_TYPE

PREFERENCE = "problem-status=200"


class ProblemStatus:
    """Sends problem documents with status 200 to those who prefer that."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; where it is refused, change the status in the head of the answer."""

        async def send_as_preferred(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type") == MEDIA_TYPE:
                    message["status"] = int(HTTPStatus.OK)
                    headers["Preference-Applied"] = PREFERENCE
            await send(message)

        await self.app(scope, receive, send_as_preferred if is_preferred(scope) else send)


def is_preferred(scope: Scope) -> bool:
    """Whether a request asks for it, among whatever else it prefers."""
    if scope["type"] != "http":
        return False
    preferences = ",".join(Headers(scope=scope).getlist("prefer")).lower().split(",")
    return any(_bare(preference) == PREFERENCE for preference in preferences)


def _bare(preference: str) -> str:
    """A preference without its parameters, spaces and quotes."""
    return "".join(preference.partition(";")[0].split()).replace('"', "")

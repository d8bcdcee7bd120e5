"""What can go wrong between a script and a server."""

import httpx


class RequestRefusedError(Exception):
    """The server refused a request.

    Attributes:
        status: HTTP status.
        detail: Why, in one sentence.
        errors: ``{"pointer", "detail"}`` for each wrong field.
    """

    def __init__(self, status: int, detail: str, errors: list[dict[str, str]]) -> None:
        super().__init__("\n".join([detail, *(f"{e.get('pointer', '')}: {e['detail']}" for e in errors)]))
        self.status = status
        self.detail = detail
        self.errors = errors


class StreamBrokenError(Exception):
    """A stream ended without saying how its run did."""


def refused(response: httpx.Response) -> RequestRefusedError:
    """Why a server refused, as far as its answer says it."""
    try:
        problem = response.json()
        return RequestRefusedError(response.status_code, problem["detail"], problem.get("errors", []))
    except (ValueError, KeyError):
        return RequestRefusedError(response.status_code, response.text[:200], [])

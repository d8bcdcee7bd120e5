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
        fields = [
            f"{pointer}: {e['detail']}" if (pointer := e.get("pointer")) else e["detail"] for e in errors
        ]
        super().__init__("\n".join(dict.fromkeys(fields)) or detail)
        self.status = status
        self.detail = detail
        self.errors = errors


class StreamBrokenError(Exception):
    """A stream ended without saying how its run did."""


def refused(response: httpx.Response) -> RequestRefusedError:
    """Why a server refused, as far as its answer says it."""
    status = response.status_code
    try:
        problem = response.json()
        return RequestRefusedError(status, problem["detail"], problem.get("errors", []))
    except (ValueError, KeyError, TypeError):
        where = response.url.copy_with(query=None)
        return RequestRefusedError(status, f"{where} answers {status}, not as Optiscope does", [])

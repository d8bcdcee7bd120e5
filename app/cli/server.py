"""The server that a command talks to, and what is said when it does not answer or refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from optiscope.cli.failures import FAILED, REFUSED, give_up
from optiscope.cli.settings import settings

if TYPE_CHECKING:
    from optiscope.client import Client


@contextmanager
def server(url: str | None) -> Iterator["Client"]:
    """A client of the server at an address; by default of the one that runs on this machine."""
    import httpx

    from optiscope.client import Client, NoServerError, RequestRefusedError
    from optiscope.serving.listener import reachable

    options = settings()
    address = url or options.url or f"http://{reachable(options.host)}:{options.port}"
    try:
        with Client(address, options.token) as client:
            yield client
    except httpx.ReadTimeout:
        give_up(
            f"the server at {address} has not answered in time; what it was asked for may be done all the "
            "same: optiscope runs list"
        )
    except NoServerError as error:
        give_up(str(error))
    except (httpx.TransportError, httpx.InvalidURL) as error:
        give_up(f"{address}: {error}")
    except RequestRefusedError as error:
        give_up(str(error), REFUSED if error.errors else FAILED)

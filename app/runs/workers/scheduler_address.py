"""The address of a scheduler: whether it is one, and whether anybody listens there."""

import re
import socket

from optiscope.engine.core.errors import SaidError
from optiscope.engine.core.words import say

_ADDRESS = re.compile(r"(?:tcp|tls)://(\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+):([0-9]{1,5})/?")

_SECONDS = 5.0
"""How long to wait for a host that does not even refuse."""


class SchedulerError(SaidError):
    """The scheduler of a cluster cannot be used, or no longer."""


def require_scheduler(address: str) -> None:
    """Refuse an address at which there is none; Dask itself would try again and again.

    Raises:
        SchedulerError: If it is no address, or nobody listens there.
    """
    found = _ADDRESS.fullmatch(address)
    if found is None or not 0 < int(found[2]) < 2**16:
        raise SchedulerError(say("scheduler_address", value=address))
    try:
        socket.create_connection((found[1].strip("[]"), int(found[2])), _SECONDS).close()
    except OSError as error:
        said = say("scheduler_unreachable", address=address, why=error.strerror or str(error))
        raise SchedulerError(said) from error

"""Where jobs run: ``submit``, the one call that a cluster has as well, and whether anybody works there."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from optiscope.engine.core.errors import SaidError
from optiscope.runs.workers.status import WorkersStatus

T = TypeVar("T")


class WorkerDiedError(SaidError):
    """The worker process ended in the middle of a job, or could not be started."""


class JobTimeoutError(SaidError):
    """A job took longer than its deadline; its worker was killed. It is not sent again."""


class Executor(Protocol):
    """Where jobs run: local processes, or anything else with ``submit``."""

    def __len__(self) -> int:
        """How many jobs run at once."""

    @property
    def status(self) -> WorkersStatus:
        """Whether the workers answer."""

    def submit(self, function: Callable[..., T], /, *arguments: Any) -> Future[T]:
        """Run ``function(*arguments)`` elsewhere, in the order of submission."""

    def shutdown(self) -> None:
        """Give up every job and end the workers."""

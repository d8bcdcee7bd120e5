"""Where jobs run: ``submit``, the one call that a cluster has as well, and whether anybody works there."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from optiscope.engine.core.errors import SaidError
from optiscope.engine.core.words import say
from optiscope.runs.workers.lanes import Kind, Lane, Place
from optiscope.runs.workers.status import WorkersStatus

T = TypeVar("T")

Job = tuple[Callable[..., Any], *tuple[Any, ...]]
"""A function and its arguments."""


class WorkerDiedError(SaidError):
    """The worker process ended in the middle of a job, or could not be started."""


class JobTimeoutError(SaidError):
    """A job took longer than its deadline; its worker was killed. As it is, it is not sent again."""

    def again(self) -> "JobTimeoutError":
        """What to say when less of it took too long, too."""
        return JobTimeoutError(say("job_too_long_again", why=self.said))


class Executor(Protocol):
    """Where jobs run: local processes, or anything else with ``submit``."""

    def __len__(self) -> int:
        """How many jobs run at once."""

    @property
    def status(self) -> WorkersStatus:
        """Whether the workers answer."""

    @property
    def waiting_by_kind(self) -> Mapping[Kind, int]:
        """The same of each kind."""

    def workers_for(self, kind: Kind) -> int:
        """How many jobs of a kind run at once."""

    def submit(self, function: Callable[..., T], /, *arguments: Any, lane: Lane | None = None) -> Future[T]:
        """Run ``function(*arguments)`` elsewhere, when it is the turn of its lane.

        A function that returns a generator is called for what that returns; it may be cut at its yields.
        """

    def place(self, job: Future[Any]) -> Place | None:
        """Where a submitted job stands in the queue; None once it has begun, or if there is no queue."""

    def shutdown(self) -> None:
        """Give up every job and end the workers."""

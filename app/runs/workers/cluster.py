"""The workers of a Dask cluster, known by the address of its scheduler.

::

    submit(job) ──> client ──tcp──> scheduler ──> worker, wherever it is
                                        └──── another one, if that dies

Dask itself does the jobs of a lost worker again. What it does not say is said here: that a scheduler is gone,
that no worker is left, that versions differ.
"""

import logging
import pickle
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from importlib import metadata
from typing import TYPE_CHECKING, Any, TypeVar

from optiscope.engine.core.words import Said, say
from optiscope.runs.workers.executor import WorkerDiedError
from optiscope.runs.workers.lanes import Kind, Lane, Place
from optiscope.runs.workers.scheduler_address import SchedulerError, require_scheduler
from optiscope.runs.workers.status import WorkersStatus

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as Task

T = TypeVar("T")

LOOK_AFTER_SECONDS = 0.5
"""How often it is looked how many workers there are, and whether the scheduler is still there."""

_CLOSE_SECONDS = 2.0

_RUNNING = "running"

_DASK = "distributed"


class Cluster:
    """An executor whose workers are those of a Dask scheduler.

    Args:
        address: Of the scheduler, such as ``tcp://10.0.0.5:8786``; with ``tls://`` the certificates are those
            of Dask's own configuration.
        patience: How many seconds jobs wait for a worker while there is none.
    """

    def __init__(self, address: str, *, patience: float = 60.0) -> None:
        self._address = address
        self._patience = patience
        self._client: Client | None = None
        self._workers = 0
        self._seen = 0.0
        self._jobs: dict[Future[Any], Task[Any]] = {}
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._watch = threading.Thread(target=self._keep_looking, name="cluster", daemon=True)

    def __len__(self) -> int:
        return max(1, self._workers)

    @property
    def status(self) -> WorkersStatus:
        """How many workers the scheduler has."""
        client = self._client
        is_there = client is not None and client.status == _RUNNING
        return WorkersStatus("ok" if is_there else "starting", ready=self._workers if is_there else 0)

    @property
    def waiting_by_kind(self) -> Mapping[Kind, int]:
        """How many jobs wait for a worker; what a cluster does is sweeps."""
        return Counter({Kind.SWEEP: max(0, len(self._jobs) - len(self))})

    def workers_for(self, _: Kind) -> int:
        """How many jobs of a kind run at once."""
        return len(self)

    def place(self, _: Future[Any]) -> Place | None:
        """Unknown: the queue is the scheduler's."""
        return None

    def connect(self) -> None:
        """Find the scheduler, unless it is found already; again after it was lost.

        Raises:
            SchedulerError: If it cannot be used.
        """
        with self._lock:
            if self._client is not None and self._client.status == _RUNNING:
                return
            self._client = _connected(self._address)
            self._seen = time.monotonic()
            self._count(self._client)
            if not self._watch.is_alive():
                self._watch.start()

    def submit(self, function: Callable[..., T], /, *arguments: Any, lane: Lane | None = None) -> Future[T]:  # noqa: ARG002 - the queue is the scheduler's
        """Run ``function(*arguments)`` on a worker of the cluster, and again on another one if that dies.

        Args:
            function: What to call, known by its name there; one that returns a generator is called for what
                that returns, and left at a yield once the future is cancelled.
            arguments: Its arguments.
            lane: Whose turn it takes; here jobs take turns as they come.

        Raises:
            SchedulerError: If there is no connection.
        """
        from optiscope.runs.workers.cluster_call import bytes_of  # noqa: PLC0415 - Dask is an extra

        client = self._client
        if client is None or client.status != _RUNNING:
            raise self._lost()
        found: Future[T] = Future()
        task = client.submit(pickle.loads, bytes_of(function, arguments), pure=False)
        self._jobs[found] = task
        found.add_done_callback(self._forget)
        task.add_done_callback(lambda done: self._settle(found, done))
        return found

    def shutdown(self) -> None:
        """Give up every job and leave the cluster, which goes on."""
        self._ending.set()
        for job in list(self._jobs):
            job.cancel()
        if self._watch.is_alive():
            self._watch.join()
        if self._client is not None:
            _close(self._client)

    def _forget(self, job: Future[Any]) -> None:
        self._jobs.pop(job).release()  # what nobody holds is given up at once, also where it runs

    def _settle(self, job: Future[Any], task: "Task[Any]") -> None:
        """Hand on what came of a task, in a thread of Dask's."""
        if job.done():
            return
        try:
            value = task.result()
        except Exception as error:  # noqa: BLE001 - whatever a job raises is its result
            _fail(job, self._told(error))
        else:
            with suppress(InvalidStateError):  # it may be cancelled meanwhile
                job.set_result(value)

    def _told(self, error: Exception) -> Exception:
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415 - Dask is an extra

        if isinstance(error, CancelledError):
            return self._lost()
        if isinstance(error, KilledWorker):
            return WorkerDiedError(say("cluster_job_kills", count=error.allowed_failures + 1))
        if isinstance(error, ModuleNotFoundError) and "'optiscope" in str(error):
            return SchedulerError(say("cluster_no_optiscope", address=self._address))
        return error

    def _lost(self) -> SchedulerError:
        return SchedulerError(say("scheduler_lost", address=self._address))

    def _keep_looking(self) -> None:
        while not self._ending.wait(LOOK_AFTER_SECONDS):
            client = self._client
            if client is None:
                continue
            if client.status == _RUNNING:
                with suppress(Exception):  # a connection that is lost just now is seen the next time
                    self._count(client)
            else:
                self._client = None
                self._give_up(self._lost().said)
                _close(client)

    def _count(self, client: "Client") -> None:
        self._workers = client.scheduler_info(n_workers=0)["n_workers"]
        now = time.monotonic()
        if self._workers or not self._jobs:
            self._seen = now
        elif now - self._seen > self._patience:
            said = say("cluster_no_workers", address=self._address, seconds=round(self._patience))
            self._give_up(said)

    def _give_up(self, said: Said) -> None:
        for job in list(self._jobs):
            _fail(job, SchedulerError(said))


def _fail(job: Future[Any], error: Exception) -> None:
    with suppress(InvalidStateError):  # it may be done meanwhile
        job.set_exception(error)


def _connected(address: str) -> "Client":
    """A client of a scheduler."""
    require_scheduler(address)
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and a second to import
    except ImportError as error:
        raise SchedulerError(say("dask_missing")) from error

    logging.getLogger(_DASK).setLevel(logging.CRITICAL)  # what it says of lost connections is said here
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        why = str(error) or type(error).__name__
        raise SchedulerError(say("scheduler_unreachable", address=address, why=why)) from error
    own, there = metadata.version(_DASK), client.run_on_scheduler(metadata.version, _DASK)
    if own != there:
        _close(client)
        there, own = f"{_DASK} {there}", f"{_DASK} {own}"
        raise SchedulerError(say("scheduler_version", address=address, there=there, here=own))
    return client


def _close(client: "Client") -> None:
    with suppress(Exception):  # a scheduler that is gone is not told
        client.close(timeout=_CLOSE_SECONDS)

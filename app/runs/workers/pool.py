"""Worker processes on this machine.

::

    submit(job) ──> queue ──> thread 1 <══ pipes ══> worker process 1
                          └─> thread 2 <══ pipes ══> worker process 2

Each thread owns one process: it sends a job, waits for the result, and starts the process again when it
died. So a worker that dies costs one job, which is sent again; jobs are pure functions, and no other job
notices. A process that dies without a job is replaced as well, and one that cannot be started is tried again.
"""

import logging
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from typing import Any, TypeVar

from optiscope.engine.core.words import say
from optiscope.runs.workers.executor import JobTimeoutError, WorkerDiedError
from optiscope.runs.workers.process import WorkerProcess
from optiscope.runs.workers.status import Slot, WorkersStatus, status_of

log = logging.getLogger(__name__)

T = TypeVar("T")

LOOK_AFTER_SECONDS = 1.0
"""How often a thread without a job looks whether its process lives."""

START_AGAIN_SECONDS = 3.0
"""When a process that could not be started is tried again."""


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Job:
    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.call = (function, *arguments)
        self.future: Future[Any] = Future()


class ProcessPool:
    """A fixed number of worker processes that take jobs first come, first served.

    Args:
        workers: Number of processes; 0 means one for each core.
        retries: How often a job is sent again after its worker died.
        deadline: Seconds after which a job's worker is killed.
        warm_up: A job that every new process runs before any other, to import what jobs need.

    Attributes:
        first_answer: Done when one process has answered; WorkerDiedError if none can be started at all.
    """

    def __init__(
        self,
        workers: int = 0,
        *,
        retries: int = 2,
        deadline: float = 60.0,
        warm_up: Callable[[], object] | None = None,
    ) -> None:
        self.first_answer: Future[None] = Future()
        self._retries = retries
        self._deadline = deadline
        self._warm_up = warm_up
        self._warming = threading.BoundedSemaphore(max(1, _cores() - 1))  # one core is left to the server
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._workers: dict[int, WorkerProcess] = {}
        self._lock = threading.Lock()
        self._closing = False
        self._slots = [Slot() for _ in range(workers or _cores())]
        self._threads = [
            threading.Thread(target=self._serve, args=(index,), name=f"worker-{index}", daemon=True)
            for index in range(len(self._slots))
        ]
        for thread in self._threads:
            thread.start()

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that run now."""
        with self._lock:
            return [worker.pid for worker in self._workers.values()]

    @property
    def status(self) -> WorkersStatus:
        """Whether the workers answer."""
        return status_of(self._slots, self._retries)

    def submit(self, function: Callable[..., T], /, *arguments: Any) -> Future[T]:
        """Queue ``function(*arguments)``; both must be picklable, the function by its name.

        The future raises what the function raised, or :class:`WorkerDiedError` when every attempt lost
        its worker. Cancelling it before its turn drops the job.
        """
        if self._closing:
            raise RuntimeError("the worker pool is shut down")
        job = _Job(function, arguments)
        self._jobs.put(job)
        return job.future

    def shutdown(self) -> None:
        """Kill the workers and cancel every job that has not finished."""
        with self._lock:
            self._closing = True
            for worker in self._workers.values():
                worker.kill()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        self.first_answer.cancel()

    def _serve(self, index: int) -> None:
        worker = self._started(index)
        while True:
            try:
                job = self._jobs.get(timeout=LOOK_AFTER_SECONDS if worker else START_AGAIN_SECONDS)
            except queue.Empty:
                worker = self._looked_after(index, worker)
                continue
            if job is None:
                break
            if self._closing or not job.future.set_running_or_notify_cancel():
                job.future.cancel()
            else:
                worker = self._run(index, worker, job) or self._started(index)
        if worker is not None:
            worker.close()

    def _looked_after(self, index: int, worker: WorkerProcess | None) -> WorkerProcess | None:
        """The process if it lives, else another one."""
        if worker is not None and not worker.has_ended:
            return worker
        if worker is not None:
            worker.close()
        return self._started(index)

    def _started(self, index: int) -> WorkerProcess | None:
        """A fresh process that works, or None for now."""
        worker = self._start(index)
        if worker is not None:
            self._slots[index].worked()
        elif not self._closing and all(
            slot.failures > self._retries and not slot.has_answered for slot in self._slots
        ):
            _settle(self.first_answer, WorkerDiedError(say("no_worker", why=self._slots[index].reason)))
        return worker

    def _start(self, index: int) -> WorkerProcess | None:
        """A fresh, warm process; None if the pool is closing or no process would live."""
        slot = self._slots[index]
        was_failing = slot.failures > self._retries
        for _ in range(self._retries + 1):
            try:
                worker = self._new_process(index)
                if worker is not None:
                    self._warm(index, worker)
            except (WorkerDiedError, JobTimeoutError) as error:
                slot.failed(error)
            else:
                return worker
        if not (was_failing or self._closing):
            log.warning("worker %d cannot be started: %s", index, slot.reason)
        return None

    def _new_process(self, index: int) -> WorkerProcess | None:
        with self._lock:
            if self._closing:
                return None
            worker = self._workers[index] = WorkerProcess()
            return worker

    def _warm(self, index: int, worker: WorkerProcess) -> None:
        """Hear from a process, which needs no torch for that, and let it load what jobs need.

        Raises:
            WorkerDiedError: If it cannot do so.
            JobTimeoutError: If it does not in time.
        """
        worker.call((os.getpid,), self._deadline)
        self._slots[index].has_answered = True
        _settle(self.first_answer)
        if self._warm_up is None:
            return
        with self._warming:
            succeeded, value = worker.call((self._warm_up,), self._deadline)
        if not succeeded:
            worker.close()
            raise WorkerDiedError(say("worker_not_warm", why=f"{type(value).__name__}: {value}")) from value

    def _run(self, index: int, worker: WorkerProcess | None, job: _Job) -> WorkerProcess | None:
        """Run one job, on a new process whenever the last one died; returns the process that lives."""
        slot = self._slots[index]
        lost: Exception | None = None
        for _ in range(self._retries + 1):
            worker = worker or self._start(index)
            if worker is None:
                break
            try:
                succeeded, value = worker.call(job.call, self._deadline)
            except WorkerDiedError as error:
                worker, lost = None, error
                if not self._closing:
                    slot.failed(error)
                    log.warning("worker %d lost its job: %s", index, error)
            except Exception as error:  # noqa: BLE001 - too slow, or not picklable: no better next time
                job.future.set_exception(error)
                return None if isinstance(error, JobTimeoutError) else worker
            else:
                slot.worked()
                job.future.set_result(value) if succeeded else job.future.set_exception(value)
                return worker
        if self._closing:
            job.future.set_exception(CancelledError())
        else:
            job.future.set_exception(lost or WorkerDiedError(say("no_worker", why=slot.reason)))
        return None


def _settle(future: Future[None], error: Exception | None = None) -> None:
    """Set the outcome of a future, unless it has one."""
    with suppress(InvalidStateError):
        future.set_result(None) if error is None else future.set_exception(error)

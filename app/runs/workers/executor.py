"""Worker processes behind ``submit``, the one call that a cluster has as well.

::

    submit(job) ──> queue ──> thread 1 <══ pipes ══> worker process 1
                          └─> thread 2 <══ pipes ══> worker process 2

Each thread owns one process: it sends a job, waits for the result, and starts the process again when it
died. So a worker that dies costs one job, which is sent again; jobs are pure functions, and no other job
notices. Processes are new interpreters, never forks: a fork of a process that has run torch can hang.
"""

import contextlib
import logging
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import IO, Any, Protocol, TypeVar, cast

from optiscope.runs.workers.worker import read_message, write_message

log = logging.getLogger(__name__)

T = TypeVar("T")


class Executor(Protocol):
    """Where jobs run: local processes here, or anything else with ``submit``."""

    def __len__(self) -> int:
        """How many jobs run at once."""

    def submit(self, function: Callable[..., T], /, *arguments: Any) -> Future[T]:
        """Run ``function(*arguments)`` elsewhere, in the order of submission."""

    def shutdown(self) -> None:
        """Give up every job and end the workers."""


class WorkerDiedError(RuntimeError):
    """The worker process ended in the middle of a job."""


class JobTimeoutError(RuntimeError):
    """A job took longer than its deadline; its worker was killed. It is not sent again."""


class _Watchdog(threading.Timer):
    """Kills a process that does not answer in time, and knows afterwards whether it did."""

    def __init__(self, deadline: float, process: subprocess.Popen[bytes]) -> None:
        super().__init__(deadline, self._bite)
        self.daemon = True
        self._process = process
        self._deadline = deadline
        self._bitten = False

    def _bite(self) -> None:
        self._bitten = True
        self._process.kill()

    def verdict(self) -> Exception:
        """Why a process that has ended did not answer."""
        if self._bitten:
            return JobTimeoutError(f"the job took longer than {self._deadline:g} s")
        return WorkerDiedError(f"the worker process ended with exit status {self._process.returncode}")


class _Worker:
    """One process and the two pipes to it."""

    def __init__(self) -> None:
        environment = os.environ | {
            "OMP_NUM_THREADS": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from optiscope.runs.workers.worker import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl+C in the terminal is for the server, which then ends its workers
        )
        self._jobs = cast("IO[bytes]", self.process.stdin)
        self._results = cast("IO[bytes]", self.process.stdout)

    def call(self, job: tuple[Any, ...], deadline: float) -> tuple[bool, Any]:
        """Send one job and wait for its outcome.

        Raises:
            WorkerDiedError: If the process ended before it answered.
            JobTimeoutError: If it had not answered after ``deadline`` seconds.
        """
        payload = pickle.dumps(job, protocol=pickle.HIGHEST_PROTOCOL)
        watchdog = _Watchdog(deadline, self.process)
        watchdog.start()
        try:
            write_message(self._jobs, payload)
            answer = read_message(self._results)
        except (OSError, EOFError) as error:
            self.close()
            raise watchdog.verdict() from error
        finally:
            watchdog.cancel()
        outcome: tuple[bool, Any] = pickle.loads(answer)  # noqa: S301 - written by our own worker
        return outcome

    def close(self) -> None:
        """End the process, now."""
        self.process.kill()
        self.process.wait()
        for pipe in (self._jobs, self._results):
            with contextlib.suppress(OSError):  # what was still buffered for a dead process is lost anyway
                pipe.close()


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
    """

    def __init__(
        self,
        workers: int = 0,
        *,
        retries: int = 2,
        deadline: float = 60.0,
        warm_up: Callable[[], object] | None = None,
    ) -> None:
        self._retries = retries
        self._deadline = deadline
        self._warm_up = warm_up
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._workers: dict[int, _Worker] = {}
        self._lock = threading.Lock()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._serve, args=(index,), name=f"worker-{index}", daemon=True)
            for index in range(workers or _cores())
        ]
        for thread in self._threads:
            thread.start()

    def __len__(self) -> int:
        return len(self._threads)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that run now."""
        with self._lock:
            return [worker.process.pid for worker in self._workers.values()]

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
                worker.process.kill()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self, index: int) -> None:
        worker = self._start(index)
        while (job := self._jobs.get()) is not None:
            if self._closing or not job.future.set_running_or_notify_cancel():
                job.future.cancel()
            else:
                worker = self._run(index, worker, job)
        if worker is not None:
            worker.close()

    def _start(self, index: int) -> _Worker | None:
        """A fresh, warm process; None if the pool is closing or no process would live."""
        for attempt in range(self._retries + 1):
            with self._lock:
                if self._closing:
                    return None
                worker = self._workers[index] = _Worker()
            try:
                self._warm(worker)
            except (WorkerDiedError, JobTimeoutError) as error:
                if not self._closing:
                    log.warning("worker %d did not start (attempt %d): %s", index, attempt + 1, error)
            else:
                return worker
        return None

    def _warm(self, worker: _Worker) -> None:
        if self._warm_up is None:
            return
        succeeded, value = worker.call((self._warm_up,), self._deadline)
        if not succeeded:
            log.warning("the warm-up of a worker failed", exc_info=value)

    def _run(self, index: int, worker: _Worker | None, job: _Job) -> _Worker | None:
        """Run one job, on a new process whenever the last one died; returns the process that lives."""
        lost: Exception = WorkerDiedError("no worker process can be started")
        for _ in range(self._retries + 1):
            worker = worker or self._start(index)
            if worker is None:
                break
            try:
                succeeded, value = worker.call(job.call, self._deadline)
            except WorkerDiedError as error:
                worker, lost = None, error
                if not self._closing:
                    log.warning("worker %d lost its job: %s", index, error)
            except Exception as error:  # noqa: BLE001 - too slow, or not picklable: no better next time
                job.future.set_exception(error)
                return None if isinstance(error, JobTimeoutError) else worker
            else:
                job.future.set_result(value) if succeeded else job.future.set_exception(value)
                return worker
        job.future.set_exception(CancelledError() if self._closing else lost)
        return None

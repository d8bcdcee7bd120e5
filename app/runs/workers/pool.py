"""Worker processes on this machine.

::

    submit(job) ──> fair queue ──> thread 1 <══ pipes ══> worker process 1
                        ▲ └──────> thread 2 <══ pipes ══> worker process 2
                        └──── what is not done after its slice ────┘

Each thread owns one process: it sends a job, waits for the result, and starts the process again when it
died. So a worker that dies costs one job, which is sent again; jobs are pure functions, and no other job
notices. A process that dies without a job is replaced as well, and one that cannot be started is tried again.
A job that comes in parts is done a slice at a time, by the worker that began it, and others have their turns
between its slices.
"""

import logging
import os
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from typing import Any, TypeVar

from optiscope.engine.core.words import say
from optiscope.runs.workers.executor import JobTimeoutError, WorkerDiedError
from optiscope.runs.workers.fair_queue import FairQueue, Job
from optiscope.runs.workers.lanes import Kind, Lane, Place
from optiscope.runs.workers.process import WorkerProcess
from optiscope.runs.workers.slices import Slice, begin, drop, go_on
from optiscope.runs.workers.status import Slot, WorkersStatus, status_of

log = logging.getLogger(__name__)

T = TypeVar("T")

LOOK_AFTER_SECONDS = 1.0
"""How often a thread without a job looks whether its process lives."""

START_SECONDS = 60.0
"""What a new process may take at least to import what jobs need, however short the deadline of a job is."""

WARM_AFTER_SECONDS = 10.0
"""How long a new process lets others warm up first, which may be stopped, before it does so as well."""

START_AGAIN_SECONDS = 3.0
"""When a process that could not be started is tried again."""


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class ProcessPool:
    """A fixed number of worker processes that take jobs in turns, see :class:`FairQueue`.

    Args:
        workers: Number of processes; 0 means one for each core.
        retries: How often a job is sent again after its worker died.
        deadline: Seconds after which the worker of a job is killed, or of a part of one.
        slice_seconds: How long a job that comes in parts is worked at before others have their turns.
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
        slice_seconds: float = 0.1,
        warm_up: Callable[[], object] | None = None,
    ) -> None:
        self.first_answer: Future[None] = Future()
        self._retries = retries
        self._deadline = deadline
        self._slice_seconds = slice_seconds
        self._warm_up = warm_up
        self._warming = threading.BoundedSemaphore(max(1, cores() - 1))  # one core is left to the server
        self._queue = FairQueue()
        self._queued = threading.Condition()
        self._workers: dict[int, WorkerProcess] = {}
        self._lock = threading.Lock()
        self._closing = False
        self._slots = [Slot() for _ in range(workers or cores())]
        self._threads = [
            threading.Thread(target=self._serve, args=(index,), name=f"worker-{index}", daemon=True)
            for index in range(len(self._slots))
        ]
        for thread in self._threads:
            thread.start()

    def __len__(self) -> int:
        return len(self._slots)

    def workers_for(self, _: Kind) -> int:
        """How many jobs of a kind run at once: all workers do all kinds."""
        return len(self)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that run now."""
        with self._lock:
            return [worker.pid for worker in self._workers.values()]

    @property
    def status(self) -> WorkersStatus:
        """Whether the workers answer."""
        return status_of(self._slots, self._retries)

    @property
    def waiting_by_kind(self) -> Mapping[Kind, int]:
        """How many jobs of each kind wait for their turn."""
        with self._queued:
            return self._queue.by_kind()

    def place(self, job: Future[Any]) -> Place | None:
        """Where a submitted job stands in the queue of its kind; None once it has begun."""
        with self._queued:
            return self._queue.place(job)

    def submit(self, function: Callable[..., T], /, *arguments: Any, lane: Lane | None = None) -> Future[T]:
        """Queue ``function(*arguments)``; both must be picklable, the function by its name.

        The future raises what the function raised, or :class:`WorkerDiedError` when every attempt lost
        its worker. Cancelling it before its turn drops the job, later what is left of it after its slice.

        Args:
            function: What to call. If it returns a generator, it may be cut, and gives what that returns.
            arguments: Its arguments.
            lane: Whose turn it takes; without one it is a request of its own.
        """
        job = Job(function, arguments, lane or Lane(Kind.RUN))
        with self._queued:
            if self._closing:
                raise RuntimeError("the worker pool is shut down")
            self._queue.put(job)
            self._queued.notify_all()
        known = weakref.ref(job)  # a future keeps its callbacks, and so would keep the job, which keeps it
        job.future.add_done_callback(lambda future: self._forget(known()) if future.cancelled() else None)
        return job.future

    def shutdown(self) -> None:
        """Kill the workers and cancel every job that has not finished."""
        with self._lock:
            self._closing = True
            for worker in self._workers.values():
                worker.kill()
        with self._queued:
            self._queued.notify_all()
        for thread in self._threads:
            thread.join()
        with self._queued:
            left = self._queue.clear()
        for job in left:
            _give_up(job)
        self.first_answer.cancel()

    def _serve(self, index: int) -> None:
        worker = self._started(index)
        while not self._closing:
            job = self._next(index, LOOK_AFTER_SECONDS if worker else START_AGAIN_SECONDS)
            if job is not None:
                worker = self._work_at(index, worker, job) or self._started(index)
            elif not self._closing:
                worker = self._looked_after(index, worker)
        if worker is not None:
            worker.close()

    def _next(self, index: int, patience: float) -> Job | None:
        """The next job for a worker, or None if there is none for so many seconds."""
        found: list[Job] = []

        def is_over() -> bool:
            if not self._closing and (job := self._queue.take(index)):
                found.append(job)
            return self._closing or bool(found)

        with self._queued:
            self._queued.wait_for(is_over, patience)
        return found[0] if found else None

    def _forget(self, job: Job | None) -> None:
        if job is not None:
            with self._queued:
                self._queue.discard(job)

    def _work_at(self, index: int, worker: WorkerProcess | None, job: Job) -> WorkerProcess | None:
        """Do a job, or a slice of it; returns the process that lives."""
        begun = time.perf_counter()
        found = None
        if job.worker is None and not job.future.set_running_or_notify_cancel():
            pass
        elif job.future.abandoned:
            worker = self._drop(job, worker)
        else:
            worker, found = self._run(index, worker, job)
        with self._queued:
            if found is not None and not found.is_done:
                job.worker = index
                self._queue.put_back(job)
            self._queue.done(job, found.seconds if found else time.perf_counter() - begun)
        if found is not None and found.is_done:
            job.future.set_result(found.value)
        return worker

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
            self._slots[index].started += 1
            worker = self._workers[index] = WorkerProcess()
            return worker

    def _warm(self, index: int, worker: WorkerProcess) -> None:
        """Hear from a process, which needs no torch for that, and let it load what jobs need.

        Raises:
            WorkerDiedError: If it cannot do so.
            JobTimeoutError: If it does not in time.
        """
        deadline = max(self._deadline, START_SECONDS)
        worker.call((os.getpid,), deadline)
        self._slots[index].has_answered = True
        _settle(self.first_answer)
        if self._warm_up is None:
            return
        is_in_turn = self._warming.acquire(timeout=WARM_AFTER_SECONDS)
        try:
            succeeded, value = worker.call((self._warm_up,), deadline)
        finally:
            if is_in_turn:
                self._warming.release()
        if not succeeded:
            worker.close()
            raise WorkerDiedError(say("worker_not_warm", why=f"{type(value).__name__}: {value}")) from value

    def _run(
        self, index: int, worker: WorkerProcess | None, job: Job
    ) -> tuple[WorkerProcess | None, Slice | None]:
        """Run a slice of a job, on a new process whenever the last one died.

        Returns:
            The process that lives, and what came of the slice; None if the job has failed.
        """
        slot = self._slots[index]
        lost: Exception | None = None
        while job.losses <= self._retries:
            worker = worker or self._start(index)
            if worker is None:
                break
            try:
                succeeded, value = worker.call(self._slice_of(job, worker), self._deadline)
            except WorkerDiedError as error:
                worker, lost = None, error
                job.losses += 1
                if not self._closing:
                    slot.failed(error)
                    log.warning("worker %d lost its job: %s", index, error)
            except Exception as error:  # noqa: BLE001 - too slow, or not picklable: no better next time
                job.future.set_exception(error)
                return None if isinstance(error, JobTimeoutError) else worker, None
            else:
                slot.worked()
                if succeeded:
                    return worker, self._noted(job, worker, value)
                worker.unfinished.discard(job.key)
                job.future.set_exception(value)
                return worker, None
        if self._closing:
            job.future.set_exception(CancelledError())
        else:
            job.future.set_exception(lost or WorkerDiedError(say("no_worker", why=slot.reason)))
        return None, None

    def _slice_of(self, job: Job, worker: WorkerProcess) -> tuple[Any, ...]:
        """What to ask of a process: to go on with a job, or to begin it if that was another process."""
        if job.key in worker.unfinished:
            return (go_on, job.key, self._slice_seconds)
        return (begin, job.key, self._slice_seconds, *job.call)

    def _noted(self, job: Job, worker: WorkerProcess, found: Slice) -> Slice:
        if found.is_done:
            worker.unfinished.discard(job.key)
        else:
            worker.unfinished.add(job.key)
        return found

    def _drop(self, job: Job, worker: WorkerProcess | None) -> WorkerProcess | None:
        """Let a process know that nobody waits for what it has begun; returns it if it lives."""
        if worker is not None and job.key in worker.unfinished:
            worker.unfinished.discard(job.key)
            try:
                worker.call((drop, job.key), self._deadline)
            except (WorkerDiedError, JobTimeoutError):
                worker = None
        _give_up(job)
        return worker


def _give_up(job: Job) -> None:
    """Cancel a job, or end it as if it had been, if it was begun."""
    if not job.future.cancel():
        _settle(job.future, CancelledError())


def _settle(future: Future[Any], error: Exception | None = None) -> None:
    """Set the outcome of a future, unless it has one."""
    with suppress(InvalidStateError):
        future.set_result(None) if error is None else future.set_exception(error)

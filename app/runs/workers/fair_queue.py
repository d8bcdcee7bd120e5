"""Which job is next: kinds take turns by their shares, and requests of a kind evenly, by processor time used.

::

    runs   (4 of 9) ──┬── request a  ▪▪▪▪▪▪
                      ├── request b  ▪
                      └── kept run c ▪
    views  (2 of 9) ───── request d  ▪▪
    lint   (1 of 9) ───── request e  ▪            a request that has many jobs waits for itself alone

Each kind, and in it each lane, has a clock: the processor time that its jobs took, divided by its share. The
one whose clock is furthest behind is next. One that comes, or comes back, starts a little before the time of
those that are there: so what is short is done at once, and nobody saves up turns. As that time goes on with
every job done, nobody is overtaken for ever (weighted fair queuing).

References:
    Demers, A., Keshav, S. and Shenker, S. (1989). Analysis and simulation of a fair queueing algorithm.
    SIGCOMM '89. doi:10.1145/75246.75248
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from itertools import count
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from optiscope.runs.workers.lanes import SHARES, Kind, Lane, Place

HEAD_START = 0.5
"""Seconds of work that go first of one that comes, before it takes turns with those that are there."""

FIRST_GUESS = 0.1
"""Seconds that the first job of a lane is taken to need, until it is known."""


class JobFuture(Future[Any]):
    """The outcome of a job; one that is cancelled while it runs is dropped at the end of its slice.

    Attributes:
        abandoned: Whether nobody waits for it any more.
    """

    abandoned = False

    def cancel(self) -> bool:
        """Cancel it, or let it be known that nobody waits for it."""
        self.abandoned = True
        return super().cancel()


_KEYS = count()


class Job:
    """Something to do, whose turn it is not yet.

    Attributes:
        key: What it is called where it is begun.
        call: The function and its arguments.
        future: Its outcome.
        lane: Whose turn it takes.
        worker: The index of the worker that has begun it, where it has to go on; None before.
        losses: How many processes died while they worked at it.
    """

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...], lane: Lane) -> None:
        self.key = next(_KEYS)
        self.call = (function, *arguments)
        self.future = JobFuture()
        self.lane = lane
        self.worker: int | None = None
        self.losses = 0


class _Line:
    """One that takes turns, and its clock.

    Attributes:
        share: Of those beside it.
        time: Processor seconds used, divided by the share.
        guess: Seconds that its next job is taken to need.
        running: How many of its jobs run.
        jobs: Those that wait; of a kind, none: they wait in its lanes.
    """

    def __init__(self, share: float = 1.0) -> None:
        self.share = share
        self.time = 0.0
        self.guess = FIRST_GUESS
        self.running = 0
        self.jobs: deque[Job] = deque()

    def can_take(self, worker: int) -> Job | None:
        """The first job that a worker may do."""
        return next((job for job in self.jobs if job.worker in (None, worker)), None)


K = TypeVar("K")


class _Turns(Generic[K]):
    """Lines side by side, and the time that has passed for them all."""

    def __init__(self) -> None:
        self.now = 0.0
        self.lines: dict[K, _Line] = {}

    def enter(self, key: K, line: _Line) -> None:
        """Let one come that was not there, or had nothing to do."""
        if key not in self.lines:
            line.time = max(line.time, self.now - HEAD_START)
            self.lines[key] = line

    def in_order(self) -> list[K]:
        """Who is next, and who after that; of equals, who came first."""
        return sorted(self.lines, key=lambda key: self.lines[key].time)

    def begin(self, line: _Line) -> None:
        """Count a job as what it is taken to need."""
        line.time += line.guess / line.share
        line.running += 1

    def end(self, line: _Line, guessed: float, seconds: float) -> None:
        """Count it as what it took."""
        line.time += (seconds - guessed) / line.share
        line.running -= 1
        self.now += seconds / sum(other.share for other in self.lines.values())


class FairQueue:
    """Jobs that wait and jobs that run. Not for several threads at once."""

    def __init__(self) -> None:
        self._kinds: _Turns[Kind] = _Turns()
        self._lanes: dict[Kind, _Turns[Lane]] = {kind: _Turns() for kind in Kind}
        self._of_kind = {kind: _Line(share) for kind, share in SHARES.items()}
        self._of_lane: WeakKeyDictionary[Lane, _Line] = WeakKeyDictionary()
        self._guesses: dict[Job, tuple[float, float]] = {}

    def __len__(self) -> int:
        """How many jobs wait that somebody waits for."""
        return self.by_kind().total()

    def by_kind(self) -> Counter[Kind]:
        """The same of each kind."""
        return Counter(job.lane.kind for job in self._waiting() if not job.future.abandoned)

    def put(self, job: Job) -> None:
        """Let a job wait, behind those of its lane."""
        self._enter(job.lane).jobs.append(job)

    def put_back(self, job: Job) -> None:
        """Let a job wait that was begun and is not done: it is the next of its lane."""
        self._enter(job.lane).jobs.appendleft(job)

    def discard(self, job: Job) -> None:
        """Let a job go that waits, if it does."""
        line = self._of_lane.get(job.lane)
        if line is not None and job in line.jobs:
            line.jobs.remove(job)
            self._leave(job.lane)

    def take(self, worker: int) -> Job | None:
        """The next job for a worker; it runs until :meth:`done`."""
        for kind in self._kinds.in_order():
            lanes = self._lanes[kind]
            for lane in lanes.in_order():
                line = lanes.lines[lane]
                if job := line.can_take(worker):
                    line.jobs.remove(job)
                    of_kind = self._of_kind[kind]
                    self._guesses[job] = (of_kind.guess, line.guess)
                    self._kinds.begin(of_kind)
                    lanes.begin(line)
                    return job
        return None

    def done(self, job: Job, seconds: float) -> None:
        """Count a job, or a slice of it, that took so many seconds of a processor."""
        of_kind, line = self._of_kind[job.lane.kind], self._of_lane[job.lane]
        guess_of_kind, guess = self._guesses.pop(job)
        self._kinds.end(of_kind, guess_of_kind, seconds)
        self._lanes[job.lane.kind].end(line, guess, seconds)
        of_kind.guess = line.guess = seconds
        self._leave(job.lane)

    def clear(self) -> list[Job]:
        """Let all jobs go that wait, and name them."""
        jobs = list(self._waiting())
        for job in jobs:
            self.discard(job)
        return jobs

    def place(self, future: Future[Any]) -> Place | None:
        """Where the job of a future stands among those of its kind; None if it does not wait to begin."""
        for lanes in self._lanes.values():
            order = lanes.in_order()
            for before, lane in enumerate(order):
                for own, job in enumerate(lanes.lines[lane].jobs):
                    if job.future is future and job.worker is None:
                        return _place(before, own, [len(lanes.lines[other].jobs) for other in order])
        return None

    def _waiting(self) -> Iterable[Job]:
        for lanes in self._lanes.values():
            for line in lanes.lines.values():
                yield from line.jobs

    def _enter(self, lane: Lane) -> _Line:
        self._kinds.enter(lane.kind, self._of_kind[lane.kind])
        line = self._of_lane.setdefault(lane, _Line())
        self._lanes[lane.kind].enter(lane, line)
        return line

    def _leave(self, lane: Lane) -> None:
        lanes = self._lanes[lane.kind].lines
        if lane in lanes and not lanes[lane].jobs and not lanes[lane].running:
            del lanes[lane]
        if not lanes:
            self._kinds.lines.pop(lane.kind, None)


def _place(lane: int, own: int, waiting: list[int]) -> Place:
    """The place of a job while lanes take turns.

    Args:
        lane: How many lanes are before its own.
        own: How many jobs of its own lane are.
        waiting: How many jobs wait in each lane, in order.
    """
    others = (min(count, own + (other < lane)) for other, count in enumerate(waiting) if other != lane)
    return Place(1 + own + sum(others), sum(waiting))

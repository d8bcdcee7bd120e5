"""A service whose workers do nothing before a test says so."""

from collections import Counter
from collections.abc import Generator

from optiscope.engine.core.parts import whole
from optiscope.runs.service import RunService
from optiscope.runs.workers.fair_queue import JobFuture
from optiscope.runs.workers.lanes import Place
from optiscope.runs.workers.status import WorkersStatus


class SlowHand:
    """An executor whose jobs run when the test says so, in the order of submission."""

    status = WorkersStatus("ok")

    def __init__(self):
        self.jobs = []
        self.lanes = []
        self.submitted = 0

    def __len__(self):
        return 2

    def workers_for(self, _kind):
        """All do all."""
        return 2

    @property
    def waiting_by_kind(self):
        """How many jobs wait."""
        return Counter(lane.kind for lane in self.lanes[len(self.lanes) - len(self.jobs) :])

    def submit(self, function, /, *arguments, lane):
        self.lanes.append(lane)
        future = JobFuture()
        self.jobs.append((future, function, arguments))
        self.submitted += 1
        return future

    def work(self, count=1):
        """Run the next jobs that nobody has cancelled."""
        for _ in range(count):
            future, function, arguments = self.jobs.pop(0)
            if future.set_running_or_notify_cancel():
                found = function(*arguments)
                future.set_result(whole(found) if isinstance(found, Generator) else found)

    def place(self, job):
        """The place of a job in the order of submission."""
        waiting = [future for future, *_ in self.jobs]
        return Place(waiting.index(job) + 1, len(waiting)) if job in waiting else None

    def shutdown(self):
        """Drop what nobody will read."""
        self.jobs.clear()


def serve(executor, **changes):
    options = {"chunk_seconds": 0.05, "chunk_bytes": 2**21, "cache_bytes": 2**26}
    return RunService(executor, **options | changes)

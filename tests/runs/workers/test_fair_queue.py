"""Who is next: kinds by their shares, requests evenly by processor time, and nobody waits for ever."""

from collections import Counter

from optiscope.runs.workers.fair_queue import FairQueue, Job
from optiscope.runs.workers.lanes import SHARES, Kind, Lane, Place


def put(queue, lane, count=1):
    """So many jobs of a lane, in the queue."""
    jobs = [Job(abs, (-number,), lane) for number in range(count)]
    for job in jobs:
        queue.put(job)
    return jobs


def served(queue, count, seconds, worker=0):
    """The lanes of the next jobs, each of which takes what ``seconds`` says of its lane."""
    lanes = []
    for _ in range(count):
        job = queue.take(worker)
        queue.done(job, seconds(job.lane))
        lanes.append(job.lane)
    return lanes


def test_a_request_with_many_jobs_waits_for_itself_alone():
    """One that comes later with a single job is served next, not after all jobs that are there."""
    queue, many, one = FairQueue(), Lane(Kind.RUN), Lane(Kind.RUN)
    put(queue, many, 100)
    served(queue, 3, lambda _: 0.5)
    put(queue, one)
    assert served(queue, 1, lambda _: 0.5) == [one]


def test_one_that_comes_goes_before_jobs_that_run_for_long():
    """Both workers are with a heavy request: the first that is free takes the newcomer's job."""
    queue, heavy, late = FairQueue(), Lane(Kind.RUN), Lane(Kind.RUN)
    put(queue, heavy, 8)
    first, second = queue.take(0), queue.take(1)
    put(queue, late)
    queue.done(first, 0.5)
    taken = queue.take(0)
    assert (second.lane, taken.lane) == (heavy, late)


def test_requests_share_by_processor_time_not_by_number_of_jobs():
    """Of two requests, the one whose jobs take five times as long has a fifth as many."""
    queue, slow, quick = FairQueue(), Lane(Kind.RUN), Lane(Kind.RUN)
    put(queue, slow, 300)
    put(queue, quick, 300)
    counts = Counter(served(queue, 240, lambda lane: 0.5 if lane is slow else 0.1))
    assert 4 < counts[quick] / counts[slow] < 6


def test_kinds_have_their_shares():
    """With jobs of every kind waiting, each has its part, however many requests are of one kind."""
    queue = FairQueue()
    for kind in Kind:
        put(queue, Lane(kind), 200)
    for _ in range(20):
        put(queue, Lane(Kind.RUN), 20)
    counts = Counter(lane.kind for lane in served(queue, 180, lambda _: 0.1))
    assert all(abs(counts[kind] - 180 * SHARES[kind] / sum(SHARES.values())) <= 7 for kind in Kind)


def test_nobody_is_overtaken_for_ever():
    """While new requests keep coming, each with one job, one that has used much has turns all the same."""
    queue, heavy = FairQueue(), Lane(Kind.RUN)
    put(queue, heavy, 1000)
    served(queue, 50, lambda _: 0.2)
    turns = 0
    for _ in range(300):
        put(queue, Lane(Kind.RUN))
        turns += served(queue, 1, lambda _: 0.1) == [heavy]
    assert turns > 15


def test_nobody_saves_up_turns():
    """A request that was idle for long has a small head start when it comes back, and then takes turns."""
    queue, idle, busy = FairQueue(), Lane(Kind.RUN), Lane(Kind.RUN)
    put(queue, idle)
    put(queue, busy, 500)
    served(queue, 200, lambda _: 0.1)
    put(queue, idle, 100)
    counts = Counter(served(queue, 40, lambda _: 0.1))
    assert counts[busy] >= 15


def test_jobs_of_a_request_are_done_in_order():
    """Within a lane, first come, first served."""
    queue, lane = FairQueue(), Lane(Kind.VIEW)
    jobs = put(queue, lane, 5)
    assert [queue.take(0) for _ in range(5)] == jobs
    assert queue.take(0) is None


def test_a_job_that_is_not_done_goes_on_where_it_was_begun():
    """No other worker takes it, and it is the next of its lane."""
    queue, lane = FairQueue(), Lane(Kind.VIEW)
    first, second = put(queue, lane, 2)
    assert queue.take(1) is first
    first.worker = 1
    queue.put_back(first)
    queue.done(first, 0.1)
    assert queue.take(0) is second
    assert queue.take(0) is None
    assert queue.take(1) is first


def test_a_job_that_is_discarded_is_never_taken():
    """It leaves the queue at once, and one that runs already is not touched."""
    queue, lane = FairQueue(), Lane(Kind.RUN)
    running, waiting = put(queue, lane, 2)
    queue.take(0)
    queue.discard(waiting)
    queue.discard(running)
    assert queue.take(0) is None
    queue.done(running, 0.1)
    assert len(queue) == 0


def test_the_place_in_the_queue():
    """Counts the jobs of its kind that come before while requests take turns; a job that runs has none."""
    queue, first, second = FairQueue(), Lane(Kind.RUN), Lane(Kind.RUN)
    many = put(queue, first, 3)
    (one,) = put(queue, second)
    put(queue, Lane(Kind.VIEW))
    assert [queue.place(job.future) for job in (*many, one)] == [
        Place(1, 4),
        Place(3, 4),
        Place(4, 4),
        Place(2, 4),
    ]
    queue.take(0)
    assert queue.place(many[0].future) is None
    assert len(queue) == 4


def test_who_has_been_given_up_is_not_counted():
    """A job that nobody waits for is no longer part of the length."""
    queue = FairQueue()
    (job,) = put(queue, Lane(Kind.VIEW))
    job.future.set_running_or_notify_cancel()
    assert (len(queue), job.future.cancel(), len(queue)) == (1, False, 0)

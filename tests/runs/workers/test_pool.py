"""Jobs run in other processes, in order, and survive the processes."""

import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from concurrent.futures import CancelledError
from functools import partial
from pathlib import Path

import pytest

from optiscope.runs.workers.executor import JobTimeoutError, WorkerDiedError
from optiscope.runs.workers.lanes import Kind
from optiscope.runs.workers.pool import ProcessPool
from tests.processes import has_ended, kill
from tests.waiting import until

pytestmark = pytest.mark.crash


class UnpicklableError(Exception):
    def __init__(self, first, second):
        super().__init__(f"{first} {second}")


def raise_unpicklable():
    raise UnpicklableError("one", "two")


def die_once(marker: str) -> int:
    """Kill this worker the first time, answer with its pid the second time."""
    path = Path(marker)
    if path.exists():
        return os.getpid()
    path.touch()
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def wait_for(path: str) -> int:
    while not Path(path).exists():
        time.sleep(0.01)
    return os.getpid()


@pytest.fixture(scope="module")
def pool():
    pool = ProcessPool(2, retries=2)
    yield pool
    pool.shutdown()


def test_jobs_run_in_other_processes_with_one_thread_each(pool):
    """A job sees another process id and OMP_NUM_THREADS=1."""
    assert pool.submit(os.getpid).result(30) in pool.pids
    assert os.getpid() not in pool.pids
    assert pool.submit(os.getenv, "OMP_NUM_THREADS").result(30) == "1"


def test_results_come_back_whole(pool):
    """A large result and one with every byte value arrive unchanged."""
    payload = bytes(range(256)) * 20_000
    assert pool.submit(bytes, payload).result(30) == payload


def test_an_exception_travels_with_its_traceback(pool):
    """The job's own exception is raised at the caller, with the worker's traceback as a note."""
    with pytest.raises(ValueError, match="invalid literal") as caught:
        pool.submit(int, "x").result(30)
    assert "in a worker process" in caught.value.__notes__[0]


def test_an_exception_that_cannot_travel_becomes_text(pool):
    """An exception that does not survive pickling is reported with its traceback."""
    with pytest.raises(Exception, match="one two"):
        pool.submit(raise_unpicklable).result(30)


def test_what_cannot_be_pickled_is_refused(pool):
    """A job that cannot be sent, or a result that cannot come back, is an error of that job only."""
    with pytest.raises(Exception, match="pickle"):
        pool.submit(lambda: 1).result(30)
    with pytest.raises(Exception, match="pickle"):
        pool.submit(threading.Lock).result(30)
    assert pool.submit(abs, -1).result(30) == 1


def test_printing_does_not_disturb_the_results(pool, capfd):
    """What a job prints goes to the error stream."""
    assert pool.submit(print, "hello from a worker").result(30) is None
    assert pool.submit(abs, -3).result(30) == 3


def test_workers_log_from_the_level_of_the_server_on(caplog, capfd):
    """In lines of the same form."""
    caplog.set_level(logging.INFO)
    pool = ProcessPool(1)
    try:
        for level in (logging.DEBUG, logging.INFO):
            pool.submit(log_at, level).result(60)
    finally:
        pool.shutdown()
    (line,) = [line for line in capfd.readouterr().err.splitlines() if "from a worker" in line]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [\d:,]+ INFO optiscope\.here \[-\] 20 from a worker", line)


def test_a_job_is_sent_again_when_its_worker_is_killed(pool, tmp_path):
    """A worker killed in the middle of a job costs nothing but time."""
    pid = pool.submit(die_once, str(tmp_path / "marker")).result(60)
    assert pid in pool.pids


def test_an_idle_worker_that_is_killed_is_replaced(pool):
    """Jobs submitted after all workers were killed still run."""
    pool.submit(abs, -1).result(30)
    old = pool.pids
    for pid in old:
        kill(pid)
    assert [job.result(60) for job in [pool.submit(abs, -n) for n in range(6)]] == list(range(6))
    assert not set(old) & set(pool.pids)


def test_a_job_that_always_kills_its_worker_fails_in_the_end(pool):
    """Retries are bounded, and the pool goes on."""
    with pytest.raises(WorkerDiedError, match="exit status -9"):
        pool.submit(die).result(60)
    until(lambda: pool.status.state == "ok")
    assert pool.submit(abs, -1).result(60) == 1


def test_a_cancelled_job_never_runs(tmp_path):
    """A job cancelled before its turn is dropped."""
    pool = ProcessPool(1)
    try:
        gate, witness = tmp_path / "gate", tmp_path / "witness"
        first = pool.submit(wait_for, str(gate))
        second = pool.submit(os.mkdir, str(witness))
        assert second.cancel()
        gate.touch()
        first.result(30)
        assert pool.submit(abs, -1).result(30) == 1
        assert not witness.exists()
    finally:
        pool.shutdown()


def work_for_ever():
    while True:
        pass


def test_a_job_past_its_deadline_is_ended():
    """A job without an end is killed once, not retried, and its worker replaced."""
    pool = ProcessPool(1, deadline=2.0)
    try:
        with pytest.raises(JobTimeoutError, match="longer than 2 s"):
            pool.submit(work_for_ever).result(60)
        assert pool.submit(abs, -1).result(60) == 1
    finally:
        pool.shutdown()


def noting(path: str, parts: int) -> Generator[None, None, int]:
    """Parts that each add a line with this worker's process id to a file; returns how many there were."""
    for _ in range(parts):
        with Path(path).open("a") as file:
            file.write(f"{os.getpid()}\n")
        yield
    return parts


def noting_until(path: str, gate: str) -> Generator[None, None, int]:
    """Such parts until there is another file; returns how many this process has made."""
    parts = 0
    while not Path(gate).exists():
        parts += yield from noting(path, 1)
    return parts


@pytest.fixture
def slicing_pool():
    """One worker that leaves a job after every part of it."""
    pool = ProcessPool(1, slice_seconds=0.0)
    yield pool
    pool.shutdown()


def test_others_have_their_turns_between_the_parts_of_a_job(slicing_pool, tmp_path):
    """A job of many parts does not keep another one waiting, and comes to the same."""
    lines, gate = tmp_path / "lines", tmp_path / "gate"
    long = slicing_pool.submit(noting_until, str(lines), str(gate))
    until(lines.exists)
    assert slicing_pool.submit(abs, -1).result(30) == 1
    assert not long.done()
    gate.touch()
    assert long.result(60) == len(lines.read_text().split())


def test_a_job_that_nobody_waits_for_is_left_after_its_slice(slicing_pool, tmp_path):
    """Cancelled while it runs, it makes no further part, and its worker is free."""
    lines = tmp_path / "lines"
    endless = slicing_pool.submit(noting, str(lines), 10**9)
    until(lines.exists)
    endless.cancel()
    with pytest.raises(CancelledError):
        endless.result(30)
    made = lines.read_text()
    assert slicing_pool.submit(abs, -1).result(30) == 1
    assert lines.read_text() == made
    assert not slicing_pool.waiting_by_kind


def test_a_job_in_parts_is_begun_again_when_its_worker_dies(slicing_pool, tmp_path):
    """Between its slices or in one: another process does all of it."""
    lines, gate = tmp_path / "lines", tmp_path / "gate"
    job = slicing_pool.submit(noting_until, str(lines), str(gate))
    until(lines.exists)
    (first,) = slicing_pool.pids
    kill(first)
    until(lambda: len(set(lines.read_text().split())) == 2)
    gate.touch()
    made = [pid for pid in lines.read_text().split() if pid != str(first)]
    assert job.result(60) == len(made)
    assert len(set(made)) == 1


def dying_after(parts: int, path: str) -> Generator[None, None, None]:
    """Parts that each add a line to a file; then it kills its worker."""
    yield from noting(path, parts)
    die()


def test_a_job_in_parts_that_always_kills_its_worker_fails_in_the_end(slicing_pool, tmp_path):
    """It is begun again as often as a job that comes whole, in whichever part its workers die."""
    lines = tmp_path / "lines"
    with pytest.raises(WorkerDiedError, match="exit status -9"):
        slicing_pool.submit(dying_after, 2, str(lines)).result(60)
    assert len(lines.read_text().split()) == 2 * 3
    assert slicing_pool.submit(abs, -1).result(60) == 1


def dying_when_dropped(path: str) -> Generator[None, None, None]:
    """Parts that end their worker when they are given up."""
    try:
        yield from noting(path, 10**9)
    finally:
        die()


def test_a_worker_that_dies_while_it_drops_a_job_is_replaced(slicing_pool, tmp_path):
    """Another job, which it had begun as well, is done by the next process."""
    lines, others, gate = tmp_path / "lines", tmp_path / "others", tmp_path / "gate"
    endless = slicing_pool.submit(dying_when_dropped, str(lines))
    until(lines.exists)
    other = slicing_pool.submit(noting_until, str(others), str(gate))
    until(others.exists)
    endless.cancel()
    until(lambda: len(set(others.read_text().split())) == 2)
    gate.touch()
    assert other.result(60) > 0


def test_a_worker_that_is_stopped_costs_nothing_but_time():
    """A process that does nothing is not the fault of its job, which another one does."""
    pool = ProcessPool(1, deadline=2.0)
    try:
        pid = pool.submit(os.getpid).result(60)
        os.kill(pid, signal.SIGSTOP)
        assert pool.submit(abs, -1).result(60) == 1
        assert has_ended(pid)
    finally:
        pool.shutdown()


def test_the_place_of_a_job_and_the_length_of_the_queue(tmp_path):
    """Jobs that wait are counted and have places; one that was cancelled is gone at once."""
    pool = ProcessPool(1)
    try:
        running = pool.submit(wait_for, str(tmp_path / "gate"))
        until(running.running)
        first, second, third = (pool.submit(abs, -number) for number in range(3))
        assert (pool.waiting_by_kind, pool.place(running)) == ({Kind.RUN: 3}, None)
        assert pool.place(third) == (3, 3)
        second.cancel()
        assert (pool.waiting_by_kind, pool.place(third)) == ({Kind.RUN: 2}, (2, 2))
        (tmp_path / "gate").touch()
        assert (first.result(30), third.result(30)) == (0, 2)
    finally:
        pool.shutdown()


def interpreter(folder, script):
    """A Python that runs a script of ours in place of the worker."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


@pytest.fixture
def broken_pool(tmp_path, monkeypatch):
    """A pool whose interpreter dies; the switch mends it."""
    broken, mended = tmp_path / "broken", sys.executable
    broken.touch()
    script = f'[ -e {broken} ] && echo "ImportError: no luck" >&2 && exit 3\nexec {mended} "$@"'
    monkeypatch.setattr(sys, "executable", interpreter(tmp_path, script))
    monkeypatch.setattr("optiscope.runs.workers.pool.START_AGAIN_SECONDS", 0.1)
    pool = ProcessPool(2, retries=1)
    yield pool, broken
    pool.shutdown()


def test_workers_that_cannot_start_say_why_and_recover(broken_pool):
    """Degraded with the last line of the process, jobs refused with it; ok as soon as one can be started."""
    pool, broken = broken_pool
    with pytest.raises(
        WorkerDiedError, match=r"no worker process can be started: .* 3: ImportError: no luck"
    ):
        pool.first_answer.result(30)
    assert pool.status.state == "degraded"
    assert "2 of 2 workers cannot be started" in str(pool.status.reason)
    assert "ImportError: no luck" in str(pool.status.reason)
    with pytest.raises(WorkerDiedError, match="ImportError: no luck"):
        pool.submit(abs, -1).result(30)
    broken.unlink()
    until(lambda: pool.status.state == "ok")
    assert pool.submit(abs, -1).result(30) == 1


def test_an_interpreter_that_is_not_there(tmp_path, monkeypatch):
    """Is a reason like any other."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    pool = ProcessPool(1, retries=0)
    try:
        with pytest.raises(WorkerDiedError, match="python cannot be run: No such file"):
            pool.first_answer.result(30)
    finally:
        pool.shutdown()


def log_at(level):
    logging.getLogger("optiscope.here").log(level, "%d from a worker", level)


def fail_to_warm_up():
    raise ImportError("torch is broken")


def test_a_warm_up_that_fails_is_told(capfd):
    """The process has answered, but no job can be done: degraded, with the error of the warm-up."""
    pool = ProcessPool(1, retries=0, warm_up=fail_to_warm_up)
    try:
        pool.first_answer.result(30)
        until(lambda: pool.status.state == "degraded")
        assert "ImportError: torch is broken" in str(pool.status.reason)
        with pytest.raises(WorkerDiedError, match="torch is broken"):
            pool.submit(abs, -1).result(30)
    finally:
        pool.shutdown()


def test_one_answers_before_it_is_warm(tmp_path):
    """The first answer needs nothing of what jobs need."""
    pool = ProcessPool(1, warm_up=partial(wait_for, str(tmp_path / "gate")))
    try:
        assert pool.status.state == "starting"
        pool.first_answer.result(30)
        assert pool.status.state == "ok"
        job = pool.submit(abs, -1)
        assert not job.running()
        (tmp_path / "gate").touch()
        assert job.result(30) == 1
    finally:
        pool.shutdown()


def stop_once(marker: str) -> None:
    """Stop this worker, if it is the first."""
    try:
        Path(marker).touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGSTOP)


def test_a_worker_that_is_stopped_while_it_warms_up_keeps_no_other_one_waiting(tmp_path, monkeypatch):
    """Those beside it warm up without their turn, and work."""
    monkeypatch.setattr("optiscope.runs.workers.pool.cores", lambda: 2)
    monkeypatch.setattr("optiscope.runs.workers.pool.WARM_AFTER_SECONDS", 0.1)
    pool = ProcessPool(2, warm_up=partial(stop_once, str(tmp_path / "marker")))
    try:
        assert pool.submit(abs, -1).result(30) == 1
    finally:
        pool.shutdown()


def test_an_idle_worker_that_is_killed_is_replaced_without_a_job():
    """So that the next job finds a warm one."""
    pool = ProcessPool(1)
    try:
        pool.first_answer.result(30)
        (old,) = pool.pids
        kill(old)
        until(lambda: pool.pids != [old])
        assert pool.status.state == "ok"
    finally:
        pool.shutdown()


def test_shutdown_cancels_jobs_and_ends_processes(tmp_path):
    """After shutdown no worker runs, no job is left waiting, and no new one is taken."""
    pool = ProcessPool(1)
    running = pool.submit(wait_for, str(tmp_path / "never"))
    waiting = pool.submit(abs, -1)
    until(lambda: running.running() and pool.pids)
    pids = pool.pids
    pool.shutdown()
    with pytest.raises(CancelledError):
        running.result(5)
    assert waiting.cancelled()
    assert all(has_ended(pid) for pid in pids)
    with pytest.raises(RuntimeError, match="shut down"):
        pool.submit(abs, -1)


def test_workers_end_when_their_server_is_killed(tmp_path):
    """A server killed with kill -9 leaves no idle worker behind."""
    code = """if True:
        from optiscope.runs.workers.pool import ProcessPool
        pool = ProcessPool(1)
        pool.submit(abs, -1).result()
        print(pool.pids[0], flush=True)
        input()
    """
    server = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with server:
        pid = int(server.stdout.readline())
        server.kill()
        server.wait()
        until(lambda: has_ended(pid))

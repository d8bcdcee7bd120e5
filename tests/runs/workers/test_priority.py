"""Those who train let a page on the same machine go first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from optiscope.runs.workers import priority
from optiscope.runs.workers.priority import AUTOGROUP, BEHIND_ALL, BEHIND_PAGE, give_way
from optiscope.runs.workers.process import WorkerProcess

has_sessions = pytest.mark.skipif(not AUTOGROUP.exists(), reason="sessions are not scheduled as one here")


def at_least(niceness):
    """That of a process which gives way so far: the tests themselves may have been started behind others."""
    return max(niceness, os.getpriority(os.PRIO_PROCESS, 0))


@pytest.fixture
def worker():
    """A process that trains."""
    process = WorkerProcess()
    yield process
    process.close()


def test_a_worker_is_behind_the_page(worker):
    """From its start, by its own priority."""
    assert worker.call((os.getpriority, os.PRIO_PROCESS, 0), 60) == (True, at_least(BEHIND_PAGE))


@has_sessions
def test_so_is_its_session(worker):
    """Without that the priority counts only within the session, where nobody else is."""
    isolated, words = worker.call((Path.read_text, AUTOGROUP), 60)
    assert isolated
    assert words.split()[-2:] == ["nice", str(at_least(BEHIND_PAGE))]


def test_one_that_was_started_behind_others_stays_there():
    """As with ``nice``: who is not the machine's administrator may not even ask to come forward."""
    behind = at_least(BEHIND_PAGE) + 1
    code = (
        f"import os; from {priority.__name__} import give_way; "
        f"os.setpriority(os.PRIO_PROCESS, 0, {behind}); give_way({BEHIND_PAGE}); "
        "print(os.getpriority(os.PRIO_PROCESS, 0))"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.split() == [str(min(behind, BEHIND_ALL))]


@has_sessions
def test_a_process_leaves_the_session_of_others_as_it_is():
    """Such as that of the terminal which it was started in; here a session that surely has a group."""
    child = f"from {priority.__name__} import give_way; give_way({BEHIND_ALL})"
    leader = (
        "import pathlib, subprocess, sys; "
        "subprocess.run([sys.executable, '-c', sys.argv[1]], check=True); "
        "print(pathlib.Path(sys.argv[2]).read_text())"
    )
    command = [sys.executable, "-c", leader, child, str(AUTOGROUP)]
    told = subprocess.run(command, check=True, start_new_session=True, capture_output=True, text=True)
    assert told.stdout.split()[-2:] == ["nice", "0"]


class Busy:
    """A file that is too busy so many times."""

    def __init__(self, times):
        self.times = times
        self.written = []

    def write_text(self, text):
        """As that of a path."""
        self.times -= 1
        if self.times >= 0:
            raise BlockingIOError
        self.written.append(text)


def test_it_is_tried_again_where_others_have_just_done_so(monkeypatch):
    """The kernel takes such changes one after the other."""
    file = Busy(3)
    monkeypatch.setattr(priority, "AUTOGROUP", file)
    monkeypatch.setattr(priority, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(os, "setpriority", lambda *_: None)
    monkeypatch.setattr(os, "getsid", lambda _: os.getpid())
    give_way(7)
    assert file.written == [str(at_least(7))]


@pytest.mark.parametrize("trouble", [FileNotFoundError, PermissionError])
def test_a_system_without_it_is_left_alone(monkeypatch, trouble):
    """And nobody hears of it."""

    class Refused:
        def write_text(self, _):
            raise trouble

    monkeypatch.setattr(priority, "AUTOGROUP", Refused())
    monkeypatch.setattr(os, "setpriority", lambda *_: None)
    monkeypatch.setattr(os, "getsid", lambda _: os.getpid())
    give_way(7)

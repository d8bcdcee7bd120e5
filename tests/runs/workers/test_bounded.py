"""A job in a process of its own gets the memory and the time that it is given, and no more."""

import os
import resource

import pytest

from optiscope.runs.workers.bounded import MAPPED, call_bounded
from optiscope.runs.workers.executor import WorkerDiedError

MEGABYTE = 2**20

on_linux = pytest.mark.skipif(not MAPPED.exists(), reason="only Linux can bound what a process maps")


def test_it_runs_elsewhere_and_says_what_it_said():
    """In another process, with its value or its error."""
    assert call_bounded(os.getpid, nbytes=64 * MEGABYTE, seconds=60) != os.getpid()
    with pytest.raises(ValueError, match="invalid literal"):
        call_bounded(int, "x", nbytes=64 * MEGABYTE, seconds=60)


@on_linux
def test_it_gets_no_more_memory_and_leaves_this_process_alone():
    """What fits is done, what does not is an error; the bounds here are what they were."""
    before = resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU)
    assert len(call_bounded(bytes, 4 * MEGABYTE, nbytes=64 * MEGABYTE, seconds=60)) == 4 * MEGABYTE
    with pytest.raises((MemoryError, WorkerDiedError)):
        call_bounded(bytes, 128 * MEGABYTE, nbytes=64 * MEGABYTE, seconds=60)
    assert (resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU)) == before

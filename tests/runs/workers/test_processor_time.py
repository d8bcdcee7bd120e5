"""What a process has used of a processor."""

import os
from pathlib import Path

import pytest

from optiscope.runs.workers.processor_time import processor_seconds

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc")


def test_it_is_what_the_process_itself_knows():
    """User and system time, to the tick of the system."""
    times = os.times()
    assert abs(processor_seconds(os.getpid()) - times.user - times.system) < 0.1


def test_of_a_process_that_is_not_there_nothing_is_known():
    """No error, as it may end at any moment."""
    assert processor_seconds(2**22 + 1) is None

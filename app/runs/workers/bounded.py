"""A job in a process of its own, which gets no more memory and time than it is given.

What holds where: on Linux the process can map no more than so many bytes beyond what it takes to load the
job, and the kernel ends it after so many seconds of work. Elsewhere no such bound can be set; there it is one
process more, whose memory is given back when it ends.
"""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from optiscope.runs.workers.process import WorkerProcess

T = TypeVar("T")

MAPPED = Path("/proc/self/statm")
"""Where Linux says what a process maps."""


def call_bounded(function: Callable[..., T], *arguments: object, nbytes: int, seconds: float) -> T:
    """``function(*arguments)`` in a new process; this one's own bounds stay as they are.

    Args:
        function: What to call; it is picklable by its name, as its arguments are.
        arguments: Its arguments.
        nbytes: How much memory it may take.
        seconds: How long it may take.

    Raises:
        WorkerDiedError: If the process ended before it answered, as some do that get no more memory.
        JobTimeoutError: If it took too long.
    """
    process = WorkerProcess()
    try:
        for job in ((bound_this_process, function.__module__, nbytes, seconds), (function, *arguments)):
            succeeded, value = process.call(job, seconds)
            if not succeeded:
                raise value
    finally:
        process.close()
    result: T = value
    return result


def bound_this_process(module: str, nbytes: int, seconds: float) -> None:
    """Load a module, and from then on take no more memory and time than that."""
    __import__(module)
    if sys.platform != "win32" and MAPPED.exists():
        import resource  # noqa: PLC0415 - not every platform has it

        most = int(MAPPED.read_text().split()[0]) * resource.getpagesize() + nbytes
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds)))

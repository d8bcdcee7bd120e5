"""How far a process lets others of the machine go first.

Linux may schedule a session as one (sched(7), "The autogroup feature"): between two sessions counts what is
written of each in ``/proc``, and the priority of a process only within its own. A worker is a session by
itself.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

BEHIND_PAGE = 5
"""Of those who train: a page on the same machine draws its frames while they do."""

BEHIND_OTHERS = 10
"""Of one who compiles a kernel that somebody may wait for."""

BEHIND_ALL = 19
"""The same where nobody does: the lowest that there is."""

AUTOGROUP = Path("/proc/self/autogroup")
TRIES = 50
PAUSE_SECONDS = 0.02
"""The kernel takes such a change from users ten times a second, of all of them together."""


def give_way(niceness: int) -> None:
    """Lower the priority of this process and, if it is a session by itself, of that; never raise it.

    A system that does not have the one or the other, or does not let it be written, is left as it is.
    """
    if not hasattr(os, "setpriority"):
        return
    lowest = max(niceness, os.getpriority(os.PRIO_PROCESS, 0))  # a server may have been started with `nice`
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, lowest)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):
            _write_soon(AUTOGROUP, str(lowest))


def _write_soon(path: Path, text: str) -> None:
    for _ in range(TRIES):
        with suppress(BlockingIOError):
            path.write_text(text)
            return
        time.sleep(PAUSE_SECONDS)

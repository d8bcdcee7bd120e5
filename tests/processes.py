"""Looking at processes and ending them, any of which may be gone by the time one looks."""

import os
import signal
from pathlib import Path

GONE = (FileNotFoundError, ProcessLookupError)


def children(pid: int) -> list[int]:
    """The processes that ``pid`` started and that still run."""
    found = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
    return sorted(child for child in found if _parent_of(child) == pid)


def has_ended(pid: int) -> bool:
    """Whether no process ``pid`` runs any more (one that only waits to be looked at has ended)."""
    fields = _stat(pid)
    return fields is None or fields[0] == "Z"


def kill(pid: int) -> bool:
    """End a process at once; whether it was still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def memory(pid: int) -> int:
    """Bytes of a process that are in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _parent_of(pid: int) -> int | None:
    fields = _stat(pid)
    return None if fields is None or fields[0] == "Z" else int(fields[1])


def _stat(pid: int) -> list[str] | None:
    """What the kernel says of a process behind its name, from its state on; None if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except GONE:
        return None

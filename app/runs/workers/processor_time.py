"""What a process has used of a processor, as far as the system tells."""

import os
from pathlib import Path


def processor_seconds(pid: int) -> float | None:
    """User and system time of a process so far; None where there is no ``/proc``, or no such process.

    Example:
        >>> import os
        >>> (processor_seconds(os.getpid()) or 1) > 0
        True
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    user, system = text.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

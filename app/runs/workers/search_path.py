"""Where a worker finds modules: where the server does, and never in the working directory by accident.

Python puts the working directory, or ``""`` for it, first on the path of ``python -c``, ``python -m`` and an
interactive session. Handed on, a folder with a ``struct.py`` or a package ``optiscope`` of the user's own
would break every worker, or be executed. So workers start with ``-P`` and are told all of the path but that.
"""

import os
import sys
from pathlib import Path

PACKAGE_FOLDER = str(Path(__file__).parents[3])
"""The folder that this package was imported from: wherever that is, workers import it from there too."""


def worker_search_path() -> str:
    """The ``PYTHONPATH`` of a worker: the working directory is on it only if the server's own names it."""
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    kept = [entry for entry in sys.path if entry and (entry in named or not _is_working_directory(entry))]
    return os.pathsep.join(dict.fromkeys([*kept, PACKAGE_FOLDER]))


def _is_working_directory(entry: str) -> bool:
    try:
        return Path(entry).samefile(Path.cwd())
    except OSError:  # an entry need not exist, nor need the folder that this process was started in
        return False

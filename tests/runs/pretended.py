"""Compiling that ends at once or never; what a worker process imports for it is light."""

import os
import time
from pathlib import Path


def never_done(_: str, folder: str) -> None:
    """Leave a trace, and go on until the process is ended."""
    Path(folder, str(os.getpid())).touch()
    while True:
        time.sleep(60)


def done_at_once(sweep: str, folder: str) -> None:
    """Add the sweep to those that were asked for."""
    with Path(folder, "done").open("a") as file:
        print(sweep, file=file)

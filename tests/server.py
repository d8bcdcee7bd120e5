"""A server of our own: ``optiscope serve`` as a process, on a free port of the loopback interface."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import httpx

PATIENT_S = 240
"""What comes in seconds may come late where others work, too; it is only not waited for without end."""

STOPS_WITHIN_S = 15
DEFAULTS = {"OPTISCOPE_COMPILE_AHEAD": "false", "OPTISCOPE_WORKERS": "1"}


@contextmanager
def running_server(**environment: str) -> Iterator[str]:
    """The address of a server that answers, with ``environment`` added to its own; it is stopped at the end.

    Its runs are kept in a folder of its own, it has one worker, and it compiles nothing ahead, unless the
    environment says so.

    Raises:
        RuntimeError: it ended, or did not answer in time; the message holds what it printed.
    """
    port = free_port()
    command = [
        Path(sys.executable).with_name("optiscope"),
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with tempfile.TemporaryFile("w+") as log, tempfile.TemporaryDirectory() as data:
        process = subprocess.Popen(
            command,
            env=os.environ | DEFAULTS | {"OPTISCOPE_DATA_DIR": data} | environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_healthy(address, process, log)
            yield address
        finally:
            _stop(process)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: IO[str]) -> None:
    deadline = time.monotonic() + PATIENT_S
    with httpx.Client(base_url=address, timeout=5) as client:
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if client.get("/api/health").is_success:
                    client.get("/api/catalog", timeout=PATIENT_S)  # once all of it is loaded
                    return
            time.sleep(0.05)
    log.seek(0)
    raise RuntimeError(f"the server did not answer at {address}; it printed:\n{log.read()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

"""The command line, each command in a process of its own."""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

OPTISCOPE = Path(sys.executable).with_name("optiscope")


def optiscope(*arguments, text=None, **environment):
    """What became of a command; ``text`` is its standard input."""
    with tempfile.TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("in", "out", "err")]
        for stream, content in zip(streams, (text or "", "", ""), strict=True):
            stream.write_text(content)
        asked = {
            "arguments": [str(part) for part in (OPTISCOPE, *arguments)],
            "environment": os.environ | environment,
            "folder": str(Path.cwd()),
            "streams": [str(stream) for stream in streams],
        }
        status = _answer(json.dumps(asked))
        _, out, err = (stream.read_text() for stream in streams)
    return subprocess.CompletedProcess(arguments, status, out, err)


def _answer(asked: str) -> int:
    server = _server()
    server.stdin.write(f"{asked}\n")
    server.stdin.flush()
    return int(server.stdout.readline())


@cache
def _server() -> subprocess.Popen[str]:
    """Who forks; it ends with this process, whose end closes its input."""
    server = subprocess.Popen(
        [sys.executable, "-P", Path(__file__).with_name("command_server.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(server.communicate)
    return server

"""Runs commands of ``optiscope``, each in a fork of this process, which has loaded what takes long to load.

A line on stdin is a command as JSON; the line that answers is its exit status. This process trains nothing:
torch trains in no fork of one that has.
"""

import gc
import json
import os
import sys
from typing import Any

import torch._dynamo  # noqa: F401 - which torch loads when it makes an optimizer

import optiscope.cli.commands
import optiscope.local
import optiscope.main  # noqa: F401
from optiscope.cli import main


def become(command: dict[str, Any]) -> None:
    """Be a command from here on, with its own folder, environment and streams."""
    os.chdir(command["folder"])
    os.environ.clear()
    os.environ.update(command["environment"])
    for number, path in enumerate(command["streams"]):
        os.dup2(os.open(path, os.O_RDWR), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as an interpreter would
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    sys.argv = command["arguments"]
    main()


def serve() -> None:
    """Run what is asked for, until nobody asks any more; in a fork, until the command has ended."""
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            return become(json.loads(line))
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201 - the answer
    return None


if __name__ == "__main__":
    gc.freeze()  # else each fork would copy what its end looks through
    serve()

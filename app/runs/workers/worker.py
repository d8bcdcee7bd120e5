"""What a worker process does: read a job, run it, write the result, until its input ends.

Started by the executor as a new interpreter that calls :func:`main`. Jobs and results are
pickles on the standard streams, each after its length as eight bytes. When the server dies, however
suddenly, its end of the pipe closes and the worker exits.
"""

import logging
import os
import pickle
import struct
import sys
import traceback
from typing import IO, Any

from optiscope.runs.workers.priority import BEHIND_PAGE, give_way

_LENGTH = struct.Struct(">Q")


class JobError(Exception):
    """A job raised something that cannot travel between processes; the message says what it was."""


def _portable(error: Exception) -> Exception:
    """``error`` with its traceback as a note, or a JobError if it cannot be pickled and read again."""
    if isinstance(error, MemoryError):
        return MemoryError()  # what there is left may not be enough to tell more
    told = JobError("".join(traceback.format_exception_only(error)).strip())
    try:
        read: object = pickle.loads(pickle.dumps(error))  # noqa: S301 - pickled here
    except Exception:  # noqa: BLE001 - an exception class may fail here in any way
        read = None
    travelled = read if isinstance(read, Exception) else told
    travelled.add_note("in a worker process:\n" + "".join(traceback.format_exception(error)))
    return travelled


def _outcome(payload: bytes) -> bytes:
    try:
        function, *arguments = pickle.loads(payload)  # noqa: S301 - only the server that started us writes here
        outcome: tuple[bool, Any] = True, function(*arguments)
        return pickle.dumps(outcome, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - whatever a job raises is its result
        return pickle.dumps((False, _portable(error)))


def write_message(stream: IO[bytes], payload: bytes) -> None:
    """Send ``payload`` after its length."""
    stream.write(_LENGTH.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def read_message(stream: IO[bytes]) -> bytes:
    """The next payload.

    Raises:
        EOFError: If the other end closed before a whole one came.
    """
    head = stream.read(_LENGTH.size)
    if len(head) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        payload = stream.read(length)
        if len(payload) == length:
            return payload
    raise EOFError("the pipe was closed")


def serve(jobs: IO[bytes], results: IO[bytes]) -> None:
    """Answer jobs ``(function, *arguments)`` with ``(True, value)`` or ``(False, exception)``, in order."""
    while True:
        try:
            payload = read_message(jobs)
        except EOFError:
            return
        write_message(results, _outcome(payload))


def main() -> None:
    """Keep the real standard output for results; the log and what a library prints go to the error stream.

    What is logged here, from the level that the one argument names, looks as it does in the web process.
    """
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    form = "%(asctime)s %(levelname)s %(name)s [-] %(message)s"
    logging.basicConfig(format=form, level=int(sys.argv[1]))
    give_way(BEHIND_PAGE)
    serve(sys.stdin.buffer, results)

"""One worker process: how it is started, asked, and ended.

It is a new interpreter, never a fork: a fork of a process that has run torch can hang. Jobs and results are
pickles on its standard streams; what it prints comes back on its error stream and is passed on.
"""

import contextlib
import logging
import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from typing import IO, Any, cast

from optiscope.engine.core.words import Said, rounded, say
from optiscope.runs.workers.executor import JobTimeoutError, WorkerDiedError
from optiscope.runs.workers.processor_time import processor_seconds
from optiscope.runs.workers.search_path import worker_search_path
from optiscope.runs.workers.worker import read_message, write_message

HELD_LINES = 1000
LAST_WORDS_SECONDS = 1.0

IDLE_SHARE = 0.1
"""Of the time it had: a process that used less of a processor did not work, but was stopped or starved."""


class _Watchdog(threading.Timer):
    """Kills a process that does not answer in time, and knows afterwards whether it did, and who is to blame.

    Attributes:
        has_bitten: Whether it did.
        was_idle: Whether the process did nothing all the time: then the job is not to blame.
    """

    def __init__(self, deadline: float, process: subprocess.Popen[bytes]) -> None:
        super().__init__(deadline, self._bite)
        self.daemon = True
        self.has_bitten = self.was_idle = False
        self._process = process
        self._used_before = processor_seconds(process.pid)

    def _bite(self) -> None:
        used = processor_seconds(self._process.pid)
        if used is not None and self._used_before is not None:
            self.was_idle = used - self._used_before < IDLE_SHARE * self.interval
        self.has_bitten = True
        self._process.kill()


class _ErrorStream(threading.Thread):
    """Passes on what a process prints, and remembers the last line.

    What it prints before its first answer is held back: of an interpreter that does not start, the last line
    says why, and the server says it once and in a sentence.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__(name="worker-stderr", daemon=True)
        self._stream = stream
        self._lock = threading.Lock()
        self._held: deque[bytes] | None = deque(maxlen=HELD_LINES)
        self._last = b""
        self.start()

    def run(self) -> None:
        """Read until the process has ended."""
        with self._stream:
            for line in self._stream:
                self._last = line.strip() or self._last
                with self._lock:
                    if self._held is None:
                        _print(line)
                    else:
                        self._held.append(line)

    def release(self) -> None:
        """Print what was held back and everything that comes from now on; the last line is yet to come."""
        with self._lock:
            self._last = b""
            for line in self._held or ():
                _print(line)
            self._held = None

    def last_line(self) -> str:
        """The last thing that an ended process printed since its last answer, or ""."""
        self.join(LAST_WORDS_SECONDS)
        return self._last.decode(errors="replace")


def _print(line: bytes) -> None:
    with contextlib.suppress(OSError):  # a server without an error stream trains all the same
        os.write(2, line)


class WorkerProcess:
    """One process and the pipes to it; ``-P`` keeps the working directory off its path.

    Attributes:
        unfinished: The keys of jobs that it has begun and holds between two slices.

    Raises:
        WorkerDiedError: If it cannot be started.
    """

    def __init__(self) -> None:
        environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": worker_search_path()}
        begin = "from optiscope.runs.workers.worker import main; main()"
        level = logging.getLogger(__name__).getEffectiveLevel()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the text above and a number
                [sys.executable, "-P", "-c", begin, str(level)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                start_new_session=True,  # Ctrl+C in the terminal is for the server, which ends its workers
            )
        except OSError as error:
            said = say("python_unusable", path=sys.executable, why=error.strerror or str(error))
            raise WorkerDiedError(said) from error
        self.unfinished: set[int] = set()
        self._jobs = cast("IO[bytes]", self._process.stdin)
        self._results = cast("IO[bytes]", self._process.stdout)
        self._errors = _ErrorStream(cast("IO[bytes]", self._process.stderr))

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it has died without being asked for anything."""
        return self._process.poll() is not None

    def call(self, job: tuple[Any, ...], deadline: float) -> tuple[bool, Any]:
        """Send one job and wait for its outcome.

        Raises:
            WorkerDiedError: If the process ended before it answered, or did nothing for ``deadline`` seconds.
            JobTimeoutError: If it worked all the time, and had not answered then.
        """
        payload = pickle.dumps(job, protocol=pickle.HIGHEST_PROTOCOL)
        watchdog = _Watchdog(deadline, self._process)
        watchdog.start()
        try:
            write_message(self._jobs, payload)
            answer = read_message(self._results)
        except (OSError, EOFError) as error:
            self.close()
            if watchdog.was_idle:
                raise WorkerDiedError(say("worker_idle", seconds=rounded(deadline))) from error
            if watchdog.has_bitten:
                raise JobTimeoutError(say("job_too_long", seconds=rounded(deadline))) from error
            raise WorkerDiedError(self._how_it_ended()) from error
        finally:
            watchdog.cancel()
        self._errors.release()
        outcome: tuple[bool, Any] = pickle.loads(answer)  # noqa: S301 - written by our own worker
        return outcome

    def _how_it_ended(self) -> Said:
        status, last = self._process.returncode, self._errors.last_line()
        return (
            say("worker_died_saying", status=status, why=last) if last else say("worker_died", status=status)
        )

    def kill(self) -> None:
        """End the process, and leave the rest to :meth:`close`."""
        self._process.kill()

    def close(self) -> None:
        """End the process, now; what it has printed is passed on."""
        self._process.kill()
        self._process.wait()
        self._errors.join(LAST_WORDS_SECONDS)
        for pipe in (self._jobs, self._results):
            with contextlib.suppress(OSError):  # what was still buffered for a dead process is lost anyway
                pipe.close()

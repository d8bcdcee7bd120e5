"""A job on its way to a cluster, and what a worker there does with it.

The scheduler reads what it hands on, and need not have Optiscope: what it is given is ``pickle.loads`` and
bytes, and only the worker that calls the one with the other comes to the job.
"""

import pickle
import platform
import threading
from collections.abc import Callable, Generator, Mapping
from importlib import metadata
from typing import Any

from distributed import get_worker

from optiscope import __version__
from optiscope.engine.core.parts import Parts
from optiscope.engine.core.words import say
from optiscope.engine.loop.plain import plain_torch
from optiscope.runs.workers.scheduler_address import SchedulerError

_ALONE = threading.Lock()
"""A worker with several threads does one job after the other: what torch is set to is its process's own."""


def bytes_of(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    """What ``pickle.loads`` turns into the outcome of a job."""
    return pickle.dumps(_Call(pickle.dumps((function, *arguments))), protocol=pickle.HIGHEST_PROTOCOL)


class _Call:
    """What is read as its own outcome."""

    def __init__(self, job: bytes) -> None:
        self._job = job

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return call, (versions(), self._job)


def versions() -> dict[str, str]:
    """What decides the numbers of a run, and whether both ends read what the other wrote."""
    packages = {name: metadata.version(name).partition("+")[0] for name in ("torch", "numpy", "distributed")}
    return {"Python": ".".join(platform.python_version_tuple()[:2]), "optiscope": __version__, **packages}


def call(wanted: Mapping[str, str], job: bytes) -> Any:
    """Do a job, in a worker.

    Args:
        wanted: The versions of whoever asks.
        job: The function and its arguments.

    Raises:
        SchedulerError: If this worker has other versions.
    """
    own = versions()
    differing = [name for name in own if own[name] != wanted.get(name)]
    if differing:
        here, there = ({name: one.get(name, "-") for name in differing} for one in (wanted, own))
        raise SchedulerError(say("cluster_versions", there=_told(there), here=_told(here)))
    function, *arguments = pickle.loads(job)  # noqa: S301 - a cluster does what its clients say
    with _ALONE, plain_torch():
        found = function(*arguments)
        return _finished(found) if isinstance(found, Generator) else found


def _told(found: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in found.items())


def _finished(parts: Parts[Any]) -> Any:
    """What a job in parts comes to; None as soon as nobody waits for it."""
    worker = get_worker()
    key = worker.get_current_task()
    while True:
        try:
            next(parts)
        except StopIteration as done:
            return done.value
        task = worker.state.tasks.get(key)
        if task is None or task.state == "cancelled":
            parts.close()
            return None

"""Sweeps on a cluster, and everything else on this machine, behind one executor."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from optiscope.runs.workers.cluster import Cluster
from optiscope.runs.workers.executor import Executor
from optiscope.runs.workers.lanes import Kind, Lane, Place
from optiscope.runs.workers.status import WorkersStatus

T = TypeVar("T")


class ByKind:
    """An executor that hands each job on by the kind of its lane.

    Args:
        here: Where all kinds go but one.
        cluster: Where sweeps go.
    """

    def __init__(self, here: Executor, cluster: Cluster) -> None:
        self._here = here
        self._cluster = cluster

    def __len__(self) -> int:
        return len(self._here)

    @property
    def status(self) -> WorkersStatus:
        """Whether those here answer: a server whose cluster is gone still trains runs."""
        return self._here.status

    @property
    def waiting_by_kind(self) -> Mapping[Kind, int]:
        """How many jobs of each kind wait for their turn."""
        return {**self._here.waiting_by_kind, **self._cluster.waiting_by_kind}

    def workers_for(self, kind: Kind) -> int:
        """How many jobs of a kind run at once."""
        return len(self._cluster) if kind is Kind.SWEEP else len(self._here)

    def submit(self, function: Callable[..., T], /, *arguments: Any, lane: Lane | None = None) -> Future[T]:
        """Run ``function(*arguments)`` where its kind belongs."""
        executor = self._cluster if lane is not None and lane.kind is Kind.SWEEP else self._here
        return executor.submit(function, *arguments, lane=lane)

    def place(self, job: Future[Any]) -> Place | None:
        """Where a submitted job stands in the queue; of the cluster's none is known."""
        return self._here.place(job)

    def shutdown(self) -> None:
        """Give up every job, end the workers here and leave the cluster."""
        self._cluster.shutdown()
        self._here.shutdown()

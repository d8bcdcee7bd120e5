"""``GET /metrics``: what a Prometheus server collects.

Requests are counted as they end; all else is looked up when it is asked for. Labels are names of routes and
states, never ids, so that their number does not grow with use.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fastapi import APIRouter, Request, Response
from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import Scope

from optiscope import __version__
from optiscope.api.streams import Places
from optiscope.runs.keeping.errors import StorageError
from optiscope.runs.keeping.kept_runs import KeptRuns
from optiscope.runs.keeping.removing import Tally
from optiscope.runs.service import RunService
from optiscope.runs.workers.lanes import Kind

router = APIRouter()

SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """What is counted of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "optiscope_requests",
            "Requests by route, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "optiscope_request_seconds",
            "Time until a request was answered, streams to their end.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def observe(self, scope: Scope, status: int, seconds: float) -> None:
        """Count a request."""
        route, method = _route(scope), scope["method"]
        self._requests.labels(route, method if method in METHODS else "other", str(status)).inc()
        self._seconds.labels(route).observe(seconds)


def _route(scope: Scope) -> str:
    """The name of what answered: of a route, of a folder of files, or none."""
    if "route" in scope:
        return str(scope["route"].name)
    return str(scope.get("root_path", "")).strip("/") if "endpoint" in scope else "none"


class State(NamedTuple):
    """What an application knows of itself.

    Attributes:
        service: Its runs and workers.
        places, followers: Its open streams.
        training, held_up: How many kept runs are being trained, and how many of them cannot go on.
        kept: The kept runs by their states; none while they cannot be read.
    """

    service: RunService
    places: Places
    followers: Places
    training: int
    held_up: int
    kept: dict[str, Tally]

    def families(self) -> Iterator[Metric]:
        """All of it."""
        workers, cache = self.service.executor.status, self.service.cache
        streams = {"compute": self.places, "follow": self.followers}
        yield _gauge("info", "This server.", [((__version__,), 1)], "version")
        yield _gauge(
            "streams", "Open streams.", [((kind,), found.taken) for kind, found in streams.items()], "kind"
        )
        yield _gauge(
            "stream_places", "Places for them.", [((kind,), p.number) for kind, p in streams.items()], "kind"
        )
        by_state = {"ready": workers.ready, "starting": workers.starting, "failing": workers.failing}
        yield _gauge("workers", "Training processes.", [((s,), n) for s, n in by_state.items()], "state")
        yield _counter("worker_restarts", "Training processes that were started again.", workers.restarts)
        waiting = self.service.waiting
        yield _gauge(
            "jobs_waiting", "Jobs for them.", [((kind,), waiting.get(kind, 0)) for kind in Kind], "kind"
        )
        yield _counter("steps_trained", "Steps of all runs.", self.service.steps_trained)
        yield _gauge("runs", "Kept runs.", [((s,), kept.runs) for s, kept in self.kept.items()], "state")
        yield _gauge("runs_training", "Kept runs that are being trained.", [((), self.training)])
        yield _gauge("runs_held_up", "Those of them that cannot go on now.", [((), self.held_up)])
        nbytes = sum(kept.nbytes for kept in self.kept.values())
        yield _gauge("stored_bytes", "Records and checkpoints of kept runs.", [((), nbytes)])
        yield _gauge("remembered_runs", "Finished runs in memory.", [((), len(cache))])


class _Now(Collector):
    def __init__(self, state: State) -> None:
        self._state = state

    def collect(self) -> Iterable[Metric]:
        return self._state.families()


def _gauge(
    name: str, about: str, samples: Iterable[tuple[tuple[str, ...], float]], *labels: str
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"optiscope_{name}", about, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def _counter(name: str, about: str, value: float) -> CounterMetricFamily:
    return CounterMetricFamily(f"optiscope_{name}", about, value=value)


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """The text format of Prometheus."""
    state = request.app.state
    kept: KeptRuns | StorageError = state.kept_runs
    now = CollectorRegistry(auto_describe=False)
    now.register(_Now(State(state.service, state.places, state.followers, *await _figures(kept))))
    counted: Metrics = state.metrics
    body = generate_latest(counted.registry) + generate_latest(now)
    return Response(body, headers={"Cache-Control": "no-store"}, media_type=CONTENT_TYPE_PLAIN_0_0_4)


async def _figures(kept: KeptRuns | StorageError) -> tuple[int, int, dict[str, Tally]]:
    if isinstance(kept, StorageError):
        return 0, 0, {}
    try:
        return kept.training, len(kept.held_up), await kept.by_state()
    except StorageError:
        return kept.training, len(kept.held_up), {}

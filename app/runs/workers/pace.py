"""How many steps to send to a worker at once."""

import math
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import NamedTuple, Protocol

from optiscope.engine.core.config import RunConfig

FIRST = 4
"""Steps of a run's first chunk: few, so that the first records arrive at once."""

GROWTH = 8
"""How many times longer the next chunk may be than the last: one measured time says little about far more."""

GROWING = 1.5
"""Records so much larger than those before grow, as lists in the state do; chunks do not, meanwhile."""

LONGEST = 2
"""How many times longer than planned a chunk may take before it is cut, wherever it is."""


class Measured(Protocol):
    """A chunk that has come back: how many records, how large, how long it took."""

    @property
    def records(self) -> int:
        """How many."""

    @property
    def nbytes(self) -> int:
        """Their size."""

    @property
    def seconds(self) -> float:
        """How long the worker took."""


class Cost(NamedTuple):
    """What one step of a run took, all that its chunk needed included."""

    seconds: float
    nbytes: float


class Costs:
    """What the steps of the latest runs took, by what decides it."""

    def __init__(self, kinds: int = 256) -> None:
        self._kinds = kinds
        self._known: OrderedDict[Hashable, Cost] = OrderedDict()

    def of(self, config: RunConfig) -> Cost | None:
        """What a step of such a run took the last time, or None."""
        return self._known.get(_kind(config))

    def note(self, config: RunConfig, chunk: Measured) -> None:
        """Remember what the steps of a chunk took."""
        if not chunk.records:
            return
        kind = _kind(config)
        self._known[kind] = Cost(chunk.seconds / chunk.records, chunk.nbytes / chunk.records)
        self._known.move_to_end(kind)
        if len(self._known) > self._kinds:
            self._known.popitem(last=False)


def _kind(config: RunConfig) -> Hashable:
    problem = config.problem
    return (
        (problem.name, problem.samples, problem.expression),
        config.model.hidden,
        config.optimizer.name,
        config.batch_size,
        config.dtype,
    )


SHARED = 4
"""How many chunks' time a shared job may take. No other run waits longer for it; only an abort does."""


def groups_of(costs: Sequence[float], seconds: float, workers: int) -> list[list[int]]:
    """Runs that are to share a job, by their indices: as few jobs as keep all workers busy, none too long.

    Args:
        costs: Seconds that each run takes.
        seconds: Work of one chunk.
        workers: How many jobs run at once.
    """
    number = min(len(costs), max(workers, math.ceil(sum(costs) / (SHARED * seconds))))
    return [list(range(first, len(costs), number)) for first in range(number)]


class Pace:
    """Chunks that take about the same time, whatever a step costs.

    Args:
        seconds: Work of one chunk: short enough to be fair and to be given up quickly, long enough that
            rebuilding the run costs little.
        nbytes: Records of one chunk.
    """

    def __init__(self, seconds: float, nbytes: int) -> None:
        self._seconds = seconds
        self._nbytes = nbytes
        self._record_nbytes = math.inf
        self.steps = FIRST

    def begin(self, steps: int, cost: Cost | None) -> float:
        """Send a run of so many steps whole, if it is known to be no more than one chunk.

        Returns:
            The seconds that it is known to take, if so, else 0.
        """
        if cost and steps * cost.seconds <= self._seconds and steps * cost.nbytes <= self._nbytes:
            self.steps = steps
            return steps * cost.seconds
        return 0.0

    @property
    def longest(self) -> float:
        """The seconds after which a chunk is cut."""
        return LONGEST * self._seconds

    def ease(self) -> None:
        """Send no more than one step: the last chunk was too much."""
        self.steps = 1

    def learn(self, chunk: Measured) -> None:
        """Set ``steps`` of the next chunk from what the last one took, which may have been cut."""
        if not chunk.records:
            return
        record_nbytes = max(chunk.nbytes, 1) / chunk.records
        growth = 1 if record_nbytes > GROWING * self._record_nbytes else GROWTH
        self._record_nbytes = record_nbytes
        in_time = self._seconds * min(self.steps, chunk.records) / max(chunk.seconds, 1e-9)
        self.steps = max(1, int(min(in_time, self._nbytes / record_nbytes, self.steps * growth)))

"""How many steps to send to a worker at once."""

from typing import Protocol

FIRST = 4
"""Steps of a run's first chunk: few, so that the first records arrive at once."""

GROWTH = 8
"""How many times longer the next chunk may be than the last: one measured time says little about far more."""


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
        self.steps = FIRST

    def learn(self, chunk: Measured) -> None:
        """Set ``steps`` of the next chunk from what the last one took."""
        if not chunk.records:
            return
        in_time = self._seconds * self.steps / max(chunk.seconds, 1e-9)
        in_size = self._nbytes * chunk.records / max(chunk.nbytes, 1)
        self.steps = max(1, int(min(in_time, in_size, self.steps * GROWTH)))

"""How many steps to send to a worker at once."""

from app.runs.jobs import Chunk

FIRST = 4
"""Steps of a run's first chunk: few, so that the first records arrive at once."""

GROWTH = 8
"""How many times longer the next chunk may be than the last: one measured time says little about far more."""


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

    def learn(self, chunk: Chunk) -> None:
        """Set ``steps`` of the next chunk from what the last one took."""
        records = sum(map(len, chunk.blocks))
        if not records:
            return
        in_time = self._seconds * self.steps / max(chunk.seconds, 1e-9)
        in_size = self._nbytes * records / max(sum(block.nbytes() for block in chunk.blocks), 1)
        self.steps = max(1, int(min(in_time, in_size, self.steps * GROWTH)))

"""Finished runs in memory: a run is a pure function of its config, so none needs to be trained twice."""

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Ended


@dataclass(frozen=True)
class FinishedRun:
    """All records of a run, in order, and its end."""

    blocks: tuple[Block, ...]
    ended: Ended

    @cached_property
    def nbytes(self) -> int:
        """The size of all records."""
        return sum(block.nbytes() for block in self.blocks)


class RunCache:
    """Finished runs by their canonical config, within a number of bytes; the longest unused ones go first."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.nbytes = 0
        self._runs: OrderedDict[str, FinishedRun] = OrderedDict()

    def __len__(self) -> int:
        return len(self._runs)

    def get(self, key: str) -> FinishedRun | None:
        """The run of a config, or None."""
        if key in self._runs:
            self._runs.move_to_end(key)
        return self._runs.get(key)

    def put(self, key: str, run: FinishedRun) -> None:
        """Keep a run and drop the longest unused ones beyond the bound; one too large alone is not kept."""
        if key in self._runs or run.nbytes > self.max_bytes:
            return
        self._runs[key] = run
        self.nbytes += run.nbytes
        while self.nbytes > self.max_bytes:
            _, dropped = self._runs.popitem(last=False)
            self.nbytes -= dropped.nbytes

"""Where blocks go: what a writer asks of a file, a server or the memory."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from optiscope.engine.core.words import Said
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Ended
from optiscope.watching.thinning import bounded


class Sink(Protocol):
    """Somewhere that blocks are written to, by one thread."""

    @property
    def trouble(self) -> Said | None:
        """Why nothing more is written, or what was dropped; None if all is well."""

    def write(self, blocks: Sequence[Block]) -> None:
        """Write blocks behind those that are there."""

    def tick(self) -> None:
        """Nothing has come for a while."""

    def end(self, ended: Ended) -> None:
        """Write the end, and close."""


class Memory:
    """The blocks of a run, fewer of the past the more there are.

    Args:
        most_bytes: Their size.
    """

    trouble: Said | None = None

    def __init__(self, most_bytes: int = 2**22) -> None:
        self.blocks: list[Block] = []
        self._most_bytes = most_bytes
        self._nbytes = 0
        self._stride = 1

    def write(self, blocks: Sequence[Block]) -> None:
        """Keep them, without surfaces."""
        new = [_without_surface(block) for block in blocks]
        self.blocks = [*self.blocks, *new]
        self._nbytes += sum(block.nbytes() for block in new)
        if self._nbytes > self._most_bytes:
            self.blocks, self._stride = bounded(self.blocks, self._stride, self._most_bytes)
            self._nbytes = sum(block.nbytes() for block in self.blocks)

    def tick(self) -> None:
        """Nothing is late."""

    def end(self, _ended: Ended) -> None:
        """Nothing is closed."""


def _without_surface(block: Block) -> Block:
    optional = {name: column for name, column in block.optional.items() if name != "surface"}
    return replace(block, optional=optional) if len(optional) < len(block.optional) else block

"""The lines of a watched run as they come: looked at one by one, and ready to be kept."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.runs.keeping.codec import encode_blocks
from optiscope.runs.keeping.losses import Result, losses_of
from optiscope.runs.keeping.pieces import Piece
from optiscope.runs.keeping.run import Run
from optiscope.watching.events import MOST_LINE_BYTES, Beginning, Event, event_of
from optiscope.watching.thinning import thinned

_NO_LINE = frozenset({"no_json", "no_event", "line_too_long"})
"""What is wrong with the first line of what is no recording at all."""

PIECE_BYTES = 2**20
"""Records that are kept together, about."""


class Intake:
    """Reads what is sent of a watched run.

    Args:
        run: The run that it goes on; None for one that begins.
    """

    def __init__(self, run: Run | None = None) -> None:
        self.beginning: Beginning | None = None
        self.ended: Ended | None = None
        self.pieces: list[Piece] = []
        self._begins = run is None
        self._kept = -1 if run is None else run.step
        self._first = self._kept + 1
        self._seen = -1
        self._result = None if run is None else run.result
        self._blocks: list[Block] = []
        self._nbytes = 0
        self._rest = b""
        self._number = 0
        self._digest = hashlib.sha256()

    @property
    def digest(self) -> str:
        """Of all that has come, in hexadecimal digits."""
        return self._digest.hexdigest()

    def feed(self, data: bytes) -> None:
        """Read some more of it.

        Raises:
            ConfigError: Naming the line that cannot be used.
        """
        self._digest.update(data)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._read(line)
        if len(self._rest) > MOST_LINE_BYTES:
            self._read(self._rest)

    def finish(self) -> None:
        """All has come; a last line that is not whole is left out, as of a program that was killed.

        Raises:
            ConfigError: If it does not begin as a run does.
        """
        if self._begins and self.beginning is None:
            raise ConfigError.at("/lines/1", say("no_recording"))
        self._put_together()

    def _read(self, line: bytes) -> None:
        self._number += 1
        if not line.strip():
            return
        event = self._event_of(line)
        if isinstance(event, Beginning) is not self._may_begin:
            raise self._wrong(say("import_order", line=self._number))
        if self.ended is not None:
            raise self._wrong(say("import_order", line=self._number))
        if isinstance(event, Beginning):
            self.beginning = event
        elif isinstance(event, Ended):
            self.ended = event
        else:
            self._take(event)

    @property
    def _may_begin(self) -> bool:
        return self._begins and self.beginning is None

    def _event_of(self, line: bytes) -> Event:
        """The event of a line; a file of something else is not told in the words of ours."""
        if self._may_begin and not line.lstrip().startswith(b"{"):
            raise self._wrong(say("no_recording"))
        try:
            event = event_of(line, self._number)
        except ConfigError as error:
            if self._may_begin and error.problems[0].said.code in _NO_LINE:
                raise self._wrong(say("no_recording")) from error
            raise
        if self._may_begin and not isinstance(event, Beginning):
            raise self._wrong(say("no_recording"))
        return event

    def _take(self, block: Block) -> None:
        if block.first <= self._seen:
            raise self._wrong(say("import_order", line=self._number))
        self._seen = block.steps[-1]
        new = block.since(self._kept + 1)
        if not len(new):
            return
        self._blocks.append(new)
        self._nbytes += new.nbytes()
        if self._nbytes > PIECE_BYTES:
            self._put_together()

    def _put_together(self) -> None:
        if not self._blocks:
            return
        self._result = said_losses(self._blocks, self._result)
        piece = piece_of(self._blocks, self._first, self._result)
        self.pieces.append(piece)
        self._kept, self._first = piece.last, piece.last + 1
        self._blocks, self._nbytes = [], 0

    def _wrong(self, said: Said) -> ConfigError:
        return ConfigError.at(f"/lines/{self._number}", said)


def piece_of(blocks: Sequence[Block], first: int, result: Result | None) -> Piece:
    """Blocks as what is kept together; ``first`` may lie before their first record."""
    return Piece(first, blocks[-1].steps[-1], encode_blocks(blocks), result, None, None)


def end_piece(run: Run, ended: Ended) -> Piece:
    """The end of a run, without a record."""
    return Piece(run.step + 1, run.step, b"", run.result, None, ended)


def stopped(step: int) -> Ended:
    """The end of a run of which nothing more has come."""
    return Ended(Reason.STOPPED, step, say("watched_silent", step=step))


def said_losses(blocks: Sequence[Block], before: Result | None) -> Result | None:
    """As :func:`losses_of`, of the records of which a loss was said."""
    said = [part for block in blocks for part in _said(block)]
    return losses_of(said, before) if said else before


def _said(block: Block) -> Iterator[Block]:
    """The parts of a block of which a loss was said."""
    places = np.flatnonzero(~np.isnan(block.loss))
    for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1):
        if run.size:
            yield block[int(run[0]) : int(run[-1]) + 1]


def thinned_pieces(pieces: Sequence[Sequence[Block]], first: int, stride: int) -> list[Piece]:
    """What was kept, with fewer records."""
    made: list[Piece] = []
    group: list[Block] = []
    for blocks in pieces:
        group += blocks
        if sum(block.nbytes() for block in group) > 2 * PIECE_BYTES or blocks is pieces[-1]:
            made.append(piece_of(thinned(group, stride), first, None))
            first, group = made[-1].last + 1, []
    return made

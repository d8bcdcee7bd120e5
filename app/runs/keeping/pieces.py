"""Records that are kept together, and where a run stands behind them."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optiscope.engine.loop.checkpoint import Ended
from optiscope.runs.keeping.seals import checkpoint_seal, piece_seal, resealed


@dataclass(frozen=True, slots=True)
class Piece:
    """Records that are kept together, as :mod:`optiscope.runs.keeping.codec` writes them.

    Attributes:
        first, last: Their steps.
        data: The blocks.
        result: The losses of the run up to here, see :class:`~optiscope.runs.keeping.run.Run`.
        checkpoint: Where the run stands behind them; None where it diverged or failed.
        ended: The end of the run, if it has come to it.
    """

    first: int
    last: int
    data: bytes
    result: Mapping[str, Any] | None
    checkpoint: bytes | None
    ended: Ended | None

    @property
    def nbytes(self) -> int:
        """What it adds to the database."""
        return len(self.data) + len(self.checkpoint or b"")


def replace(db: sqlite3.Connection, serial: int, pieces: Sequence[Piece]) -> None:
    """Put other pieces in the place of those that hold the same steps."""
    lost = "SELECT coalesce(sum(length(data)), 0) FROM blocks WHERE run = ? AND last <= ?"
    (nbytes,) = db.execute(lost, (serial, pieces[-1].last)).fetchone()
    db.execute("DELETE FROM blocks WHERE run = ? AND last <= ?", (serial, pieces[-1].last))
    for piece in pieces:
        keep(db, serial, piece)
    grown = sum(piece.nbytes for piece in pieces) - nbytes
    with resealed(db, serial):
        db.execute("UPDATE runs SET bytes = bytes + ? WHERE serial = ?", (grown, serial))


def keep(db: sqlite3.Connection, serial: int, piece: Piece) -> None:
    """Lay down what a piece holds."""
    if piece.data:
        row = (serial, piece.first, piece.last, piece.data)
        db.execute("INSERT INTO blocks VALUES (?, ?, ?, ?, ?)", (*row, piece_seal(*row)))
    if piece.checkpoint is not None:
        stand = (serial, piece.last, piece.checkpoint)
        db.execute("INSERT INTO checkpoints VALUES (?, ?, ?, ?)", (*stand, checkpoint_seal(*stand)))


def thin_checkpoints(db: sqlite3.Connection, serial: int, most: int) -> int:
    """Drop checkpoints that lie close together, once there are more than ``most``; the bytes freed.

    What is left lies evenly over the run, so that any step is reached by replaying about
    ``2 * step / most`` steps from the checkpoint before it. The first and the last one stay.
    """
    query = "SELECT step, length(data) AS size FROM checkpoints WHERE run = ? ORDER BY step"
    *kept, last = db.execute(query, (serial,)).fetchall()
    if len(kept) < most:
        return 0
    gap = 2 * (last["step"] - kept[0]["step"]) / most
    here = kept[0]["step"]
    freed = 0
    for row in kept[1:]:
        if row["step"] - here >= gap:
            here = row["step"]
        else:
            db.execute("DELETE FROM checkpoints WHERE run = ? AND step = ?", (serial, row["step"]))
            freed += row["size"]
    return freed

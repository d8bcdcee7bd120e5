"""What a worker is asked to say of a watched run."""

from collections.abc import Mapping, Sequence
from typing import Any

from optiscope.engine.core.parts import Parts
from optiscope.engine.loop.block import Block
from optiscope.runs.keeping.codec import decode_blocks
from optiscope.watching.advice.telling import told
from optiscope.watching.events import Beginning


def report_of(
    source: Mapping[str, Any], pieces: Sequence[bytes], *, is_complete: bool
) -> Parts[dict[str, Any]]:
    """Its report as JSON.

    Args:
        source: What is kept of how it began.
        pieces: Its records.
        is_complete: Whether its loop is over.

    Raises:
        ConfigError: If what is told of the run makes no sense.
    """
    blocks: list[Block] = []
    for piece in pieces:
        blocks += decode_blocks(piece)
        yield
    return told(Beginning(source=source, **source["started"]), blocks, is_complete=is_complete)

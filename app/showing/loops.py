"""Watched loops as the page that shows them."""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from optiscope.api.playing_runs import require_few
from optiscope.api.recorded_loops import Watched, record_loops
from optiscope.api.security import STYLE_HASHES
from optiscope.engine.core.words import say
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.pages.onefile import one_file
from optiscope.pictures import curves_png
from optiscope.runs.keeping.losses import losses_of
from optiscope.runs.keeping.run import Run, State
from optiscope.runs.keeping.watched import kept_source
from optiscope.settings import Settings
from optiscope.showing.shown import Shown
from optiscope.watching.advice.telling import told
from optiscope.watching.events import Beginning
from optiscope.watching.file import recording_in
from optiscope.watching.watch import Watch

_ID = "0"
"""Of the one run that there is."""


def shown_watch(watch: Watch, address: str, height: int) -> Shown:
    """A loop as far as it has come, with all that its file holds."""
    blocks = watch.records()
    if watch.path is not None and watch.path.is_file():
        return shown_file(watch.path, address, height)
    return _shown(watch.beginning, blocks, watch.ended, address, height)


def shown_file(path: Path, address: str, height: int) -> Shown:
    """The loop that a file holds.

    Raises:
        ConfigError: If it is no recording.
    """
    return _shown(*recording_in(path), address, height)


def _shown(
    beginning: Beginning, blocks: Sequence[Block], ended: Ended | None, address: str, height: int
) -> Shown:
    options = Settings()
    nbytes = sum(block.nbytes() for block in blocks)
    require_few(nbytes, options.limits)
    report = told(beginning, blocks, is_complete=ended is not None and ended.reason is Reason.COMPLETED)
    recording = record_loops([Watched(_run(beginning, blocks, ended, nbytes), blocks, report)], options)
    page = {"place": "loops", "address": address, **recording}
    losses = np.concatenate([block.loss for block in blocks] or [np.zeros(0)])
    caption = f"{beginning.name}: {blocks[-1].steps[-1] if blocks else 0} steps"
    return Shown(one_file(page, style_hashes=STYLE_HASHES), caption, curves_png([losses]), height)


def _run(beginning: Beginning, blocks: Sequence[Block], ended: Ended | None, nbytes: int) -> Run:
    """The loop as a server would keep it."""
    now = time.time()
    return Run(
        serial=1,
        id=_ID,
        name=beginning.name,
        stored_config=None,
        state=State.PAUSED if ended is None else State.ENDED,
        said=say("one_file_live") if ended is None else ended.said,
        reason=None if ended is None else ended.reason,
        version=1,
        created=now,
        updated=now,
        pinned=False,
        first=blocks[0].first if blocks else 0,
        step=blocks[-1].steps[-1] if blocks else -1,
        steps=None,
        nbytes=nbytes,
        result=losses_of(blocks, None, ended),
        origin=None,
        source=kept_source(beginning),
    )

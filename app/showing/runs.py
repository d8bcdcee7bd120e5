"""Runs as the page that plays them."""

import asyncio
from collections.abc import Callable, Sequence
from types import GeneratorType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optiscope.api.playing_runs import require_small
from optiscope.api.recording import Played, Scene, record, unfrozen
from optiscope.api.security import STYLE_HASHES
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.parts import whole
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.lockstep import advance_together
from optiscope.engine.loop.plain import plain_torch
from optiscope.local import Config, described
from optiscope.pages.onefile import one_file
from optiscope.pictures import curves_png
from optiscope.records import Run
from optiscope.runs.cache import FinishedRun
from optiscope.settings import Settings
from optiscope.showing.shown import Shown


def shown_runs(given: Sequence[Config | Run], address: str, height: int) -> Shown:
    """Runs of one problem, trained anew."""
    options = Settings()
    configs = {f"/{k}": run.config if isinstance(run, Run) else run for k, run in enumerate(given)}
    with plain_torch():
        runs = described(configs)
        trained = advance_together([run.config for run in runs])
        records = [_finished(*one) for one in trained]
        require_small(records, options.limits)
        played = [
            Played(run.config.model_dump(mode="json"), run.config, found, ghost=_ghost(run.config))
            for run, found in zip(runs, records, strict=True)
        ]
        scene = Scene(address, range(len(played)))
        recording = asyncio.run(record(played, [scene], _Here(), options))
    losses = [_losses(found) for found in records]
    names = ", ".join(run.config.optimizer.name for run in runs)
    caption = f"{names} on {runs[0].config.problem.name}: {max(map(len, losses)) - 1} steps"
    page = {"place": "compare", "address": address, **recording}
    return Shown(one_file(page, style_hashes=STYLE_HASHES), caption, curves_png(losses), height)


class _Here:
    """Computes in this process."""

    async def compute(self, function: Callable[..., Any], *arguments: Any) -> Any:
        found = function(*arguments)
        return whole(found) if isinstance(found, GeneratorType) else found


def _ghost(config: RunConfig) -> FinishedRun | None:
    """A run without what it freezes, if it freezes something."""
    if not config.freeze:
        return None
    [trained] = advance_together([unfrozen(config)])
    return _finished(*trained)


def _finished(blocks: Sequence[Block], reached: Checkpoint) -> FinishedRun:
    assert reached.ended is not None  # noqa: S101 - it went there
    return FinishedRun(tuple(blocks), reached.ended)


def _losses(run: FinishedRun) -> NDArray[np.floating]:
    """[records] of each step, before it."""
    return np.concatenate([block.loss for block in run.blocks])

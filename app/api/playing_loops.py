"""Watched runs of a file that shows them: found, and looked at as an expert would."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from fastapi import Request

from optiscope.api.computed import GivenRun, KeptRun
from optiscope.api.playing_runs import require_few
from optiscope.api.recorded_loops import Watched, record_loops
from optiscope.api.state import get_kept_runs
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.words import say
from optiscope.engine.loop.checkpoint import Reason
from optiscope.runs.keeping.codec import decode_blocks
from optiscope.runs.keeping.reports import report_of
from optiscope.runs.service import RunService


async def watched_among(request: Request, runs: Sequence[GivenRun]) -> list[str]:
    """The ids of watched runs, if these are such.

    Raises:
        ConfigError: If only some of them are.
        UnknownRunError: If one is not kept.
    """
    ids = [run.id for run in runs if isinstance(run, KeptRun)]
    kept = await get_kept_runs(request) if ids else None
    watched = [] if kept is None else [id_ for id_ in ids if (await kept.get(id_)).source is not None]
    if watched and len(watched) < len(runs):
        raise ConfigError.at("/runs", say("one_file_watched"))
    return watched


async def loops_of(request: Request, ids: Sequence[str], service: RunService) -> dict[str, Any]:
    """What is recorded of watched runs."""
    kept, options = await get_kept_runs(request), request.app.state.options
    told = {id_: await kept.exports.told(id_) for id_ in ids}
    require_few(sum(len(piece) for run in told.values() for piece in run.pieces), options.limits)
    loops = []
    for id_, run in told.items():
        report, source, ended = None, run.about.source, run.about.ended
        if source is not None and "started" in source:
            is_complete = ended is not None and ended["reason"] == Reason.COMPLETED
            job = partial(report_of, is_complete=is_complete)
            report = await service.compute(job, source, run.pieces)
        blocks = [block for piece in run.pieces for block in decode_blocks(piece)]
        loops.append(Watched(await kept.get(id_), blocks, report))
    return record_loops(loops, options)

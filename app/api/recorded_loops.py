"""What the page asks for while it shows watched loops, answered ahead: for a file that needs no server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from optiscope.api import wire
from optiscope.api.recording import common
from optiscope.api.run_documents import page_document, run_document
from optiscope.engine.advice.defaults import DEFAULT_COMPARISON
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.words import say
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.runs.keeping.listing import Page
from optiscope.runs.keeping.removing import Totals
from optiscope.runs.keeping.run import Run, State
from optiscope.settings import Settings


@dataclass(frozen=True)
class Watched:
    """A watched run that a file is to show.

    Attributes:
        run: As it is kept; one that goes on stands still in a file.
        blocks: Its records.
        report: What an expert would say of it, if that is known.
    """

    run: Run
    blocks: Sequence[Block]
    report: Mapping[str, Any] | None


def record_loops(loops: Sequence[Watched], options: Settings) -> dict[str, Any]:
    """The part of ``Contents`` of ``static/js/onefile/recording.js`` that is of watched runs."""
    beside = common([RunConfig.model_validate(config) for config in DEFAULT_COMPARISON], options)
    still = [replace(loop, run=_still(loop.run)) for loop in loops]
    runs = [loop.run for loop in still]
    totals = Totals(len(runs), sum(run.nbytes for run in runs), 0, 0)
    listed = page_document(Page(runs, None, totals, []), options)
    documents = {"/api/runs": orjson.Fragment(listed)}
    for loop in still:
        documents |= _documents(loop)
    return {"runs": [], "scenes": [], **beside, "documents": beside["documents"] | documents}


def _documents(loop: Watched) -> dict[str, Any]:
    """What is asked of one run, by the addresses."""
    path = f"/api/runs/{loop.run.id}"
    found = {path: orjson.Fragment(run_document(loop.run)), f"{path}/steps": _events(loop)}
    if loop.report is not None:
        found[f"{path}/report"] = orjson.Fragment(wire.dumps({"id": loop.run.id} | dict(loop.report)))
    return found


def _still(run: Run) -> Run:
    """A run of which nothing more comes."""
    if run.state is not State.RUNNING:
        return run
    return replace(run, state=State.PAUSED, said=say("one_file_live"), reason=None)


def _events(loop: Watched) -> str:
    """Its stream: a line for each event."""
    run = loop.run
    ended = run.stopped or run.ended or Ended(Reason.PAUSED, run.step, say("one_file_live"))
    started = wire.started_without_config(run.source or {}, lambda: loop.blocks, {"id": run.id})
    records = (line for block in loop.blocks for line in wire.column_lines(block, {}))
    return b"".join((started, *records, *wire.event_lines(ended, "columns", {}))).decode()

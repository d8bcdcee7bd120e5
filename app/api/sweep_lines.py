"""The lines of a sweep that is trained for whoever asks."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from optiscope.api.sweep_documents import cells_line, ended_line, started_line, way_documents
from optiscope.engine.core.limits import Limits
from optiscope.engine.sweep.cells import Cells
from optiscope.engine.sweep.job import Outlook
from optiscope.engine.sweep.plan import Plan
from optiscope.runs.engine_thread import in_engine_thread
from optiscope.runs.kernels import Kernels
from optiscope.runs.service import RunService
from optiscope.runs.sweeping import SweepEnded, sweep, ways_of
from optiscope.runs.workers.lanes import Kind


async def lines_of_sweep(
    service: RunService, kernels: Kernels, plan: Plan, limits: Limits
) -> AsyncGenerator[bytes]:
    """Its beginning, its cells as they come, its end; whoever closes this ends the sweep."""
    async with aclosing(sweep(service, kernels, plan)) as events:
        known: Any = await anext(events)
        ways = ways_told(plan, known, service, kernels)
        yield await in_engine_thread(started_line, plan, ways, limits)
        async for event in events:
            if isinstance(event, SweepEnded):
                yield ended_line(event)
            elif isinstance(event, Cells):
                yield cells_line(event)


def ways_told(
    plan: Plan, outlooks: Sequence[Outlook], service: RunService, kernels: Kernels
) -> list[dict[str, Any]]:
    """Which members go which way, as JSON."""
    workers = service.executor.workers_for(Kind.SWEEP)
    return way_documents(ways_of(plan, outlooks, service.speeds, workers, kernels.stacked_because))

"""The same for programs that await: one connection for many requests at once."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from optiscope.client import calls, run_calls
from optiscope.client.answers import RunEnded, Step
from optiscope.client.async_sweeps import AsyncSweepsClient
from optiscope.client.call import awaits
from optiscope.client.following import FollowedBlock, FollowedBlocks, FollowedEvents, FollowedRuns
from optiscope.client.kept_run import KeptRun
from optiscope.client.stream import ComparedBlock, Comparison
from optiscope.records import Block, Record


class AsyncClient(AsyncSweepsClient):
    """Talks to one server, and is awaited; what it is asked is that of :class:`optiscope.Client`.

    Args:
        url: Address of the server; unless given, ``OPTISCOPE_URL`` of the environment, or
            ``http://127.0.0.1:8000``.
        token: Its access token, if it has one; unless given, ``OPTISCOPE_TOKEN`` of the environment.
        timeout: Seconds to wait for an answer, or for more of a stream.
        patience: Seconds in which a server that is busy is asked again, as often as it says, and one that has
            answered before is waited for.
        transport: How requests travel, if not over the network.
    """

    health = awaits(calls.health)
    catalog = awaits(calls.catalog)
    catalog_summary = awaits(calls.catalog_summary)
    catalog_entry = awaits(calls.catalog_entry)
    optimizers = awaits(calls.optimizers)
    loop_mistakes = awaits(calls.loop_mistakes)
    lr_scheduler_presets = awaits(calls.lr_scheduler_presets)
    lessons = awaits(calls.lessons)
    read_lesson = awaits(calls.read_lesson)
    lint = awaits(calls.lint)
    code = awaits(calls.code)
    lr_schedule = awaits(calls.lr_schedule)
    loss_surface = awaits(calls.loss_surface)
    curvature = awaits(calls.curvature)
    central_flow = awaits(calls.central_flow)
    gradient_noise = awaits(calls.gradient_noise)
    held_out_loss = awaits(calls.held_out_loss)
    decision_boundary = awaits(calls.decision_boundary)
    anatomy = awaits(calls.anatomy)
    export_runs = awaits(calls.export_runs)
    export_html = awaits(calls.export_html)
    create = awaits(run_calls.create)
    run = awaits(run_calls.run)
    extend = awaits(run_calls.extend)
    pause = awaits(run_calls.pause)
    resume = awaits(run_calls.resume)
    fork = awaits(run_calls.fork)
    rename = awaits(run_calls.rename)
    pin = awaits(run_calls.pin)
    delete = awaits(run_calls.delete)
    checkpoint = awaits(run_calls.checkpoint)
    export = awaits(run_calls.export)
    report = awaits(run_calls.report)
    upload = awaits(run_calls.upload)
    import_run = awaits(run_calls.import_run)
    append_steps = awaits(run_calls.append_steps)

    def compare(
        self, configs: Sequence[Mapping[str, Any]], *, record: Sequence[str] | None = None
    ) -> AsyncIterator[ComparedBlock]:
        """Train several runs in one stream; see :meth:`optiscope.Client.compare`."""
        return self._taken(Comparison(len(configs)), calls.compared(configs, record))

    def runs(self, search: str = "", *, state: run_calls.State | None = None) -> AsyncIterator[KeptRun]:
        """All kept runs, newest first; see :meth:`optiscope.Client.runs`."""
        return self._listed(lambda before: run_calls.runs_page(search, state, before))

    async def follow(
        self, id_: str, since: int = 0, *, record: Sequence[str] | None = None
    ) -> AsyncIterator[Record]:
        """The records of a kept run, live or replayed; see :meth:`optiscope.Client.follow`."""
        async with aclosing(self._followed(FollowedBlocks(id_, since, record))) as blocks:
            async for block in blocks:
                for found in block.records():
                    yield found

    def follow_blocks(
        self, id_: str, since: int = 0, *, record: Sequence[str] | None = None
    ) -> AsyncIterator[Block]:
        """:meth:`follow`, as columns."""
        return self._followed(FollowedBlocks(id_, since, record))

    def follow_events(
        self, id_: str, since: int = 0, *, record: Sequence[str] | None = None
    ) -> AsyncIterator[Step | RunEnded]:
        """:meth:`follow`, as it travels: a ``step`` for each record, and ``run_ended``."""
        return self._followed(FollowedEvents(id_, since, record))

    def follow_all(
        self, ids: Sequence[str], *, record: Sequence[str] | None = None
    ) -> AsyncIterator[FollowedBlock]:
        """:meth:`follow_blocks` of several runs in one stream, each block with the id of its run."""
        return self._followed(FollowedRuns(ids, record))

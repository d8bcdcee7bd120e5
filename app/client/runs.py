"""Runs that a server keeps: ``/api/runs``."""

from collections.abc import Iterator, Sequence

from optiscope.client import run_calls
from optiscope.client.answers import RunEnded, Step
from optiscope.client.call import waits
from optiscope.client.connection import Connection
from optiscope.client.following import FollowedBlock, FollowedBlocks, FollowedEvents, FollowedRuns
from optiscope.client.kept_run import KeptRun
from optiscope.records import Block, Record


class RunsClient(Connection):
    """What a server does with runs that it keeps."""

    create = waits(run_calls.create)
    run = waits(run_calls.run)
    extend = waits(run_calls.extend)
    pause = waits(run_calls.pause)
    resume = waits(run_calls.resume)
    fork = waits(run_calls.fork)
    rename = waits(run_calls.rename)
    pin = waits(run_calls.pin)
    delete = waits(run_calls.delete)
    checkpoint = waits(run_calls.checkpoint)
    export = waits(run_calls.export)
    report = waits(run_calls.report)
    upload = waits(run_calls.upload)
    import_run = waits(run_calls.import_run)
    append_steps = waits(run_calls.append_steps)

    def runs(self, search: str = "", *, state: run_calls.State | None = None) -> Iterator[KeptRun]:
        """All kept runs, newest first; only those with all words of ``search``, or in a state."""
        return self._listed(lambda before: run_calls.runs_page(search, state, before))

    def follow(self, id_: str, since: int = 0, *, record: Sequence[str] | None = None) -> Iterator[Record]:
        """The records of a kept run from a step on, live or replayed, each once.

        A connection that breaks, or a server that is started again, is waited for, as long as the client has
        patience; a server that never answered is not. The iteration ends when the run has ended or is paused.

        Args:
            id_: Of the run.
            since: The first step.
            record: The columns that are wanted, such as ``["loss"]``; all, unless given.
        """
        for block in self.follow_blocks(id_, since, record=record):
            yield from block.records()

    def follow_blocks(
        self, id_: str, since: int = 0, *, record: Sequence[str] | None = None
    ) -> Iterator[Block]:
        """:meth:`follow`, as columns."""
        return self._followed(FollowedBlocks(id_, since, record))

    def follow_events(
        self, id_: str, since: int = 0, *, record: Sequence[str] | None = None
    ) -> Iterator[Step | RunEnded]:
        """:meth:`follow`, as it travels: a ``step`` for each record, and ``run_ended``."""
        return self._followed(FollowedEvents(id_, since, record))

    def follow_all(
        self, ids: Sequence[str], *, record: Sequence[str] | None = None
    ) -> Iterator[FollowedBlock]:
        """:meth:`follow_blocks` of several runs in one stream, each block with the id of its run."""
        return self._followed(FollowedRuns(ids, record))

"""Runs that a server keeps: ``/api/runs``."""

from collections.abc import Iterator
from typing import Any

import httpx

from optiscope.client import run_calls
from optiscope.client.call import waits
from optiscope.client.connection import Connection
from optiscope.client.errors import StreamBrokenError
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
    upload = waits(run_calls.upload)
    import_run = waits(run_calls.import_run)

    def runs(self, search: str = "") -> Iterator[KeptRun]:
        """All kept runs, newest first; only those with all words of ``search``."""
        return map(KeptRun.of, self._listed("/api/runs", "runs", search))

    def follow(self, id_: str, since: int = 0) -> Iterator[Record]:
        """The records of a kept run from a step on, live or replayed, each once.

        A connection that breaks, or a server that is started again, is waited for, as long as the client has
        patience; a server that never answered is not. The iteration ends when the run has ended or is paused.
        """
        for block in self.follow_blocks(id_, since):
            yield from block.records()

    def follow_blocks(self, id_: str, since: int = 0) -> Iterator[Block]:
        """:meth:`follow`, as columns."""
        patience = self._patience()
        while True:
            broken: Exception | None = None
            try:
                stream = self.blocks("GET", f"{run_calls.path_of(id_)}/steps", params={"from": since})
                for block in stream:
                    yield block
                    since, patience = block.steps.stop, self._patience()
                if stream.ended is not None and stream.ended.reason != "stopped":
                    return
            except (httpx.TransportError, StreamBrokenError) as error:
                broken = error
            self._wait_for_server(patience, broken)
            if run_calls.is_stopped(self.run(id_)):  # raises if it was deleted
                return

    def follow_events(self, id_: str, since: int = 0) -> Iterator[dict[str, Any]]:
        """:meth:`follow`, as it travels: a ``step`` for each record, and ``run_ended``."""
        patience = self._patience()
        while True:
            broken: Exception | None = None
            try:
                for event in self._events(
                    "GET", f"{run_calls.path_of(id_)}/steps", {"params": {"from": since}}
                ):
                    if event["event"] == "step":
                        yield event
                        since, patience = event["step"] + 1, self._patience()
                    elif event["event"] == "run_ended" and event["reason"] != "stopped":
                        yield event
                        return
            except httpx.TransportError as error:
                broken = error
            self._wait_for_server(patience, broken)
            if run_calls.is_stopped(self.run(id_)):  # raises if it was deleted
                return

"""Runs that a server keeps: ``/api/runs``."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx

from optiscope.client.connection import Connection
from optiscope.client.errors import StreamBrokenError
from optiscope.client.kept_run import KeptRun
from optiscope.records import Block, Record


class RunsClient(Connection):
    """What a server does with runs that it keeps."""

    def create(self, config: Mapping[str, Any], *, name: str | None = None, pinned: bool = False) -> KeptRun:
        """Keep a run and start it; it is trained whether somebody follows it or not."""
        body: dict[str, Any] = {"config": dict(config), "pinned": pinned}
        return self._run("POST", "/api/runs", json=body if name is None else body | {"name": name})

    def runs(self, search: str = "") -> Iterator[KeptRun]:
        """All kept runs, newest first; only those with all words of ``search``."""
        query: dict[str, Any] = {"search": search, "limit": 200}
        while True:
            page = self._json("GET", "/api/runs", params=query)
            yield from map(KeptRun.of, page["runs"])
            if page["next"] is None:
                return
            query["before"] = page["next"]

    def run(self, id_: str) -> KeptRun:
        """One kept run as it is now."""
        return self._run("GET", _path(id_))

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
                stream = self.blocks("GET", f"{_path(id_)}/steps", params={"from": since})
                for block in stream:
                    yield block
                    since, patience = block.steps.stop, self._patience()
                if stream.ended is not None and stream.ended.reason != "stopped":
                    return
            except (httpx.TransportError, StreamBrokenError) as error:
                broken = error
            self._wait_for_server(patience, broken)
            if self._is_stopped(id_):
                return

    def follow_events(self, id_: str, since: int = 0) -> Iterator[dict[str, Any]]:
        """:meth:`follow`, as it travels: a ``step`` for each record, and ``run_ended``."""
        patience = self._patience()
        while True:
            broken: Exception | None = None
            try:
                for event in self._events("GET", f"{_path(id_)}/steps", {"params": {"from": since}}):
                    if event["event"] == "step":
                        yield event
                        since, patience = event["step"] + 1, self._patience()
                    elif event["event"] == "run_ended" and event["reason"] != "stopped":
                        yield event
                        return
            except httpx.TransportError as error:
                broken = error
            self._wait_for_server(patience, broken)
            if self._is_stopped(id_):
                return

    def _is_stopped(self, id_: str) -> bool:
        """Whether a run has ended as stopped, as one of a loop that is not ours does when it falls silent.

        Raises:
            RequestRefusedError: If it was deleted.
        """
        ended = self.run(id_).document["ended"]
        return ended is not None and ended["reason"] == "stopped"

    def extend(self, id_: str, steps: int) -> KeptRun:
        """Add steps to a run."""
        return self._run("POST", f"{_path(id_)}/extend", json={"steps": steps})

    def pause(self, id_: str) -> KeptRun:
        """Stop training a run after its last step."""
        return self._run("POST", f"{_path(id_)}/pause")

    def resume(self, id_: str) -> KeptRun:
        """Go on with a paused run."""
        return self._run("POST", f"{_path(id_)}/resume")

    def fork(
        self,
        id_: str,
        step: int,
        changes: Mapping[str, Any] | None = None,
        *,
        restore_optimizer: bool = True,
        restore_lr_scheduler: bool = True,
        name: str | None = None,
    ) -> KeptRun:
        """A new run that begins where a run stood at ``step``, with ``changes`` merged into its config."""
        restore = {"optimizer": restore_optimizer, "lr_scheduler": restore_lr_scheduler}
        body = {"step": step, "changes": dict(changes or {}), "restore": restore}
        return self._run("POST", f"{_path(id_)}/fork", json=body if name is None else body | {"name": name})

    def rename(self, id_: str, name: str) -> KeptRun:
        """Call a run something else."""
        return self._run("PATCH", _path(id_), json={"name": name})

    def pin(self, id_: str, *, pinned: bool = True) -> KeptRun:
        """Keep a run whatever the quota says, or no longer."""
        return self._run("PATCH", _path(id_), json={"pinned": pinned})

    def delete(self, id_: str) -> None:
        """Delete a run."""
        self._request("DELETE", _path(id_))

    def checkpoint(self, id_: str, step: int) -> bytes:
        """A file of any recorded step; ``torch.load(io.BytesIO(file), weights_only=True)`` reads it."""
        return self._request("GET", f"{_path(id_)}/checkpoints/{step}").content

    def export(self, id_: str, format: str = "csv") -> bytes:  # noqa: A002 - as in the address
        """What is recorded of a run as a file, in a format of ``GET /api/runs/{id}/export``."""
        return self._request("GET", f"{_path(id_)}/export", params={"format": format}).content

    def upload(self, file: bytes, *, name: str | None = None) -> KeptRun:
        """A new run that goes on from such a file."""
        headers = {"Content-Type": "application/octet-stream"}
        query = {} if name is None else {"name": name}
        return self._run("POST", "/api/runs/from-checkpoint", content=file, headers=headers, params=query)

    def import_run(self, file: bytes, *, name: str | None = None) -> KeptRun:
        """A watched run, as ``optiscope.watch`` wrote it into a file."""
        headers = {"Content-Type": "application/jsonl"}
        query = {} if name is None else {"name": name}
        return self._run("POST", "/api/runs/import", content=file, headers=headers, params=query)

    def _run(self, method: str, path: str, **more: Any) -> KeptRun:
        return KeptRun.of(self._json(method, path, **more))


def _path(id_: str) -> str:
    """Where a kept run is; an id that is none leads nowhere else."""
    return f"/api/runs/{quote(id_, safe='')}"

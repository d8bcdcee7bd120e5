"""Calls about runs that a server keeps: ``/api/runs``."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from optiscope.client.call import Call, content, document, nothing
from optiscope.client.calls import Format
from optiscope.client.kept_run import KeptRun


def create(config: Mapping[str, Any], *, name: str | None = None, pinned: bool = False) -> Call[KeptRun]:
    """Keep a run and start it; it is trained whether somebody follows it or not."""
    body: dict[str, Any] = {"config": dict(config), "pinned": pinned}
    return _run("POST", "/api/runs", json=body if name is None else body | {"name": name})


def run(id_: str) -> Call[KeptRun]:
    """One kept run as it is now."""
    return _run("GET", path_of(id_))


def extend(id_: str, steps: int) -> Call[KeptRun]:
    """Add steps to a run."""
    return _run("POST", f"{path_of(id_)}/extend", json={"steps": steps})


def pause(id_: str) -> Call[KeptRun]:
    """Stop training a run after its last step."""
    return _run("POST", f"{path_of(id_)}/pause")


def resume(id_: str) -> Call[KeptRun]:
    """Go on with a paused run."""
    return _run("POST", f"{path_of(id_)}/resume")


def fork(
    id_: str,
    step: int,
    changes: Mapping[str, Any] | None = None,
    *,
    restore_optimizer: bool = True,
    restore_lr_scheduler: bool = True,
    name: str | None = None,
) -> Call[KeptRun]:
    """A new run that begins where a run stood at ``step``, with ``changes`` merged into its config."""
    restore = {"optimizer": restore_optimizer, "lr_scheduler": restore_lr_scheduler}
    body = {"step": step, "changes": dict(changes or {}), "restore": restore}
    return _run("POST", f"{path_of(id_)}/fork", json=body if name is None else body | {"name": name})


def rename(id_: str, name: str) -> Call[KeptRun]:
    """Call a run something else."""
    return _run("PATCH", path_of(id_), json={"name": name})


def pin(id_: str, *, pinned: bool = True) -> Call[KeptRun]:
    """Keep a run whatever the quota says, or no longer."""
    return _run("PATCH", path_of(id_), json={"pinned": pinned})


def delete(id_: str) -> Call[None]:
    """Delete a run."""
    return Call("DELETE", path_of(id_), nothing)


def checkpoint(id_: str, step: int) -> Call[bytes]:
    """A file of any recorded step; ``torch.load(io.BytesIO(file), weights_only=True)`` reads it."""
    return Call("GET", f"{path_of(id_)}/checkpoints/{step}", content)


def export(id_: str, format: Format = "csv") -> Call[bytes]:  # noqa: A002 - as in the address
    """What is recorded of a run as a file, in a format of ``GET /api/runs/{id}/export``."""
    return Call("GET", f"{path_of(id_)}/export", content, {"params": {"format": format}})


def upload(file: bytes, *, name: str | None = None) -> Call[KeptRun]:
    """A new run that goes on from the file of a checkpoint."""
    return _file("/api/runs/from-checkpoint", file, "application/octet-stream", name)


def import_run(file: bytes, *, name: str | None = None) -> Call[KeptRun]:
    """A watched run, as ``optiscope.watch`` wrote it into a file."""
    return _file("/api/runs/import", file, "application/jsonl", name)


def is_stopped(run: KeptRun) -> bool:
    """Whether a run has ended as stopped, as one of a loop that is not ours does when it falls silent."""
    ended = run.document["ended"]
    return ended is not None and ended["reason"] == "stopped"


def path_of(id_: str) -> str:
    """Where a kept run is; an id that is none leads nowhere else."""
    return f"/api/runs/{quote(id_, safe='')}"


def _run(method: str, path: str, **more: Any) -> Call[KeptRun]:
    return Call(method, path, _read, more)


def _file(path: str, file: bytes, kind: str, name: str | None) -> Call[KeptRun]:
    query = {} if name is None else {"name": name}
    return _run("POST", path, content=file, headers={"Content-Type": kind}, params=query)


def _read(response: httpx.Response) -> KeptRun:
    return KeptRun.of(document(response))

"""Calls about runs that a server keeps: ``/api/runs``."""

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import quote

import httpx

from optiscope.client.answers import Report
from optiscope.client.call import Call, content, document, nothing
from optiscope.client.calls import Format
from optiscope.client.kept_run import KeptRun
from optiscope.client.pages import Page, page

State = Literal["running", "paused", "ended", "damaged"]

_LINES = {"Content-Type": "application/jsonl"}


def create(config: Mapping[str, Any], *, name: str | None = None, pinned: bool = False) -> Call[KeptRun]:
    """Keep a run and start it; it is trained whether somebody follows it or not."""
    body: dict[str, Any] = {"config": dict(config), "pinned": pinned}
    return _run("POST", "/api/runs", json=body if name is None else body | {"name": name})


def runs_page(search: str, state: State | None, before: int | None) -> Call[Page[KeptRun]]:
    """Some kept runs, newest first."""
    return page("/api/runs", "runs", KeptRun.of, {"search": search, "state": state}, before)


def run(id_: str) -> Call[KeptRun]:
    """One kept run as it is now."""
    return _run("GET", path_of(id_))


def extend(id_: str, steps: int, *, version: int | None = None) -> Call[KeptRun]:
    """Add steps to a run; refused where a ``version`` is given and the run is at another one."""
    return _run("POST", f"{path_of(id_)}/extend", json={"steps": steps}, headers=_only(version))


def pause(id_: str, *, version: int | None = None) -> Call[KeptRun]:
    """Stop training a run after its last step."""
    return _run("POST", f"{path_of(id_)}/pause", headers=_only(version))


def resume(id_: str, *, version: int | None = None) -> Call[KeptRun]:
    """Go on with a paused run."""
    return _run("POST", f"{path_of(id_)}/resume", headers=_only(version))


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


def rename(id_: str, name: str, *, version: int | None = None) -> Call[KeptRun]:
    """Call a run something else."""
    return _run("PATCH", path_of(id_), json={"name": name}, headers=_only(version))


def pin(id_: str, *, pinned: bool = True, version: int | None = None) -> Call[KeptRun]:
    """Keep a run whatever the quota says, or no longer."""
    return _run("PATCH", path_of(id_), json={"pinned": pinned}, headers=_only(version))


def delete(id_: str, *, version: int | None = None) -> Call[None]:
    """Delete a run."""
    return Call("DELETE", path_of(id_), nothing, {"headers": _only(version)})


def checkpoint(id_: str, step: int) -> Call[bytes]:
    """A file of any recorded step; ``torch.load(io.BytesIO(file), weights_only=True)`` reads it."""
    return Call("GET", f"{path_of(id_)}/checkpoints/{step}", content)


def export(id_: str, format: Format = "csv", *, held_out: bool = False) -> Call[bytes]:  # noqa: A002 - as in the address
    """What is recorded of a run as a file, in a format of ``GET /api/runs/{id}/export``.

    Args:
        id_: Of the run.
        format: Of the file.
        held_out: Whether the loss on held-out samples is one more column, ``held_out_loss``.
    """
    query = {"format": format, "held_out": held_out}
    return Call("GET", f"{path_of(id_)}/export", content, {"params": query})


def report(id_: str) -> Call[Report]:
    """What an expert would say of a watched run: ``found`` is empty where all is well."""
    return Call("GET", f"{path_of(id_)}/report", document)


def upload(file: bytes, *, name: str | None = None) -> Call[KeptRun]:
    """A new run that goes on from the file of a checkpoint."""
    return _file("/api/runs/from-checkpoint", file, {"Content-Type": "application/octet-stream"}, name)


def import_run(file: bytes, *, name: str | None = None, file_name: str | None = None) -> Call[KeptRun]:
    """A watched run, as ``optiscope.watch`` wrote it into a file; one that is kept already is that run.

    Args:
        file: All of it.
        name: What to call it.
        file_name: What to call it if its program has not named it.
    """
    more = {} if file_name is None else {"file": file_name}
    return _file("/api/runs/import", file, _LINES, name, **more)


def append_steps(id_: str, lines: bytes, since: int) -> Call[KeptRun]:
    """Go on with a live run of a loop that is not ours; ``optiscope.watch`` does it by itself.

    Args:
        id_: Of the run.
        lines: Blocks, as ``optiscope.watch`` writes them; ``run_ended`` closes the run.
        since: The step that they begin at.
    """
    return _run("POST", f"{path_of(id_)}/steps", content=lines, headers=_LINES, params={"from": since})


def path_of(id_: str) -> str:
    """Where a kept run is; an id that is none leads nowhere else."""
    return f"/api/runs/{quote(id_, safe='')}"


def _only(version: int | None) -> dict[str, str]:
    """The header that insists on a version."""
    return {} if version is None else {"If-Match": f'"{version}"'}


def _run(method: str, path: str, **more: Any) -> Call[KeptRun]:
    return Call(method, path, _read, more)


def _file(path: str, content: bytes, kind: Mapping[str, str], name: str | None, **more: str) -> Call[KeptRun]:
    query = more if name is None else {"name": name, **more}
    return _run("POST", path, content=content, headers=kind, params=query)


def _read(response: httpx.Response) -> KeptRun:
    return KeptRun.of(document(response))

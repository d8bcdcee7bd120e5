"""Calls about sweeps: ``/api/sweeps``."""

from collections.abc import Mapping
from typing import Any, Literal, get_args
from urllib.parse import quote

import httpx

from optiscope.client.answers import SweepPlan
from optiscope.client.call import Call, Request, content, document, nothing
from optiscope.client.kept_sweep import KeptSweep
from optiscope.client.pages import Page, page

CellsFormat = Literal["csv", "jsonl", "npz", "parquet"]
FORMATS: tuple[CellsFormat, ...] = get_args(CellsFormat)


def sweeps_page(search: str, before: int | None) -> Call[Page[KeptSweep]]:
    """Some kept sweeps, newest first."""
    return page("/api/sweeps", "sweeps", KeptSweep.of, {"search": search}, before)


def kept_sweep(id_: str) -> Call[KeptSweep]:
    """One kept sweep as it is now, with what is swept and what it comes to."""
    return Call("GET", path_of(id_), _read)


def pause_sweep(id_: str) -> Call[KeptSweep]:
    """Stop training a kept sweep; what is done stays."""
    return Call("POST", f"{path_of(id_)}/pause", _read)


def resume_sweep(id_: str) -> Call[KeptSweep]:
    """Go on with what is missing of a paused sweep."""
    return Call("POST", f"{path_of(id_)}/resume", _read)


def rename_sweep(id_: str, name: str) -> Call[KeptSweep]:
    """Call a kept sweep something else."""
    return Call("PATCH", path_of(id_), _read, {"json": {"name": name}})


def pin_sweep(id_: str, *, pinned: bool = True) -> Call[KeptSweep]:
    """Keep a sweep whatever the quota says, or no longer."""
    return Call("PATCH", path_of(id_), _read, {"json": {"pinned": pinned}})


def delete_sweep(id_: str) -> Call[None]:
    """Delete a kept sweep and its cells."""
    return Call("DELETE", path_of(id_), nothing)


def export_sweep(id_: str, format: CellsFormat = "csv") -> Call[bytes]:  # noqa: A002 - as in the address
    """The cells of a kept sweep as a file."""
    return Call("GET", f"{path_of(id_)}/export", content, {"params": {"format": format}})


def plan_sweep(config: Mapping[str, Any]) -> Call[SweepPlan]:
    """What a sweep comes to without training it: ``shape``, ``members``, ``ways`` and their ``seconds``.

    Args:
        config: As for ``sweep``.

    Raises:
        RequestRefusedError: If it cannot be run or is too much; ``errors`` names every field.
    """
    return Call("POST", "/api/sweeps/plan", document, {"json": dict(config)})


def swept(config: Mapping[str, Any], *, keep: bool, name: str | None) -> Request:
    """The stream that trains a sweep."""
    query = {"keep": keep} | ({} if name is None else {"name": name}) if keep else {}
    return Request("POST", "/api/sweeps", {"json": dict(config), "params": query})


def path_of(id_: str) -> str:
    """Where a kept sweep is; an id that is none leads nowhere else."""
    return f"/api/sweeps/{quote(id_, safe='')}"


def _read(response: httpx.Response) -> KeptSweep:
    return KeptSweep.of(document(response))

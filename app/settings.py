"""Every limit and address of Optiscope, read from ``OPTISCOPE_*`` environment variables.

Whoever serves or trains reads them once and hands them on; the engine is given its :class:`Limits`.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from optiscope.engine.core.limits import Limits

ORIGIN = r"^https?://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?$"
"""A scheme, a name and perhaps a port."""


def default_data_dir() -> Path:
    """Where a program of this platform keeps what a person made with it."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Optiscope"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Optiscope"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "optiscope"


class Settings(BaseSettings, Limits):
    """Addresses, limits and paths; a field ``max_steps`` is set by ``OPTISCOPE_MAX_STEPS``."""

    model_config = SettingsConfigDict(env_prefix="OPTISCOPE_", frozen=True)

    host: str = Field("127.0.0.1", description="Address to bind to; anything but loopback requires a token.")
    port: int = Field(8000, ge=0, le=65535, description="Port to bind to.")
    allowed_hosts: tuple[str, ...] = Field((), description="Further host names that requests may name.")
    public_url: str | None = Field(
        None,
        pattern=ORIGIN,
        description="Where a proxy makes it known, as https://lab.example; its pages may use the server.",
    )
    frame_ancestors: tuple[Annotated[str, Field(pattern=ORIGIN)], ...] = Field(
        (), description='Origins whose pages may hold this one in a frame, as ["http://localhost:8888"].'
    )
    token: str | None = Field(None, min_length=16, description="Access token; required off loopback.")
    url: str | None = Field(
        None, description="Server that commands and clients talk to; by default the one that `serve` starts."
    )
    log_level: Literal["error", "warning", "info", "debug"] = Field("warning", description="What is logged.")
    workers: int = Field(0, ge=0, le=256, description="Training processes; 0 means one for each core.")
    scheduler: str | None = Field(
        None, description="Dask scheduler whose workers train sweeps, as tcp://10.0.0.5:8786."
    )
    compile_ahead: bool = Field(
        True, description="Compile kernels of suggested runs while nobody asks for anything."
    )
    job_retries: int = Field(2, ge=0, description="How often a job is sent again after its worker died.")
    job_seconds: float = Field(60.0, gt=0, description="A job that takes longer is ended, with its worker.")
    chunk_seconds: float = Field(0.1, gt=0, description="Work that is sent to a worker at once.")
    chunk_bytes: int = Field(2**21, ge=1, description="Records that come back from a worker at once.")
    cache_bytes: int = Field(2**28, ge=0, description="Finished runs kept in memory to be replayed.")
    max_streams: int = Field(64, ge=1, description="Requests that compute at the same time; more get 429.")
    max_client_streams: int = Field(56, ge=1, description="The same, of one client's address.")
    data_dir: Path = Field(default_factory=default_data_dir, description="Where runs are kept.")
    resume_runs: bool = Field(True, description="Go on with unfinished runs when the server starts.")
    storage_wait_seconds: float = Field(6.0, ge=0, description="Waits so long for the last server to end.")
    storage_retry_seconds: float = Field(2.0, gt=0, description="A full disk is tried again this often.")
    max_active_runs: int = Field(128, ge=1, description="Kept runs that are trained at the same time.")
    max_client_runs: int = Field(64, ge=1, description="The same, of one client's address.")
    max_followers: int = Field(512, ge=1, description="Requests that follow kept runs at the same time.")
    max_kept_runs: int = Field(5000, ge=1, description="Ended runs kept; the oldest unpinned ones go.")
    max_kept_bytes: int = Field(2**32, ge=1, description="Their size; the oldest unpinned ones go.")
    max_checkpoints: int = Field(64, ge=2, description="Checkpoints kept of one run; the rest is replayed.")
    max_active_sweeps: int = Field(16, ge=1, description="Kept sweeps that are trained at the same time.")
    max_client_sweeps: int = Field(8, ge=1, description="The same, of one client's address.")
    max_kept_sweeps: int = Field(500, ge=1, description="Ended sweeps kept; the oldest unpinned ones go.")
    max_kept_sweep_bytes: int = Field(2**30, ge=1, description="Their size; the oldest unpinned ones go.")
    max_kept_sweep_members: int = Field(1_000_000, ge=1, description="Members of one sweep that is kept.")
    encoded_bytes: int = Field(2**25, ge=0, description="Encoded records kept for followers of one run.")
    max_body_bytes: int = Field(2**22, ge=1, description="Size of a request body.")
    max_import_bytes: int = Field(2**26, ge=1, description="Size of a watched run.")
    max_body_parts: int = Field(50_000, ge=1, description="Fields, lists and objects in a request body.")
    max_connections: int = Field(800, ge=1, description="Open connections; further ones are refused.")
    max_head_bytes: int = Field(2**15, ge=256, description="Size of a request's head.")
    head_seconds: float = Field(20.0, gt=0, description="Time in which the head of a request has to come.")
    body_seconds: float = Field(20.0, gt=0, description="Silence in a request's body that ends it.")
    request_seconds: float = Field(300.0, gt=0, description="Time in which all of a body has to come.")
    idle_seconds: float = Field(75.0, gt=0, description="Time that a connection stays open between requests.")
    stall_seconds: float = Field(30.0, gt=0, description="A reader that takes nothing this long is cut off.")
    shutdown_seconds: float = Field(3.0, gt=0, description="Time that open streams get to end at shutdown.")

    @property
    def limits(self) -> Limits:
        """The bounds of a request, to be handed on."""
        return Limits(**{name: getattr(self, name) for name in Limits.model_fields})


def require_one_web_process() -> None:
    """Refuse several: each would know nothing of the runs, places and finished runs of the others.

    Raises:
        RuntimeError: If ``WEB_CONCURRENCY`` asks for several.
    """
    if int(os.environ.get("WEB_CONCURRENCY") or 1) > 1:
        raise RuntimeError(
            "Optiscope runs in one web process: unset WEB_CONCURRENCY (OPTISCOPE_WORKERS sets trainers)"
        )


def asset_dir(name: str) -> Path:
    """The folder ``static`` or ``templates``: beside these files when installed, else one level up."""
    here = Path(__file__).resolve().parent
    installed = here / name
    return installed if installed.is_dir() else here.parent / name

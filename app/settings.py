"""Every limit and address of Optiscope, read from ``OPTISCOPE_*`` environment variables.

This module stands below all others: the engine bounds requests with it, the server binds with it.
"""

import os
import sys
from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def default_data_dir() -> Path:
    """Where a program of this platform keeps what a person made with it."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Optiscope"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Optiscope"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "optiscope"


class Settings(BaseSettings):
    """Addresses, limits and paths; a field ``max_steps`` is set by ``OPTISCOPE_MAX_STEPS``."""

    model_config = SettingsConfigDict(env_prefix="OPTISCOPE_", frozen=True)

    host: str = Field("127.0.0.1", description="Address to bind to; anything but loopback requires a token.")
    port: int = Field(8000, ge=0, le=65535, description="Port to bind to.")
    allowed_hosts: tuple[str, ...] = Field((), description="Further host names that requests may name.")
    token: str | None = Field(None, min_length=16, description="Access token; required off loopback.")
    workers: int = Field(0, ge=0, le=256, description="Training processes; 0 means one for each core.")
    job_retries: int = Field(2, ge=0, description="How often a job is sent again after its worker died.")
    job_seconds: float = Field(60.0, gt=0, description="A job that takes longer is ended, with its worker.")
    chunk_seconds: float = Field(0.1, gt=0, description="Work that is sent to a worker at once.")
    chunk_bytes: int = Field(2**21, ge=1, description="Records that come back from a worker at once.")
    cache_bytes: int = Field(2**28, ge=0, description="Finished runs kept in memory to be replayed.")
    max_streams: int = Field(64, ge=1, description="Requests that compute at the same time; more get 429.")
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
    max_run_name: int = Field(200, ge=1, description="Characters of the name of a run.")
    max_upload_bytes: int = Field(2**22, ge=1, description="Size of an uploaded checkpoint.")
    encoded_bytes: int = Field(2**25, ge=0, description="Encoded records kept for followers of one run.")
    max_body_bytes: int = Field(2**22, ge=1, description="Size of a request body.")
    stall_seconds: float = Field(30.0, gt=0, description="A reader that takes nothing this long is cut off.")
    shutdown_seconds: float = Field(3.0, gt=0, description="Time that open streams get to end at shutdown.")

    max_steps: int = Field(100_000, ge=1, description="Steps of one run.")
    max_hidden_layers: int = Field(6, ge=1, description="Hidden layers of the network.")
    max_hidden_units: int = Field(64, ge=1, description="Units in one hidden layer.")
    max_samples: int = Field(4096, ge=1, description="Samples of a generated dataset.")
    max_noise: float = Field(2.0, ge=0, description="Standard deviation of the noise of a dataset.")
    max_seed: int = Field(2**32 - 1, ge=0, description="Largest seed.")
    max_abs_parameter: float = Field(1e6, gt=0, description="Magnitude of a given initial parameter.")
    max_param_groups: int = Field(16, ge=1, description="Param groups of an optimizer.")
    max_schedulers: int = Field(8, ge=1, description="Schedulers inside one composite scheduler.")
    max_scheduler_depth: int = Field(3, ge=1, description="Nesting of composite schedulers.")
    max_milestones: int = Field(64, ge=1, description="Milestones of a scheduler.")
    max_schedule_values: int = Field(
        400_000, ge=1, description="Steps of a drawn schedule, times its param groups."
    )
    max_linted_steps: int = Field(
        5_000, ge=1, description="Steps of a schedule that the linter looks at; each takes about 10 µs."
    )
    max_expression_length: int = Field(200, ge=1, description="Characters of an expression.")
    max_expression_depth: int = Field(20, ge=1, description="Nesting of an expression.")
    max_freeze_rules: int = Field(32, ge=1, description="Freeze rules of one run.")
    max_compared_runs: int = Field(8, ge=1, description="Runs in one comparison.")
    max_resolution: int = Field(401, ge=2, description="Grid points along each side of a loss surface.")
    max_surface_operations: float = Field(
        5e10, gt=0, description="Multiplications of a loss surface: points x samples x parameters."
    )
    max_boundary_frames: int = Field(256, ge=1, description="Steps of one request for decision boundaries.")
    max_boundary_values: int = Field(
        5_000_000, ge=4, description="Numbers of decision boundaries: runs x steps x points."
    )
    max_hessian_parameters: int = Field(512, ge=1, description="Parameters that a Hessian is computed for.")
    max_curvature_records: int = Field(2_000, ge=1, description="Hessians of one run.")
    max_curvature_operations: float = Field(
        2e10, gt=0, description="Multiplications for the Hessians of one run."
    )
    max_record_values: int = Field(
        50_000_000, ge=1, description="Numbers kept of one run: (steps + 1) x numbers in a record."
    )


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


def asset_dir(name: str) -> Path:
    """The folder ``static`` or ``templates``: beside these files when installed, else one level up."""
    here = Path(__file__).resolve().parent
    installed = here / name
    return installed if installed.is_dir() else here.parent / name

"""The workers that the settings ask for."""

from optiscope.runs.workers.pool import ProcessPool
from optiscope.runs.workers.warm_up import warm_up
from optiscope.settings import Settings


def local_pool(options: Settings) -> ProcessPool:
    """Warm worker processes on this machine."""
    return ProcessPool(
        options.workers,
        retries=options.job_retries,
        deadline=options.job_seconds,
        slice_seconds=options.chunk_seconds,
        warm_up=warm_up,
    )

"""What a worker of a cluster does of a sweep, with kernels that it keeps on its own machine.

Which members go through a kernel is decided once for all workers, so that a cell does not depend on who
trained it.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from optiscope.engine.core.parts import Parts
from optiscope.engine.sweep.compiled import load
from optiscope.engine.sweep.job import (
    Outlook,
    Timed,
    cells_at,
    group_at,
    once_compiled,
    outlooks,
    planned,
    tables_of,
    timed,
)
from optiscope.runs.workers.executor import Job
from optiscope.settings import Settings


def outlooks_there(sweep: str) -> Parts[Sequence[Outlook]]:
    """What is known of each group of a plan; kernels that are worth it count as there, and will be.

    Args:
        sweep: The sweep as JSON; trusted.
    """
    return once_compiled(planned(sweep), (yield from outlooks(sweep, str(_folder()))))


def job_there(sweep: str, piece: tuple[int, int], outlook: Outlook) -> Job:
    """What a worker does for the cells of some positions of one group.

    Args:
        sweep: The sweep as JSON.
        piece: The first position, and the one behind the last.
        outlook: What is known of their group.
    """
    return compiled_cells_there if outlook.is_compiled else cells_there, sweep, *piece


def cells_there(sweep: str, first: int, last: int) -> Parts[Timed]:
    """The cells of the members at some positions, without a kernel, and the seconds that they took."""
    return timed(cells_at(sweep, first, last))


def compiled_cells_there(sweep: str, first: int, last: int) -> Parts[Timed]:
    """The same by a kernel, which is compiled here if it is not there."""
    plan, folder = planned(sweep), _folder()
    load(tables_of(plan, group_at(plan, first).first).net, folder)
    yield
    return (yield from timed(cells_at(sweep, first, last, str(folder))))


@cache
def _folder() -> Path:
    """Where this worker keeps kernels: in its data folder, or, if it cannot write there, in Dask's own."""
    from distributed import get_worker  # noqa: PLC0415 - there is Dask where this is called

    folder = Settings().data_dir / "kernels"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".{id(folder)}"
        probe.touch()
        probe.unlink()
    except OSError:
        return Path(get_worker().local_directory) / "kernels"
    return folder

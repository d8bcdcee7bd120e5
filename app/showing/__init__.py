"""What is shown without a server, in a notebook or as one file: runs, sweeps, watched loops, audits."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

from optiscope.engine.core.config import RunConfig
from optiscope.local import Config
from optiscope.records import Run
from optiscope.showing.audits import shown_audit
from optiscope.showing.loops import shown_file, shown_watch
from optiscope.showing.maps import shown_sweep
from optiscope.showing.runs import shown_runs
from optiscope.showing.shown import HEIGHT, Shown
from optiscope.swept import Sweep
from optiscope.watching.audit import Audit
from optiscope.watching.watch import Watch

__all__ = ["Shown", "show"]

Showable: TypeAlias = Config | Run | Iterable[Config | Run] | Sweep | Watch | Audit | Path


def show(what: Showable, *, address: str = "", height: int = HEIGHT) -> Shown:
    """The page that plays runs of one problem, or shows a map or a watched loop: in a notebook or as a file.

    Args:
        what: Configs, see :func:`optiscope.train`, or runs, which are trained again from their configs; a
            sweep along one or two axes; what ``watch`` or ``audit`` gave; or the path of a file that
            ``watch`` wrote.
        address: How the page looks at it: a query as the page has it, such as ``?v=2&step=40``.
        height: Of its frame in a notebook, in pixels.

    Raises:
        ConfigError: If one of the runs cannot be run, or it is too much for one file.
        SweepBrokenError: If not all cells of a sweep come.

    Example:
        >>> from optiscope import show
        >>> problem = {"name": "rosenbrock"}
        >>> runs = [{"problem": problem, "optimizer": {"name": n}, "steps": 9} for n in ("SGD", "Adam")]
        >>> page = show(runs)
        >>> page.caption
        'SGD, Adam on rosenbrock: 9 steps'
    """
    if isinstance(what, Sweep):
        return shown_sweep(what, address, height)
    if isinstance(what, Watch):
        return shown_watch(what, address, height)
    if isinstance(what, Audit):
        return shown_audit(what, height)
    if isinstance(what, Path):
        return shown_file(what, address, height)
    given = [what] if isinstance(what, RunConfig | Mapping | str | bytes | Run) else list(what)
    with ThreadPoolExecutor(1) as thread:  # a notebook has a loop of its own
        return thread.submit(shown_runs, given, address, height).result()

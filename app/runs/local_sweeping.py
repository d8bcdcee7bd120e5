"""A sweep without a server: in this process, over worker processes that live as long, or on a cluster."""

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

from optiscope.engine.core.parts import whole
from optiscope.engine.loop.plain import plain_torch
from optiscope.engine.sweep.cells import Cells
from optiscope.engine.sweep.job import (
    Outlook,
    Timed,
    cells_at,
    compile_kernels,
    is_worth_compiling,
    number_at,
    once_compiled,
    outlooks,
    timed_cells_at,
)
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.summary import Found
from optiscope.runs.sweeping import AHEAD, Piece, SweepEnded, completed, failed, has_failed, pieces
from optiscope.runs.workers.cluster import Cluster
from optiscope.runs.workers.cluster_sweep import job_there, outlooks_there
from optiscope.runs.workers.executor import Executor, Job
from optiscope.runs.workers.lanes import Kind
from optiscope.runs.workers.local import local_pool
from optiscope.runs.workers.pool import cores
from optiscope.settings import Settings

log = logging.getLogger(__name__)


class Known(NamedTuple):
    """What is known of a sweep before it is trained: of each group, and how many workers train at once."""

    outlooks: Sequence[Outlook]
    workers: int


def sweep_here(plan: Plan, options: Settings) -> Generator[Known | Cells | SweepEnded]:
    """Train all members of a sweep; whoever closes this gives up what is left of it.

    Args:
        plan: Of a sweep that was accepted.
        options: How many workers there are, one being this process, and where kernels are kept; or which
            scheduler has workers.

    Yields:
        What is known of it, cells in any order, each member once, then the end.

    Raises:
        SchedulerError: If there is no cluster at that address, or none that can do it.
    """
    found = Found(plan)
    with closing((_on_this_machine if options.scheduler is None else _on_a_cluster)(plan, options)) as parts:
        yield next(parts)
        try:
            for cells in parts:
                assert isinstance(cells, Cells)  # noqa: S101 - all that follows is
                found.add(cells)
                yield cells
        except Exception as error:
            log.exception("a sweep failed after %d of %d members", found.count, plan.members)
            yield failed(found, error)
        else:
            yield completed(found)


def known_here(plan: Plan, options: Settings) -> Known:
    """What is known of a sweep before it starts; kernels that are worth it count as there."""
    if options.scheduler is not None:
        with _cluster(options) as cluster:
            return _known_there(cluster, plan)
    with plain_torch():
        known = whole(outlooks(plan.text, _folder(options)))
    return Known(once_compiled(plan, known), options.workers or cores())


def _folder(options: Settings) -> str:
    return str(options.data_dir / "kernels")


def _on_this_machine(plan: Plan, options: Settings) -> Generator[Known | Cells]:
    folder = _folder(options)
    found = _outlooks(plan, folder)
    yield Known(found, options.workers or cores())
    rest = pieces(plan, found)
    if options.workers == 1:
        yield from _in_this_process(plan.text, folder, rest)
        return
    pool = local_pool(options)
    try:
        yield from _by_workers(pool, rest, lambda piece: (timed_cells_at, plan.text, *piece, folder))
    finally:
        pool.shutdown()


def _on_a_cluster(plan: Plan, options: Settings) -> Generator[Known | Cells]:
    with _cluster(options) as cluster:
        known = _known_there(cluster, plan)
        yield known

        def job(piece: Piece) -> Job:
            return job_there(plan.text, piece, known.outlooks[number_at(plan, piece[0])])

        yield from _by_workers(cluster, pieces(plan, known.outlooks), job)


@contextmanager
def _cluster(options: Settings) -> Iterator[Cluster]:
    assert options.scheduler is not None  # noqa: S101 - who has none trains here
    cluster = Cluster(options.scheduler, patience=options.job_seconds)
    try:
        cluster.connect()
        yield cluster
    finally:
        cluster.shutdown()


def _known_there(cluster: Cluster, plan: Plan) -> Known:
    function: Callable[..., Any] = outlooks_there
    found: Sequence[Outlook] = cluster.submit(function, plan.text).result()
    return Known(found, len(cluster))


def _outlooks(plan: Plan, folder: str) -> Sequence[Outlook]:
    """What is known of each group, once there are the kernels that are worth their seconds."""
    with plain_torch():
        known = whole(outlooks(plan.text, folder))
        if not is_worth_compiling(plan, known):
            return known
        try:
            whole(compile_kernels(plan.text, folder))
        except OSError as error:
            log.warning("kernels cannot be kept in %s (%s); the sweep goes on without", folder, error)
        return whole(outlooks(plan.text, folder))


def _in_this_process(text: str, folder: str, rest: Iterator[Piece]) -> Generator[Cells]:
    """One piece after the other; between them torch is as the program has set it."""
    for piece in rest:
        with plain_torch():
            cells = whole(cells_at(text, *piece, folder))
        yield cells


def _by_workers(executor: Executor, rest: Iterator[Piece], job: Callable[[Piece], Job]) -> Generator[Cells]:
    """What workers come to, as it comes.

    Args:
        executor: Whose workers.
        rest: What is to be done.
        job: What a worker does for a piece.
    """
    pending: set[Future[Timed]] = set()
    while True:
        count = AHEAD * executor.workers_for(Kind.SWEEP) - len(pending)
        pending |= {executor.submit(*job(piece)) for _, piece in zip(range(count), rest, strict=False)}
        if not pending:
            return
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        for one in sorted(done, key=has_failed):
            yield one.result()[0]

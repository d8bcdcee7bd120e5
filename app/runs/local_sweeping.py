"""A sweep without a server: in this process, or over worker processes that live as long as it does."""

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from typing import Any

from optiscope.engine.core.parts import whole
from optiscope.engine.core.words import say
from optiscope.engine.loop.plain import plain_torch
from optiscope.engine.sweep.cells import Cells
from optiscope.engine.sweep.compiled import numba_version
from optiscope.engine.sweep.job import Outlook, cells_at, compile_kernels, may_be_compiled, outlooks
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.summary import Found
from optiscope.runs.sweeping import AHEAD, Piece, SweepEnded, failed, pieces
from optiscope.runs.workers.local import local_pool
from optiscope.runs.workers.pool import ProcessPool
from optiscope.settings import Settings

log = logging.getLogger(__name__)

WORTH_COMPILING = 1e9
"""Multiplications of a group of stacked members from which on it saves time to compile a kernel first."""


def sweep_here(plan: Plan, options: Settings) -> Generator[Sequence[Outlook] | Cells | SweepEnded]:
    """Train all members of a sweep; whoever closes this gives up what is left of it.

    Args:
        plan: Of a sweep that was accepted.
        options: How many workers there are, one being this process, and where kernels are kept.

    Yields:
        What is known of each group, cells in any order, each member once, then the end.
    """
    text, folder = plan.sweep.model_dump_json(by_alias=True), str(options.data_dir / "kernels")
    known = _outlooks(plan, text, folder)
    yield known
    found, rest = Found(plan), pieces(plan, known)
    if options.workers == 1:
        parts = _in_this_process(text, folder, rest)
    else:
        parts = _by_workers(text, folder, rest, options)
    try:
        with closing(parts):
            for cells in parts:
                found.add(cells)
                yield cells
    except Exception as error:
        log.exception("a sweep failed after %d of %d members", found.count, plan.members)
        yield failed(found, plan, error)
    else:
        yield SweepEnded("completed", say("sweep_completed", count=plan.members), found.summary())


def outlooks_here(plan: Plan, options: Settings) -> Sequence[Outlook]:
    """What is known of each group as it is now."""
    text = plan.sweep.model_dump_json(by_alias=True)
    with plain_torch():
        return whole(outlooks(text, str(options.data_dir / "kernels")))


def _outlooks(plan: Plan, text: str, folder: str) -> Sequence[Outlook]:
    """What is known of each group, once there are the kernels that are worth their seconds."""
    with plain_torch():
        known = whole(outlooks(text, folder))
        stacked = [
            group.count * outlook.work
            for group, outlook in zip(plan.groups, known, strict=True)
            if may_be_compiled(group) and not outlook.is_compiled
        ]
        if numba_version() is None or sum(stacked) < max(1, len(stacked)) * WORTH_COMPILING:
            return known
        try:
            whole(compile_kernels(text, folder))
        except OSError as error:
            log.warning("kernels cannot be kept in %s (%s); the sweep goes on without", folder, error)
        return whole(outlooks(text, folder))


def _in_this_process(text: str, folder: str, rest: Iterator[Piece]) -> Generator[Cells]:
    """One piece after the other; between them torch is as the program has set it."""
    for piece in rest:
        with plain_torch():
            cells = whole(cells_at(text, *piece, folder))
        yield cells


def _by_workers(text: str, folder: str, rest: Iterator[Piece], options: Settings) -> Generator[Cells]:
    pool = local_pool(options)
    try:
        pending: set[Future[Cells]] = set()
        while True:
            pending |= _asked(pool, text, folder, rest, AHEAD * len(pool) - len(pending))
            if not pending:
                return
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for job in done:
                yield job.result()
    finally:
        pool.shutdown()


def _asked(
    pool: ProcessPool, text: str, folder: str, rest: Iterator[Piece], count: int
) -> set[Future[Cells]]:
    """The next pieces, given to the workers."""
    function: Callable[..., Any] = cells_at
    return {pool.submit(function, text, *piece, folder) for _, piece in zip(range(count), rest, strict=False)}

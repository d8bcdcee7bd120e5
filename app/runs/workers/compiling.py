"""Compiling kernels in a process of its own: one takes seconds in one piece, and no run waits for it."""

import os

from optiscope.runs.workers.priority import BEHIND_ALL, BEHIND_OTHERS, give_way


def compile_behind_others(sweep: str, folder: str) -> None:
    """Compile what a sweep needs, while those who train go first."""
    give_way(BEHIND_OTHERS)
    _compile(sweep, folder)


def compile_behind_all(sweep: str, folder: str) -> None:
    """Compile what a sweep needs in time of a processor that nobody else of the machine wants."""
    give_way(BEHIND_ALL)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    _compile(sweep, folder)


def _compile(sweep: str, folder: str) -> None:
    """What it takes is loaded here, so that this comes behind others as well."""
    from optiscope.engine.core.parts import whole  # noqa: PLC0415 - see above
    from optiscope.engine.sweep.job import compile_kernels  # noqa: PLC0415 - same

    whole(compile_kernels(sweep, folder))

"""Compiling kernels in a process of its own: one takes seconds in one piece, and no run waits for it."""

import os

BEHIND_OTHERS = 10
"""How low its priority is while somebody may wait for the kernel."""

BEHIND_ALL = 19
"""The same while nobody does: the lowest that there is."""


def compile_behind_others(sweep: str, folder: str) -> None:
    """Compile what a sweep needs, while those who train go first."""
    _give_way(BEHIND_OTHERS)
    _compile(sweep, folder)


def compile_behind_all(sweep: str, folder: str) -> None:
    """Compile what a sweep needs in time of a processor that nobody else of the machine wants."""
    _give_way(BEHIND_ALL)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    _compile(sweep, folder)


def _give_way(priority: int) -> None:
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, 0, priority)


def _compile(sweep: str, folder: str) -> None:
    """What it takes is loaded here, so that this comes behind others as well."""
    from optiscope.engine.core.parts import whole  # noqa: PLC0415 - see above
    from optiscope.engine.sweep.job import compile_kernels  # noqa: PLC0415 - same

    whole(compile_kernels(sweep, folder))

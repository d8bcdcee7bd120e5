"""Compiling kernels in a process of its own: one takes seconds in one piece, and no run waits for it."""

import os

from optiscope.engine.core.parts import whole
from optiscope.engine.sweep.job import compile_kernels

BEHIND_OTHERS = 10
"""How much lower its priority is."""


def compile_behind_others(sweep: str, folder: str) -> None:
    """Compile what a sweep needs, while those who train go first."""
    if hasattr(os, "nice"):
        os.nice(BEHIND_OTHERS)
    whole(compile_kernels(sweep, folder))

"""Kernels are compiled beside the workers, and given up at once when the server ends."""

import asyncio
import os

import pytest

from optiscope.engine.sweep.compiled import numba_version
from optiscope.runs import kernels
from optiscope.runs.kernels import KernelsHere
from tests.processes import children
from tests.runs.pretended import done_at_once, never_done
from tests.runs.slow_hand import SlowHand, serve
from tests.waiting import until_async

pytestmark = pytest.mark.skipif(numba_version() is None, reason="needs numba")


async def test_no_worker_is_taken_to_compile(tmp_path, monkeypatch):
    """It is done though no worker does anything."""
    monkeypatch.setattr(kernels, "compile_behind_others", done_at_once)
    hand = SlowHand()
    here = KernelsHere(serve(hand), tmp_path)
    here.compile("sweep")
    await until_async(lambda: not here.is_compiling)
    assert (hand.submitted, (tmp_path / "done").read_text()) == (0, "sweep\n")
    await here.close()


async def test_what_is_compiled_is_given_up_at_the_end(tmp_path, monkeypatch):
    """It is not waited for, and no process is left behind, not even of what has not begun yet."""
    monkeypatch.setattr(kernels, "compile_behind_others", never_done)
    before = set(children(os.getpid()))
    for begins in (lambda: any(tmp_path.iterdir()), lambda: True):
        here = KernelsHere(serve(SlowHand()), tmp_path)
        here.compile("sweep")
        await until_async(begins)
        await asyncio.wait_for(here.close(), 30)
        assert set(children(os.getpid())) <= before

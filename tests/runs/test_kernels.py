"""Kernels are compiled beside the workers, and given up at once when the server ends."""

import asyncio
import os

import pytest

from optiscope.engine.sweep.compiled import numba_version
from optiscope.runs.kernels import KernelsHere
from tests.processes import children
from tests.runs.slow_hand import SlowHand, serve
from tests.waiting import until_async

pytestmark = pytest.mark.skipif(numba_version() is None, reason="needs numba")

SWEEP = (
    '{"run": {"problem": {"name": "moons", "samples": 16}, "optimizer": {"name": "SGD"}, "steps": 5}, '
    '"axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.01, 0.1]}]}'
)


async def test_no_worker_is_taken_to_compile(tmp_path):
    """The kernel comes though no worker does anything."""
    hand = SlowHand()
    kernels = KernelsHere(serve(hand), tmp_path)
    kernels.compile(SWEEP)
    await asyncio.wait([kernels._compiling])
    assert (hand.submitted, any(tmp_path.iterdir())) == (0, True)
    looked = asyncio.ensure_future(kernels.outlooks(SWEEP))
    await until_async(lambda: hand.jobs)
    hand.work()
    assert [outlook.is_compiled for outlook in await looked] == [True]
    await kernels.close()


async def test_what_is_compiled_is_given_up_at_the_end(tmp_path):
    """It is not waited for, and no process is left behind."""
    before = set(children(os.getpid()))
    kernels = KernelsHere(serve(SlowHand()), tmp_path)
    kernels.compile(SWEEP)
    await until_async(lambda: set(children(os.getpid())) - before)
    await asyncio.wait_for(kernels.close(), 30)
    assert set(children(os.getpid())) <= before

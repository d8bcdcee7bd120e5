"""Kernels are compiled ahead while nobody waits for the workers, and never beside somebody who does."""

import asyncio
import os

import pytest

from optiscope.engine.core.parts import whole
from optiscope.engine.sweep.compiled import numba_version
from optiscope.engine.sweep.job import may_be_compiled, outlooks, planned
from optiscope.main import create_app
from optiscope.runs import kernels_ahead
from optiscope.runs.kernels import KernelsHere
from optiscope.runs.kernels_ahead import KernelsAhead, suggested_sweeps
from optiscope.runs.workers.compiling import compile_behind_all
from optiscope.runs.workers.lanes import Kind, Lane
from optiscope.runs.workers.priority import BEHIND_ALL
from optiscope.runs.workers.process import WorkerProcess
from optiscope.settings import Settings
from tests.processes import children
from tests.runs.pretended import done_at_once, never_done
from tests.runs.slow_hand import SlowHand, serve
from tests.waiting import until_async

pytestmark = pytest.mark.skipif(numba_version() is None, reason="needs numba")

[FIRST, SECOND, *_] = suggested_sweeps()


class Looked(KernelsHere):
    """Kernels that are there once a test says so; a look takes no worker.

    Attributes:
        are_there: Whether they are.
        looks: How often it was looked.
    """

    are_there = False
    looks = 0

    async def outlooks(self, sweep):
        """All of them, or none."""
        self.looks += 1
        found = whole(outlooks(sweep, self.folder))
        return [type(outlook)(self.are_there, outlook.work) for outlook in found]


@pytest.fixture
async def service():
    return serve(SlowHand())


async def test_whoever_asks_for_something_ends_it(tmp_path, service, monkeypatch):
    """The process is gone while the job is being done; left alone again, another one begins."""
    before = set(children(os.getpid()))

    def compiling():
        return set(children(os.getpid())) - before

    monkeypatch.setattr(kernels_ahead, "compile_behind_all", never_done)
    kernels = Looked(service, tmp_path)
    ahead = KernelsAhead(service, kernels, [FIRST], quiet_seconds=0)
    await until_async(compiling)
    job = service.submit(Lane(Kind.RUN), abs, -3)
    await until_async(lambda: not compiling())
    assert kernels.looks == 1
    service.executor.work()
    assert await job == 3
    await until_async(compiling)
    assert kernels.looks == 2
    await ahead.close()
    assert not compiling()


async def test_what_is_there_is_not_compiled_again(tmp_path, service, monkeypatch):
    """What lacks is asked for once; the next server looks, and starts no process."""
    monkeypatch.setattr(kernels_ahead, "compile_behind_all", done_at_once)
    for are_there, asked in ((False, f"{FIRST}\n{SECOND}\n"), (True, "")):
        kernels, folder = Looked(service, tmp_path), tmp_path / "done"
        kernels.are_there = are_there
        ahead = KernelsAhead(service, kernels, [FIRST, SECOND], quiet_seconds=0)
        await until_async(lambda ahead=ahead: ahead.is_done)
        assert kernels.looks == 2
        assert (folder.read_text() if folder.exists() else "") == asked
        folder.unlink(missing_ok=True)
        await ahead.close()


async def test_nothing_begins_before_it_is_quiet(tmp_path, service):
    """Neither while somebody waits nor soon after that, and nobody is asked meanwhile what there is."""
    kernels = Looked(service, tmp_path)
    job = service.submit(Lane(Kind.RUN), abs, -3)
    assert service.idle_seconds == 0
    ahead = KernelsAhead(service, kernels, [FIRST], quiet_seconds=60)
    service.executor.work()
    assert await job == 3
    assert 0 <= service.idle_seconds < 60
    await asyncio.sleep(0)
    assert (kernels.looks, kernels.is_compiling) == (0, False)
    await ahead.close()


def test_it_comes_behind_all_others(tmp_path):
    """The lowest priority that the system has, for the loading of torch and numba as well."""
    process = WorkerProcess()
    try:
        exact = FIRST[:-1] + ', "exact": true}'  # there is nothing to compile
        assert process.call((compile_behind_all, exact, str(tmp_path)), 60) == (True, None)
        assert process.call((os.getpriority, os.PRIO_PROCESS, 0), 60) == (True, BEHIND_ALL)
        if hasattr(os, "SCHED_IDLE"):
            assert process.call((os.sched_getscheduler, 0), 60) == (True, os.SCHED_IDLE)
    finally:
        process.close()


def test_what_the_page_suggests_can_be_compiled():
    """One kernel for each optimizer of each problem with a network."""
    groups = [group for sweep in suggested_sweeps() for group in planned(sweep).groups]
    assert len(groups) >= 3 * len(suggested_sweeps())
    assert all(may_be_compiled(group) for group in groups)


@pytest.mark.parametrize(("changes", "is_wanted"), [({}, True), ({"compile_ahead": False}, False)])
async def test_a_server_does_so_unless_it_is_told_not_to(tmp_path, monkeypatch, changes, is_wanted):
    """By the setting, which tests switch off for theirs."""
    monkeypatch.delenv("OPTISCOPE_COMPILE_AHEAD")
    begun = []
    monkeypatch.setattr(KernelsAhead, "__init__", lambda ahead, *_: begun.append(ahead))
    monkeypatch.setattr(KernelsAhead, "close", lambda _: asyncio.sleep(0))
    app = create_app(Settings(data_dir=tmp_path, **changes), lambda _: SlowHand())
    async with app.router.lifespan_context(app):
        pass
    assert bool(begun) == is_wanted

"""A real Dask cluster does what this machine does, whichever of its processes are killed meanwhile."""

import json
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from optiscope import SweepBrokenError, lr_range_test, race, sweep
from optiscope.engine.core.words import say
from optiscope.main import create_app
from optiscope.runs.workers.cluster import Cluster
from optiscope.runs.workers.executor import WorkerDiedError
from optiscope.runs.workers.scheduler_address import SchedulerError
from optiscope.settings import Settings
from tests.application import ORIGIN
from tests.cluster import running_cluster
from tests.commands import OPTISCOPE
from tests.processes import has_ended, kill
from tests.runs.slow_hand import SlowHand
from tests.waiting import until

pytestmark = [pytest.mark.live, pytest.mark.crash]

SWEEP = {
    "run": {"problem": {"name": "moons", "samples": 16}, "optimizer": {"name": "SGD"}, "steps": 100},
    "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.1, 1e9]}],
    "seeds": list(range(20)),
    "exact": True,
}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    environment = {
        "OPTISCOPE_DATA_DIR": str(tmp_path_factory.mktemp("there")),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",  # 3 take longer
    }
    with running_cluster(2, **environment) as running:
        yield running


@pytest.fixture
def executor(cluster):
    connected = Cluster(cluster.address)
    connected.connect()
    yield connected
    connected.shutdown()


def write_for_ever(path):
    """Parts without an end, each of which leaves a trace."""
    while True:
        with Path(path).open("a") as file:
            file.write(".")
        time.sleep(0.02)
        yield


def test_a_job_that_nobody_waits_for_is_left(executor, tmp_path):
    """Within a second, at its next part; the worker is free for others."""
    path = tmp_path / "trace"
    jobs = [executor.submit(write_for_ever, f"{path}-{worker}") for worker in range(2)]
    traces = [Path(f"{path}-{worker}") for worker in range(2)]
    until(lambda: all(trace.exists() for trace in traces))
    for job in jobs:
        job.cancel()
    assert executor.submit(abs, -3).result(timeout=240) == 3

    def is_quiet() -> bool:
        sizes = [trace.stat().st_size for trace in traces]
        time.sleep(0.2)
        return [trace.stat().st_size for trace in traces] == sizes

    until(is_quiet)


def test_what_a_job_raises_comes_back(executor):
    """As it was raised."""
    with pytest.raises(ZeroDivisionError, match="integer division or modulo by zero"):
        executor.submit(divmod, 1, 0).result(timeout=240)


def test_a_killed_worker_costs_nothing(cluster):
    """The other one trains its members: the sweep is whole, and each cell has the bits that it has here."""
    here = sweep(SWEEP)
    there = sweep(SWEEP, scheduler=cluster.address)
    next(there)
    assert kill(cluster.workers[0])
    assert there.columns.keys() == here.columns.keys()
    for name, column in here.columns.items():
        assert there.columns[name].tobytes() == column.tobytes()
    assert there.summary == here.summary
    assert has_ended(cluster.workers[0])


def test_a_race_and_a_rate_are_looked_for_there(cluster):
    """With the numbers that they have here."""
    few = SWEEP | {"seeds": [0, 1]}
    here, there = race(few, [2, 3]), race(few, [2, 3], scheduler=cluster.address)
    assert [one.losses.tolist() for one in there.judged] == [one.losses.tolist() for one in here.judged]
    asked = {"seeds": [0], "between": (0.01, 1), "count": 3}
    here, there = (lr_range_test(SWEEP["run"], **asked, scheduler=at) for at in (None, cluster.address))
    assert (there.lr, there.medians.tolist()) == (here.lr, here.medians.tolist())


def test_a_command_looks_for_a_rate_there_while_a_worker_is_killed(cluster):
    """It says what it says without a cluster; on the error stream, how far the members have come."""
    run = SWEEP["run"] | {"average": {"name": "EMA"}}
    here = lr_range_test(run, seeds=range(8), count=3)
    with subprocess.Popen(
        [OPTISCOPE, "lr-range", "-", "--count", "3", "--seeds", "8", "--scheduler", cluster.address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        command.stdin.write(json.dumps(run))
        command.stdin.close()
        assert command.stderr.readline().startswith("24 members go one by one")
        assert kill(cluster.workers[1])
        told, number = command.stderr.read(), command.stdout.read()
    assert (command.returncode, number) == (0, f"{here.lr:.3g}\n"), told
    assert "24/24" in told
    assert told.endswith(f"{here.why}\n")
    assert has_ended(cluster.workers[1])


async def test_a_server_has_its_sweeps_trained_there(cluster, tmp_path):
    """No worker of its own is asked; once the scheduler is gone, that is said before the first byte."""
    own = SlowHand()
    with running_cluster(0) as empty:
        for address, seconds in ((cluster.address, 60), (empty.address, 0.1)):
            options = Settings(data_dir=tmp_path, scheduler=address, job_seconds=seconds)
            app = create_app(options, lambda _: own)
            async with (
                app.router.lifespan_context(app),
                httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN, timeout=240) as client,
            ):
                answer = await client.post("/api/sweeps", json=SWEEP | {"seeds": [0]})
                if address == empty.address:
                    assert (answer.status_code, answer.json()["code"]) == (503, "cluster_no_workers")
                    break
                started, *_, ended = map(json.loads, answer.text.splitlines())
                assert (started["event"], ended["reason"]) == ("sweep_started", "completed")
                assert (await client.get("/api/health")).json()["waiting"]["sweep"] == 0
    assert own.submitted == 0


def test_the_death_of_the_scheduler_keeps_what_was_finished():
    """Those cells are as they are here, the end says why, and the next sweep is refused at once."""
    with running_cluster(1) as mortal:
        found = sweep(SWEEP | {"seeds": list(range(500))}, scheduler=mortal.address)
        members = next(found)["members"]
        assert kill(mortal.pid)
        with pytest.raises(SweepBrokenError, match=f"scheduler at {mortal.address} was lost") as broken:
            found.columns  # noqa: B018 - which waits
        assert str(broken.value) == str(
            say(
                "sweep_failed",
                count=found.count,
                members=1000,
                why=say("scheduler_lost", address=mortal.address),
            )
        )
        for member in members[:2].tolist():
            place = divmod(member, 500)
            alone = sweep(SWEEP | {"seeds": [place[1]]})
            assert found.found["end_loss"][place] == alone.columns["end_loss"][place[0], 0]
        for asked in (
            lambda: sweep(SWEEP, scheduler=mortal.address),
            lambda: race(SWEEP, [20], scheduler=mortal.address),
            lambda: lr_range_test(SWEEP["run"], scheduler=mortal.address),
        ):
            with pytest.raises(SchedulerError, match="no Dask scheduler can be reached"):
                asked()


def end_its_process():
    """What no worker survives."""
    import os  # noqa: PLC0415 - as a job would

    os._exit(1)


def test_a_job_that_kills_its_workers_is_given_up(cluster, executor):
    """It is not tried for ever, and others are done all the same."""
    job = executor.submit(end_its_process)
    with pytest.raises(WorkerDiedError, match="2 workers of the cluster died at the same work"):
        job.result(timeout=90)
    assert executor.submit(abs, -3).result(timeout=240) == 3

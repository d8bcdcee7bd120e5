"""A disk that is really full: the server says so, pauses what it trains, and goes on once there is space."""

import resource
import subprocess

import httpx
import pytest

from tests.runs.interrupted import STEPS, Follower, Server, config
from tests.waiting import until

pytestmark = [pytest.mark.crash, pytest.mark.live, pytest.mark.timeout(600)]
PATIENT_S = 240

UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def limit_files(process: subprocess.Popen, nbytes: int):
    """Let no file of a process grow beyond a size; what it writes behind that fails, as on a full disk."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (nbytes, resource.RLIM_INFINITY))


def told(server: Server, field: str) -> str:
    """What health says in a field, or ""."""
    return httpx.get(f"{server.address}/api/health", timeout=PATIENT_S).json()[field] or ""


def test_a_run_waits_for_space(tmp_path):
    """Nothing is lost or repeated, the server answers, new runs get 507, and runs can be deleted."""
    server = Server(tmp_path)
    server.start()
    try:
        short = httpx.post(f"{server.address}/api/runs", json=config(2) | {"steps": 9}, timeout=240).json()
        unwanted = f"{server.address}/api/runs/{short['id']}"
        until(lambda: httpx.get(unwanted, timeout=PATIENT_S).json()["state"] == "ended", 240)
        run = httpx.post(f"{server.address}/api/runs", json={"config": config(0)}, timeout=240).json()
        path = f"{server.address}/api/runs/{run['id']}"
        until(lambda: httpx.get(path, timeout=PATIENT_S).json()["step"] > 100, 240)
        log = tmp_path / "data" / "runs.sqlite-wal"
        limit_files(server.process, log.stat().st_size + 10_000)
        until(lambda: httpx.get(path, timeout=PATIENT_S).json()["state"] == "paused", 240)
        stopped = httpx.get(path, timeout=PATIENT_S).json()
        assert "space" in stopped["detail"]
        another = {"config": config(1), "name": "x" * 200}
        refused = httpx.post(f"{server.address}/api/runs", json=another, timeout=PATIENT_S)
        assert refused.status_code in {201, 507}
        assert httpx.get(f"{server.address}/api/health", timeout=PATIENT_S).json()["status"] == "ok"
        until(lambda: "storage_full" in told(server, "storage_code"), PATIENT_S)
        until(lambda: "storage_full" in told(server, "held_up_by_code"), PATIENT_S)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, UNLIMITED)
        until(lambda: httpx.get(path, timeout=PATIENT_S).json()["state"] != "paused", 240)
        follower = Follower(server, run["id"])
        until(lambda: follower.ended, 240)
        assert (follower.ended["reason"], follower.next) == ("completed", STEPS + 1)
    finally:
        server.kill()

"""One server takes over from another, and from a data directory that cannot be written it takes nothing."""

import os
import shutil
import subprocess

import httpx
import pytest

from tests.runs.interrupted import STEPS, Follower, Server, assert_whole, config
from tests.waiting import until

pytestmark = [pytest.mark.crash, pytest.mark.live]

STOPPED_WITHIN_S = 10.0  # then a container's runtime loses its patience
PATIENT_S = 240


def test_a_rolling_restart_continues_the_runs(tmp_path):
    """The next server is started while the last one trains: it waits for it, and goes on where it stopped."""
    last = Server(tmp_path)
    successor = Server(tmp_path, OPTISCOPE_STORAGE_WAIT_SECONDS="60")
    last.start()
    try:
        successor.begin()
        until(successor.workers, PATIENT_S)
        follower = Follower(last, last.create(0))
        until(lambda: follower.next > 100, PATIENT_S)
        follower.server = successor
        last.process.terminate()
        assert until(lambda: last.process.poll() is not None, 30) < STOPPED_WITHIN_S
        assert follower.next > 100
        until(lambda: follower.ended, 120)
    finally:
        for server in (last, successor):
            server.kill()
    assert [(stop["reason"], stop["step"] < STEPS) for stop in follower.stops] == [("stopped", True)]
    assert_whole(follower, 0)


def without_writing(folder):
    """A command that runs another for which ``folder`` is read-only; None where this user cannot have it.

    Permissions bind everybody but root, for whom the folder is mounted read-only in a namespace of its own.
    """
    if os.geteuid() != 0:
        folder.chmod(0o500)
        return []
    mount = f'mount --bind "{folder}" "{folder}" && mount -o remount,ro,bind "{folder}" && exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", mount, "sh"]
    if shutil.which("unshare") is None:
        return None
    tried = subprocess.run([*command, "touch", folder / "x"], capture_output=True, text=True, check=False)
    return command if "Read-only" in tried.stderr else None


def test_a_read_only_data_directory_is_said_so_and_loses_nothing(tmp_path):
    """The server is alive and says what is wrong; once it can write, the runs go on."""
    server = Server(tmp_path)
    server.start()
    follower = Follower(server, server.create(0))
    until(lambda: follower.next > 100, PATIENT_S)
    server.kill()
    under = without_writing(tmp_path / "data")
    if under is None:
        pytest.skip("no folder can be made read-only for root here")
    reader = Server(tmp_path, under)
    reader.start()
    try:
        health = httpx.get(f"{reader.address}/api/health", timeout=PATIENT_S).json()
        assert health["status"] == "ok"
        assert "the data directory cannot be used" in health["storage"]
        for response in (
            httpx.get(f"{reader.address}/api/runs", timeout=PATIENT_S),
            httpx.post(f"{reader.address}/api/runs", json={"config": config(1)}, timeout=PATIENT_S),
        ):
            assert response.status_code == 503
            assert response.json()["detail"] == health["storage"]
        trained = httpx.post(f"{reader.address}/api/train", json=config(1) | {"steps": 3}, timeout=PATIENT_S)
        assert '"reason":"completed"' in trained.text
    finally:
        reader.kill()
        (tmp_path / "data").chmod(0o700)
    server.start()
    try:
        until(lambda: follower.ended, 120)
    finally:
        server.kill()
    assert_whole(follower, 0)

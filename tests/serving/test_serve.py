"""``optiscope serve`` from its first moment to its last: what it answers when, and what it says if not."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest

from tests.processes import children, has_ended, kill
from tests.server import free_port
from tests.waiting import until

pytestmark = [pytest.mark.live, pytest.mark.crash]

WITHIN_S = 240
LAUNCHER = "import sys; sys.executable = sys.argv.pop(1); from optiscope.cli import main; main()"
HELD = """
import sys, time
from pathlib import Path
class Gate:
    def find_spec(name, *_):
        while name == "optiscope.main" and not Path(GATE).exists():
            time.sleep(0.01)
sys.meta_path.insert(0, Gate)
"""
"""Loads the application, and what that needs, no sooner than the test says."""

CONFIG = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 3}


@pytest.fixture
def interpreter(tmp_path):
    """A Python for the workers that works until a file says otherwise, and the file."""
    path, broken = tmp_path / "python", tmp_path / "broken"
    failing = f'[ -e {broken} ] && echo "ImportError: no luck" >&2 && exit 3'
    path.write_text(f'#!/bin/sh\n{failing}\nexec {sys.executable} "$@"\n')
    path.chmod(0o700)
    return path, broken


@contextmanager
def serving(data, python=sys.executable, before="", **environment):
    """A process that serves, and its address; its workers are started with an interpreter of their own."""
    port = free_port()
    arguments = ["serve", "--no-open", "--port", str(port), "--workers", "1", "--data-dir", str(data)]
    with subprocess.Popen(
        [sys.executable, "-c", before + LAUNCHER, str(python), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | environment,
    ) as process:
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def health(address):
    """Status and body, or None while nobody listens."""
    try:
        response = httpx.get(f"{address}/api/health", timeout=WITHIN_S)
    except httpx.TransportError:
        return None
    return response.status_code, response.json()


def is_well(address):
    found = health(address)
    return found is not None and found[0] == 200


def test_no_worker_at_all_is_a_reason_to_end(tmp_path, interpreter):
    """In a sentence with the last line of the process, without a traceback, and with exit status 1."""
    python, broken = interpreter
    broken.touch()
    with serving(tmp_path, python) as (process, _):
        out, errors = process.communicate(timeout=WITHIN_S)
    assert process.returncode == 1
    assert errors.splitlines()[-1] == (
        "no worker process can be started: the worker process ended with exit status 3: ImportError: no luck"
    )
    assert "Traceback" not in errors
    assert "http://" not in out


def test_health_is_degraded_while_workers_cannot_start(tmp_path, interpreter):
    """503 with the reason while they die and cannot be started again; ok by itself once they can."""
    python, broken = interpreter
    with serving(tmp_path, python) as (process, address):
        until(lambda: is_well(address), WITHIN_S)
        assert httpx.post(f"{address}/api/train", json=CONFIG, timeout=WITHIN_S).is_success
        broken.touch()
        for pid in children(process.pid):
            kill(pid)
        until(lambda: health(address)[0] == 503, WITHIN_S)
        _, found = health(address)
        assert (found["status"], found["reason_code"]) == ("degraded", "workers_failing")
        assert "ImportError: no luck" in found["reason"]
        broken.unlink()
        until(lambda: is_well(address), WITHIN_S)


def test_it_answers_before_all_of_it_is_there(tmp_path):
    """Health and the page at once; what needs torch waits for it, behind the guards, and is then answered."""
    gate = tmp_path / "gate"
    with serving(tmp_path, before=HELD.replace("GATE", repr(str(gate))), OPTISCOPE_TOKEN="x" * 16) as (
        _,
        address,
    ):
        until(lambda: is_well(address), WITHIN_S)
        assert health(address)[1]["storage_code"] == "database_opening"
        assert httpx.get(f"{address}/api/catalog", timeout=WITHIN_S).status_code == 401
        assert httpx.get(f"{address}/", headers={"host": "evil.com"}, timeout=WITHIN_S).status_code == 400
        signed = {"authorization": "Bearer " + "x" * 16}
        foreign = signed | {"origin": "http://evil.com"}
        assert (
            httpx.post(f"{address}/api/train", json=CONFIG, headers=foreign, timeout=WITHIN_S).status_code
            == 403
        )
        page = httpx.get(f"{address}/", headers=signed, timeout=WITHIN_S)
        assert page.is_success
        assert "content-security-policy" in page.headers
        assert health(address)[1]["storage_code"] == "database_opening"
        gate.touch()
        trained = httpx.post(f"{address}/api/train", json=CONFIG, headers=signed, timeout=WITHIN_S)
        assert '"reason":"completed"' in trained.text
        missing = httpx.get(f"{address}/static/nothing", headers=signed, timeout=WITHIN_S)
        assert missing.headers["content-type"] == "application/problem+json"
        assert health(address)[1]["storage"] == "ok"


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_can_be_stopped_while_it_starts(tmp_path, sign):
    """At once but for what is being imported; no worker is left, and nothing is complained about."""
    with serving(tmp_path) as (process, address):
        until(lambda: health(address) is not None, WITHIN_S)
        workers = children(process.pid)
        process.send_signal(sign)
        process.wait(WITHIN_S)
        assert process.returncode == (0 if sign == signal.SIGINT else -signal.SIGTERM)
        assert process.stderr.read() == ""
        until(lambda: all(has_ended(pid) for pid in workers))

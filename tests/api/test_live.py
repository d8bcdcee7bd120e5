"""Over a real socket: records come while the run is trained, and whoever leaves frees what they held."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest

from optiscope import Client
from tests.endless import ENDLESS
from tests.processes import children, has_ended, memory
from tests.server import PATIENT_S, running_server
from tests.waiting import until

pytestmark = pytest.mark.live

SHORT = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 3}
SWEEP = {
    "run": {"problem": {"name": "moons", "samples": 16}, "optimizer": {"name": "SGD"}, "steps": 6},
    "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.01, 0.1]}],
    "seeds": [0, 7],
}
LARGE = SHORT | {"model": {"hidden": [64, 64]}, "steps": 500}
FROZEN = 8
MOST_FOR_ONE = 32_000_000
SERVE = [str(Path(sys.executable).with_name("optiscope")), "serve", "--no-open"]
ABORTS = 100
FREED_WITHIN_S = 60.0  # a run that nobody freed goes on for ten minutes
MOST_IN_A_BODY = 2**22
STOPPED_WITHIN_S = 10.0  # then a container's runtime loses its patience


def warm(address: str) -> None:
    """Wait until the workers have started."""
    httpx.post(f"{address}/api/compare", json={"runs": [SHORT, SHORT]}, timeout=PATIENT_S).raise_for_status()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running_server(OPTISCOPE_CACHE_BYTES="0") as address:
        warm(address)
        yield address


def streams(address: str) -> int:
    return httpx.get(f"{address}/api/health", timeout=PATIENT_S).json()["streams"]


@contextmanager
def open_stream(address: str, path: str = "/api/train", body=ENDLESS, client=None):
    """The lines of a stream that goes on."""
    opened = client or httpx.Client(timeout=PATIENT_S)
    try:
        with opened.stream("POST", address + path, json=body) as response:
            assert response.status_code == 200
            yield response.iter_lines()
    finally:
        if client is None:
            opened.close()


def test_the_first_record_comes_before_the_run_is_over(address):
    """A run that takes minutes shows its first steps at once."""
    with open_stream(address) as lines:
        assert json.loads(next(lines))["event"] == "run_started"
        steps = [json.loads(next(lines))["step"] for _ in range(50)]
        assert steps == list(range(50))
        assert streams(address) == 1


@pytest.mark.parametrize(
    ("path", "body"), [("/api/train", ENDLESS), ("/api/compare", {"runs": [ENDLESS] * 3})]
)
def test_a_disconnect_frees_its_workers(address, path, body):
    """When the last reader has left, the place is soon free and the workers do something else."""
    with open_stream(address, path, body) as lines:
        for _ in range(6):
            next(lines)
    until(lambda: streams(address) == 0, FREED_WITHIN_S)
    httpx.post(f"{address}/api/train", json=SHORT, timeout=PATIENT_S).raise_for_status()


def test_many_aborts_leave_nothing_behind(address):
    """Readers who leave at once, again and again, hold nothing."""
    body = json.dumps(ENDLESS).encode()
    host, port = address.removeprefix("http://").split(":")
    head = (
        f"POST /api/train HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    for _ in range(ABORTS):
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(head + body)
            connection.recv(100)
    until(lambda: streams(address) == 0, FREED_WITHIN_S)
    httpx.post(f"{address}/api/train", json=SHORT, timeout=PATIENT_S).raise_for_status()


def test_followers_who_leave_free_their_places():
    """With two places, a hundred who leave at once one after the other all find one."""
    with running_server(OPTISCOPE_MAX_FOLLOWERS="2") as address, httpx.Client(timeout=PATIENT_S) as client:
        run = client.post(f"{address}/api/runs", json={"config": ENDLESS}).json()["id"]
        path = f"{address}/api/runs/{run}/steps"

        def is_given_a_place():
            with client.stream("GET", path) as response:
                return response.status_code == 200 and next(response.iter_lines())

        for _ in range(ABORTS):
            until(is_given_a_place, FREED_WITHIN_S)


def test_a_reader_who_takes_nothing_holds_nobody_up():
    """A stalled reader is cut off, and the server answers others all the while."""
    with running_server(OPTISCOPE_STALL_SECONDS="1", OPTISCOPE_CACHE_BYTES="0") as address:
        warm(address)
        host, port = address.removeprefix("http://").split(":")
        body = json.dumps(LARGE).encode()
        with socket.socket() as stalled:
            stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stalled.connect((host, int(port)))
            stalled.sendall(
                f"POST /api/train HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            until(lambda: streams(address) == 1)
            httpx.post(f"{address}/api/train", json=SHORT, timeout=PATIENT_S).raise_for_status()
            until(lambda: streams(address) == 0, FREED_WITHIN_S)


def test_frozen_readers_cost_little_memory():
    """Who takes nothing is sent nothing more, while another reads as many records as they could have had."""
    with started_server(OPTISCOPE_STALL_SECONDS="300", OPTISCOPE_CACHE_BYTES="0") as (process, address):
        warm(address)
        before = memory(process.pid)
        with ExitStack() as frozen, httpx.Client(timeout=PATIENT_S) as client:
            for _ in range(FROZEN):
                frozen.enter_context(open_stream(address, body=LARGE, client=client))
            reader = frozen.enter_context(open_stream(address, "/api/train?layout=columns", LARGE))
            taken = sum(map(len, reader))
            grown = memory(process.pid) - before
            assert streams(address) >= FROZEN
        assert taken > 40_000_000
        assert grown < FROZEN * MOST_FOR_ONE


def test_a_large_body_is_refused_before_it_is_sent(address):
    """It gets 413: where its length is declared before the first byte, and else at the one too many."""
    host, port = address.removeprefix("http://").split(":")
    head = f"POST /api/train HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
    with socket.create_connection((host, int(port)), timeout=PATIENT_S) as connection:
        connection.sendall(f"{head}Content-Length: 50000000\r\n\r\n".encode())
        answer = connection.recv(10_000).decode()
    assert answer.startswith("HTTP/1.1 413")
    assert "content-type: application/problem+json" in answer
    with socket.create_connection((host, int(port)), timeout=PATIENT_S) as connection:
        connection.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        for piece in (b" " * MOST_IN_A_BODY, b" "):
            connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
        assert connection.recv(10_000).startswith(b"HTTP/1.1 413")


def test_two_host_headers_get_400(address):
    """Also over a real socket, where parsers differ."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\nHost: evil.com\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 400")


@contextmanager
def started_server(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server process, with a data directory of its own, and the address that it printed."""
    command = [
        str(Path(sys.executable).with_name("optiscope")),
        "serve",
        "--port",
        "0",
        "--no-open",
        *arguments,
    ]
    with (
        tempfile.TemporaryDirectory() as data,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"OPTISCOPE_DATA_DIR": data} | environment,
        ) as process,
    ):
        try:
            line = process.stdout.readline()
            yield process, re.search(r"http://\S+", line)[0].rstrip("/")
        finally:
            process.kill()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_shutdown_ends_open_streams(sign):
    """Streams end with an event, workers end, and all is over in time."""
    with started_server() as (process, address):
        warm(address)
        endings = []

        def read(lines):
            endings.append(list(lines)[-1])

        with open_stream(address) as one, open_stream(address, "/api/compare", {"runs": [ENDLESS]}) as other:
            readers = [threading.Thread(target=read, args=(lines,)) for lines in (one, other)]
            for reader in readers:
                reader.start()
            until(lambda: streams(address) == 2)
            workers = children(process.pid)
            begun = time.monotonic()
            process.send_signal(sign)
            for reader in readers:
                reader.join(PATIENT_S)
        process.wait(PATIENT_S)
        assert time.monotonic() - begun < STOPPED_WITHIN_S
        assert [json.loads(ending)["event"] for ending in endings] == ["run_ended"] * 2
        assert {json.loads(ending)["reason"] for ending in endings} == {"stopped"}
        assert workers
        until(lambda: all(has_ended(pid) for pid in workers))
        assert process.returncode == (0 if sign == signal.SIGINT else -signal.SIGTERM)
        assert process.stderr.read() == ""


def has_loaded(pid: int, library: str) -> bool:
    """Whether a library is in the memory of a process."""
    return library in Path(f"/proc/{pid}/maps").read_text()


@pytest.mark.timeout(900)
def test_the_second_sweep_of_a_kind_goes_through_a_kernel():
    """What is not compiled goes stacked meanwhile; both agree; the server itself never loads the compiler.

    A kernel is compiled at the lowest priority, and comes late beside other work.
    """
    with started_server("--workers", "1") as (process, address), Client(address) as client:
        stacked = client.sweep(SWEEP)
        (way,) = stacked.ways
        assert (way["way"], way["because_code"]) == ("stacked", "way_not_compiled")
        losses = stacked.columns["end_loss"]
        until(lambda: client.plan_sweep(SWEEP)["ways"][0]["way"] == "compiled", 800)
        compiled = client.sweep(SWEEP)
        (way,) = compiled.ways
        assert (way["way"], way["members"], way["because"]) == ("compiled", 4, None)
        np.testing.assert_allclose(compiled.columns["end_loss"], losses, rtol=1e-4)
        assert any(has_loaded(pid, "llvmlite") for pid in children(process.pid))
        assert not has_loaded(process.pid, "llvmlite")


def test_a_killed_server_leaves_no_worker_behind():
    """Workers notice that their server is gone, however it went."""
    with started_server() as (process, address):
        warm(address)
        workers = children(process.pid)
        assert len(workers) >= 1
        process.kill()
        process.wait()
        until(lambda: all(has_ended(pid) for pid in workers))


def test_a_taken_port_is_said_so(address):
    """The message names the address and what to do; the exit status is 1."""
    port = address.rsplit(":", 1)[1]
    command = [*SERVE, "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENT_S, check=False)
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_several_web_workers_are_refused():
    """Streams and finished runs live in one process."""
    command = [*SERVE, "--port", "0"]
    environment = os.environ | {"WEB_CONCURRENCY": "2"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENT_S, check=False, env=environment
    )
    assert done.returncode == 1
    assert "WEB_CONCURRENCY" in done.stderr
    assert "Traceback" not in done.stderr


def test_off_loopback_a_token_is_made_and_asked_for():
    """A server for other machines prints an address with a token, and answers nobody without it."""
    with started_server("--host", "0.0.0.0") as (_, address):  # noqa: S104 - with a token, as this test shows
        where, token = address.split("/?token=")
        assert len(token) >= 16
        assert httpx.get(f"{where}/api/catalog", timeout=PATIENT_S).status_code == 401
        assert httpx.get(f"{where}/api/health", timeout=PATIENT_S).status_code == 200
        signed = {"authorization": f"Bearer {token}"}
        assert httpx.get(f"{where}/api/catalog", headers=signed, timeout=PATIENT_S).is_success
        with httpx.Client(follow_redirects=True, timeout=PATIENT_S) as browser:
            assert browser.get(f"{where}/docs?token={token}").is_success
            assert browser.get(f"{where}/docs").is_success

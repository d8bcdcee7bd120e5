"""Killed at any moment, server or worker: nothing that was given to anybody is lost, and the end is the same.

A server of our own trains runs that are followed over the network. At random moments it, or one of its
workers, is killed with SIGKILL, and started again. Followers ask again from the step behind the last one
that they have. In the end what they hold is, bit for bit, what a run holds that nobody interrupted.
"""

import base64
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import numpy as np
import pytest

from app.engine.config import RunConfig
from app.engine.training import advance
from tests.runs.records import columns
from tests.server import free_port
from tests.waiting import until

KILLS = int(os.environ.get("OPTISCOPE_TEST_KILLS", "30"))
SERVER_KILLS = max(KILLS // 5, 1)
STEPS = 1500

pytestmark = [pytest.mark.crash, pytest.mark.live, pytest.mark.timeout(900)]


def config(seed):
    return {
        "problem": {"name": "moons", "samples": 32},
        "model": {"seed": seed},
        "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.01}},
        "lr_scheduler": {"name": "StepLR", "hyperparameters": {"step_size": 300}},
        "batch_size": 8,
        "steps": STEPS,
    }


class Server:
    """``optiscope serve`` over one data directory, to be killed and started again."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        environment = {
            "OPTISCOPE_DATA_DIR": str(self.folder / "data"),
            "OPTISCOPE_CHUNK_SECONDS": "0.03",
            "OPTISCOPE_WORKERS": "1",
            "OPTISCOPE_PORT": str(self.port),
        }
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [Path(sys.executable).with_name("optiscope"), "serve", "--no-open"],
                env=os.environ | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        until(self.is_healthy, 90)

    def is_healthy(self):
        assert self.process.poll() is None, (self.folder / "log").read_text()
        try:
            return httpx.get(f"{self.address}/api/health", timeout=5).is_success
        except httpx.TransportError:
            return False

    def workers(self):
        """Process ids of the workers, which are the children of the server."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        others = [
            child
            for task in Path(f"/proc/{self.process.pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
        return sorted({int(child) for child in (*children.split(), *others)})

    def kill(self):
        self.process.kill()
        self.process.wait()


class Follower(threading.Thread):
    """Follows one run over all interruptions and keeps what it was given."""

    def __init__(self, server, id_):
        super().__init__(daemon=True)
        self.server, self.id = server, id_
        self.events = []
        self.next = 0
        self.ended = None
        self.start()

    def run(self):
        while self.ended is None:
            try:
                self.follow()
            except httpx.HTTPError:
                time.sleep(0.02)

    def follow(self):
        url = f"{self.server.address}/api/runs/{self.id}/steps"
        query = {"from": self.next, "layout": "columns"}
        with httpx.stream("GET", url, params=query, timeout=30) as response:
            response.raise_for_status()
            for event in map(json.loads, response.iter_lines()):
                self.take(event)

    def take(self, event):
        if event["event"] == "block":
            assert event["first"] == self.next, "a step was repeated or left out"
            self.events.append(event)
            self.next += event["count"]
        elif event["event"] == "run_ended" and event["reason"] != "stopped":
            self.ended = event


def decoded(array):
    shape = [int(size) for size in array["shape"].split(", ")]
    return np.frombuffer(base64.b64decode(array["bdata"]), "<" + array["dtype"]).reshape(shape)


def given(events):
    """What a follower holds: column to step to bytes, as :func:`tests.runs.records.columns`."""
    found = {}
    for event in events:
        arrays = {"loss": event["loss"], "lr": event["lr"]}
        arrays |= {f"params {name}": array for name, array in event["params"].items()}
        for name, keys in event["state"].items():
            arrays |= {f"state {name} {key}": array for key, array in keys.items()}
        for name, array in arrays.items():
            for row, values in enumerate(decoded(array)):
                found.setdefault(name, {})[event["first"] + row] = values.tobytes()
    return found


def test_killed_again_and_again(tmp_path):
    """At least 30 kills: every step that was given is there, once, and the end is bit-identical."""
    rng = random.Random(7)  # noqa: S311 - moments to kill at
    server = Server(tmp_path)
    server.start()
    followers = []
    killed = {"server": 0, "worker": 0}
    try:
        while sum(killed.values()) < KILLS:
            if all(follower.ended for follower in followers):
                body = {"config": config(len(followers))}
                run = (
                    httpx.post(f"{server.address}/api/runs", json=body, timeout=30).raise_for_status().json()
                )
                followers.append(Follower(server, run["id"]))
            follower, steps = followers[-1], followers[-1].next + rng.randint(0, 150)
            until(lambda follower=follower, steps=steps: follower.ended or follower.next >= steps, 90)
            workers = server.workers()
            if killed["server"] < SERVER_KILLS * (sum(killed.values()) + 1) / KILLS or not workers:
                server.kill()
                killed["server"] += 1
                server.start()
            else:
                os.kill(rng.choice(workers), signal.SIGKILL)
                killed["worker"] += 1
        until(lambda: all(follower.ended for follower in followers), 300)
    finally:
        server.kill()
    assert sum(killed.values()) >= KILLS
    for seed, follower in enumerate(followers):
        assert follower.ended["reason"] == "completed"
        assert follower.next == STEPS + 1
        blocks, _ = advance(RunConfig.model_validate(config(seed)), None, STEPS)
        expected = columns(blocks)
        for name, values in given(follower.events).items():
            assert values == {step: bits for step, bits in expected[name].items() if step in values}, name

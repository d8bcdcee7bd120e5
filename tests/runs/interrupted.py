"""A server over one data directory, to be killed and started again, and those who follow its runs meanwhile.

What followers were given is compared, bit for bit, with what a run holds that nobody interrupted.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance
from tests.processes import children, kill
from tests.runs.records import columns
from tests.server import free_port
from tests.typed_arrays import decoded
from tests.waiting import until

STEPS = 1500


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
    """``optiscope serve`` over one data directory, to be killed and started again.

    Args:
        folder: Holds the data directory, and a log.
        under: A command that runs the one behind it.
        environment: Further settings.
    """

    def __init__(self, folder, under=(), **environment):
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process = None
        self._command = [*under, Path(sys.executable).with_name("optiscope"), "serve", "--no-open"]
        self._environment = {
            "OPTISCOPE_DATA_DIR": str(folder / "data"),
            "OPTISCOPE_CHUNK_SECONDS": "0.03",
            "OPTISCOPE_WORKERS": "1",
            "OPTISCOPE_PORT": str(self.port),
        } | environment

    def start(self):
        """Start it and wait until it answers; how many seconds that took."""
        self.begin()
        return until(self.is_healthy, 240)

    def begin(self):
        """Start it."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command,
                env=os.environ | self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def create(self, seed):
        """The id of a new run."""
        body = {"config": config(seed)}
        return httpx.post(f"{self.address}/api/runs", json=body, timeout=240).raise_for_status().json()["id"]

    def is_healthy(self):
        """Whether it answers, and has looked for its runs."""
        assert self.process.poll() is None, (self.folder / "log").read_text()
        try:
            health = httpx.get(f"{self.address}/api/health", timeout=240)
            return health.is_success and health.json()["storage_code"] != "database_opening"
        except httpx.TransportError:
            return False

    def workers(self):
        """Process ids of the workers, which are the children of the server."""
        return children(self.process.pid)

    def kill(self):
        self.process.kill()
        self.process.wait()


class Follower(threading.Thread):
    """Follows one run over all interruptions and keeps what it was given.

    Attributes:
        events: Blocks of records.
        stops: Ends of streams that were not the end of the run.
        next: The step behind the last one that was given.
        ended: The end of the run.
    """

    def __init__(self, server, id_):
        super().__init__(daemon=True)
        self.server, self.id = server, id_
        self.events = []
        self.stops = []
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
        with httpx.stream("GET", url, params=query, timeout=240) as response:
            response.raise_for_status()
            for event in map(json.loads, response.iter_lines()):
                self.take(event)

    def take(self, event):
        if event["event"] == "block":
            assert event["first"] == self.next, "a step was repeated or left out"
            self.events.append(event)
            self.next += event["count"]
        elif event["event"] == "run_ended" and event["reason"] == "stopped":
            self.stops.append(event)
        elif event["event"] == "run_ended":
            self.ended = event


def given(events):
    """What a follower holds: column to step to bytes, as :func:`tests.runs.records.columns`."""
    found = {}
    for event in events:
        arrays = {name: event[name] for name in ("loss", "lr", "momentum", "grad_norm") if event[name]}
        arrays |= {f"params {name}": array for name, array in event["params"].items()}
        arrays |= {f"grads {name}": array for name, array in (event["grads"] or {}).items()}
        for name, keys in event["state"].items():
            arrays |= {f"state {name} {key}": array for key, array in keys.items()}
        for name, array in arrays.items():
            for row, values in enumerate(decoded(array)):
                found.setdefault(name, {})[event["first"] + row] = values.tobytes()
    return found


def assert_whole(follower, seed):
    """Fail unless a follower was given every record of the run with this seed, once, bit for bit."""
    assert follower.ended["reason"] == "completed"
    assert follower.next == STEPS + 1
    blocks, _ = advance(RunConfig.model_validate(config(seed)), None, STEPS)
    expected = columns(blocks)
    for name, values in given(follower.events).items():
        assert values == {step: bits for step, bits in expected[name].items() if step in values}, name


@dataclass
class Kills:
    """What was killed, who followed meanwhile, and how many seconds each restart took."""

    followers: list[Follower] = field(default_factory=list)
    servers: int = 0
    workers: int = 0
    restarts: list[float] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.servers + self.workers


def kill_again_and_again(folder, number):
    """Kill the server (every fifth time) or a worker, at random moments of runs that are being followed.

    A new run begins whenever the last one has ended; in the end all of them have. Seeds count from 0.
    """
    rng = random.Random(7)  # noqa: S311 - moments to kill at
    server = Server(folder)
    server.start()
    kills = Kills()
    try:
        while kills.number < number:
            if all(follower.ended for follower in kills.followers):
                kills.followers.append(Follower(server, server.create(len(kills.followers))))
            follower = kills.followers[-1]
            steps = follower.next + rng.randint(0, 150)
            until(lambda follower=follower, steps=steps: follower.ended or follower.next >= steps, 240)
            workers = server.workers()
            if kills.servers < (kills.number + 1) / 5 or not workers:
                server.kill()
                kills.servers += 1
                kills.restarts.append(server.start())
            elif kill(rng.choice(workers)):
                kills.workers += 1
        until(lambda: all(follower.ended for follower in kills.followers), 300)
    finally:
        server.kill()
    return kills

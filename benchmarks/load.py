"""A classroom leans on the server: streams, readers, aborts and a long list, with health asked meanwhile.

The server is a process of its own, the clients another, and who asks for health a third: what is measured is
how long it waits for an answer, not how busy the clients are.
"""

import asyncio
import http.client
import json
import math
import random
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from benchmarks import _heavy
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.checkpoint import Ended, Reason
from optiscope.runs.keeping.database import Database
from optiscope.runs.keeping.store import NewRun, Piece, Store
from tests.server import running_server

CLIENTS, STEPS = 50, 500
READERS, RUNS = 200, 30
ABORTS = 100
LISTED = 2000
ASKED = {"health": ("/api/health", 0.02), "the list": ("/api/runs", 0.2)}
"""What is asked for meanwhile: the path, and the seconds between an answer and the next question."""

CONFIG: dict[str, Any] = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": STEPS}


def percentile(values: list[float], share: float) -> float:
    """The value that a share of them does not exceed."""
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


@contextmanager
def asked(address: str, label: str) -> Iterator[None]:
    """Ask for health and for the list of runs all the while, and print how long the answers took."""
    with ExitStack() as stack:
        probes = {name: stack.enter_context(_probe(address, name)) for name in ASKED}
        yield
        answers = {name: json.loads(probe.communicate("\n")[0]) for name, probe in probes.items()}
    for name, waited in answers.items():
        p50, p99 = (1e3 * percentile(waited, share) for share in (0.5, 0.99))
        print(
            f"  {name} during {label}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {1e3 * max(waited):.1f} ms"
        )


def _probe(address: str, name: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "benchmarks.load", address, name]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def probe(address: str, name: str) -> None:
    """Print how long each answer took, in seconds, until a line comes in."""
    path, every_s = ASKED[name]
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    waited = []
    while not select.select([sys.stdin], [], [], every_s)[0]:
        begun = time.perf_counter()
        connection.request("GET", path)
        assert connection.getresponse().read()  # noqa: S101 - an empty answer is none
        waited.append(time.perf_counter() - begun)
    print(json.dumps(waited))


async def read(
    client: httpx.AsyncClient, method: str, path: str, **more: Any
) -> tuple[float, list[int], str]:
    """Seconds to the end of a stream, its steps, and the reason of its end."""
    begun = time.perf_counter()
    steps: list[int] = []
    reason = "none"
    async with client.stream(method, path, **more) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            event = orjson.loads(line)
            if event["event"] == "step":
                steps.append(event["step"])
            elif event["event"] == "run_ended":
                reason = event["reason"]
    return time.perf_counter() - begun, steps, reason


def judge(streams: list[tuple[float, list[int], str]], since: list[int]) -> str:
    """How many streams held every step once, and how fairly they were served."""
    whole = sum(
        steps == list(range(first, STEPS + 1)) and reason == "completed"
        for (_, steps, reason), first in zip(streams, since, strict=True)
    )
    seconds = [took for took, *_ in streams]
    slowest, median = max(seconds), statistics.median(seconds)
    return (
        f"{whole} of {len(streams)} whole; median {median:.2f} s, slowest {slowest:.2f} s, "
        f"slowest/median {slowest / median:.2f}"
    )


async def clients(client: httpx.AsyncClient, address: str) -> None:
    """Each trains a run of its own."""
    configs = [CONFIG | {"model": {"seed": seed}} for seed in range(CLIENTS)]
    with asked(address, "streams"):
        begun = time.perf_counter()
        streams = await asyncio.gather(
            *(read(client, "POST", "/api/train", json=config) for config in configs)
        )
        rate = CLIENTS * STEPS / (time.perf_counter() - begun)
    print(f"  {CLIENTS} clients x {STEPS} steps: {judge(streams, [0] * CLIENTS)}; {rate:.0f} steps/s")


async def readers(client: httpx.AsyncClient, address: str) -> None:
    """They follow kept runs that are being trained, each from somewhere."""
    runs = [
        (await client.post("/api/runs", json={"config": CONFIG | {"model": {"seed": seed}}})).json()["id"]
        for seed in range(100, 100 + RUNS)
    ]
    rng = random.Random(0)  # noqa: S311 - where readers begin
    since = [rng.choice([0, 0, 0, rng.randrange(STEPS)]) for _ in range(READERS)]
    paths = [f"/api/runs/{runs[n % RUNS]}/steps?from={first}" for n, first in enumerate(since)]
    with asked(address, "readers"):
        streams = await asyncio.gather(*(read(client, "GET", path) for path in paths))
    print(f"  {READERS} readers over {RUNS} runs: {judge(streams, since)}")


async def aborts(client: httpx.AsyncClient) -> None:
    """They begin a long run and hang up."""

    async def abort(seed: int) -> None:
        config = CONFIG | {"steps": 100_000, "model": {"seed": seed}}
        async with client.stream("POST", "/api/train", json=config) as response:
            await anext(response.aiter_bytes())

    longest = 0.0
    for begin in range(0, ABORTS, 20):
        await asyncio.gather(*(abort(1000 + begin + n) for n in range(20)))
        left = time.perf_counter()
        while (await client.get("/api/health")).json()["streams"]:  # noqa: ASYNC110 - only the server knows
            await asyncio.sleep(0.01)
        longest = max(longest, time.perf_counter() - left)
    print(f"  {ABORTS} aborts: all places free again within {longest:.2f} s")


async def listing(client: httpx.AsyncClient) -> None:
    """The list of many runs."""
    for query in ("", "?search=moons+seed+19&limit=50", "?limit=200"):
        waited = []
        for _ in range(40):
            begun = time.perf_counter()
            (await client.get(f"/api/runs{query}")).raise_for_status()
            waited.append(time.perf_counter() - begun)
        median, p99 = 1e3 * statistics.median(waited), 1e3 * percentile(waited, 0.99)
        print(f"  GET /api/runs{query} over {LISTED} runs: median {median:.1f} ms, p99 {p99:.1f} ms")


async def fill(folder: Path) -> None:
    """Finished runs, without training them."""
    database = Database(folder)
    store = Store(database, 64)
    config = RunConfig.model_validate(CONFIG)
    ended = Ended(Reason.COMPLETED, STEPS, f"completed all {STEPS} steps")
    piece = Piece(
        0, STEPS, bytes(2000), {"loss": 0.1, "lowest": {"loss": 0.1, "step": STEPS}}, bytes(100), ended
    )

    async def kept(number: int) -> None:
        run = await store.create(NewRun(f"{number:012x}", f"Adam on moons, seed {number}", config))
        await store.append(run.serial, piece)

    await asyncio.gather(*map(kept, range(LISTED)))
    database.close()


async def measure(address: str) -> None:
    """All of it, one after the other."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=300, limits=limits) as client:
        await listing(client)
        await clients(client, address)
        await readers(client, address)
        await aborts(client)


def main() -> None:
    """Print what a classroom would find."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fill(Path(folder)))
        with running_server(OPTISCOPE_DATA_DIR=folder) as address:
            asyncio.run(measure(address))
    requests = _heavy.heaviest()
    for workers, tries in ((2, _heavy.TRIES), (1, _heavy.TRIES // 5)):
        print(f"  three steps of somebody else beside one heavy request, {workers} workers")
        with running_server(OPTISCOPE_WORKERS=str(workers)) as address:
            asyncio.run(_heavy.measure(address, requests, tries))


if __name__ == "__main__":
    probe(*sys.argv[1:])

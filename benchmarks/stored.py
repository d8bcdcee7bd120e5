"""What a stored step costs: processor time of a server and its workers, beside an earlier commit.

    python -m benchmarks stored

Both servers run; in each pair one and the same run is kept by each, in turns, and nobody follows it. What
counts is the processor time of all processes, so that other programs of the machine disturb little.
"""

import os
import statistics
import time

import httpx

from benchmarks._versions import BASELINE, process_of, versions
from benchmarks.private_torch import interval
from optiscope.runs.workers.processor_time import processor_seconds
from tests.processes import children

PAIRS = int(os.environ.get("PAIRS", "30"))
STEPS = 4000
FLOOR = 0.97
LOOK_S = 0.25


def config(seed: int) -> dict[str, object]:
    """A run of its own, so that nobody remembers it."""
    return {
        "problem": {"name": "moons", "samples": 32},
        "model": {"seed": seed},
        "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.01}},
        "steps": STEPS,
    }


def seconds_of_all(pid: int) -> float:
    """Processor seconds that a process and its children have used so far."""
    return sum(processor_seconds(one) or 0.0 for one in (pid, *children(pid)))


def stored(address: str, pid: int, seed: int) -> float:
    """Processor seconds of a kept run from its creation to its end."""
    before = seconds_of_all(pid)
    with httpx.Client(base_url=address, timeout=60) as client:
        run = client.post("/api/runs", json=config(seed)).raise_for_status().json()
        while run["state"] == "running":
            time.sleep(LOOK_S)
            run = client.get(f"/api/runs/{run['id']}").raise_for_status().json()
    if run["step"] != STEPS:
        raise RuntimeError(f"the run stopped at step {run['step']}: {run['detail']}")
    return seconds_of_all(pid) - before


def main() -> None:
    """Print how many steps a second here are stored for each one of the baseline, with a 95 % interval."""
    ratios: list[float] = []
    costs: dict[str, list[float]] = {}
    with versions() as (then, now), process_of(then) as old, process_of(now) as new:
        servers = {then.name: old, now.name: new}
        for pair in range(-1, PAIRS):
            order = (then, now) if pair % 2 else (now, then)
            took = {v.name: stored(*servers[v.name], pair + 1) for v in order}
            if pair >= 0:  # the first one warms up
                ratios.append(took[then.name] / took[now.name])
                for name, seconds in took.items():
                    costs.setdefault(name, []).append(seconds)
    low, high = interval(ratios)
    print(f"stored: steps a second of processor time, here / {BASELINE}, {PAIRS} pairs that take turns")
    print(f"  {statistics.median(ratios):.3f} (95 % interval {low:.3f} to {high:.3f}; at least {FLOOR})")
    for name, seconds in costs.items():
        print(f"  {name:<10} {1e6 * statistics.median(seconds) / STEPS:.0f} µs a step")


if __name__ == "__main__":
    main()

"""How long a person waits: for help, for a healthy server, for its page, a run and the first animated frame.

    python -m benchmarks start

Beside it the same of an earlier commit, in pairs that take turns, in one run.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

import httpx

from benchmarks._first_frame import main as first_frame
from benchmarks._versions import BASELINE, Version, served, versions

PAIRS = int(os.environ.get("PAIRS", "9"))
BUDGETS = {"help": 0.15, "healthy": 0.45}
RUN = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 5}
EMPTY = "import typer; a = typer.Typer(); a.callback()(lambda: None); a.command('b')(lambda: None); a()"


def helped(version: Version) -> float:
    """Seconds until the help has been printed."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        subprocess.run(
            [*version.command, "--help"],
            check=True,
            cwd=folder,
            env=os.environ | version.environment,
            stdout=subprocess.DEVNULL,
        )
        return time.perf_counter() - begun


def started(version: Version) -> dict[str, float]:
    """Seconds from the start of a server to its first healthy answer, its page, and a run after both."""
    begun = time.perf_counter()
    with served(version) as address, httpx.Client(base_url=address, timeout=60) as client:
        reached = {"healthy": time.perf_counter() - begun}
        client.get("/").raise_for_status()
        reached["page"] = time.perf_counter() - begun
        client.post("/api/train", json=RUN).raise_for_status()
        reached["run"] = time.perf_counter() - begun
    return reached


def measured(version: Version) -> dict[str, float]:
    """One visit of everything."""
    return {"help": helped(version)} | started(version)


def typer_alone() -> float:
    """Seconds that a command line with nothing in it takes to print its help."""
    empty = Version("typer", (sys.executable, "-P", "-c", EMPTY), {})
    return statistics.median(helped(empty) for _ in range(PAIRS))


def main() -> None:
    """Print medians and the ratio of each."""
    with versions() as (before, here):
        for version in (before, here):
            measured(version)  # what Python compiles the first time, and the disk
        pairs = [(measured(before), measured(here)) for _ in range(PAIRS)]
        alone = typer_alone()
    print(f"start: seconds, medians of {PAIRS} pairs that take turns: {BASELINE}, here, and the ratio")
    for name in pairs[0][0]:
        was, now = (statistics.median(pair[side][name] for pair in pairs) for side in (0, 1))
        ratio = statistics.median(pair[1][name] / pair[0][name] for pair in pairs)
        budget = f"   budget {BUDGETS[name]:.2f}" if name in BUDGETS else ""
        print(f"  {name:<8} {was:6.2f} {now:6.2f}   ratio {ratio:5.2f}{budget}")
    print(f"  typer's help of an empty program takes {alone:.2f}")
    first_frame()


if __name__ == "__main__":
    main()

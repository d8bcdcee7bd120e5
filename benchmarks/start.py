"""How long a person waits: for help, for a healthy server, for the page, and for its first frame.

Beside it the same of the commit that :data:`BASELINE` names, in pairs that take turns, in one run.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx

from tests.server import free_port

ROOT = Path(__file__).resolve().parent.parent
BASELINE = "b21fb78"
PAIRS = 9
RUN = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 5}
BUDGETS = {"help": 0.15, "healthy": 0.45}
HELP_ALONE = "import typer; a = typer.Typer(); a.callback()(lambda: None); a.command('b')(lambda: None); a()"


class Version(NamedTuple):
    """A command line that can be started."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]


@contextmanager
def versions() -> Iterator[list[Version]]:
    """The baseline, checked out into a folder of its own, and what lies here."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "baseline"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), BASELINE], check=True)
        try:
            own = {"OMP_NUM_THREADS": "1", "OPTISCOPE_WORKERS": "2"}
            yield [
                Version("baseline", _started("app.cli"), own | {"PYTHONPATH": str(tree)}),
                Version("here", _started("optiscope.cli"), own | {"PYTHONPATH": str(ROOT)}),
            ]
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def _started(module: str) -> tuple[str, ...]:
    """What the script of an entry point does; ``-P`` keeps the folder that this runs in off the path."""
    return sys.executable, "-P", "-c", f"from {module} import main; main()"


def helped(version: Version, folder: str) -> float:
    """Seconds until the help has been printed."""
    begun = time.perf_counter()
    subprocess.run(
        [*version.command, "--help"],
        check=True,
        cwd=folder,
        env=os.environ | version.environment,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun


def served(version: Version, folder: str) -> dict[str, float]:
    """Seconds from the start of a server to its first healthy answer, its page, and a run after both."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as data:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [*version.command, "serve", "--no-open", "--port", str(port)],
            cwd=folder,
            env=os.environ | version.environment | {"OPTISCOPE_DATA_DIR": data},
            stdout=subprocess.DEVNULL,
        )
        try:
            with httpx.Client(base_url=address, timeout=60) as client:
                _wait_until_healthy(client)
                reached = {"healthy": time.perf_counter() - begun}
                client.get("/").raise_for_status()
                reached["page"] = time.perf_counter() - begun
                client.post("/api/train", json=RUN).raise_for_status()
                reached["run"] = time.perf_counter() - begun
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    return reached


def _wait_until_healthy(client: httpx.Client) -> None:
    while True:
        try:
            if client.get("/api/health").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.005)


def measured(version: Version, folder: str) -> dict[str, float]:
    """One visit of everything."""
    return {"help": helped(version, folder)} | served(version, folder)


def typer_alone(folder: str) -> float:
    """Seconds that a command line with nothing in it takes to print its help."""
    empty = Version("typer", (sys.executable, "-P", "-c", HELP_ALONE), {})
    return statistics.median(helped(empty, folder) for _ in range(PAIRS))


def main() -> None:
    """Print medians and the ratio of each; below a budget all is well."""
    with versions() as (before, here), tempfile.TemporaryDirectory() as folder:
        for version in (before, here):
            measured(version, folder)  # what Python compiles the first time, and the disk
        pairs = [(measured(before, folder), measured(here, folder)) for _ in range(PAIRS)]
        alone = typer_alone(folder)
    print(f"start: seconds, medians of {PAIRS} pairs; {BASELINE} and here, and here / {BASELINE}")
    for name in pairs[0][0]:
        was, now = (statistics.median(pair[side][name] for pair in pairs) for side in (0, 1))
        ratio = statistics.median(pair[1][name] / pair[0][name] for pair in pairs)
        budget = f"   budget {BUDGETS[name]:.2f}" if name in BUDGETS else ""
        print(f"  {name:<8} {was:6.2f} {now:6.2f}   ratio {ratio:5.2f}{budget}")
    print(f"  typer's help of an empty program takes {alone:.2f}")


if __name__ == "__main__":
    main()

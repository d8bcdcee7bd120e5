"""The commit that today's figures are compared with, and what lies here, as command lines that take turns."""

import os
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
OWN = {"OMP_NUM_THREADS": "1", "OPTISCOPE_WORKERS": "2"}


class Version(NamedTuple):
    """A command line that can be started."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]


@contextmanager
def versions() -> Iterator[tuple[Version, Version]]:
    """The command lines of the baseline and of what lies here."""
    with baseline() as tree:
        yield (
            Version(BASELINE, _started("app.cli"), OWN | {"PYTHONPATH": str(tree)}),
            here(),
        )


def here() -> Version:
    """The command line of what lies here."""
    return Version("here", _started("optiscope.cli"), OWN | {"PYTHONPATH": str(ROOT)})


@contextmanager
def baseline() -> Iterator[Path]:
    """The baseline, checked out into a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "baseline"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), BASELINE], check=True)
        _install(tree)
        try:
            yield tree
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)


def _install(tree: Path) -> None:
    """Let Python find the plug-ins of the baseline under its own name, as if it were installed."""
    info = tree / "optiscope-0.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: optiscope\nVersion: 0.0.0\n")
    adapter = "app.engine.adapters.pytorch_optimizer:optimizers"
    (info / "entry_points.txt").write_text(f"[optiscope.optimizers]\npytorch_optimizer = {adapter}\n")


def _started(module: str) -> tuple[str, ...]:
    """What the script of an entry point does; ``-P`` keeps the folder that this runs in off the path."""
    return sys.executable, "-P", "-c", f"from {module} import main; main()"


@contextmanager
def served(version: Version) -> Iterator[str]:
    """The address of a server of this version that answers, for as long as the context lasts."""
    with process_of(version) as (address, _):
        yield address


@contextmanager
def process_of(version: Version) -> Iterator[tuple[str, int]]:
    """The same, and the id of its process."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as data:
        process = subprocess.Popen(
            [*version.command, "serve", "--no-open", "--port", str(port)],
            cwd=data,
            env=os.environ | version.environment | {"OPTISCOPE_DATA_DIR": data},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_until_healthy(address)
            yield address, process.pid
        finally:
            process.terminate()
            process.wait(30)


def _wait_until_healthy(address: str) -> None:
    while True:
        try:
            if httpx.get(f"{address}/api/health", timeout=5).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.005)

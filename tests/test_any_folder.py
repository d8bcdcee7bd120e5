"""An installed Optiscope works in any folder: nothing that lies there is imported for what it needs."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import httpx
import pytest

from tests.checkout import ROOT
from tests.server import free_port
from tests.waiting import until

pytestmark = pytest.mark.live

WITHIN_S = 240
TRAPS = ("struct.py", "json.py", "pickle.py", "torch.py", "app/__init__.py", "app.py")
OURS = "optiscope/__init__.py"
CONFIG = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 3}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """The folder of the commands of an environment that the wheel is installed in; the rest is this one's."""
    folder = tmp_path_factory.mktemp("installed")
    wheels, environment = folder / "wheels", folder / "venv"
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    venv.create(environment, symlinks=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    outer = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "outer.pth").write_text("\n".join(outer))
    python = environment / "bin" / "python"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*pip, *wheels.glob("*.whl")], check=True, capture_output=True)
    return python.parent


@pytest.fixture
def folder(tmp_path):
    """A folder full of modules that must not be executed, and are known to have been."""
    for trap in (*TRAPS, OURS):
        path = tmp_path / trap
        path.parent.mkdir(exist_ok=True)
        path.write_text("from pathlib import Path\nPath(__file__).with_suffix('.executed').touch()\n")
    return tmp_path


def executed(folder):
    return [path.name for path in folder.rglob("*.executed")]


def environment():
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def serves_and_trains(command, folder):
    port = free_port()
    arguments = ["serve", "--no-open", "--port", str(port), "--workers", "1", "--data-dir", folder / "data"]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen([*command, *arguments], cwd=folder, env=environment()) as process:
        try:
            until(lambda: is_well(address, process), WITHIN_S)
            trained = httpx.post(f"{address}/api/train", json=CONFIG, timeout=WITHIN_S)
        finally:
            process.terminate()
    assert '"reason":"completed"' in trained.text


def is_well(address, process):
    assert process.poll() is None
    try:
        return httpx.get(f"{address}/api/health", timeout=240).is_success
    except httpx.TransportError:
        return False


def test_the_command_serves_and_trains_anywhere(scripts, folder):
    """Also in a folder with an ``optiscope`` of its own."""
    serves_and_trains([scripts / "optiscope"], folder)
    assert executed(folder) == []


def test_the_command_trains_anywhere(scripts, folder):
    """Here, without a server."""
    done = subprocess.run(
        [scripts / "optiscope", "run", "-"],
        input=json.dumps(CONFIG),
        text=True,
        cwd=folder,
        env=environment(),
        capture_output=True,
        check=True,
    )
    assert '"reason":"completed"' in done.stdout
    assert executed(folder) == []


def test_the_module_serves_and_trains_anywhere(scripts, folder):
    """Where the folder has no ``optiscope`` of its own: which one ``python -m`` takes is Python's rule."""
    (folder / OURS).unlink()
    Path(folder / OURS).parent.rmdir()
    serves_and_trains([scripts / "python", "-m", "optiscope"], folder)
    assert executed(folder) == []

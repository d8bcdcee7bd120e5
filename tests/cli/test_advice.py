"""What is said of a recipe, here, without a server: its warnings, and its script."""

import json
import subprocess
import sys

import pytest

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance
from tests.commands import optiscope

pytestmark = pytest.mark.live

CONFIG = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 12}
SHORT = {"lr_scheduler": {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 50}}}


def test_a_warning_is_a_line_with_its_field():
    """A sound recipe has none."""
    done = optiscope("lint", "-", text=json.dumps(CONFIG | SHORT))
    assert done.returncode == 0
    pointers = [line.partition(": ")[0] for line in done.stdout.splitlines()]
    assert pointers == [f"/lr_scheduler/hyperparameters/{name}" for name in ("pct_start", "total_steps")]
    assert optiscope("lint", "-", text=json.dumps(CONFIG)).stdout == ""


def test_the_script_prints_the_losses_of_the_run(tmp_path):
    """Bit for bit."""
    done = optiscope("code", "-", text=json.dumps(CONFIG))
    path = tmp_path / "script.py"
    path.write_text(done.stdout)
    printed = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True).stdout
    blocks, _ = advance(RunConfig.model_validate(CONFIG), None, 12)
    losses = [value for block in blocks for value in block.loss.tolist()]
    assert [float(line.split()[-1]) for line in printed.splitlines()] == losses[1:]


@pytest.mark.parametrize("command", ["lint", "code"])
def test_what_cannot_be_run_is_said_by_field(command):
    """With exit status 2, every wrong field."""
    done = optiscope(command, "-", text=json.dumps(CONFIG | {"steps": 0, "batch_size": 0}))
    assert (done.returncode, done.stdout) == (2, "")
    assert {line.partition(": ")[0] for line in done.stderr.splitlines()} == {"/steps", "/batch_size"}

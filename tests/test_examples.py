"""The examples run against a real server and print what they promise."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.live

EXAMPLE = Path(__file__).parent.parent / "examples" / "compare_optimizers.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, EXAMPLE, *arguments], capture_output=True, text=True, timeout=240, check=False
    )


def test_the_example_compares_optimizers(live_server):
    """A line for each optimizer, with its first, last and best loss and how it ended."""
    done = run("--url", live_server, "--problem", "xor", "--steps", "40")
    assert done.returncode == 0, done.stderr
    head, *lines = done.stdout.splitlines()
    assert head.split()[0] == "optimizer"
    rows = [line.rsplit(maxsplit=5) for line in lines[:5]]
    assert [row[0] for row in rows] == ["SGD", "SGD with momentum", "RMSprop", "Adam", "AdamW"]
    assert all(row[-1] == "completed" for row in rows)
    assert all(float(row[3]) <= float(row[1]) for row in rows)
    assert "ends lowest on xor after 40 steps" in done.stdout


def test_a_refusal_is_told_in_words(live_server):
    """The example prints the server's sentence and the field, and no traceback."""
    done = run("--url", live_server, "--problem", "nope")
    assert done.returncode == 1
    assert 'refused: unknown problem "nope"' in done.stderr
    assert "/problem/name" in done.stderr
    assert "Traceback" not in done.stderr

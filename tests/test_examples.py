"""The examples run against a real server and print what they promise."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.live

EXAMPLES = Path(__file__).parent.parent / "examples"


def run(*arguments: str, example: str = "compare_optimizers.py") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, EXAMPLES / example, *arguments],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.glob("*.py")))
def test_where_no_server_is_there_that_is_said(example):
    """In a sentence, and no traceback."""
    for nowhere in ("http://127.0.0.1:9", "localhost"):
        done = run("--url", nowhere, example=example)
        assert done.returncode == 1
        assert "start one with `optiscope serve`" in done.stderr
        assert done.stderr.startswith(f"no server answers at {nowhere}")


def test_the_example_forgets_the_optimizer(live_server):
    """The fork that was restored goes on as if never left; the other does not."""
    done = run("--url", live_server, example="partial_restore.py")
    assert done.returncode == 0, done.stderr
    rows = [line.split()[1:] for line in done.stdout.splitlines()[1:]]
    assert all(whole == restored for whole, restored, _ in rows)
    assert [whole != forgotten for whole, _, forgotten in rows] == [False] + [True] * (len(rows) - 1)


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

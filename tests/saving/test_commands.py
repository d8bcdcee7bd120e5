"""What the page gives to be copied runs as it stands."""

import json
import subprocess
import sys
from pathlib import Path

import optiscope

COMMANDS = Path(__file__).parents[2] / "static" / "js" / "saving" / "commands.js"
RUNS = [
    {"problem": {"name": "xor"}, "optimizer": {"name": name, "hyperparameters": {"lr": 0.1}}, "steps": 4}
    for name in ("SGD", "Adam")
]


def written(call: str) -> str:
    """What the page would show for the runs."""
    script = (
        f"import {{ curlOf, pythonOf }} from {json.dumps(COMMANDS.as_uri())}; process.stdout.write({call})"
    )
    command = ["node", "--input-type=module", "--eval", script]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_python_and_curl_train_the_comparison(live_server: str) -> None:
    """The script prints the last loss of each run, and the command every record, as the engine has them."""
    last = [run.loss[-1] for run in optiscope.compare(RUNS)]
    server, runs = json.dumps(live_server), json.dumps(RUNS)
    script = written(f'pythonOf({server}, {runs}, ["SGD", "it\'s Adam"])')
    said = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    names, losses = zip(*(line.rsplit(" ", 1) for line in said.splitlines()), strict=True)
    assert names == ("SGD", "it's Adam")
    assert [float(loss) for loss in losses] == last
    command = written(f"curlOf({server}, {runs})")
    lines = subprocess.run(["bash", "-c", command], check=True, capture_output=True, text=True).stdout
    steps = [event for event in map(json.loads, lines.splitlines()) if event["event"] == "step"]
    assert [event["loss"] for event in steps if event["step"] == 4] == last
    assert len(steps) == 2 * 5

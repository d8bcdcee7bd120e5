"""What a newcomer copies from the README first does what it says."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from optiscope import train
from optiscope.cli.commands import optiscope as program

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def first_config():
    """The body of the first curl."""
    command = re.search(r"^ {4}curl .*?\n {4}\}'$", README, re.DOTALL | re.MULTILINE)
    words = shlex.split(command[0])
    assert words[2] == "http://127.0.0.1:8000/api/train"
    return json.loads(words[words.index("-d") + 1])


def test_the_first_curl_trains_a_living_network():
    """Every layer that is not frozen has a gradient in every step, so that it shows what freezing does."""
    config = first_config()
    run = train(config)
    [frozen] = config["freeze"][0]["params"]
    assert run.ended.end_loss < run.loss[0] / 100
    for name, grads in run.grads.items():
        if name.startswith(frozen):
            assert grads is None
        else:
            assert (abs(grads[1:]).reshape(len(grads) - 1, -1).sum(axis=1) > 0).all(), name


SCRIPTS = [
    script
    for script in re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    if "my_package" not in script
]


@pytest.mark.live
@pytest.mark.parametrize("script", SCRIPTS, ids=range(len(SCRIPTS)))
def test_its_scripts_run(script, live_server, capsys):
    """As they stand there, but for the address."""
    script = script.replace("http://127.0.0.1:8000", live_server)
    script = script.replace("Client()", f"Client({live_server!r})")
    exec(compile(script, "README.md", "exec"), {})  # noqa: S102 - our own text
    assert "fork" in script or capsys.readouterr().out


def test_what_it_tells_to_install_can_be():
    """Extras are those of this checkout; nothing is on an index under the name of this package."""
    said = ROOT / "app" / "engine" / "core" / "sentences.json"
    texts = [README, *(path.read_text() for path in (*(ROOT / "docs").glob("*.md"), said))]
    assert not [text for text in texts if "optiscope[" in text]
    extras = set(re.findall(r"pip install -e '\.\[([\w-]+)\]'", README))
    assert extras >= {"distributed", "export", "parquet"}
    assert all(f"\n{extra} = [" in (ROOT / "pyproject.toml").read_text() for extra in extras)


def test_the_environment_is_entered_before_anything_is_run_in_it():
    """It is the one that make run makes."""
    first = re.search(r"^```python$", README, re.MULTILINE)
    assert 0 < README.index("`. .venv/bin/activate`") < first.start()
    assert "VENV ?= .venv\n" in (ROOT / "Makefile").read_text()


def commands():
    """Each command line of ours in the README, up to what is said of it."""
    for line in re.findall(r"^ {4}(optiscope .+)$", README, re.MULTILINE):
        common, *others = re.split(r"   |#", line)[0].split(" | ")
        yield common
        yield from (" ".join([*common.split()[:-1], other]) for other in others)


@pytest.mark.parametrize("line", list(commands()))
def test_its_commands_are_there(line):
    """By their names and options."""
    command = get_command(program)
    _, *words = shlex.split(line)
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options

"""The grammar, and that looking at it costs nothing."""

import json
import subprocess
import sys

import httpx
import pytest
import typer

from optiscope import __version__
from optiscope.cli.server import server
from optiscope.cli.variables import variables
from optiscope.settings import Settings
from tests.commands import optiscope

COMMANDS = {
    "serve",
    "run",
    "compare",
    "sweep",
    "lr-range",
    "lint",
    "code",
    "open",
    "report",
    "runs",
    "sweeps",
    "lessons",
    "db",
}
OF_LESSONS = {"list", "export"}
OF_DB = {"check", "backup", "restore", "vacuum"}
OF_RUNS = {"list", "show", "follow", "fork", "export", "delete"}
OF_SWEEPS = {"list", "show", "follow", "pause", "resume", "export", "delete"}
HEAVY = ("torch", "numpy", "pydantic", "httpx", "fastapi", "starlette", "uvicorn")


def commands(*of):
    lines = optiscope(*of, "--help", COLUMNS="200").stdout.partition("Commands")[2].splitlines()
    return {line.split()[1] for line in lines if line.startswith("│")}


def test_the_grammar():
    """Each command, and those of runs, of sweeps, of lessons and of the database."""
    assert commands() == COMMANDS
    assert commands("runs") == OF_RUNS
    assert commands("sweeps") == OF_SWEEPS
    assert commands("lessons") == OF_LESSONS
    assert commands("db") == OF_DB


def test_the_version():
    """By the option that every program has, also as a module."""
    assert optiscope("--version").stdout == f"{__version__}\n"
    done = subprocess.run(
        [sys.executable, "-m", "optiscope", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{__version__}\n"


def test_a_shell_can_complete_it():
    """Commands that begin so, as bash asks for them once the completion is installed."""
    asked = {"_OPTISCOPE_COMPLETE": "complete_bash", "COMP_WORDS": "optiscope ru", "COMP_CWORD": "1"}
    assert optiscope(**asked).stdout.split() == ["run", "runs"]
    assert "--install-completion" in optiscope("--help").stdout


def test_help_of_serve_names_every_variable():
    """With its default and its meaning, out of the fields of the settings."""
    named = {name: (default, meaning) for name, default, meaning in variables()}
    assert set(named) == {f"OPTISCOPE_{name.upper()}" for name in Settings.model_fields}
    assert named["OPTISCOPE_PORT"] == ("8000", "Port to bind to.")
    assert all(default and meaning for default, meaning in named.values())
    shown = optiscope("serve", "--help", COLUMNS="200").stdout
    assert [name for name in named if f"{name} = {named[name][0]}" not in shown] == []


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["--token", "short"], {}, "--token: "),
        (["--workers", "999"], {}, "--workers: "),
        ([], {"OPTISCOPE_CHUNK_SECONDS": "soon"}, "OPTISCOPE_CHUNK_SECONDS: "),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_as_it_was_given(arguments, environment, words):
    """As an option or as a variable, in a line."""
    done = optiscope("serve", "--no-open", *arguments, **environment)
    assert done.returncode == 1
    assert done.stderr.startswith(words)
    assert len(done.stderr.splitlines()) == 1


def loaded_by(code):
    asked = f"{code}; import json, sys; print(json.dumps([n for n in {HEAVY} if n in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_looking_loads_nothing():
    """Neither the grammar nor the module of any command needs what the commands need."""
    assert loaded_by("import optiscope.cli.commands") == []


def test_workers_can_start_before_torch_is_loaded():
    """Nor does what ``serve`` needs until the workers have begun to start and the first answer is given."""
    code = "import optiscope.settings, optiscope.runs.workers.local, optiscope.serving.starting"
    assert set(loaded_by(code)) == {"pydantic", "starlette"}


def test_a_server_that_takes_too_long_is_not_said_to_be_absent(capsys):
    """What it was asked for may be done all the same."""
    with pytest.raises(typer.Exit) as ended, server("http://127.0.0.1:9"):
        raise httpx.ReadTimeout("timed out")
    assert ended.value.exit_code == 1
    told = capsys.readouterr().err
    assert "has not answered in time" in told
    assert "start one" not in told

"""The public face: small, documented, loaded when it is used."""

import ast
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import optiscope

SOURCE = ast.parse(Path(optiscope.__file__).read_text())
HEAVY = ("torch", "pydantic", "httpx", "fastapi", "numpy", "typer", "rich", "uvicorn", "plotly")


def in_a_new_process(script):
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_importing_it_loads_nothing_else():
    """Not one module of its own, and none of the packages that it stands on."""
    loaded = in_a_new_process("import optiscope, sys, json; json.dump(list(sys.modules), sys.stdout)")
    assert [name for name in loaded if name.startswith("optiscope.") or name in HEAVY] == []


def test_the_client_loads_no_torch():
    """A script that talks to a server starts as fast as its HTTP client does."""
    loaded = in_a_new_process(
        "from optiscope import Client; import sys, json; json.dump(list(sys.modules), sys.stdout)"
    )
    assert "httpx" in loaded
    assert [name for name in loaded if name in {"torch", "pydantic", "fastapi"}] == []


@pytest.mark.parametrize("name", optiscope.__all__)
def test_every_public_name_is_there_and_documented(name):
    """From the module that defines it, and only once."""
    thing = getattr(optiscope, name)
    assert vars(optiscope)[name] is thing
    assert getattr(import_module(f"optiscope.{home_of(name)}"), name) is thing
    assert thing.__doc__
    assert f"``{name}``" in optiscope.__doc__


def home_of(name):
    return next(home for home, names in optiscope._HOMES.items() if name in names)


def test_type_checkers_are_told_the_same():
    """What is imported for them alone is what is loaded, and all of it is exported."""
    (block,) = (
        node for node in SOURCE.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    told = {
        node.module.removeprefix("optiscope."): tuple(alias.name for alias in node.names)
        for node in block.body
    }
    assert told == optiscope._HOMES
    assert sorted(name for names in told.values() for name in names) == sorted(optiscope.__all__)


def test_it_lists_its_names_and_has_no_others():
    """As an interactive shell asks for them."""
    assert [name for name in dir(optiscope) if not name.startswith("__")] == sorted(optiscope.__all__)
    with pytest.raises(AttributeError, match="module 'optiscope' has no attribute 'tarin'") as caught:
        optiscope.tarin  # noqa: B018 - asking is the point
    asked_by_a_traceback = (caught.value.name, caught.value.obj)
    assert asked_by_a_traceback == ("tarin", optiscope)

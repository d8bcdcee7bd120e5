"""What a program is called."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from optiscope.watching.program import program_name

SAY = "from optiscope.watching.program import program_name; print(program_name())"


def said(*arguments, **how):
    """What a program says that is run so."""
    return subprocess.run(
        [sys.executable, *arguments], check=True, capture_output=True, text=True, timeout=60, **how
    ).stdout.strip()


def test_a_program_is_called_as_it_was_run(tmp_path):
    """A script and a module by their names, and what was typed in as that."""
    (tmp_path / "train.py").write_text(SAY, encoding="utf-8")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "__main__.py").write_text(SAY, encoding="utf-8")
    here = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}}
    assert said(str(tmp_path / "train.py"), **here) == "train.py"
    assert said("-m", "mine", **here) == "python -m mine"
    assert said("-c", SAY, **here) == "python -c"
    assert said("-", input=SAY, **here) == "python -"
    assert said(input=SAY, **here) == "python"


@pytest.mark.parametrize(
    ("by_editor", "by_server", "name"),
    [
        (None, "/home/ada/mine.ipynb", "mine.ipynb"),
        ("/home/ada/hers.ipynb", "", "hers.ipynb"),
        (None, "3f2a-console", "notebook"),
        (None, "", "notebook"),
    ],
)
def test_a_notebook_is_called_after_its_file(monkeypatch, by_editor, by_server, name):
    """As its server or its editor say it, or as that what it is."""
    monkeypatch.setattr(sys, "argv", ["/lib/ipykernel_launcher.py", "-f", "kernel.json"])
    monkeypatch.setitem(sys.modules, "__main__", SimpleNamespace(__vsc_ipynb_file__=by_editor))
    monkeypatch.setenv("JPY_SESSION_NAME", by_server)
    assert program_name() == name

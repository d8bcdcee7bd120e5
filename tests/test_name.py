"""The package is called optiscope, whatever the folder of its sources is called."""

import os
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import httpx
import pytest

import optiscope
from optiscope.runs.workers.pool import ProcessPool
from tests import checkout
from tests.server import running_server

ROOT = Path(__file__).parent.parent
LOADED = "sorted(name for name in __import__('sys').modules if name.partition('.')[0] == 'app')"

EXTRAS = {"lightning", "transformers"}
"""What only callbacks for them need."""

# Python imports this in every process of the server, which then writes down what it looks for.
WITNESS = """
import os, sys
class Witness:
    def find_spec(name, *_):
        if name.partition(".")[0] in {"app", "optiscope"}:
            with open(os.path.join(FOLDER, str(os.getpid())), "a") as file:
                print(name, file=file)
sys.meta_path.insert(0, Witness)
"""


def test_every_module_is_imported_as_optiscope():
    """All of them, imported one after the other, load nothing under the name of the folder."""
    names = [module.name for module in pkgutil.walk_packages(optiscope.__path__, "optiscope.")]
    assert "optiscope.engine.recipe.adapters.pytorch_optimizer" in names
    for name in names:
        try:
            import_module(name)
        except ModuleNotFoundError as error:
            assert error.name in EXTRAS  # noqa: PT017 - what a person without the extra sees
    assert eval(LOADED) == []  # noqa: S307 - our own


def test_the_folder_cannot_be_imported_by_its_name():
    """In a checkout it lies beside the link, and whoever imports it learns the package's name."""
    done = subprocess.run(
        [sys.executable, "-c", "import app.engine.core.registry"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "ImportError: app is the folder of this package: import optiscope instead" in done.stderr


@pytest.mark.crash
def test_a_worker_loads_the_package_by_its_name_alone():
    """Jobs are found under optiscope, in the worker too."""
    pool = ProcessPool(1)
    try:
        assert pool.submit(eval, LOADED).result() == []
    finally:
        pool.shutdown()


@pytest.mark.live
def test_a_server_and_its_workers_load_the_package_by_its_name_alone(tmp_path):
    """After a run has been trained, no process of the server has loaded anything as app."""
    witnesses = tmp_path / "witnesses"
    witnesses.mkdir()
    (tmp_path / "sitecustomize.py").write_text(WITNESS.replace("FOLDER", repr(str(witnesses))))
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    with running_server(PYTHONPATH=path) as address:
        run = {"problem": {"name": "xor"}, "optimizer": {"name": "Adam"}, "steps": 3}
        assert httpx.post(f"{address}/api/train", json=run, timeout=240).is_success
    told = [file.read_text().splitlines() for file in witnesses.iterdir()]
    assert any("optiscope.main" in names for names in told)
    assert any("optiscope.runs.workers.worker" in names and "optiscope.main" not in names for names in told)
    assert [name for names in told for name in names if name.partition(".")[0] == "app"] == []


@pytest.mark.parametrize(
    ("found", "words"), [("app", "is a plain file here"), (None, "is not there")], ids=["file", "missing"]
)
def test_a_checkout_without_the_link_says_what_to_do(tmp_path, found, words):
    """Where git may make no links it leaves a file with the link's text; pytest and make end with advice."""
    if found:
        (tmp_path / "optiscope").write_text(found)
    advice = checkout.advice(tmp_path)
    assert words in advice
    assert "git config core.symlinks true && git checkout -- optiscope" in advice
    (tmp_path / "tests").mkdir()
    for name in ("conftest.py", "checkout.py"):
        (tmp_path / "tests" / name).write_text((ROOT / "tests" / name).read_text())
    for file in ("Makefile", "pyproject.toml", "constraints.txt"):
        (tmp_path / file).write_text((ROOT / file).read_text())
    (tmp_path / "tests" / "test_nothing.py").write_text("")
    for command in (["make", "setup"], ["make", "run"], [sys.executable, "-P", "-m", "pytest"]):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode != 0
        assert [line for line in advice.splitlines() if line not in done.stdout + done.stderr] == []


def test_this_checkout_has_the_link():
    """Which is all there is to say about it."""
    assert checkout.advice() is None

"""What another package brings, once it is installed: offered, trained, linted and written as scripts."""

import json
import os
import subprocess
import sys

import httpx
import pytest

from tests.engine.plugin_package import own_optimizer_package, readme_package
from tests.server import PATIENT_S, running_server

pytestmark = pytest.mark.live

OURS = {"name": "my.SignDescent", "hyperparameters": {"lr": 0.02}}
RUNS = {
    "optimizer": {"problem": {"name": "moons"}, "optimizer": OURS},
    "scheduler": {
        "problem": {"name": "xor"},
        "optimizer": {"name": "AdamW"},
        "lr_scheduler": {"name": "my.REX", "hyperparameters": {"total_iters": 30}},
    },
    "problem": {"problem": {"name": "my.mccormick"}, "optimizer": {"name": "Adam"}},
    "all together": {
        "problem": {"name": "my.mccormick"},
        "model": {"start": [0.0, 2.0]},
        "optimizer": OURS,
        "lr_scheduler": {"name": "my.REX", "hyperparameters": {"total_iters": 20, "power": 2}},
    },
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder that the package of the README is installed in."""
    return readme_package(tmp_path_factory.mktemp("plugin"))


@pytest.fixture(scope="module")
def server(site):
    with running_server(PYTHONPATH=str(site)) as address:
        yield address


@pytest.mark.parametrize(
    ("plugins", "entries", "name"),
    [
        ("optimizer_plugins", "optimizers", "my.SignDescent"),
        ("lr_scheduler_plugins", "lr_schedulers", "my.REX"),
        ("problem_plugins", "problems", "my.mccormick"),
    ],
)
def test_the_catalog_offers_it_and_says_who_brings_it(server, plugins, entries, name):
    """Under the name of its entry point, with everything that the page needs to show it."""
    catalog = httpx.get(f"{server}/api/catalog", timeout=PATIENT_S).json()
    (plugin,) = (plugin for plugin in catalog[plugins] if plugin["name"] == "my")
    assert plugin == {"name": "my", "distribution": "my-package 1.2", "entries": [name], "error": None}
    (entry,) = (entry for entry in catalog[entries] if entry["name"] == name)
    assert entry["package"] == "my_package"
    assert entry["formula"].startswith("<math")


@pytest.mark.parametrize("config", RUNS.values(), ids=RUNS)
def test_its_runs_are_those_of_their_scripts(server, site, config):
    """Trained over the wire and by the script that imports it from its package, bit for bit."""
    config = config | {"steps": 25}
    answer = httpx.post(f"{server}/api/train", json=config, timeout=PATIENT_S)
    events = [httpx.Response(200, text=line).json() for line in answer.text.splitlines()]
    script = httpx.post(f"{server}/api/code", json=config, timeout=PATIENT_S).json()["code"]
    assert "import my_package" in script
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [float(line) for line in done.stdout.split()] == [
        event["loss"] for event in events if event["event"] == "step" and event["step"] > 0
    ]


def test_advice_follows_from_the_entry(server):
    """A schedule that is planned for longer than the run is found by the linter."""
    config = RUNS["scheduler"] | {"steps": 10}
    warnings = httpx.post(f"{server}/api/lint", json=config, timeout=PATIENT_S).json()["warnings"]
    assert [warning["code"] for warning in warnings] == ["schedule_unfinished"]


def test_the_page_on_own_optimizers_brings_one_that_trains(tmp_path):
    """Put where it says, and chosen by the name that it says."""
    site = own_optimizer_package(tmp_path)
    run = {"problem": {"name": "moons"}, "optimizer": {"name": "my.SignDescent"}, "steps": 2}
    done = subprocess.run(
        [sys.executable, "-m", "optiscope", "run", "-"],
        input=json.dumps(run),
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["reason"] == "completed"

"""The recipes of CONTRIBUTING.md do what they say, and touch no more than they should."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contributing import ROOT, STEP, copy_of_the_repository, follow, python
from tests.engine.plugin_package import PROJECT, install

FANCY = """\
import torch


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.99)):
        super().__init__(params, {"lr": lr, "betas": betas})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for param in (param for param in group["params"] if param.grad is not None):
                average = self.state[param].setdefault("exp_avg", torch.zeros_like(param))
                param.sub_((average * beta1 + param.grad * (1 - beta1)).sign(), alpha=group["lr"])
                average.lerp_(param.grad, 1 - beta2)
"""

CHECK = """\
import contextlib, io, json, sys
from fastapi.testclient import TestClient
from optiscope import RunConfig, train
from optiscope.engine.advice.codegen import script
from optiscope.main import create_app

config = RunConfig.model_validate_json(sys.argv[1])
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    exec(script(config), {})
run = train(config)
assert [float(line) for line in printed.getvalue().split()] == run.loss[1:].tolist()
assert run.ended.reason == "completed", run
client = TestClient(create_app(), base_url="http://127.0.0.1", client=("127.0.0.1", 1024))
json.dump(client.get("/api/catalog").json(), sys.stdout)
"""
"""Trains a run, by ``train`` and by its script, to the same losses; prints the catalog."""


def catalog_after_training(config, path):
    return json.loads(python("-c", CHECK, json.dumps(config), path=path))


@pytest.fixture
def package(tmp_path):
    """A package of somebody's own, to which nothing has been added yet."""
    source = tmp_path / "package"
    (source / "my_package").mkdir(parents=True)
    (source / "my_package" / "__init__.py").touch()
    (source / "fancy_optimizers.py").write_text(FANCY)
    (source / "pyproject.toml").write_text(
        PROJECT.replace('["my_package"]', '["my_package", "fancy_optimizers.py"]')
    )
    return source


def names_of(catalog, entries):
    return [entry["name"] for entry in catalog[entries]]


def test_every_recipe_is_followed_here():
    """There is no other."""
    text = (ROOT / "CONTRIBUTING.md").read_text().partition("\n## Recipes\n")[2]
    titles = [line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")]
    assert titles == [
        "An optimizer of another package",
        "A scheduler of your own",
        "A test function",
        "A view",
        "A language",
    ]
    assert len(STEP.findall(text)) * 2 == text.count("```")


def test_an_optimizer_of_another_package(package, tmp_path):
    """One module, and the line that names it; trained and written as a script like torch's."""
    assert follow("An optimizer of another package", package) == {"my_package/lion.py", "pyproject.toml"}
    config = {"problem": {"name": "moons"}, "optimizer": {"name": "my.Lion"}, "steps": 20}
    catalog = catalog_after_training(config, install(package, tmp_path))
    assert "my.Lion" in names_of(catalog, "optimizers")
    (entry,) = (entry for entry in catalog["optimizers"] if entry["name"] == "my.Lion")
    assert [h["default"] for h in entry["hyperparameters"]] == [0.001, [0.9, 0.99]]


def test_a_scheduler_of_your_own(package, tmp_path):
    """One module, and the line that names it."""
    assert follow("A scheduler of your own", package) == {"my_package/hold.py", "pyproject.toml"}
    config = {
        "problem": {"name": "xor"},
        "optimizer": {"name": "SGD"},
        "lr_scheduler": {"name": "my.HoldLR", "hyperparameters": {"hold": 5, "total_iters": 20}},
        "steps": 20,
    }
    catalog = catalog_after_training(config, install(package, tmp_path))
    assert "my.HoldLR" in names_of(catalog, "lr_schedulers")


def test_a_test_function(tmp_path):
    """One module and its words; all that is tested of a function holds."""
    tree = copy_of_the_repository(tmp_path)
    assert follow("A test function", tree) == {
        "app/engine/recipe/problems/functions.py",
        "static/languages/zh/catalog.json",
    }
    config = {"problem": {"name": "matyas"}, "optimizer": {"name": "Adam"}, "steps": 20}
    assert "matyas" in names_of(catalog_after_training(config, tree), "problems")
    tests = "tests/engine/recipe/test_problems.py"
    ran = python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "matyas", tests, path=tree)
    assert " passed" in ran
    ruff = Path(sys.executable).with_name("ruff")
    for check in (["check"], ["format", "--check"]):
        subprocess.run([ruff, *check, "--no-cache", "app"], cwd=tree, check=True)


def test_a_view_is_a_module_like_all_others(tmp_path):
    """It is formatted, its types are right, and the registry can mount it; a browser test opens it."""
    tree = copy_of_the_repository(tmp_path)
    follow("A view", tree)
    (tree / "node_modules").symlink_to(ROOT / "node_modules")
    for command in (
        ["npx", "prettier", "--check", "static/js/views", "static/languages"],
        ["npx", "tsc", "--project", "jsconfig.json"],
        ["node", "--test", "tests/js/views/registry.test.js", "tests/js/imports.test.js"],
    ):
        subprocess.run(command, cwd=tree, check=True)

"""Packages that bring something of their own, built and installed into a folder: first that of the README."""

import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.engine.plugin_example import SignDescent

README = Path(__file__).parents[2] / "README.md"

PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "my-package"
version = "1.2"

[tool.hatch.build.targets.wheel]
only-include = ["my_package"]

"""

CODE = '''\
"""What is described in ``optiscope.py``."""

import torch
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler


{optimizer}

class REXLR(LRScheduler):
    """REX (Chen, Wolfe, Kyrillidis 2021), to a power."""

    def __init__(self, optimizer, total_iters, power=1.0, last_epoch=-1):
        self.total_iters, self.power = total_iters, power
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        left = 1 - min(self.last_epoch, self.total_iters) / self.total_iters
        return [base * (left / (0.5 + 0.5 * left)) ** self.power for base in self.base_lrs]


def mccormick(xy):
    x, y = xy.unbind(-1)
    return torch.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1
'''


def readme_package(folder: Path) -> Path:
    """The sources of the README's package, installed; see :func:`install`."""
    source = folder / "source"
    (source / "my_package").mkdir(parents=True)
    (entry_points,) = re.findall(r"```toml\n(.+?)```", README.read_text(), re.DOTALL)
    (source / "pyproject.toml").write_text(PROJECT + entry_points)
    (source / "my_package" / "__init__.py").write_text(CODE.format(optimizer=inspect.getsource(SignDescent)))
    described = re.findall(r"```python\n(# my_package/optiscope.py.+?)```", README.read_text(), re.DOTALL)
    (source / "my_package" / "optiscope.py").write_text("\n".join(described))
    return install(source, folder)


def own_optimizer_package(folder: Path) -> Path:
    """The package of ``docs/own-optimizer.md``, installed; see :func:`install`."""
    text = (README.parent / "docs" / "own-optimizer.md").read_text()
    source = folder / "source"
    (source / "my_package").mkdir(parents=True)
    (entry_points,) = re.findall(r"```toml\n(.+?)```", text, re.DOTALL)
    (source / "pyproject.toml").write_text(PROJECT + entry_points)
    (code,) = re.findall(r"```python\n(.+?)```", text, re.DOTALL)
    (source / "my_package" / "__init__.py").write_text(code)
    return install(source, folder)


def install(source: Path, folder: Path) -> Path:
    """Build the wheel of a package and unpack it, as an installer does.

    Returns:
        The folder that has to be on ``sys.path``.
    """
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    shutil.unpack_archive(wheel, folder / "site", "zip")
    return folder / "site"

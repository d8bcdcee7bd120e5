"""The package of the README's section "Adding your own", built and installed into a folder of its own."""

import inspect
import re
import subprocess
import sys
import zipfile
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


def install(folder: Path) -> Path:
    """Build the wheel of the package and unpack it, as an installer does.

    Returns:
        The folder that has to be on ``sys.path``.
    """
    source, site = folder / "source", folder / "site"
    (source / "my_package").mkdir(parents=True)
    (entry_points,) = re.findall(r"```toml\n(.+?)```", README.read_text(), re.DOTALL)
    (source / "pyproject.toml").write_text(PROJECT + entry_points)
    (source / "my_package" / "__init__.py").write_text(CODE.format(optimizer=inspect.getsource(SignDescent)))
    described = re.findall(r"```python\n(# my_package/optiscope.py.+?)```", README.read_text(), re.DOTALL)
    (source / "my_package" / "optiscope.py").write_text("\n".join(described))
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site

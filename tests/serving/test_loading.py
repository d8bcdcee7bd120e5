"""What the web process loads."""

import subprocess
import sys

WEB = """
import sys
from importlib import import_module
from pkgutil import walk_packages
import optiscope.api, optiscope.pages, optiscope.serving
for package in (optiscope.api, optiscope.pages, optiscope.serving):
    for module in walk_packages(package.__path__, package.__name__ + "."):
        import_module(module.name)
from optiscope.main import create_app
create_app().openapi()
print(*(name for name in ("torch", "numba", "llvmlite") if name in sys.modules))
"""


def test_the_web_process_has_torch_and_no_compiler():
    """Whatever of it is loaded: kernels are compiled and run by workers."""
    done = subprocess.run([sys.executable, "-c", WEB], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["torch"]

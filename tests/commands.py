"""The command line as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

OPTISCOPE = Path(sys.executable).with_name("optiscope")


def optiscope(*arguments, text=None, **environment):
    """What became of a command; ``text`` is its standard input."""
    return subprocess.run(
        [OPTISCOPE, *arguments],
        input=text,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )

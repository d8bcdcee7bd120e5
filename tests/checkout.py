"""Whether a checkout can be worked in: ``optiscope``, the name of the package, has to be a link to ``app``.

Needs nothing but Python, so that ``make`` can ask before anything is installed: ``python tests/checkout.py``.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

ADVICE = """\
optiscope has to be a link to the folder app, and {found}.
  In a clone:   git config core.symlinks true && git checkout -- optiscope
                (on Windows, switch on its developer mode first, without which git may make no links)
  Elsewhere:    ln -sfn app optiscope
Without the link the package can be used, but not worked on: pip install .
"""


def advice(root: Path = ROOT) -> str | None:
    """What to do before anything else, or None where the link is there."""
    link = root / "optiscope"
    if (link / "__init__.py").is_file():
        return None
    return ADVICE.format(found="is a plain file here" if link.is_file() else "is not there")


if __name__ == "__main__":
    sys.exit(advice())

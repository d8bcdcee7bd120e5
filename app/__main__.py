"""``python -m optiscope``: the same as ``optiscope``, without the folder that it was called in on the path.

Python puts the working directory first on the path of ``python -m``, so that a ``struct.py`` there would be
executed as if it were Python's own. Nothing here is found by it.
"""

import os
import sys

if not sys.flags.safe_path and sys.path[0] == os.getcwd():  # noqa: PTH109 - nothing is imported before it is gone
    del sys.path[0]

from optiscope.cli import main

if __name__ == "__main__":
    main()

"""What the program is called that trains: its script, its module, its notebook."""

import os
import sys
from pathlib import Path


def program_name() -> str:
    """As a person would say it, in a word or two."""
    given = sys.argv[0] if sys.argv else ""
    main = sys.modules.get("__main__")
    if (name := Path(given).name) in _NOTEBOOKS:
        path = str(getattr(main, "__vsc_ipynb_file__", "") or os.environ.get("JPY_SESSION_NAME", ""))
        return Path(path).name if path.endswith(".ipynb") else "notebook"
    spec = getattr(main, "__spec__", None)
    if name == "__main__.py" and spec is not None:
        return f"python -m {spec.name.removesuffix('.__main__')}"
    return f"python {name}".strip() if name in _NAMELESS else name


_NOTEBOOKS = frozenset({"ipykernel_launcher.py", "colab_kernel_launcher.py"})

_NAMELESS = frozenset({"", "-", "-c"})
"""What stands in the place of a script that is typed in, or comes from elsewhere."""

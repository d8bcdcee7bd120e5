"""Which JavaScript modules a module loads: all of them are asked for at once, and none is found late."""

import posixpath
import re
from pathlib import Path

_IMPORT = re.compile(r"""^(?:import|export)\b[^;"'(]*?["'](\.[^"']+)["']""", re.MULTILINE)
"""A static import of a file of ours, which has no parenthesis; a dynamic one is loaded when it is wanted."""


def imported_by(folder: Path, entry: str) -> list[str]:
    """All that ``entry`` imports, and what these import, sorted, without itself.

    Args:
        folder: Where the modules lie.
        entry: The path of a module in it, such as ``js/main.js``.

    Raises:
        FileNotFoundError: If one of them does not exist.
    """
    found = {entry}
    waiting = [entry]
    while waiting:
        module = waiting.pop()
        text = (folder / module).read_text(encoding="utf-8")
        for specifier in _IMPORT.findall(text):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(module), specifier))
            if path not in found:
                found.add(path)
                waiting.append(path)
    return sorted(found - {entry})

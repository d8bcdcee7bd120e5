"""What writes a file, by its name, and what that takes."""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")

KEY = "optiscope"
"""Under which a format's own metadata says what run it holds, as one JSON text."""


class ExportError(Exception):
    """A file that cannot be written; the message says why."""


def by_suffix(path: Path, kinds: Mapping[str, T]) -> T:
    """What there is for a file of this name.

    Args:
        path: The file.
        kinds: What there is, by the suffix.

    Raises:
        ExportError: If its suffix is not one of those.
    """
    if path.suffix not in kinds:
        raise ExportError(f"the file must end in one of {', '.join(kinds)}, got {path.name!r}")
    return kinds[path.suffix]


def optional(module: str) -> ModuleType:
    """A module of a package that only some formats take.

    Raises:
        ExportError: If it is not installed, with what installs it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise ExportError(f"{name} is not installed: pip install {name}") from error

"""What writes a file, by its name, and what that takes."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class ExportError(Exception):
    """A file that cannot be written; the message says why."""


def writer_of(path: Path, writers: Mapping[str, Callable[[T, Path], R]]) -> Callable[[T, Path], R]:
    """How a file of this name is written.

    Args:
        path: The file.
        writers: Those that there are, by the suffix.

    Raises:
        ExportError: If its suffix is not one of those.
    """
    if path.suffix not in writers:
        raise ExportError(f"the file must end in one of {', '.join(writers)}, got {path.name!r}")
    return writers[path.suffix]


def optional(module: str, extra: str) -> ModuleType:
    """A module that an extra of this package brings.

    Raises:
        ExportError: If it is not installed, with what installs it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise ExportError(f"{name} is not installed: pip install 'optiscope[{extra}]'") from error

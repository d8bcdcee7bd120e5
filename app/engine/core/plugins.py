"""Entries of registries that other packages bring, through Python entry points.

A package names a function or an object in its ``pyproject.toml``::

    [project.entry-points."optiscope.optimizers"]
    lion = "my_package.optiscope:LION"

What cannot be loaded is told and left out: another package's mistake stops nobody here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from typing import Any, Generic, TypeVar

from optiscope.engine.core.registry import Named

T = TypeVar("T", bound=Named)


@dataclass(frozen=True, slots=True)
class Plugin(Generic[T]):
    """One entry point, loaded.

    Attributes:
        name: The name of the entry point.
        value: Where it points: ``package.module:object``.
        distribution: The package that brings it, with its version; empty if that is not known.
        entries: What it brought.
        error: Why it brought nothing, or None.
    """

    name: str
    value: str
    distribution: str
    entries: tuple[T, ...]
    error: str | None

    def catalog(self) -> dict[str, Any]:
        """What the catalog says about it."""
        return {
            "name": self.name,
            "distribution": self.distribution,
            "entries": [entry.name for entry in self.entries],
            "error": self.error,
        }


def load(points: Iterable[EntryPoint], accept: Callable[[str, Any], T]) -> tuple[Plugin[T], ...]:
    """Load entry points, each of which is an object, or a function that returns several.

    Args:
        points: The entry points.
        accept: Takes the name of the entry point and an object that it brought, and returns the entry of the
            registry; whatever it raises says what is wrong with the object.
    """
    taken: set[str] = set()
    return tuple(_load(point, accept, taken) for point in points)


def _load(point: EntryPoint, accept: Callable[[str, Any], T], taken: set[str]) -> Plugin[T]:
    dist = point.dist
    distribution = f"{dist.name} {dist.version}" if dist else ""
    try:
        loaded = point.load()
        brought = loaded() if callable(loaded) else (loaded,)
        entries = tuple(accept(point.name, entry) for entry in brought)
        names = [entry.name for entry in entries]
        if twice := [name for i, name in enumerate(names) if name in taken or name in names[:i]]:
            raise ValueError(f"{', '.join(twice)} is brought twice")  # noqa: TRY301 - told like all others
    except Exception as error:  # noqa: BLE001 - another package's code may fail in any way
        return Plugin(point.name, point.value, distribution, (), _told(error))
    taken.update(names)
    return Plugin(point.name, point.value, distribution, entries, None)


def _told(error: Exception) -> str:
    """What went wrong; who imports the folder that the package has in its repository learns its name."""
    text = f"{type(error).__name__}: {error}"
    folder = isinstance(error, ImportError) and (error.name or "").partition(".")[0] == "app"
    return text if not folder or INSTEAD in text else f"{text}: {INSTEAD}"


INSTEAD = "import optiscope instead"

"""Entries of registries that other packages bring, through Python entry points.

A package names an object, or a function that returns several, in its ``pyproject.toml``::

    [project.entry-points."optiscope.optimizers"]
    lion = "my_package.optiscope:LION"

What cannot be loaded is told and left out: another package's mistake stops nobody here.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Generic, Protocol, TypeVar

from optiscope.engine.core.registry import Hyperparameter, Named

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


@dataclass(frozen=True)
class Group(Generic[T]):
    """A group of entry points, through which a registry grows.

    Attributes:
        name: Its name in a ``pyproject.toml``, behind ``project.entry-points``.
        accept: Takes the name of an entry point and an object that it brought, and returns the entry of the
            registry; whatever it raises says what is wrong with the object.
    """

    name: str
    accept: Callable[[str, Any], T]

    @cached_property
    def plugins(self) -> tuple[Plugin[T], ...]:
        """What the installed packages bring."""
        return load(entry_points(group=self.name), self.accept)

    def entries(self) -> Iterator[T]:
        """All that could be loaded."""
        for plugin in self.plugins:
            yield from plugin.entries

    def catalog(self) -> list[dict[str, Any]]:
        """What the catalog says about the group."""
        return [plugin.catalog() for plugin in self.plugins]


def load(points: Iterable[EntryPoint], accept: Callable[[str, Any], T]) -> tuple[Plugin[T], ...]:
    """Load entry points, each of which is an object, or a function that returns several."""
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


_INSTEAD = "import optiscope instead"


def _told(error: Exception) -> str:
    """What went wrong; who imports the folder that the package has in its repository learns its name."""
    text = f"{type(error).__name__}: {error}"
    is_folder = isinstance(error, ImportError) and (error.name or "").partition(".")[0] == "app"
    return f"{text}: {_INSTEAD}" if is_folder and _INSTEAD not in text else text


class Described(Named, Protocol):
    """An entry that can be listed in the catalog."""

    def catalog(self) -> dict[str, Any]:
        """What the catalog says about it."""


def check_source(source: str, thing: Any) -> None:
    """Refuse a class or a function that a script could not import.

    Raises:
        ValueError: If ``source``, a module, has no such thing under its own name, nor a class of that name
            which it is derived from.
    """
    name = getattr(thing, "__name__", repr(thing))
    found = getattr(import_module(source), name, None) if source else None
    if found is not thing and not (isinstance(thing, type) and found in thing.__mro__[1:]):
        raise ValueError(f"{source or 'no module'} has no {name}: give the module as source")


def check_defaults(name: str, hyperparameters: Sequence[Hyperparameter]) -> None:
    """Refuse hyperparameters whose defaults they would not accept themselves.

    Raises:
        ValueError: With the sentence that a request would get.
    """
    for h in hyperparameters:
        if h.default is not None and (problem := h.problem(h.default)):
            raise ValueError(f"the default of {name}: {problem}")


def check_formulas(info: Described) -> None:
    """Refuse an entry that the catalog could not show.

    Raises:
        ValueError: If a formula or a symbol cannot be typeset.
    """
    try:
        info.catalog()
    except Exception as error:
        message = f"the formula or a symbol of {info.name} is no LaTeX: {type(error).__name__}"
        raise ValueError(message) from error

"""The JavaScript modules of the page as they lie on the disk: what each imports and exports."""

import posixpath
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

_IMPORT = re.compile(r"""^import\s*\{([^}]*)\}\s*from\s*["'](\.[^"']+)["'];?""", re.MULTILINE)
_DECLARED = re.compile(r"^export (?=(?:(?:async )?function\*?|class|const) (\w+))", re.MULTILINE)
_LISTED = re.compile(r"(?:^|(?<=;))export ?\{([^}]*)\};?", re.MULTILINE)
_DEFAULT = re.compile(r"^export default (\w+);", re.MULTILINE)
"""What packages of others call by name as well."""

_LATER = re.compile(r"""\bimport\(["'](\.[^"']+)["']\)(?!\.)""")
_OTHER = re.compile(r"^(?:import|export)\b.*|\bimport\.meta\b", re.MULTILINE)


class Module(NamedTuple):
    """A module, taken apart.

    Attributes:
        path: Where it lies, such as ``js/main.js``.
        body: Its text without its imports and exports.
        imports: By the path of another module, the names there by their names here.
        exports: The names inside by those that others import.
        later: The paths of those that it imports when they are wanted.
    """

    path: str
    body: str
    imports: Mapping[str, Mapping[str, str]]
    exports: Mapping[str, str]
    later: tuple[str, ...] = ()

    def importing_later(self, expression: Callable[[str], str]) -> str:
        """The body with another expression for each dynamic import of a path."""
        return _LATER.sub(lambda found: expression(_from(self.path, found[1])), self.body)


NO_OTHERS: Mapping[str, str] = {}


def read_module(folder: Path, path: str, instead: Mapping[str, str] = NO_OTHERS) -> Module:
    """Take the module at ``path`` apart.

    Args:
        folder: Where it lies.
        path: Where in that.
        instead: What its imports mean by a path, where that is another module than the one that lies there.

    Raises:
        FileNotFoundError: If it does not exist.
        ValueError: If it imports or exports in another way than by names.
    """
    text = (folder / path).read_text(encoding="utf-8")
    imports: dict[str, dict[str, str]] = {}
    for names, where in _IMPORT.findall(text):
        meant = _from(path, where)
        imports.setdefault(instead.get(meant, meant), {}).update(_renamed(names))
    exports = {name: name for name in _DECLARED.findall(text)}
    for names in _LISTED.findall(text):
        exports |= _renamed(names)
    body = _LISTED.sub("", _DECLARED.sub("", _IMPORT.sub("", text)))
    body = _DEFAULT.sub(lambda found: "" if found[1] in exports.values() else found[0], body)
    if other := _OTHER.search(body):
        raise ValueError(f"{path} must import and export by names, not by {other[0]}")
    later = tuple(_from(path, where) for where in _LATER.findall(body))
    return Module(path, body, imports, exports, later)


def in_order(
    folder: Path, entries: Iterable[str], known: Collection[str] = (), instead: Mapping[str, str] = NO_OTHERS
) -> tuple[Module, ...]:
    """The entries and all that they import, each after what it imports itself.

    Args:
        folder: Where the modules lie.
        entries: Paths in it.
        known: Modules that are there already.
        instead: See :func:`read_module`.

    Raises:
        FileNotFoundError: If one of them does not exist.
        ValueError: If modules import each other in a circle, or in another way than by names.
    """
    done: dict[str, Module] = {}
    begun: set[str] = set()

    def visit(path: str) -> None:
        if path in done or path in known:
            return
        if path in begun:
            raise ValueError(f"{path} imports itself in a circle")
        begun.add(path)
        module = read_module(folder, path, instead)
        for imported in module.imports:
            visit(imported)
        done[path] = module

    for entry in entries:
        visit(entry)
    return tuple(done.values())


def _from(path: str, specifier: str) -> str:
    """The path that a module at ``path`` means."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier))


def _renamed(names: str) -> dict[str, str]:
    """``a, b as c`` as what each name was before."""
    pairs = (name.split(" as ") for name in map(str.strip, names.split(",")) if name)
    return {pair[-1]: pair[0] for pair in pairs}

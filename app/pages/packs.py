"""The modules that the page begins with, sent together: a few answers in the place of two hundred.

The modules stay what they are on the disk. A pack is one module that holds many, each in a block of its own,
behind what it imports::

    // js/player/anchor.js
    {
    const { clamp } = modules["js/player/range.js"];
    class Anchor { … }
    modules["js/player/anchor.js"] = { Anchor };
    }

A module outside the packs imports one of them by its own address, and finds there what the pack has of it, so
that each exists once.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from optiscope.pages.modules import Module, in_order

ENTRIES = {
    "start": ("js/main.js",),
    "workbench": (
        "js/main/workbench.js",
        *(f"js/views/{name}/{name}.js" for name in ("legend", "timeline", "surface")),
    ),
    "after": (
        *(f"js/views/{name}/{name}.js" for name in ("network", "story", "training")),
        "js/controls/offers/offers.js",
        "js/views/timeline/freeze-panel.js",
    ),
}
"""By the name of each pack what it is for: what asks for what the address says, then what shows it, then what
is drawn once the paths over the surface move.
"""


class Packs(NamedTuple):
    """The packs of one edition of our files.

    Attributes:
        root: The address that those files lie under.
        modules: By the name of each pack its modules, each after those that it imports.
    """

    root: str
    modules: Mapping[str, tuple[Module, ...]]

    def address(self, name: str) -> str:
        """Where a pack is loaded from."""
        return f"{self.root}/{_path(name)}"

    def text_at(self, path: str) -> str | None:
        """What lies at ``path``: a pack, a module of one, or, for None, what lies there on the disk."""
        for name, modules in self.modules.items():
            if path == _path(name):
                return self._pack(name)
            for module in modules:
                if path == module.path:
                    return self._stand_in(name, module)
        return None

    def _pack(self, name: str) -> str:
        names = list(self.modules)
        before = names[: names.index(name)]
        head = (
            f'import {{ modules }} from "{self.address(before[-1])}";\n'
            if before
            else "const modules = {};\n"
        )
        blocks = (self._block(module) for module in self.modules[name])
        return "".join((head, "export { modules };\n", *blocks))

    def _block(self, module: Module) -> str:
        taken = (
            f'const {named((there, here) for here, there in names.items())} = modules["{path}"];\n'
            for path, names in module.imports.items()
        )
        given = f'modules["{module.path}"] = {named(module.exports.items())};\n'
        body = module.importing_later(self._later)
        return "".join((f"// {module.path}\n{{\n", *taken, body, given, "}\n"))

    def _later(self, path: str) -> str:
        """The expression that imports the module at ``path`` when it is wanted."""
        for name, modules in self.modules.items():
            if any(path == module.path for module in modules):
                return f'import("{self.address(name)}").then(({{ modules }}) => modules["{path}"])'
        return f'import("{self.root}/{path}")'

    def _stand_in(self, name: str, module: Module) -> str:
        exported = f"export const {{ {', '.join(module.exports)} }}"
        return f'import {{ modules }} from "{self.address(name)}";\n{exported} = modules["{module.path}"];\n'


@lru_cache(maxsize=2)
def packs(folder: Path, root: str) -> Packs:
    """The packs of the modules in ``folder``, whose edition lies under ``root``.

    Raises:
        FileNotFoundError: If a module that is imported does not exist.
        ValueError: If one cannot be packed.
    """
    found: dict[str, tuple[Module, ...]] = {}
    for name, entries in ENTRIES.items():
        known = {module.path for modules in found.values() for module in modules}
        found[name] = in_order(folder, entries, known)
    return Packs(root, found)


def _path(name: str) -> str:
    return f"packs/{name}.js"


def named(pairs: Iterable[tuple[str, str]]) -> str:
    """``{ a, b: c }`` of (a, a) and (b, c)."""
    parts = (key if key == name else f"{key}: {name}" for key, name in pairs)
    return f"{{ {', '.join(parts)} }}"

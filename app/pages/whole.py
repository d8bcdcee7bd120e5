"""All modules of the page in one text, which needs nothing else: for a file that is opened from the disk.

Each but the first is a function that is called when the module is first wanted::

    makers["js/player/anchor.js"] = () => {
    const { clamp } = need("js/player/range.js");
    class Anchor { … }
    modules["js/player/anchor.js"] = { Anchor };
    };
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from optiscope.pages.modules import Module, in_order
from optiscope.pages.packs import named

ENTRY = "js/main.js"

STAND_INS = {"js/outside.js": "js/onefile/outside.js"}
"""What the page takes from outside comes from a server, or from the file that it is in."""

_COMMENT = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)
"""What is written for readers of our sources, which a file need not carry."""

_HEAD = """\
const modules = {};
const makers = {};
const need = (path) => {
  if (!(path in modules)) makers[path]();
  return modules[path];
};
"""


@lru_cache(maxsize=2)
def whole(folder: Path, edition: str) -> str:  # noqa: ARG001 - a file may have changed
    """The text of a module that is the page.

    Args:
        folder: Where the modules lie.
        edition: That they are of.

    Raises:
        FileNotFoundError: If a module that is imported does not exist.
        ValueError: If one cannot be packed.
    """
    *others, entry = _all(folder)
    made = (f'makers["{module.path}"] = () => {{\n{_body(module)}}};\n' for module in others)
    return "".join((_HEAD, *made, "{\n", _body(entry), "}\n"))


def _all(folder: Path) -> list[Module]:
    """Every module that the page can come to want; the one that it begins with last."""
    known: dict[str, Module] = {}
    wanted = [ENTRY]
    while wanted:
        for module in in_order(folder, wanted, known, STAND_INS):
            known[module.path] = module
        wanted = [path for module in known.values() for path in module.later if path not in known]
    entry = known.pop(ENTRY)
    return [*known.values(), entry]


def _body(module: Module) -> str:
    taken = (f'const {named(_turned(names))} = need("{path}");\n' for path, names in module.imports.items())
    body = _COMMENT.sub("", module.importing_later(lambda path: f'Promise.resolve("{path}").then(need)'))
    given = f'modules["{module.path}"] = {named(module.exports.items())};\n'
    return "".join((*taken, body, given))


def _turned(names: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return ((there, here) for here, there in names.items())

import re

import pytest

from optiscope.pages.modules import imported_by
from optiscope.pages.page import ENTRY, WORKBENCH
from optiscope.settings import asset_dir


def write(folder, **modules):
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text)


def test_all_that_a_module_imports_is_found_once_however_deep(tmp_path):
    """Imports and exports, over several lines or one, in circles too; the entry itself is left out."""
    write(
        tmp_path,
        main='import "./a.js";\nimport {\n  x,\n  y,\n} from "./b.js";\n',
        a='export * from "./c.js";\n',
        b='import x from "./a.js";\n',
        c='import "./b.js";\n',
    )
    assert imported_by(tmp_path, "main.js") == ["a.js", "b.js", "c.js"]


def test_what_is_imported_later_or_only_named_is_left_alone(tmp_path):
    """A dynamic import waits until it is wanted; a comment imports nothing."""
    write(
        tmp_path,
        main='/** @typedef {import("./a.js").A} A */\n// import "./b.js"\nconst c = import("./c.js");\n'
        'export class D {\n  /** @type {import("./d.js").D} */\n  #d;\n}\n',
    )
    assert imported_by(tmp_path, "main.js") == []


def test_a_module_that_is_not_there_is_named(tmp_path):
    """A wrong address is a mistake of ours, and is told when the page is made."""
    write(tmp_path, main='import "./missing.js";\n')
    with pytest.raises(FileNotFoundError, match=r"missing\.js"):
        imported_by(tmp_path, "main.js")


async def test_the_page_asks_for_all_its_modules_at_once(client):
    """Each of them has its line in the page, those first that ask for what the address says."""
    page = (await client.get("/")).text
    found = re.findall(r'<link rel="modulepreload" href="[^"]*@[^/]+/([^"]+)"', page)
    assert len(found) == len(set(found)) > 100
    first = {*imported_by(asset_dir("static"), ENTRY), ENTRY}
    assert set(found[: len(first)]) == first
    for entry in WORKBENCH:
        assert {*imported_by(asset_dir("static"), entry), entry} <= set(found)

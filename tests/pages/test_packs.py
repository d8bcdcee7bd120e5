import re
import subprocess

import pytest

from optiscope.pages import packs as packing
from optiscope.pages.files import edition
from optiscope.pages.packs import ENTRIES, packs
from optiscope.settings import asset_dir

STATIC = asset_dir("static")


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Two packs and a module outside them, as they lie on the disk and as they are sent."""
    source = tmp_path / "source"
    source.mkdir()
    modules = {
        "counter": "let count = 0;\nexport function next() {\n  return ++count;\n}\n",
        "first": 'import { next } from "./counter.js";\nexport const one = next();\n'
        'export const later = async () => (await import("./outside.js")).three;\n',
        "then": 'import { next as after } from "./counter.js";\nexport const two = after();\n'
        "await null;\nexport class Empty {}\n",
        "outside": 'import { next } from "./counter.js";\nimport { Empty } from "./then.js";\n'
        "export const three = [next(), new Empty()];\n",
    }
    for name, text in modules.items():
        (source / f"{name}.js").write_text(text)
    monkeypatch.setattr(packing, "ENTRIES", {"start": ("first.js",), "rest": ("then.js",)})
    sent = tmp_path / "sent"
    made = packs(source, sent.as_uri())
    for path in ("packs/start.js", "packs/rest.js", *(f"{name}.js" for name in modules)):
        (sent / path).parent.mkdir(parents=True, exist_ok=True)
        (sent / path).write_text(made.text_at(path) or (source / path).read_text())
    (sent / "package.json").write_text('{"type": "module"}')
    return made, sent


def evaluated(folder, script):
    (folder / "main.js").write_text(script)
    return subprocess.run(
        ["node", "main.js"], cwd=folder, check=True, capture_output=True, text=True, timeout=60
    ).stdout.strip()


def test_a_pack_does_what_its_modules_do(small):
    """Each is evaluated once, whoever asks for it, from a pack, by its own address, or later."""
    _, sent = small
    script = (
        'import { modules } from "./packs/rest.js";\nimport { next } from "./counter.js";\n'
        'import { later, one } from "./first.js";\nimport { two } from "./then.js";\n'
        'const [three, empty] = await later();\nconst same = empty instanceof modules["then.js"].Empty;\n'
        "console.log(JSON.stringify([one, two, three, same, next()]));\n"
    )
    assert evaluated(sent, script) == "[1,2,3,true,4]"


def test_a_module_travels_in_one_pack(small):
    """The later pack takes from the earlier what both need."""
    made, _ = small
    assert {name: [module.path for module in held] for name, held in made.modules.items()} == {
        "start": ["counter.js", "first.js"],
        "rest": ["then.js"],
    }


def test_what_is_in_no_pack_is_left_on_the_disk(small):
    """A module that is loaded later, and what is no module."""
    made, _ = small
    assert made.text_at("outside.js") is None
    assert made.text_at("img/mark.svg") is None


async def test_the_page_loads_packs(client):
    """The entry's runs, the workbench's is on its way; nothing else of ours is asked for by name."""
    page = (await client.get("/")).text
    root = f"/static/{edition()}"
    assert re.findall(r'<script type="module" src="([^"]+)"', page) == [f"{root}/packs/start.js"]
    assert re.findall(r'rel="modulepreload" href="([^"]+)"', page) == [f"{root}/packs/workbench.js"]


async def test_packs_hold_what_the_page_begins_with(client):
    """As text that is kept for good, with no static import left but that of the pack before."""
    root = f"/static/{edition()}"
    for name, entries in ENTRIES.items():
        answer = await client.get(f"{root}/packs/{name}.js")
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]
        assert all(f"// {entry}\n" in answer.text for entry in entries)
        before = {f"{root}/packs/{other}.js" for other in ENTRIES if other != name}
        assert set(re.findall(r'^import .* from "([^"]+)"', answer.text, re.MULTILINE)) <= before


async def test_without_an_edition_the_modules_are_what_lies_on_the_disk(client):
    """For who wants to read them."""
    answer = await client.get("/static/js/main.js")
    assert answer.text == (STATIC / "js" / "main.js").read_text()
    assert (await client.get("/static/packs/start.js")).status_code == 404
    assert (await client.get("/static/@x/packs/start.js")).status_code == 404

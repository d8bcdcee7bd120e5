"""The stylesheets of the page: one file a component, one layer a folder, one answer for all."""

import re

import pytest

from optiscope.pages.files import edition
from optiscope.pages.styles import combined
from optiscope.settings import asset_dir

FOLDER = asset_dir("static") / "css"
FILES = sorted(file for file in FOLDER.rglob("*.css") if file.name != "layers.css")
LAYERS = re.findall(r"[\w-]+", re.search(r"@layer ([^;{]+);", (FOLDER / "layers.css").read_text())[1])
LONGEST = 400


def test_the_order_of_the_layers_comes_first(tmp_path):
    """Whatever else there is, in folders too; a new file needs no line anywhere."""
    (tmp_path / "views").mkdir()
    for name in ("views/new.css", "a.css", "layers.css"):
        (tmp_path / name).write_text(f"/* {name} */")
    assert combined(tmp_path) == "/* layers.css *//* a.css *//* views/new.css */"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(FOLDER).as_posix())
def test_a_stylesheet_is_in_the_layer_of_its_folder(file):
    """And it holds nothing beyond that layer, and is short enough to be read."""
    layer = file.relative_to(FOLDER).with_suffix("").parts[0]
    text = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL).strip()
    assert layer in LAYERS
    assert re.findall(r"^\S.*", text, flags=re.MULTILINE) == [f"@layer {layer} {{", "}"]
    assert len(file.read_text().splitlines()) <= LONGEST


async def test_the_page_loads_one_stylesheet_for_good(client):
    """Under its edition; without one it is asked about each time."""
    page = (await client.get("/")).text
    address = f"/styles.css?v={edition()}"
    assert re.findall(r'rel="stylesheet" href="([^"]+)"', page) == [address]
    response = await client.get(address)
    assert response.headers["content-type"].startswith("text/css")
    assert "immutable" in response.headers["cache-control"]
    assert response.headers["content-encoding"] == "gzip"
    assert response.text == combined(FOLDER)
    assert (await client.get("/styles.css")).headers["cache-control"] == "no-cache"


def test_every_token_that_is_used_is_there():
    """In a stylesheet, or set by a module of the page."""
    sheets = "".join(file.read_text() for file in FILES)
    modules = "".join(file.read_text() for file in (FOLDER.parent / "js").rglob("*.js"))
    used = set(re.findall(r"var\((--[\w-]+)", sheets))
    declared = set(re.findall(r"(--[\w-]+):", sheets)) | set(re.findall(r'"(--[\w-]+)"', modules))
    assert used - declared == set()

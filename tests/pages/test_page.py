"""The page: fresh modules, plotly.js compressed once and kept for good."""

import gzip
import re

import pytest

from optiscope.pages import files
from optiscope.pages.files import edition, static_dir
from optiscope.pages.page import PLOTLY_VERSION, plotly_script

WHOLE, PART = (f"/plotly/{name}?v={PLOTLY_VERSION}" for name in ("plotly.min.js", "plotly-cartesian.min.js"))


async def test_the_page_is_served(client):
    """One page that loads plotly.js from this server by its version."""
    page = await client.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-cache"
    assert f'href="{PART}" data-whole="{WHOLE}"' in " ".join(page.text.split())


async def test_the_page_holds_nothing_that_the_policy_forbids(client):
    """No inline script, no style attribute, nothing from another host."""
    text = (await client.get("/")).text
    assert "<script>" not in text
    assert " style=" not in text
    assert " onload=" not in text
    assert "http://" not in text.replace("http://www.w3.org/", "")
    assert "https://" not in text


async def test_modules_are_asked_about_each_time(client):
    """Our own files may change while a browser has them; unchanged ones are not sent again."""
    response = await client.get("/static/js/main.js")
    assert response.headers["cache-control"] == "no-cache"
    again = await client.get("/static/js/main.js", headers={"if-none-match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert response.headers["content-type"].startswith("text/javascript")


async def test_the_page_s_modules_are_kept_for_good(client):
    """Under the edition that the page names; another page names another one once a file has changed."""
    page = (await client.get("/")).text
    assert f'href="/static/{edition()}/img/mark.svg"' in page
    assert '"/static/js' not in page
    module = await client.get(f"/static/{edition()}/js/early.js")
    assert "immutable" in module.headers["cache-control"]
    assert module.content == (await client.get("/static/js/early.js")).content
    missing = await client.get(f"/static/{edition()}/js/nothing.js")
    assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")


def test_the_edition_changes_with_any_file(tmp_path, monkeypatch):
    """With its content, and with a file that comes or goes."""
    monkeypatch.setattr(files, "static_dir", lambda: tmp_path)
    seen = set()
    for text in ("a", "bb", "ccc"):
        (tmp_path / "module.js").write_text(text)
        seen.add(edition())
    (tmp_path / "more.js").touch()
    seen.add(edition())
    assert len(seen) == 4
    assert edition() in seen


@pytest.mark.parametrize("path", ["/static/../pyproject.toml", "/static/%2e%2e/pyproject.toml", "/static/js"])
async def test_only_static_files_are_served(client, path):
    """Nothing outside the folder, and no listing of it."""
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize(("name", "address"), [("plotly.min.js", WHOLE), ("plotly-cartesian.min.js", PART)])
async def test_plotly_is_compressed_once_and_kept_for_good(client, name, address):
    """Under its version it never needs to be asked for again; compressed only for who understands it."""
    script, compressed, _ = plotly_script(name)
    response = await client.get(address, headers={"accept-encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert "immutable" in response.headers["cache-control"]
    assert response.content == script
    assert gzip.decompress(compressed) == script
    assert len(compressed) < len(script) / 2
    assert plotly_script(name)[1] is compressed
    plain = await client.get(address, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == script
    other = await client.get(f"/plotly/{name}?v=0")
    assert other.headers["cache-control"] == "no-cache"
    again = await client.get(address, headers={"if-none-match": response.headers["etag"]})
    assert again.status_code == 304


def test_both_parts_of_plotly_are_of_one_version():
    """What draws in two dimensions is not older than what draws in three, and a third of it."""
    part, whole = plotly_script("plotly-cartesian.min.js").plain, plotly_script("plotly.min.js").plain
    versions = [re.search(rb"plotly\.js .*?v([\d.]+)", script[:200]) for script in (part, whole)]
    assert versions[0][1] == versions[1][1]
    assert len(part) < len(whole) / 3


def test_the_part_of_plotly_is_as_it_came_but_for_parentheses_around_its_body():
    """A browser compiles a function in parentheses as it arrives, and any other once it is called."""
    came = (static_dir() / "vendor" / "plotly" / "plotly-cartesian.min.js").read_bytes()
    served = plotly_script("plotly-cartesian.min.js").plain
    assert b'this, (() => {\n"use strict"' in served[:1000]
    assert served.endswith(b"return Plotly;\n})));")
    assert served.replace(b"this, (() => {", b"this, () => {").removesuffix(b")));") + b"));" == came


async def test_only_the_scripts_of_plotly_are_served(client):
    """Any other name is not there."""
    assert (await client.get("/plotly/nothing.js")).status_code == 404

"""A language that nobody has heard of: its folder is all that it takes, and what it lacks is in English."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.test_page import OpenPage
from tests.server import running_server

ROOT = Path(__file__).parents[2]
WORDS = {
    "language": {"name": "Made up", "short": "MU", "tag": "mu"},
    "shell": {"tagline": "lortsim a rof", "share": "Erahs"},
    "said": {"at_most": "{field}: {value} > {bound}"},
    "catalog": {"problems": {"xor": {"title": "Rox"}}},
}


@pytest.fixture(scope="module")
def with_made_up_language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of a copy of the package, with one more folder of words."""
    scratch = tmp_path_factory.mktemp("scratch")
    package = scratch / "optiscope"
    shutil.copytree(ROOT / "app", package)
    for folder in ("static", "templates"):
        shutil.copytree(ROOT / folder, package / folder)
    words = package / "static" / "languages" / "mu"
    words.mkdir()
    for name, content in WORDS.items():
        (words / f"{name}.json").write_text(json.dumps(content))
    with running_server(PYTHONPATH=str(scratch)) as address:
        yield address


def test_a_further_language_is_nothing_but_a_folder(open_page: OpenPage, with_made_up_language: str) -> None:
    """It is offered, spoken without a reload, and each entry that it lacks is English, counted and told."""
    page = open_page("/?problem=xor&steps=5", address=with_made_up_language)
    page.evaluate("window.isTheSamePage = true")
    offered = page.get_by_role("group", name="Language").get_by_role("button")
    expect(offered).to_have_text(["EN", "MU", "中文"])
    offered.filter(has_text="MU").click()
    expect(page.locator("html")).to_have_attribute("lang", "mu")
    expect(page.locator(".brand-tagline")).to_have_text(WORDS["shell"]["tagline"])
    expect(page.get_by_role("button", name="Erahs")).to_be_visible()
    expect(page.locator(".picker-value")).to_have_text("Rox")
    expect(page.get_by_role("button", name="Add run")).to_be_visible()
    told = re.compile(r"^Made up\n\d+ entries are missing here and shown in English")
    expect(offered.filter(has_text="MU")).to_have_attribute("data-hint", told)
    assert page.evaluate("window.isTheSamePage")
    page.goto("/?problem=xor&steps=1000000000&language=mu")
    expect(page.get_by_text("steps: 1000000000 > 100000").first).to_be_attached()

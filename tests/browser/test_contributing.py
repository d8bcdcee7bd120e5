"""The recipes of CONTRIBUTING.md for the page, followed on a copy that is then served."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_page import pause_at_end
from tests.contributing import copy_of_the_repository, follow
from tests.server import running_server

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def touched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, set[str]]]]:
    """The address of a server of the copy, and what each recipe touched."""
    tree = copy_of_the_repository(tmp_path_factory.mktemp("contributing"))
    files = {title: follow(title, tree) for title in ("A view", "A language")}
    with running_server(PYTHONPATH=str(tree)) as address:
        yield address, files


def test_a_view(open_page: OpenPage, touched: tuple[str, dict[str, set[str]]]) -> None:
    """A module, its words and one line; its tab opens, and it follows the clock."""
    address, files = touched
    assert files["A view"] == {
        "static/js/views/ranking/ranking.js",
        "static/languages/en/views/ranking.json",
        "static/languages/zh/views/ranking.json",
        "static/js/views/registry.js",
    }
    page = open_page(address=address)
    pause_at_end(page)
    page.get_by_role("tab", name="Ranking").click()
    lines = page.get_by_role("tabpanel", name="Ranking").get_by_role("listitem")
    expect(lines).to_have_count(4)
    at_the_end = lines.all_inner_texts()
    losses = [float(text.rpartition(": ")[2]) for text in at_the_end]
    assert losses == sorted(losses)
    page.keyboard.press("Home")
    expect(lines.first).not_to_have_text(at_the_end[0])


def test_a_language(open_page: OpenPage, touched: tuple[str, dict[str, set[str]]]) -> None:
    """One folder; it is offered, chosen by those who prefer it, and English where it says nothing."""
    address, files = touched
    assert {name.rpartition("/eo/")[0] for name in files["A language"]} == {"static/languages"}
    page = open_page(address=address, locale="eo")
    expect(page.get_by_role("tab", name="Trejnado")).to_be_visible()
    expect(page.get_by_role("tab", name="Optimizer state")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "eo")

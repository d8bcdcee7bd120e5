"""What another package brings is shown and chosen on the page like all else."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_page import pause_at_end
from tests.engine.plugin_package import readme_package
from tests.server import running_server

OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server beside which the package of the README is installed."""
    site = readme_package(tmp_path_factory.mktemp("plugin"))
    with running_server(PYTHONPATH=str(site)) as address:
        yield address


def test_a_link_may_name_plug_ins(open_page: OpenPage, address: str) -> None:
    """A test function, an optimizer and a scheduler of another package, all in one run."""
    runs = "[(optimizer:my.SignDescent(lr:0.02),lr_scheduler:my.REX(total_iters:300))]"
    page = open_page(f"/?v=2&problem=my.mccormick&runs={runs}", address=address)
    pause_at_end(page)
    expect(page.get_by_role("button", name="McCormick's function")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert f"runs={runs}" in page.url
    card = page.locator(".card.is-open")
    expect(card).to_contain_text("SignDescent")
    expect(card).to_contain_text("REX")

"""Choosing an optimizer on a card, as a person does by keyboard: open the list, look for it, take it."""

from playwright.sync_api import Locator, expect


def choose_optimizer(card: Locator, name: str, place: int = 0) -> None:
    """Another optimizer for a card, or, at ``place`` 1, for what its first cannot take."""
    page = card.page
    card.get_by_role("combobox", name="Optimizer", exact=True).nth(place).press("Enter")
    search = page.get_by_role("combobox", name="Name, idea or paper")
    expect(search).to_be_focused()
    search.fill(name)
    expect(page.locator(f'.optimizer-option[data-name="{name}"]')).to_have_attribute("data-active", "true")
    search.press("Enter")
    expect(search).to_have_count(0)

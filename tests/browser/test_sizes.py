"""How large texts and targets are, wherever a person comes to."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.measures import WATCH_CANVAS, small_targets, small_texts

OpenPage = Callable[..., Page]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}

ADDRESSES = (
    "/?step=20&arrows=on&v=2",
    "/?plots=step&step=3&network=signals&v=2",
    "/?problem=himmelblau&plots=state",
    "/?problem=expression&view=3d",
    "/?plots=curvature&batch=8&v=2",
    "/?plots=noise&batch=8&axis=samples&v=2",
)

UNFOLD = "document.querySelectorAll('.workbench details').forEach(part => { part.open = true; })"


def places(page: Page) -> Iterator[str]:
    """One place of the page after the other, each with all that can be unfolded in it."""
    for address in ADDRESSES:
        page.goto(address)
        expect(page.locator("#surface .surface-plot").first).to_be_visible()
        expect(page.locator("[role=tabpanel]:not([hidden]):not([aria-busy])")).to_be_visible()
        expect(page.locator("#network :is(.network-svg, .point-dial, svg)").first).to_be_visible()
        page.evaluate(UNFOLD)
        yield address
    for panel in ("problem-panel", "surface-panel"):
        page.locator(f"[popovertarget={panel}]").click()
        expect(page.locator(f"#{panel}")).to_be_visible()
        yield panel
        page.keyboard.press("Escape")
    card = page.get_by_role("article").first
    if card.locator(".card-button").get_attribute("aria-expanded") == "false":
        card.locator(".card-button").click()
    page.evaluate(UNFOLD)
    yield "a card"
    for name in ("Copy as PyTorch", "Schedule studio", "Fork from here"):
        card.get_by_role("button", name=name).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        yield name
        page.keyboard.press("Escape")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_is_too_small_to_be_read_or_pressed(open_page: OpenPage, size: dict[str, object]) -> None:
    """Texts are of 12 px at least, those on canvases and by Plotly too; what is pressed is of 24 px."""
    page = open_page(
        "about:blank",
        prepare=lambda page: page.add_init_script(WATCH_CANVAS),
        **size,
    )
    for place in places(page):
        assert small_texts(page) == [], place
        assert small_targets(page) == [], place


CONTRAST = """(elements) => elements.map(element => {
  const canvas = document.createElement("canvas").getContext("2d");
  const light = color => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(part => part / 255)
      .map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ring = getComputedStyle(element).boxShadow.match(/^rgba?\\([^)]*\\)/)?.[0] ?? "transparent";
  const [one, other] = [ring, getComputedStyle(element.parentElement).backgroundColor].map(light);
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_chosen_is_told_from_what_is_not(open_page: OpenPage, scheme: str) -> None:
    """A ring of three to one around what is pressed among two or three, in both themes."""
    page = open_page(color_scheme=scheme)
    expect(page.locator(".segment[aria-pressed=true]")).to_be_visible()
    chosen = page.locator(":is(.switch button, .segment)[aria-pressed=true]")
    contrasts = chosen.evaluate_all(CONTRAST)
    assert len(contrasts) > 2
    assert min(contrasts) >= 3

"""What is taken away of the page is opened again: pictures, films and records."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import av
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from optiscope import Client
from tests.browser.accessible import assert_accessible
from tests.browser.conftest import is_advice
from tests.watching.recorded import trained

OpenPage = Callable[..., Page]

PAGE = "/?v=2&problem=xor&steps=12&step=6&runs=[SGD(lr:0.3),Adam(lr:0.05)]"
SVG = "{http://www.w3.org/2000/svg}"

STEPS = 4
SIZE = (640, 360)
HELD = 1
"""Seconds that the last picture of a film stays."""


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """Two runs of twelve steps, with everything drawn."""
    page = open_page(PAGE)
    expect(page.locator("#surface .surface-plot .main-svg").first).to_be_visible()
    expect(page.locator("#surface.is-stale")).to_have_count(0)
    return page


def saving(page: Page, part: str) -> Locator:
    """The dialog, at one of its parts."""
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="Save and share")
    dialog.get_by_role("button", name=part, exact=True).click()
    return dialog


def taken(page: Page, act: Callable[[], object]) -> tuple[str, bytes]:
    """The name and the content of the file that an act hands out."""
    with page.expect_download(timeout=120_000) as download:
        act()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def run_colors(page: Page) -> set[tuple[int, int, int]]:
    """The colours of the two runs in the legend."""
    lines = page.locator(".legend .glyph line")
    expect(lines).to_have_count(2)
    strokes = lines.evaluate_all("lines => lines.map((line) => getComputedStyle(line).stroke)")
    return {tuple(map(int, re.findall(r"\d+", stroke)[:3])) for stroke in strokes}  # type: ignore[misc]


def test_pictures_hold_what_is_shown(page: Page) -> None:
    """A PNG as large as asked, and an SVG whose lines are lines and whose texts are texts."""
    colors = run_colors(page)
    page.get_by_role("button", name="Save Loss surface").click()
    dialog = page.get_by_role("dialog", name="Save and share")
    expect(dialog.get_by_role("img", name="How the picture of Loss surface will look")).to_be_visible()
    assert_accessible(page)
    name, content = taken(page, dialog.get_by_role("button", name="PNG").click)
    assert name == "optiscope-xor-surface-step-6.png"
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    surface = page.locator("#surface").bounding_box()
    assert surface is not None
    assert picture.width == pytest.approx(2 * (surface["width"] + 24), abs=2)
    assert picture.height > 2 * surface["height"]
    seen = {color for _, color in picture.getcolors(picture.width * picture.height) or []}
    assert colors <= seen
    name, content = taken(page, dialog.get_by_role("button", name="SVG").click)
    assert name == "optiscope-xor-surface-step-6.svg"
    tree = ET.fromstring(content)  # noqa: S314 - which we have just written
    texts = [element.text for element in tree.iter(f"{SVG}text")]
    assert "XOR · Loss surface · step 6 of 12" in texts
    assert {"SGD", "Adam"} <= set(texts)
    strokes = {element.get("stroke") for element in tree.iter(f"{SVG}path")}
    hexes = {"#" + bytes(color).hex() for color in colors}
    assert hexes <= strokes, "the paths are lines"
    dialog.get_by_label("Of", exact=True).select_option("loss")
    name, content = taken(page, dialog.get_by_role("button", name="SVG").click)
    assert name == "optiscope-xor-loss-step-6.svg"
    assert hexes <= {element.get("stroke") for element in ET.fromstring(content).iter(f"{SVG}path")}  # noqa: S314


def drawing(page: Page, of: str) -> ET.Element:
    """The SVG of a view, read."""
    dialog = saving(page, "Picture")
    dialog.get_by_label("Of", exact=True).select_option(of)
    _, content = taken(page, dialog.get_by_role("button", name="SVG").click)
    page.keyboard.press("Escape")
    return ET.fromstring(content)  # noqa: S314 - which the page has just written


def test_a_name_that_the_page_shortens_is_shortened_in_a_picture(open_page: OpenPage) -> None:
    """Cut off at its edge, a rate of 0.123 would read as one of 0."""
    page = open_page("/?v=2&problem=xor&steps=6&runs=[SGD(lr:0.123),SGD(lr:0.2)]")
    name = page.locator("#network .network-title span")
    expect(name).to_contain_text("0.123")
    whole = name.inner_text()
    name.evaluate("name => (name.style.maxWidth = '88px')")
    texts = [text.text or "" for text in drawing(page, "network").iter(f"{SVG}text")]
    (shown,) = [text for text in texts if text.startswith("SGD ") and text.endswith("…")]
    assert whole.startswith(shown.removesuffix("…"))


def test_an_svg_is_of_shapes(open_page: OpenPage, live_server: str, tmp_path: Path) -> None:
    """Samples, cells and curves stay sharp; the field of a network's outputs alone is pixels."""
    page = open_page("/?v=2&problem=moons&steps=4&runs=[SGD(lr:0.3)]&view=data")
    samples = page.locator("#surface .data-losses")
    expect(samples).to_contain_text("held-out")
    tree = drawing(page, "surface")
    assert len(list(tree.iter(f"{SVG}image"))) == 1
    assert len(list(tree.iter(f"{SVG}path"))) > 100
    address, drawn = SHOWN["tune"]
    page.goto(address)
    expect(page.locator(drawn).first).to_be_visible()
    page.wait_for_function(
        "() => [...document.querySelectorAll('#tune .map-cells')].some((canvas) => canvas.width === 4)"
    )
    tree = drawing(page, "map")
    assert list(tree.iter(f"{SVG}image")) == []
    assert [path for path in tree.iter(f"{SVG}path") if path.get("shape-rendering") == "crispEdges"]
    address, drawn = SHOWN["loops"]
    page.goto(address.format(id=imported(live_server, tmp_path / "mine.optiscope")))
    expect(page.locator(drawn).first).to_be_visible()
    tree = drawing(page, "run")
    assert list(tree.iter(f"{SVG}image")) == []
    assert [path for path in tree.iter(f"{SVG}path") if path.get("shape-rendering") == "crispEdges"]


def test_a_picture_holds_what_is_scrolled_out_of_sight(page: Page) -> None:
    """Of a view that is higher than its room."""
    page.get_by_role("tab", name="Optimizer state").click()
    view = page.locator("#state")
    page.set_viewport_size({"width": 1440, "height": 700})
    expect(view.get_by_role("heading", name="Angle of the update")).to_be_attached()
    page.wait_for_function("() => (({scrollHeight, clientHeight}) => scrollHeight > clientHeight)(state)")
    tree = drawing(page, "state")
    texts = {text.text for text in tree.iter(f"{SVG}text")}
    assert any(text and text.startswith("Angle of the update") for text in texts)
    assert float(tree.get("height") or 0) > view.evaluate("view => view.scrollHeight")


def filmed(page: Page, dialog: Locator, kind: str) -> tuple[str, bytes]:
    """A small film of the first steps."""
    dialog.get_by_role("button", name=kind, exact=True).click()
    dialog.get_by_label("Size in pixels").select_option("1")
    dialog.get_by_label("To step").fill(str(STEPS))
    dialog.get_by_label("Steps a second").fill("10")
    dialog.get_by_label("Steps a second").press("Tab")
    return taken(page, dialog.get_by_role("button", name="Make the film").click)


def test_a_film_has_the_size_of_its_kind_unless_one_is_chosen(page: Page) -> None:
    """That of a GIF goes with it; one that somebody chose stays."""
    dialog = saving(page, "Film")
    size = dialog.get_by_label("Size in pixels")
    sizes = []
    for kind in ("GIF", "WebM"):
        dialog.get_by_role("button", name=kind, exact=True).click()
        sizes.append(size.input_value())
    size.select_option("2")
    dialog.get_by_role("button", name="GIF", exact=True).click()
    assert [*sizes, size.input_value()] == ["1", "0", "2"]


def test_films_keep_every_picture(page: Page) -> None:
    """As many as the plan says, for as long as it says; a GIF has the colours of the runs."""
    colors = run_colors(page)
    dialog = saving(page, "Film")
    for kind in ("MP4", "WebM"):
        name, content = filmed(page, dialog, kind)
        assert name == f"optiscope-xor-surface-0-4-640x360.{kind.lower()}"
        with av.open(io.BytesIO(content)) as film:
            pictures = list(film.decode(video=0))
            assert film.duration is not None
            seconds = film.duration / av.time_base
        assert {(picture.width, picture.height) for picture in pictures} == {SIZE}
        assert len(pictures) == 30 * STEPS // 10 + 1 + 30 * HELD
        assert seconds == pytest.approx(len(pictures) / 30, abs=0.04)
    name, content = filmed(page, dialog, "GIF")
    assert name == "optiscope-xor-surface-0-4-640x360.gif"
    with Image.open(io.BytesIO(content)) as animation:
        assert animation.size == SIZE
        count: int = animation.n_frames  # type: ignore[attr-defined]
        assert count == 14 + 1 + 33  # 0.4 s at 33⅓ pictures a second, and the second that it stays
        for index in range(count):
            animation.seek(index)
            assert animation.info["duration"] == 30
        last = animation.convert("RGB")
    assert colors <= {color for _, color in last.getcolors(SIZE[0] * SIZE[1]) or []}


def test_a_film_is_cancelled(page: Page) -> None:
    """Nothing is handed out, and the page says so and goes on."""
    dialog = saving(page, "Film")
    assert_accessible(page)
    dialog.get_by_label("Steps a second").fill("0.12")  # which takes far longer than to cancel it
    dialog.get_by_label("Steps a second").press("Tab")
    dialog.get_by_role("button", name="Make the film").click()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog.get_by_role("status")).to_have_text("The film was cancelled.")
    expect(page.locator(".film-stage")).to_have_count(0)


def test_records_and_the_link_are_taken_along(page: Page) -> None:
    """CSV of both runs as a zip; the link opens what is shown, and has a QR code."""
    dialog = saving(page, "Records")
    name, content = taken(page, dialog.get_by_role("button", name="Save the records").click)
    assert name == "optiscope-xor.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        tables = [files.read(file).decode() for file in files.namelist()]
    assert len(tables) == 2
    assert all(re.search(r"^12,", table, re.MULTILINE) for table in tables)
    dialog.get_by_role("button", name="Link", exact=True).click()
    address = dialog.get_by_role("textbox", name="Link").input_value()
    assert "step=6" in address
    assert_accessible(page)
    expect(dialog.get_by_role("img", name="QR code of the link")).to_be_visible()


SHOWN = {
    "compare": ("/?v=2&problem=xor&steps=12&step=6&runs=[SGD(lr:0.3),Adam(lr:0.05)]", "#surface canvas"),
    "learn": ("/?v=2&place=learn&lesson=freezing-fc2", "#surface canvas"),
    "tune": (
        "/?v=2&problem=xor&steps=12&runs=[SGD(lr:0.3)]&place=tune&tune_seeds=2&tune_x=lr,0.01,1,4,log",
        "#tune section.map-chart",
    ),
    "loops": ("/?v=2&place=loops&loop={id}", "#loops section.loop-chart"),
    "race": (
        "/?v=2&problem=xor&steps=4&runs=[SGD(lr:0.3),Adam]&place=tune&tune=race&tune_x=lr,0.01,1,2,log",
        "#tune .race-table",
    ),
}
"""An address of each place of the page, and what is drawn there."""


GREY = {
    "compare": '[data-mode="3d"]',
    "learn": '[data-mode="3d"]',
    "tune": ".tune-by-touch",
    "loops": ".loop-compare button",
    "race": ".race .button-primary",
}
"""What would train in a file of each."""


def imported(server: str, path: Path) -> str:
    """The id of a watched run that the server keeps."""
    trained(path, steps=7)  # the same bytes would be the run of another test
    with Client(server) as client:
        return client.import_run(path.read_bytes()).id


@pytest.mark.parametrize("shown", SHOWN)
def test_what_is_on_the_screen_becomes_one_file(
    open_page: OpenPage, live_server: str, browser: Browser, tmp_path: Path, shown: str
) -> None:
    """Opened from the disk without a network it shows the same place, what trains grey, a clean console."""
    address, drawn = SHOWN[shown]
    place = "tune" if shown == "race" else shown
    id_ = imported(live_server, tmp_path / "mine.optiscope") if place == "loops" else ""
    page = open_page(address.format(id=id_))
    expect(page.locator(drawn).first).to_be_visible()
    dialog = saving(page, "Page")
    button = dialog.get_by_role("button", name="Save the page")
    expect(button).to_be_enabled()
    _, content = taken(page, button.click)
    file = tmp_path / "page.html"
    file.write_bytes(content)
    with browser.new_context(locale="en-US", offline=True) as context:
        opened = context.new_page()
        noted: list[str] = []
        opened.on("console", lambda message: is_advice(message) or noted.append(message.text))
        opened.on("pageerror", lambda error: noted.append(str(error)))
        opened.goto(file.as_uri())
        expect(opened.locator(drawn).first).to_be_visible()
        expect(opened.locator(f'.place[data-place="{place}"]')).to_have_attribute("aria-current", "page")
        expect(opened.locator('.place[data-place="tune"]')).to_have_attribute(
            *(("aria-current", "page") if place == "tune" else ("aria-disabled", "true"))
        )
        expect(opened.locator(GREY[shown]).first).to_have_attribute("aria-disabled", "true")
        assert noted == []

"""Basins and the edge of trainability in the place Tune, by mouse, fingers and keys."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]

BASINS = "/?v=2&problem=himmelblau&steps=30&place=tune&tune=basins&runs=[SGD(lr:0.01)]"
EDGE = "/?v=2&problem=xor&samples=16&steps=3&place=tune&tune=edge&edge_cells=8&runs=[SGD(lr:0.1)]"


IS_ANOTHER_FROM_ITS_START = """(before) => {
  const trail = document.querySelector(".map-trail");
  const { x, y } = trail.getPointAtLength(0);
  const begin = new DOMPoint(x, y).matrixTransform(trail.getScreenCTM());
  const ring = document.querySelector(".map-area .start-handle").getBoundingClientRect();
  const away = Math.hypot(begin.x - ring.x - ring.width / 2, begin.y - ring.y - ring.height / 2);
  return trail.getAttribute("d") !== before && away < 1;
}"""


def whole(page: Page) -> None:
    """Waits until all cells of what is asked for are there."""
    expect(page.locator(".map-chart")).to_have_count(1)
    expect(page.locator(".tune-progress progress")).to_have_count(0)


def window(page: Page) -> list[float]:
    """The window of rates that the address names: left, right, bottom, top."""
    expect(page).to_have_url(re.compile("edge_window="))
    return [float(rate) for rate in parse_qs(urlsplit(page.url).query)["edge_window"][0].split(",")]


def test_a_start_is_read_and_opened(open_page: OpenPage) -> None:
    """Keys read where a start leads to, Enter opens all runs from there, and the picture is saved."""
    page = open_page(BASINS)
    whole(page)
    expect(page.locator(".map-trail")).to_have_count(1)
    expect(page.locator(".basin-keys")).to_contain_text("(3.000, 2.000)")
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG").click()
    assert download.value.suggested_filename == "himmelblau-basins.png"
    page.locator(".map-area").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tune [aria-live=polite]")).to_contain_text("start (0.1000")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("start=0.1"))
    expect(page.locator(".workbench")).to_have_attribute("data-place", "compare")


def test_basins_of_a_run_that_changes_stay_beside_the_others(open_page: OpenPage) -> None:
    """Where they are, as of before the change, until there are others."""
    page = open_page(BASINS.replace("SGD(lr:0.01)", "SGD(lr:0.01),Adam(lr:0.1)"))
    charts = page.locator(".map-chart")
    expect(charts).to_have_count(2)
    expect(page.locator(".tune-progress progress")).to_have_count(0)
    page.route("**/api/sweeps", lambda _: None)  # no answer comes
    page.locator(".card").first.get_by_label("momentum", exact=True).last.fill("0.5")
    expect(page.locator(".tune-basins .tune-before > span")).to_be_visible()
    expect(charts).to_have_count(2)
    expect(charts.first).to_contain_text("SGD")
    expect(charts.last).to_contain_text("Adam")


def test_a_path_follows_its_start(open_page: OpenPage) -> None:
    """By mouse, finger and arrow keys; the basins stay, and one hand's way is one step of undo."""
    page = open_page(BASINS, has_touch=True)
    whole(page)
    trail, handle = page.locator(".map-trail"), page.locator(".map-area .start-handle")
    expect(trail).to_have_count(1)
    told = page.locator("#tune [aria-live=polite]")
    ways = [trail.get_attribute("d")]

    def moved() -> None:
        """Waits for another path from where the start stands; until then one of an earlier start is shown."""
        page.wait_for_function(IS_ANOTHER_FROM_ITS_START, arg=ways[-1])
        ways.append(trail.get_attribute("d"))

    area, ring = page.locator(".map-area").bounding_box(), handle.bounding_box()
    assert area is not None
    assert ring is not None
    page.mouse.move(ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.8, area["y"] + area["height"] * 0.3, steps=4)
    moved()
    expect(page).not_to_have_url(re.compile("start="))
    page.mouse.up()
    expect(page).to_have_url(re.compile("start=3"))
    expect(told).to_contain_text("ends at")
    handle.focus()
    page.keyboard.press("Shift+ArrowLeft")
    moved()
    touch = page.context.new_cdp_session(page)
    ring = handle.bounding_box()
    assert ring is not None
    x, y = ring["x"] + ring["width"] / 2, ring["y"] + ring["height"] / 2
    for kind, down in (("touchStart", 0), ("touchMove", 20), ("touchMove", 40)):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y + down}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    moved()
    expect(page.locator(".tune-progress progress")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    moved()


def test_the_edge_is_zoomed_by_wheel_box_and_keys(open_page: OpenPage) -> None:
    """Each way leads into a part of the window before, and 0 to all of it."""
    page = open_page(EDGE)
    whole(page)
    area = page.locator(".map-area")
    area.hover()
    page.mouse.wheel(0, -300)
    by_wheel = window(page)
    assert 0.01 < by_wheel[0] < by_wheel[1] < 1000
    whole(page)
    area.hover()
    box = area.bounding_box()
    assert box is not None
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.3, steps=3)
    page.mouse.up()
    expect(page).not_to_have_url(re.compile(re.escape(f"{by_wheel[1]}")))
    by_box = window(page)
    assert by_wheel[0] < by_box[0] < by_box[1] <= by_wheel[1]
    area.focus()
    page.keyboard.press("-")
    expect(page).not_to_have_url(re.compile(re.escape(f"{by_box[1]}")))
    page.keyboard.press("0")
    expect(page).to_have_url(re.compile("edge_window=0.01,1000,0.01,1000"))
    live = page.locator("#tune > [aria-live]")
    expect(live).to_have_text("Learning rate of fc1 from 0.01 to 1000, of fc3 from 0.01 to 1000")
    page.keyboard.press("+")
    expect(live).not_to_contain_text("from 0.01 to 1000, of")


def test_the_edge_is_found_by_keys(open_page: OpenPage) -> None:
    """The next border of a row, and the lowest cell; each is said."""
    page = open_page(EDGE)
    whole(page)
    page.locator(".map-area").focus()
    live = page.locator("#tune > [aria-live]")
    page.keyboard.press("ArrowRight")
    before = live.text_content() or ""
    page.keyboard.press("n")
    expect(live).not_to_have_text(before)
    expect(live).to_contain_text("border to the right of this cell")
    border = live.text_content() or ""
    page.keyboard.press("b")
    expect(live).not_to_have_text(border)
    expect(live).to_contain_text("end loss")


def test_two_fingers_zoom_the_edge(open_page: OpenPage) -> None:
    """Fingers that go apart show less, and that larger; on a phone the kinds are in a line, as the fields."""
    page = open_page(EDGE, has_touch=True, viewport={"width": 390, "height": 844})
    whole(page)
    kinds = [kind.bounding_box() for kind in page.locator(".tune-kinds > button").all()]
    assert len({kind and kind["y"] for kind in kinds}) == 1
    expect(page.get_by_text("fc1 \u00d7 fc3 · 8 \u00d7 8")).to_be_visible()
    expect(page.locator("#edge-cells")).to_be_hidden()
    page.locator(".map-area").scroll_into_view_if_needed()
    box = page.locator(".map-area").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    for kind, apart in (("touchStart", 20), ("touchMove", 40), ("touchMove", 60)):
        points = [{"x": x - apart, "y": y, "id": 0}, {"x": x + apart, "y": y, "id": 1}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    left, right, *_ = window(page)
    assert 0.01 < left < right < 1000


def test_the_end_of_float64_is_said(open_page: OpenPage) -> None:
    """A window so deep that float32 tells nothing apart is trained in float64, and its end is told."""
    middle = 0.5
    least = f"{middle},{middle + 7 * 4 * 2**-53!r}"
    page = open_page(f"{EDGE}&edge_window={least},{least}")
    whole(page)
    expect(page.locator(".tune-edge")).to_contain_text("As deep as float64 goes")
    expect(page.locator(".tune-edge")).to_contain_text("float64 here")
    expect(page.locator(".tune-trouble")).to_have_count(0)


def test_a_problem_without_such_a_map_gives_way_to_one_that_has_it(open_page: OpenPage) -> None:
    """A network has no basins, a test function no layers; a click brings what has, undo what was."""
    page = open_page(EDGE.replace("tune=edge", "tune=basins"))
    expect(page.locator(".tune-none")).to_contain_text("2-D test functions")
    page.get_by_role("button", name="Himmelblau").click()
    whole(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".tune-none")).to_contain_text("2-D test functions")
    page = open_page(BASINS.replace("tune=basins", "tune=edge&edge_cells=8"))
    expect(page.locator(".tune-none")).to_contain_text("whose layers have rates of their own")
    page.locator(".tune-none button").click()
    whole(page)
    expect(page.locator(".tune-edge .map-keys")).to_contain_text("2402.06184")

"""The place Tune: maps by mouse, touch and keyboard, the way to Compare and back, and what is taken away."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.conftest import boxes, let_news_stay
from tests.browser.test_page import OpenPage

SMALL = (
    "/?v=2&problem=xor&runs=[SGD(lr:0.3),Adam(lr:0.05)]&steps=20&place=tune"
    "&tune_x=lr,0.01,1,4,log&tune_y=weight_decay,0.0001,0.1,3,log&tune_seeds=2"
)
"""Two maps of twelve cells."""

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def maps(page: Page, count: int = 2) -> Locator:
    """The maps, once each has found its best cell."""
    charts = page.locator(".map-chart")
    expect(charts).to_have_count(count)
    expect(charts.last.locator(".map-best:not(.is-so-far)")).to_have_count(1)
    expect(page.locator(".tune-progress progress")).to_have_count(0)
    return charts


def middle_of(chart: Locator, column: float, row: float) -> tuple[float, float]:
    """Where a cell of a map of 4 by 3 is on the page; the first row is at the bottom."""
    area = chart.locator(".map-area")
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    return box["x"] + (column + 0.5) / 4 * box["width"], box["y"] + (1 - (row + 0.5) / 3) * box["height"]


def test_a_cell_is_read_and_opened_by_mouse_and_nothing_is_lost(open_page: OpenPage) -> None:
    """Its number stands beside that of torch's loop, and the way back shows the same map."""
    page = open_page(SMALL)
    chart = maps(page).first
    page.mouse.move(*middle_of(chart, 2, 1))
    expect(chart.locator(".tooltip-title")).to_contain_text("lr 0.2154")
    page.mouse.down()
    page.mouse.up()
    expect(page.locator(".place[aria-current]")).to_have_text("Compare")
    expect(page.locator(".card")).to_have_count(3)
    row = page.locator(".opened-cells tbody tr")
    expect(row).to_have_count(1)
    expect(row.locator("td").nth(1)).to_have_text(re.compile(r"\d"))
    cell, exact = (float(text) for text in row.locator("td").all_inner_texts()[:2])
    assert cell == pytest.approx(exact, rel=1e-4)
    page.get_by_role("button", name="Back to the map").click()
    maps(page, 3)
    expect(page.locator("#tune-y")).to_have_value("/optimizer/hyperparameters/weight_decay")


def test_a_brush_opens_several_cells(open_page: OpenPage) -> None:
    """As many as Compare holds, which is said; the map does not move meanwhile."""
    page = open_page(SMALL, prepare=let_news_stay)
    chart = maps(page).nth(1)
    place = chart.bounding_box()
    page.mouse.move(*middle_of(chart, 0, 0))
    page.mouse.down()
    page.mouse.move(*middle_of(chart, 2, 2), steps=4)
    page.mouse.up()
    expect(page.get_by_text("Compare holds 8 runs at most.")).to_be_visible()
    assert chart.bounding_box() == place
    page.get_by_role("button", name="Open 9 cells in Compare").click()
    expect(page.locator(".card")).to_have_count(8)
    expect(page.locator(".opened-cells")).to_contain_text("6 of 9 cells are open")


def test_on_a_phone_a_brush_moves_nothing_and_its_cells_are_opened_where_it_is(open_page: OpenPage) -> None:
    """However far down the page the map is; what the colours mean is said before the first one."""
    page = open_page(SMALL.replace("Adam(lr:0.05)", "Adam(lr:0.05),Adam,RMSprop,Adagrad"), **PHONE)
    charts = maps(page, 5)
    (legend,) = boxes(page.locator(".map-bar"))
    assert legend["bottom"] <= boxes(charts.first)[0]["top"]
    area = charts.last.locator(".map-area")
    area.press("Home")
    parts = page.locator(".map-chart, .map-bar, .tune-told, .setup")
    there = boxes(parts)
    area.press("Shift+ArrowRight")
    expect(page.get_by_role("button", name="Open 2 cells in Compare")).to_be_in_viewport(ratio=1)
    assert boxes(parts) == there


def test_a_brush_is_of_the_map_that_is_there(open_page: OpenPage) -> None:
    """It follows what is dragged meanwhile, and is dropped where the map has other cells, or is no more."""
    page = open_page(SMALL)
    area = maps(page).first.locator(".map-area")
    opens = page.get_by_role("button", name="Open 2 cells in Compare")
    area.press("Home")
    area.press("Shift+ArrowRight")
    aside = page.locator(".map-aside").last
    before = aside.inner_text()
    page.locator(".setup > summary").click()
    page.locator("#setup-seed").fill("7")
    expect(aside).not_to_have_text(before)
    maps(page)
    opens.click()
    expect(page.locator(".opened-cells tbody tr")).to_have_count(2)
    expect(page.locator("#setup-seed")).to_have_value("7")
    page.get_by_role("button", name="Back to the map").click()
    area = maps(page, 4).first.locator(".map-area")
    area.press("Home")
    area.press("Shift+ArrowRight")
    expect(opens).to_be_visible()
    page.locator("#tune-x-count").fill("3")
    maps(page, 4)
    expect(opens).to_have_count(0)
    page.locator(".map-area").last.press("Home")
    page.locator(".map-area").last.press("Shift+ArrowRight")
    expect(opens).to_be_visible()
    page.locator("#tune-of").select_option("selected")
    expect(page.locator(".map-chart")).to_have_count(1)
    expect(opens).to_have_count(0)


def test_keys_stay_on_a_map_that_gets_fewer_cells(open_page: OpenPage) -> None:
    """They go on from the nearest cell that is there."""
    page = open_page(SMALL)
    area = maps(page).first.locator(".map-area")
    area.press("End")
    page.locator("#tune-x-count").fill("2")
    expect(page.locator(".map-cells").first).to_have_attribute("width", "2")
    maps(page)
    area.press("Enter")
    expect(page).to_have_url(re.compile(r",SGD\(lr:1,weight_decay:0\.0001\)"))


def test_a_finger_brushes_where_it_is_told_to(open_page: OpenPage) -> None:
    """Else it moves the page."""
    page = open_page(SMALL, **PHONE)
    chart = maps(page).first
    page.get_by_role("button", name="Brush with the finger").click()
    touch = page.context.new_cdp_session(page)
    way = [middle_of(chart, 0, 0), middle_of(chart, 1, 0), middle_of(chart, 1, 1)]
    for kind, (x, y) in zip(("touchStart", "touchMove", "touchMove"), way, strict=True):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.get_by_role("button", name="Open 4 cells in Compare").click()
    expect(page.locator(".opened-cells tbody tr")).to_have_count(4)


def test_maps_in_a_row_are_at_one_height(open_page: OpenPage) -> None:
    """However long a run's name is, and what is told beside it."""
    page = open_page(SMALL.replace("Adam(lr:0.05)", "SGD(lr:0.3,momentum:0.9,nesterov:true),Adam(lr:0.05)"))
    areas = [chart.locator(".map-area").bounding_box() for chart in maps(page, 3).all()]
    assert len({area and area["y"] for area in areas}) == 1


def test_without_a_map_there_is_no_legend(open_page: OpenPage) -> None:
    """Of a run without the field of an axis that alone is said."""
    page = open_page(SMALL.replace("SGD(lr:0.3),", "").replace("tune_y=weight_decay", "tune_y=momentum"))
    expect(page.locator(".tune-state")).to_contain_text("Adam has no momentum")
    expect(page.locator(".map-bar")).to_be_hidden()


def test_presets_draw_what_they_are_named_for(open_page: OpenPage) -> None:
    """A range test tells a rate of each run, and the bowl has the border of theory."""
    page = open_page(SMALL)
    maps(page)
    page.get_by_role("button", name="lr range test").click()
    expect(page.locator(".tune-rates li")).to_have_count(2)
    expect(page.locator(".tune-rates li").first).to_contain_text("least end loss at lr")
    page.get_by_role("button", name="momentum \u00d7 lr on the bowl").click()
    maps(page, 1)
    expect(page.locator(".map-theory")).to_have_attribute("d", re.compile(r"^M.*L"))


def test_a_curve_by_keyboard_and_mouse(open_page: OpenPage) -> None:
    """Keys read rate by rate and run by run; a press opens the nearest run at its rate."""
    page = open_page(SMALL + "&tune=curve")
    expect(page.locator(".curve-median")).to_have_count(2)
    expect(page.locator(".tune-progress progress")).to_have_count(0)
    area = page.locator(".curve-area")
    area.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#tune > [aria-live]")).to_contain_text("lr 0.04642, ")
    box = area.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    expect(page.locator(".opened-cells tbody tr")).to_have_count(1)


def test_a_row_that_torch_refuses_says_why(open_page: OpenPage) -> None:
    """Beside those that it takes; a cell of it is read as what it is, and opens nothing."""
    page = open_page(SMALL.replace("tune_y=weight_decay,0.0001,0.1,3,log", "tune_y=nesterov,[false,true]"))
    chart = maps(page, 1).first
    expect(page.locator(".tune-note").filter(has_text="at nesterov true")).to_have_text(
        re.compile("SGD: .*: torch refuses SGD: Nesterov momentum requires a momentum")
    )
    expect(page.locator(".map-keys")).to_contain_text("torch refuses the run")
    area = chart.locator(".map-area")
    area.press("Home")
    area.press("ArrowUp")
    expect(chart.locator(".tooltip")).to_contain_text("torch refuses it")
    area.press("Enter")
    expect(page.locator(".place[aria-current]")).to_have_text("Tune")


def test_of_curves_without_a_number_it_is_said(open_page: OpenPage) -> None:
    """And the marks in their place are told apart."""
    page = open_page(SMALL + "&tune=curve&tune_show=diverged")
    expect(page.locator(".curve-none")).to_have_text("No run diverges for most seeds.")
    marks = boxes(page.locator(".curve-lost"))
    assert len(marks) == len({(mark["x"], mark["y"]) for mark in marks}) == 8


def test_a_map_is_cancelled_and_asked_for_again(open_page: OpenPage) -> None:
    """In the middle; a further change asks for another one by itself."""
    page = open_page(SMALL.replace("steps=20", "steps=20000&hidden=8,8"))
    told = page.locator(".tune-progress")
    told.get_by_role("button", name="Cancel").click()
    expect(told).to_contain_text("Cancelled")
    told.get_by_role("button", name="Try again").click()
    told.get_by_role("button", name="Cancel").click()
    page.locator(".setup > summary").click()
    page.locator("#setup-steps").fill("9")
    maps(page)


def test_a_map_by_keyboard(open_page: OpenPage) -> None:
    """Cell by cell, to the best one, and into Compare; each is said."""
    page = open_page(SMALL)
    area = maps(page).first.locator(".map-area")
    live = page.locator("#tune > [aria-live]")
    area.focus()
    page.keyboard.press("b")
    expect(live).to_contain_text("lr ")
    best = live.text_content()
    page.keyboard.press("Home")
    expect(live).to_contain_text("lr 0.01,")
    page.keyboard.press("ArrowRight")
    expect(live).to_contain_text("lr 0.04642,")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("button", name="Open 2 cells in Compare")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(live).to_contain_text("no border in this row, lr 0.2154,")
    page.keyboard.press("b")
    expect(live).to_have_text(best or "")
    page.keyboard.press("Enter")
    expect(page.locator(".opened-cells tbody tr")).to_have_count(1)


def test_a_map_by_touch(open_page: OpenPage) -> None:
    """A finger reads a cell first, and opens it when it touches it again."""
    page = open_page(SMALL, **PHONE)
    chart = maps(page).first
    page.touchscreen.tap(*middle_of(chart, 1, 1))
    expect(chart.locator(".tooltip-title")).to_contain_text("lr 0.04642")
    expect(chart.locator(".tooltip")).to_be_visible()
    cell, told = (chart.locator(name).bounding_box() for name in (".map-cursor", ".tooltip"))
    assert cell is not None
    assert told is not None
    assert not (told["y"] < cell["y"] + cell["height"] / 2 < told["y"] + told["height"])
    expect(page.locator(".place[aria-current]")).to_have_text("Tune")
    page.touchscreen.tap(*middle_of(chart, 1, 1))
    expect(page.locator(".opened-cells tbody tr")).to_have_count(1)


def test_a_map_follows_the_controls_of_a_run(open_page: OpenPage) -> None:
    """Another number of steps is another map, and undo brings the first one back."""
    page = open_page(SMALL)
    aside = maps(page).first.locator(".map-aside")
    before = aside.inner_text()
    page.locator(".setup > summary").click()
    page.locator("#setup-steps").fill("60")
    expect(aside).not_to_have_text(before)
    page.get_by_role("button", name="Undo").click()
    expect(aside).to_have_text(before)


def press_at(page: Page, slider: Locator, part: float) -> tuple[float, float]:
    """Where a part of the way of a slider is on the page."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    return box["x"] + box["width"] * part, box["y"] + box["height"] / 2


@pytest.mark.parametrize("place", ["tune", "compare"])
def test_noise_and_seed_are_dragged_and_all_follows_meanwhile(open_page: OpenPage, place: str) -> None:
    """By mouse, before it lets go, and by keys: maps in Tune, runs in Compare; empty is the problem's own."""
    page = open_page(SMALL.replace("place=tune", f"place={place}"))
    told = maps(page).first.locator(".map-aside") if place == "tune" else page.locator(".card-loss").first
    page.locator(".setup > summary").click()
    for name, field in (("Noise", "#setup-noise"), ("Seed", "#setup-seed")):
        before = told.inner_text()
        slider = page.locator(".setup").get_by_role("slider", name=f"{name}, slider", exact=True)
        page.mouse.move(*press_at(page, slider, 0.2))
        page.mouse.down()
        page.mouse.move(*press_at(page, slider, 0.75), steps=3)
        expect(told).not_to_have_text(before)
        page.mouse.up()
        dragged = page.locator(field).input_value()
        slider.press("ArrowLeft")
        expect(page.locator(field)).not_to_have_value(dragged)
    expect(page).to_have_url(re.compile(r"noise=0\.\d+&.*seed=\d+"))
    page.locator("#setup-noise").fill("")
    expect(page).not_to_have_url(re.compile("noise="))


def test_noise_is_dragged_by_a_finger(open_page: OpenPage) -> None:
    """On a phone, where the setup lies below the map."""
    page = open_page(SMALL, **PHONE)
    told = maps(page).first.locator(".map-aside")
    before = told.text_content() or ""
    page.locator(".setup > summary").click()
    slider = page.locator(".setup").get_by_role("slider", name="Noise, slider")
    page.touchscreen.tap(*press_at(page, slider, 0.8))
    expect(page).to_have_url(re.compile(r"noise=0\.[78]"))
    expect(told).not_to_have_text(before)


def test_what_stays_of_a_map_is_not_drawn_again(open_page: OpenPage) -> None:
    """Its axes stand still as its cells and its best one change, which is not faded in."""
    page = open_page(SMALL)
    maps(page)
    first = page.locator(".map-cells").first
    before = first.evaluate("canvas => canvas.toDataURL()")
    page.evaluate("for (const tick of document.querySelectorAll('.map-tick')) tick.dataset.kept = ''")
    page.locator(".setup > summary").click()
    page.locator("#setup-steps").fill("60")
    page.wait_for_function(
        "before => document.querySelector('.map-cells').toDataURL() !== before", arg=before
    )
    maps(page)
    assert page.locator(".map-tick:not([data-kept])").count() == 0
    expect(first).to_have_css("transition-duration", "0s")


def test_a_link_names_optimizers_alone(open_page: OpenPage) -> None:
    """Each has the rate that the problem suggests, and the address then says it."""
    page = open_page(SMALL.replace("SGD(lr:0.3),Adam(lr:0.05)", "SGD(lr:0.3),Adam,RMSprop"))
    maps(page, 3)
    expect(page.locator("#notices")).to_be_empty()
    expect(page).to_have_url(re.compile(r"Adam\(lr:0\.05\),RMSprop\("))


def test_what_holds_for_all_maps_is_said_once(open_page: OpenPage) -> None:
    """Also where each run is a sweep of its own."""
    runs = "SGD(lr:0.3),(optimizer:SGD(lr:0.3),clip_grad:clip_grad_norm_)"
    page = open_page(SMALL.replace("SGD(lr:0.3),Adam(lr:0.05)", runs))
    maps(page)
    expect(page.locator(".tune-note").filter(has_text="Each cell is a run")).to_have_count(1)


def test_a_notice_covers_no_map_nor_its_legend(open_page: OpenPage) -> None:
    """It lies beside the tabs over them."""
    page = open_page(SMALL.replace("Adam(lr:0.05)", "Adamm"), prepare=let_news_stay)
    maps(page, 4)
    (notice,) = boxes(page.locator(".notice"))
    for part in boxes(page.locator(".map-chart, .map-bar, .tune-kinds > button")):
        apart = notice["left"] >= part["right"] or notice["bottom"] <= part["top"]
        assert apart, part


def test_a_run_has_its_map_a_click_away(open_page: OpenPage) -> None:
    """From its card, and of it alone."""
    page = open_page(SMALL.replace("place=tune", "place=compare"))
    page.locator(".card-button").nth(1).click()
    page.locator(".card-actions").get_by_role("button", name="Tune").click()
    expect(maps(page, 1).locator(".map-title")).to_contain_text("Adam")


def test_a_fair_race_puts_each_optimizer_at_its_best_into_compare(open_page: OpenPage) -> None:
    """With the budget that it was tuned with, and where it was judged."""
    page = open_page(SMALL + "&tune=race&tune_judged=7&tune_target=0.5")
    expect(page.locator(".race-table tbody tr")).to_have_count(2)
    expect(page.locator(".race-table thead")).to_contain_text("Reached it")
    table = page.locator(".race-table")
    width = table.evaluate("(table) => table.clientWidth")
    table.evaluate(
        "(table) => table.tHead.rows[0].childNodes.forEach((th) => (th.style.whiteSpace = 'nowrap'))"
    )
    assert table.evaluate("(table) => table.clientWidth") > width  # titles take two lines where room is short
    expect(page.locator(".race")).to_contain_text("tuned with 24 runs of 480 steps in all")
    expect(page.locator(".race-differences li")).to_have_count(1)
    page.get_by_role("button", name="Open each at its best in Compare").click()
    rows = page.locator(".opened-cells tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("on 7 other seeds")
    expect(page.locator(".card")).to_have_count(2)


def test_a_race_says_what_is_waited_for_and_on_a_phone_has_its_medians_in_sight(open_page: OpenPage) -> None:
    """Before there is a table, and without scrolling once there is."""
    page = open_page(SMALL + "&tune=race&tune_judged=2", **PHONE)
    expect(page.locator(".race-table")).to_be_visible()
    expect(page.locator(".race-losses")).to_have_text("End loss of each judging seed")
    (title,) = boxes(page.locator(".race-losses"))
    assert title["width"] > 60
    for cell in page.locator(".race-table tbody td:nth-child(2)").all():
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    page.route("**/api/sweeps", lambda _: None)  # no answer comes
    page.reload()
    expect(page.locator(".tune-race")).to_contain_text("The table comes when")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_place_is_accessible_in_every_kind(open_page: OpenPage, theme: str) -> None:
    """Map, curve and race, in both themes and languages."""
    page = open_page(f"{SMALL}&theme={theme}&language={'zh' if theme == 'dark' else 'en'}")
    maps(page)
    assert_accessible(page)
    page.locator(".tune-kinds button").nth(1).click()
    expect(page.locator(".curve-median").first).to_be_attached()
    assert_accessible(page)
    page.locator(".tune-kinds button").nth(2).click()
    expect(page.locator(".race-table tbody tr")).to_have_count(2)
    assert_accessible(page)


def test_a_map_is_saved_as_a_picture_and_as_cells(open_page: OpenPage, tmp_path: Path) -> None:
    """A PNG, and a row for each member."""
    page = open_page(SMALL)
    maps(page)
    for name in ("PNG", "CSV"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        download.value.save_as(tmp_path / name)
    assert (tmp_path / "PNG").read_bytes().startswith(b"\x89PNG")
    with (tmp_path / "CSV").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 4 * 3 * 2
    assert {row["ended"] for row in rows} == {"completed"}


def test_axes_are_titled_in_words(open_page: OpenPage) -> None:
    """Over a test function by where it starts, in the picker, beside the map and in what a cell reads."""
    page = open_page(SMALL.replace("xor", "himmelblau").replace("tune_y=weight_decay,0.0001,0.1,3,log&", ""))
    chart = maps(page).first
    expect(page.locator("#tune-y option:checked")).to_have_text("start x")
    expect(chart.locator(".map-over")).to_contain_text("start x")
    expect(chart.locator(".map-aside")).to_contain_text(", start x ")


def assert_placeholder_fits(field: Locator) -> None:
    """All of it is seen."""
    assert field.evaluate(
        """field => {
            const style = getComputedStyle(field);
            const pen = new OffscreenCanvas(1, 1).getContext("2d");
            pen.font = style.font;
            const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
            return pen.measureText(field.placeholder).width <= room;
        }"""
    )


def test_a_batch_is_dragged_from_one_sample_to_all(open_page: OpenPage) -> None:
    """By powers of two; at the end of the slider all samples are in it."""
    page = open_page(SMALL.replace("place=tune", "place=compare&samples=20"))
    page.locator(".setup > summary").click()
    slider = page.locator(".setup").get_by_role("slider", name="Batch size, slider")
    expect(slider).to_have_attribute("aria-valuetext", "full")
    assert_placeholder_fits(page.locator("#setup-batch"))
    slider.press("ArrowLeft")
    expect(page.locator("#setup-batch")).to_have_value("16")
    slider.press("Home")
    expect(page).to_have_url(re.compile("[&?]batch=1&"))
    slider.press("End")
    expect(page.locator("#setup-batch")).to_have_value("")
    expect(page).not_to_have_url(re.compile("[&?]batch="))


def test_a_map_of_before_a_change_says_so(open_page: OpenPage) -> None:
    """Until the new one has cells, and where nobody waits for it; it cannot be saved as the new one."""
    page = open_page(SMALL)
    maps(page)
    before = page.locator("#tune > .tune-before > span")
    expect(before).to_be_hidden()
    page.route("**/api/sweeps", lambda _: None)
    page.locator(".setup > summary").click()
    page.locator("#setup-steps").fill("30")
    expect(before).to_have_text("still as before the change")
    expect(page.locator(".map-cells").first).to_have_css("opacity", "0.72")
    expect(page.get_by_role("button", name="PNG")).to_be_disabled()
    page.locator(".tune-progress").get_by_role("button", name="Cancel").click()
    expect(page.locator(".tune-progress")).to_contain_text("Cancelled")
    expect(before).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")
    page.get_by_role("button", name="Undo").click()
    expect(before).to_be_hidden()
    expect(page.locator(".map-cells").first).to_have_css("opacity", "1")


def test_new_numbers_beside_a_map_leave_those_below_it_alone(open_page: OpenPage) -> None:
    """The seeds of its rows follow that of the page; what does not change stays, and nothing moves."""
    page = open_page(SMALL.replace("tune_y=weight_decay,0.0001,0.1,3,log&", ""))
    chart = maps(page).first
    seed = chart.locator(".map-tick-y").first
    first = int(seed.text_content() or "")
    stay = page.evaluate_handle(
        """() => {
            const over = document.querySelector(".map-over");
            return [...over.querySelectorAll("[class*=map-tick], .map-best circle")];
        }"""
    )
    keys = page.locator(".map-keys")
    there = keys.bounding_box()
    page.locator(".setup > summary").click()
    page.locator("#setup-seed").fill(str(first + 10))
    page.locator("#setup-seed").press("Enter")
    expect(seed).to_have_text(str(first + 10))
    assert stay.evaluate("parts => parts.length > 3 && parts.every((part) => part.isConnected)")
    assert keys.bounding_box() == there  # with a place for what is said only while cells are missing


def test_undo_of_a_preset_comes_back_to_the_step(open_page: OpenPage) -> None:
    """Though another problem begins at its start."""
    page = open_page(SMALL + "&step=3")
    maps(page)
    page.get_by_role("button", name="momentum \u00d7 lr on the bowl").click()
    maps(page, 1)
    expect(page).not_to_have_url(re.compile("step=3"))
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile(r"[&?]step=3"))

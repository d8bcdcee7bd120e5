"""The picture does not mislead: directions stay, markers tell what is true; and every edit can be undone."""

import re
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import boxes
from tests.waiting import until

OpenPage = Callable[..., Page]

EIGHT = (
    "[SGD(lr:0.3),SGD(lr:0.2,momentum:0.9),Adam(lr:0.05),AdamW(lr:0.05),RMSprop(lr:0.02),Adagrad(lr:0.3),"
    "NAdam(lr:0.05),(optimizer:SGD(lr:0.3),freeze:[fc2])]"
)


def drawn(page: Page) -> Page:
    """The page, once lines and axes are there and nothing on the surface is of an earlier wish."""
    expect(page.locator("#surface .surface-plot .main-svg").first).to_be_visible()
    expect(page.locator("#surface.is-stale")).to_have_count(0)
    return page


def heads(page: Page) -> dict[str, tuple[float, float]]:
    """Where the runs stand from their start, in pixels, as soon as the surface is of all of them."""
    expect(page.locator("#surface .paths-head[data-run]")).to_have_count(page.locator("[data-loss]").count())
    return page.evaluate(  # type: ignore[no-any-return]
        """() => {
            const at = (element) => new DOMMatrix(getComputedStyle(element).transform);
            const start = document.querySelector(".paths-start");
            const [x, y] = ["cx", "cy"].map((name) => Number(start.getAttribute(name)));
            const heads = [...document.querySelectorAll(".paths-head[data-run]")].map((head) => [
                head.dataset.run,
                [at(head).e - x, at(head).f - y],
            ]);
            return Object.fromEntries(heads);
        }"""
    )


def test_directions_stay_when_a_run_is_added(open_page: OpenPage) -> None:
    """A copy with fc2 locked would turn PC 2 round; every run stays on its side, also in a link."""
    page = drawn(open_page("/?step=100"))
    before = heads(page)
    page.get_by_role("button", name="Duplicate").click()
    page.locator("#runs").get_by_role("button", name="Freeze fc2").first.click()
    expect(page.locator(".paths-head[data-run=run-4]")).to_be_visible()
    page.wait_for_url(re.compile(r"plane=pca\(axes:"))
    after = heads(drawn(page))
    for run, (x, y) in before.items():
        assert x * after[run][0] + y * after[run][1] > 0, run
    page.goto(page.url)
    linked = heads(drawn(page))
    assert {run: pytest.approx(place, abs=1.5) for run, place in after.items()} == linked


def test_directions_stay_through_a_fork_and_other_planes(open_page: OpenPage) -> None:
    """A fork at step 100 with fc2 locked, other planes and back, a run less: every run stays on its side."""
    page = drawn(open_page("/?step=100"))
    before = heads(page)

    def same_side(runs: int) -> None:
        expect(page.locator(".paths-head[data-run]")).to_have_count(runs)
        for run, (x, y) in heads(drawn(page)).items():
            assert run not in before or x * before[run][0] + y * before[run][1] > 0, run

    def lay(plane: str) -> None:
        page.locator(".surface-button").click()
        page.get_by_role("radio", name=plane).check()
        page.keyboard.press("Escape")

    page.locator("[data-action=fork]").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Freeze fc2").click()
    dialog.get_by_role("button", name="Fork", exact=True).click()
    same_side(5)
    page.wait_for_url(re.compile(r"plane=pca\(axes:"))
    lay("Random directions")
    page.wait_for_url(re.compile("plane=random"))
    heads(drawn(page))
    page.get_by_role("button", name="Remove").first.click()
    lay("Principal axes of the paths")
    expect(page.locator("#surface .surface-plot")).to_contain_text("PC 2")
    same_side(4)


def test_a_plane_is_held_and_linked(open_page: OpenPage) -> None:
    """Runs come and go on it; it says how much of their variance it keeps, and the link shows the same."""
    page = drawn(open_page("/?step=100"))
    page.locator(".surface-button").click()
    page.get_by_role("switch", name="Hold this plane").check()
    reading = page.locator("#surface .surface-reading")
    expect(reading).to_contain_text("The plane is held. It keeps 95 %")
    page.keyboard.press("Escape")
    before = heads(drawn(page))
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".paths-head[data-run]")).to_have_count(3)
    expect(reading).to_contain_text(re.compile(r"It keeps (?!95 %)\d"))
    after = heads(drawn(page))
    for run, place in after.items():
        assert place == pytest.approx(before[run], rel=0.1, abs=4), run
    said = reading.inner_text()
    page.wait_for_url(re.compile(r"selected=1.*plane=held\("))
    page.goto(page.url)
    expect(reading).to_have_text(said)
    assert {run: pytest.approx(place, abs=1.5) for run, place in after.items()} == heads(drawn(page))
    page.locator(".surface-button").click()
    page.get_by_role("switch", name="Hold this plane").uncheck()
    expect(reading).to_contain_text("The plane keeps")


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(
        one[at] < other[at] + other[size] - 0.5 and other[at] < one[at] + one[size] - 0.5
        for at, size in (("x", "width"), ("y", "height"))
    )


@pytest.mark.parametrize("width", [1440, 390])
def test_markers_say_where_the_plane_is_not_true(open_page: OpenPage, width: int) -> None:
    """The tag of a marker has its true loss beside the plane's; with eight runs no tag lies over another."""
    size = {"viewport": {"width": width, "height": 900}}
    page = drawn(open_page("/?problem=seed-example&step=100", **size))
    tag = page.locator(".paths-tag[data-run=run-0]")
    expect(tag).to_have_text(re.compile(r"true loss 2\.\de.11.*plane here 0\.008"))
    expect(page.locator("#surface .surface-reading")).to_contain_text("though the surface shows 0.0086")
    page.goto(f"/?problem=moons&hidden=8,8&step=40&runs={EIGHT}")
    heads(drawn(page))
    tags = ".paths-tag:not([hidden])"
    until(lambda: len(boxes(page.locator(tags))) >= 2)
    drawn(page)
    for one, other in combinations(boxes(page.locator(f"{tags}, .surface-key:not([hidden])")), 2):
        assert not overlap(one, other)


def test_runs_look_the_same_in_three_dimensions(open_page: OpenPage) -> None:
    """Dashes, shapes and the colour bar are those of the contours; arrows are said to be left out."""
    page = open_page("/?view=3d&step=100&arrows=on")
    plot = page.locator("#surface .surface-plot")
    expect(plot.locator("canvas").first).to_be_visible()
    page.wait_for_function(
        "() => document.querySelector('#surface .surface-plot').data?.[3]?.x.some(Number.isNaN)"
    )
    assert plot.evaluate("({data}) => data.flatMap(({text}) => text ?? [])") == ["●", "■", "▲", "◆"]
    assert len(plot.evaluate("({data}) => data[0].colorbar.ticktext")) >= 4
    arrows = page.get_by_role("button", name="Arrows")
    expect(arrows).to_be_disabled()
    expect(arrows).to_have_attribute(
        "data-hint", "Arrows are drawn over the contours, not in three dimensions"
    )


def test_arrows_follow_the_step(open_page: OpenPage) -> None:
    """They are drawn without Plotly, with the lengths of what was recorded, and a link keeps them."""
    page = drawn(open_page("/?problem=himmelblau&step=5&selected=0"))
    page.get_by_role("button", name="Arrows").click()
    key = page.get_by_role("list", name="Arrows of this step")
    step = key.locator("[data-arrow=step] span")
    expect(step).to_have_text(re.compile("100 % in the plane"))
    gradient = key.locator("[data-arrow=gradient] span")
    until(lambda: gradient.inner_text() == step.inner_text())
    page.evaluate(
        """() => {
            window.plotted = 0;
            for (const name of ["react", "restyle", "relayout"]) {
                const plain = Plotly[name];
                Plotly[name] = (element, ...rest) => {
                    if (element.closest("#surface")) window.plotted += 1;
                    return plain(element, ...rest);
                };
            }
        }"""
    )
    for _ in range(5):
        before = step.inner_text()
        page.keyboard.press("ArrowRight")
        expect(step).not_to_have_text(before)
    assert page.evaluate("window.plotted") == 0
    page.wait_for_url(re.compile("arrows=on"))
    page.goto("/?problem=xor&step=20&arrows=on&runs=[(optimizer:Adam(lr:0.05),freeze:[fc1,fc2])]")
    expect(key.locator("[data-arrow=momentum] b")).to_have_text(re.compile("lr·exp_avg"))


def drag(slider: Locator, parts: Sequence[float]) -> None:
    """Hold a slider at the first of some parts of its length, and let it go at the last."""
    box = slider.bounding_box()
    assert box is not None
    for part in parts:
        slider.hover(position={"x": part * box["width"], "y": box["height"] / 2})
        if part == parts[0]:
            slider.page.mouse.down()
    slider.page.mouse.up()


def test_every_edit_goes_back_and_forth(open_page: OpenPage) -> None:
    """A drag and a typed number are one entry each, and a text field keeps the browser's own undo."""
    page = drawn(open_page("/?step=100"))
    undo, redo = (page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    lr, momentum = (page.get_by_role("textbox", name=name, exact=True).first for name in ("lr", "momentum"))
    lock = page.locator("#runs").get_by_role("button", name="Freeze fc2").first
    expect(undo).to_have_attribute("aria-disabled", "true")
    lock.click()
    expect(lock).to_have_attribute("aria-pressed", "true")
    before = lr.input_value()
    drag(page.get_by_role("slider", name="lr").first, (0.7, 0.6, 0.5, 0.4, 0.3))
    expect(lr).not_to_have_value(before)
    momentum.fill("")
    momentum.press_sequentially("0.85")
    page.keyboard.press("Control+z")
    expect(momentum).not_to_have_value("0.85")
    expect(lock).to_have_attribute("aria-pressed", "true")
    momentum.fill("0.85")
    momentum.blur()
    page.get_by_role("button", name="Remove").click()
    cards = page.locator("[data-loss]")
    expect(cards).to_have_count(3)
    page.keyboard.press("Control+z")
    expect(cards).to_have_count(4)
    expect(momentum).to_have_value("0.85")
    dragged = lr.input_value()
    assert dragged != before
    page.keyboard.press("Control+z")
    expect(momentum).to_have_value("0")
    expect(lr).to_have_value(dragged)
    undo.click()
    expect(lr).to_have_value(before)
    undo.click()
    expect(lock).to_have_attribute("aria-pressed", "false")
    expect(undo).to_have_attribute("aria-disabled", "true")
    for _ in range(3):
        page.keyboard.press("Control+Shift+Z")
    expect(momentum).to_have_value("0.85")
    expect(lr).to_have_value(dragged)
    redo.click()
    expect(cards).to_have_count(3)
    expect(redo).to_have_attribute("aria-disabled", "true")
    expect(page).to_have_url(re.compile("step=100"))


def test_singular_values_of_another_run_do_not_stay(open_page: OpenPage) -> None:
    """Those of Muon are gone as soon as SGD is chosen, also while its own are on their way."""
    page = open_page("/?v=2&problem=associative-memory&steps=6&step=5&runs=[Muon(lr:0.1),SGD(lr:1)]")
    spectra = page.locator(".spectra")
    expect(spectra).to_contain_text("iterate 5")
    page.route("**/api/anatomy", lambda _: None)
    page.locator("#legend button, .legend button").nth(1).click()
    expect(spectra).not_to_contain_text("iterate 5")

"""The page, driven as a person would."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.accessible import assert_accessible
from tests.browser.choosing import choose_optimizer
from tests.browser.conftest import XOR

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
MOVING = {"reduced_motion": "no-preference"}
OpenPage = Callable[..., Page]

NOTE_WHEN_IT_MOVES = """
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
  Object.defineProperty(HTMLInputElement.prototype, "value", {
    get,
    set(value) {
      if (this.matches("#timeline input[type=range]") && Number(value) > 0)
        globalThis.movedAt ??= performance.now();
      set.call(this, value);
    },
  });
"""

NOTE_WHAT_IS_DRAWN = """
  globalThis.painted = () => {
    const canvas = document.querySelector("#surface .paths-lines");
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, i) => i % 4 === 3 && value > 0).length;
  };
  const look = () => {
    const step = Number(document.querySelector("#timeline input[type=range]")?.value ?? 0);
    const early = { step, painted: step > 0 ? painted() : 0 };
    if (early.painted > 0) globalThis.early = early;
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""
"""How many pixels of the canvas over the surface are painted, as soon as any are and whenever it is asked."""

BE_PATIENT = """
  const after = globalThis.setTimeout;
  globalThis.setTimeout = (act, ms, ...rest) => after(act, ms >= 1000 ? 60_000 : ms, ...rest);
"""
"""However slow the machine, the page does not stop waiting for its first frame."""


def wait_for_step(page: Page, least: int) -> None:
    """Wait until the clock has come to a step."""
    page.wait_for_function(
        "least => Number(document.querySelector('#timeline input[type=range]')?.value ?? -1) >= least",
        arg=least,
    )


def pause_at_end(page: Page) -> None:
    """Wait for the surface, which comes last, and let everything stand at the last step."""
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    page.keyboard.press("End")
    wait_for_step(page, 300)


def test_it_animates_without_a_click(open_page: OpenPage) -> None:
    """Four runs are trained and their paths grow over the surface, with nothing pressed."""
    prepare = NOTE_WHAT_IS_DRAWN + BE_PATIENT
    page = open_page("/", prepare=lambda page: page.add_init_script(prepare), **MOVING)
    expect(page.get_by_role("article")).to_have_count(4)
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    page.wait_for_function("() => globalThis.early !== undefined")
    early = page.evaluate("early")
    wait_for_step(page, early["step"] + 40)
    assert page.evaluate("painted()") > early["painted"]


def test_little_is_asked_for_before_the_first_frame(open_page: OpenPage) -> None:
    """The catalog in brief, the runs and their surface; every module that is loaded was named by the page."""
    prepare = NOTE_WHEN_IT_MOVES + BE_PATIENT
    page = open_page("/", prepare=lambda page: page.add_init_script(prepare), **MOVING)
    wait_for_step(page, 5)
    entries = "performance.getEntriesByType('resource').filter(({ startTime }) => startTime < movedAt)"
    loaded = page.evaluate(f"{entries}.map(({{ name }}) => name)")
    named = page.evaluate("[...document.querySelectorAll('link, script')].map((e) => e.href || e.src)")
    assert [name for name in loaded if name.endswith(".js") and name not in named] == []
    calls = [urlsplit(name).path for name in loaded if urlsplit(name).path.startswith("/api/")]
    assert sorted(calls) == ["/api/catalog/summary", "/api/compare", "/api/loss-surface"]


def test_details_come_when_somebody_reads_them(open_page: OpenPage) -> None:
    """A formula is asked for when its notes are opened, an optimizer of another package when it is chosen."""
    page = open_page()
    wait_for_step(page, 5)
    notes = page.locator(".notes").first
    with page.expect_response("**/api/catalog/optimizers/SGD"):
        notes.locator("summary").click()
    expect(notes.locator("math").first).to_be_visible()
    with page.expect_response("**/api/catalog/optimizers/pytorch_optimizer.Lion"):
        choose_optimizer(page.locator(".card").first, "pytorch_optimizer.Lion")
    expect(page.get_by_role("button", name="Lion").first).to_be_visible()
    page.get_by_role("button", name="Problem").click()
    expect(page.locator("#problem-panel math").first).to_be_visible()


def test_freezing_is_visible_everywhere(open_page: OpenPage) -> None:
    """Locking fc2 in the network shows None for its gradient, keeps it still, and retrains at once."""
    page = open_page()
    pause_at_end(page)
    network = page.get_by_role("region", name="Network of the selected run")
    network.get_by_role("button", name="Freeze fc2").click()
    lock = network.get_by_role("button", name=re.compile("fc2"))
    expect(lock).to_have_attribute("aria-pressed", "true")
    expect(network).to_contain_text("None")
    expect(page.get_by_role("article").first).to_contain_text("fc2")
    page.wait_for_url(re.compile("fc2"))


def test_every_part_shows_the_same_step(open_page: OpenPage) -> None:
    """Keys, buttons and the slider move one clock, and the address tells its step."""
    page = open_page()
    pause_at_end(page)
    slider = page.get_by_role("slider", name="Step", exact=True)
    page.keyboard.press("Home")
    expect(slider).to_have_value("0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(slider).to_have_value("11")
    page.get_by_role("button", name="One step back").click()
    expect(slider).to_have_value("10")
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("10")
    expect(page.locator(".legend-loss").first).to_have_attribute("data-hint", "Loss here (after step 10)")
    slider.fill("120")
    page.wait_for_url(re.compile(r"step=120"))
    page.reload()
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    expect(slider).to_have_value("120")


def test_an_edit_retrains_and_divergence_is_said_in_words(open_page: OpenPage) -> None:
    """A learning rate that is too large is trained at once, and its end is told on the card."""
    page = open_page("/?problem=rosenbrock")
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    card = page.get_by_role("article").first
    field = card.get_by_role("textbox", name="lr", exact=True)
    field.fill("1000")
    field.press("Enter")
    expect(card).to_contain_text(re.compile("diverged at step"))


def test_bad_input_is_refused_at_its_field(open_page: OpenPage) -> None:
    """What cannot be run is said at the field, and the runs on the screen stay."""
    page = open_page()
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    field = page.get_by_role("article").first.get_by_role("textbox", name="lr", exact=True)
    field.fill("-1")
    field.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("article")).to_have_count(4)


def test_runs_can_be_added_duplicated_and_removed(open_page: OpenPage) -> None:
    """Cards come and go, each trains, and the address follows."""
    page = open_page()
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    page.get_by_role("button", name="Add run").click()
    expect(page.get_by_role("article")).to_have_count(5)
    page.get_by_role("button", name="Duplicate").first.click()
    expect(page.get_by_role("article")).to_have_count(6)
    page.get_by_role("button", name="Remove").first.click()
    expect(page.get_by_role("article")).to_have_count(5)


def test_the_page_speaks_chinese(open_page: OpenPage) -> None:
    """A browser that asks for Chinese gets it, and the switch changes every word back."""
    page = open_page(locale="zh-CN")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("zh"))
    page.get_by_role("button", name="EN", exact=True).click()
    expect(page.get_by_role("button", name="Add run")).to_be_visible()


@pytest.mark.parametrize(
    ("scheme", "size", "locale"),
    [
        ("light", "desk", "en-US"),
        ("dark", "desk", "zh-CN"),
        ("light", "phone", "zh-CN"),
        ("dark", "phone", "en-US"),
    ],
)
def test_it_is_accessible_and_fits(open_page: OpenPage, scheme: str, size: str, locale: str) -> None:
    """axe-core finds nothing, nothing is too wide; any two of theme, size and language are met together."""
    page = open_page("/", viewport=SIZES[size], color_scheme=scheme, locale=locale)
    for address in ("/", XOR):
        page.goto(address)
        expect(page.locator("#surface .main-svg").first).to_be_visible()
        assert_accessible(page)
        width = page.evaluate("() => document.documentElement.scrollWidth")
        assert width <= SIZES[size]["width"]


def test_a_tab_says_that_its_view_is_on_its_way(open_page: OpenPage) -> None:
    """It holds one view, however often it is opened before the module is there."""
    page = open_page()
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/views/state/state.js", hold)
    panel = page.locator("#state")
    for name in ("Optimizer state", "Training", "Optimizer state"):
        page.get_by_role("tab", name=name).click()
    expect(panel).to_have_text("Loading this view…")
    expect(panel).to_have_attribute("aria-busy", "true")
    for route in held:
        route.continue_()
    expect(panel.locator(".state-head")).to_have_count(1)
    expect(panel).not_to_have_attribute("aria-busy", "true")
    expect(panel).not_to_contain_text("Loading this view…")


def test_a_server_that_is_starting_is_waited_for_in_words(open_page: OpenPage) -> None:
    """Until it has loaded torch it answers nothing; the page says so, and goes on as soon as it does."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page = open_page(prepare=lambda page: page.route("**/api/catalog/summary", hold))
    expect(page.locator("#notices")).to_contain_text("the server is loading PyTorch")
    for route in held:
        route.continue_()
    expect(page.locator("#surface canvas").first).to_be_visible()
    expect(page.locator("#notices")).not_to_contain_text("the server is loading PyTorch")


def test_a_newcomer_sees_the_key_of_the_network_whole(open_page: OpenPage) -> None:
    """It is open for who comes for the first time, and nothing of it is cut off."""
    page = open_page("/")
    page.get_by_role("button", name="On to a network").click()
    expect(page.locator(".network-key")).to_have_attribute("open", "")
    expect(page.locator(".network-key li:visible").last).to_be_in_viewport(ratio=1)


def test_one_view_at_a_time_is_seen_beneath_the_tabs(open_page: OpenPage) -> None:
    """A tab that was open gives all of its room to the next one."""
    page = open_page()
    for tab in page.get_by_role("tab").all():
        tab.click()
        expect(page.locator("#plots > [role=tabpanel]:visible")).to_have_count(1)
        name = (tab.get_attribute("id") or "").removeprefix("tab-")
        expect(page.locator(f"#{name}")).to_be_visible()


def test_a_tablet_has_room_for_all_tabs(open_page: OpenPage) -> None:
    """Nothing is wider than an upright tablet, and a function that a person wrote is named in the header."""
    page = open_page("/?problem=expression", viewport={"width": 820, "height": 1180})
    expect(page.get_by_role("tab", name="Noise")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("banner")).to_contain_text("x**2 + 10*sin(y)")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 820


def test_a_phone_names_the_problem_whole(open_page: OpenPage) -> None:
    """On two lines where one is too short for it; and no button is cut to a letter of what it says."""
    page = open_page("/?problem=himmelblau", viewport={"width": 390, "height": 844})
    name = page.locator(".picker-value")
    expect(name).to_have_text("Himmelblau's function")
    assert name.evaluate("one => one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight")
    expect(page.locator(".surface-button")).to_be_visible()
    expect(page.locator(".surface-button-value")).to_be_hidden()


def test_an_address_says_its_version_and_leads_back(open_page: OpenPage) -> None:
    """A link without a version is written anew with one; one of a version to come says so; back is back."""
    page = open_page("/?problem=himmelblau&steps=60&step=60")
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    page.get_by_role("tab", name="State").click()
    page.wait_for_url("**/?v=2&problem=himmelblau&steps=60&plots=state&step=60")
    page.goto("/?v=3&problem=moons")
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    expect(page.locator("#notices")).to_contain_text("left out: v.")
    page.go_back()
    expect(page.get_by_role("tab", name="State")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("banner")).to_contain_text("Himmelblau")


def test_nothing_is_uploaded_from_a_plot(open_page: OpenPage) -> None:
    """Plotly's own button that sends a chart to its makers is not there."""
    page = open_page()
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    shares = page.locator("[data-attr=sendChartToCloud], [data-title*=cloud i], [data-title*=share i]")
    expect(shares).to_have_count(0)


def test_paths_follow_a_start_that_is_dragged(open_page: OpenPage) -> None:
    """Every path leads away from where the hand holds the start, and the address says where it was let go."""
    page = open_page("/?problem=himmelblau&steps=60&step=60")
    handle = page.locator(".start-handle")
    handle.hover()
    box = handle.bounding_box()
    assert box is not None
    page.mouse.down()
    for x, y in ((-60, 40), (-90, 70)):
        page.mouse.move(box["x"] + 14 + x, box["y"] + 14 + y)
        page.wait_for_function(
            """() => {
              const { e, f } = new DOMMatrix(document.querySelector(".start-handle").style.transform);
              const starts = [...document.querySelectorAll("#surface .paths-start")];
              const isHere = ({ cx, cy }) => Math.hypot(cx.baseVal.value - e, cy.baseVal.value - f) < 0.2;
              return starts.length > 1 && starts.every(isHere);
            }"""
        )
    page.mouse.up()
    page.wait_for_url(re.compile("start="))


def test_paths_move_before_the_axes_are_drawn(open_page: OpenPage) -> None:
    """The surface and its paths wait for no plotly.js, and lie where its axes then come to lie."""
    held: list[Route] | None = []

    def hold(route: Route) -> None:
        if held is None:
            route.continue_()
        else:
            held.append(route)

    page = open_page(prepare=lambda page: page.route("**/plotly/**", hold), **MOVING)
    expect(page.locator("#surface .paths-head").first).to_be_visible()
    page.wait_for_function("() => Number(document.querySelector('#timeline input[type=range]').value) > 0")
    for what in (".freeze-track", ".network-svg", "#training .line-chart"):  # which may move the surface
        expect(page.locator(what).first).to_be_visible()
    layers = [page.locator(f"#surface {layer}") for layer in (".surface-colors", ".paths")]
    before = [layer.bounding_box() for layer in layers]
    assert page.locator("#surface .main-svg").count() == 0
    for route in held:
        route.continue_()
    held = None
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    assert [layer.bounding_box() for layer in layers] == before

"""Freezing by hand in a real browser: bars on the timeline, the ghost, and what is said of frozen layers."""

import re
from collections.abc import Callable

import httpx
from playwright.sync_api import Locator, Page, Request, expect

from optiscope import train
from tests.browser.accessible import assert_accessible
from tests.browser.conftest import FITS, boxes
from tests.server import PATIENT_S
from tests.waiting import until

OpenPage = Callable[..., Page]

ONE_RUN = "/?steps=60&runs=[SGD(lr:0.3,momentum:0.9)]"
BARS = ".freeze-bar:not(.is-free)"
DRIFT = (
    "/?problem=seed-example&runs=[(optimizer:SGD(lr:0.02,momentum:0.9),loop:(set_to_none:false),"
    "freeze:[(params:[fc2],from_step:10,to_step:30,clear_grad:false)])]"
)


def track(page: Page, name: str = "fc2") -> Locator:
    """The track of a layer, once all that may move it is there."""
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    found = page.locator(f".freeze-track[data-name='{name}']")
    expect(found).to_be_visible()
    return found


def ends(page: Page) -> tuple[Locator, Locator]:
    """The two ends of the window of fc2."""
    return (
        page.get_by_role("slider", name="Where fc2 freezes"),
        page.get_by_role("slider", name="Where fc2 thaws"),
    )


def at(on: Locator, part: float) -> tuple[float, float]:
    """The place on a track that is this part of its length from its left end, once it keeps its place."""
    on.scroll_into_view_if_needed()
    box = on.bounding_box()
    assert box is not None
    return box["x"] + part * box["width"], box["y"] + box["height"] / 2


def go_to(page: Page, step: int) -> None:
    """Ask for a step once there is such a record: a slider that ends before takes its end, without a word."""
    slider = page.get_by_role("slider", name="Step", exact=True)

    def is_taken() -> bool:
        slider.fill(str(step))
        return slider.input_value() == str(step)

    until(is_taken)


def assert_window(page: Page, first: int, last: int) -> None:
    """Address, bar, card and drawing say that fc2 is frozen in steps ``first`` + 1 to ``last``."""
    start, end = ends(page)
    expect(start).to_have_attribute("aria-valuenow", str(first))
    expect(end).to_have_attribute("aria-valuenow", str(last))
    for region in ("#network", "#runs"):
        lock = page.locator(region).get_by_role("button", name="Freeze fc2")
        expect(lock).to_have_attribute("aria-pressed", "mixed")
        expect(lock).to_have_attribute("data-hint", re.compile(f"in steps {first + 1} to {last}"))
    page.wait_for_url(re.compile(rf"from_step:{first},to_step:{last}"))


def assert_apart(bodies: Locator) -> None:
    """Two bars come to be each as high as a finger needs, one below the other."""
    expect(bodies).to_have_count(2)

    def are_apart() -> bool:
        upper, lower = sorted(boxes(bodies), key=lambda box: box["y"])
        is_high = min(upper["height"], lower["height"]) >= 24
        return is_high and upper["y"] + upper["height"] <= lower["y"] + 0.5

    until(are_apart)


def asks_to_freeze(first: int, last: int) -> Callable[[Request], bool]:
    """Whether a request is to train a run that freezes fc2 in steps ``first`` + 1 to ``last``."""
    window = {"params": ["fc2"], "from_step": first, "to_step": last}
    return lambda request: "/api/compare" in request.url and window in rules_of(request)


def rules_of(request: Request) -> list[dict[str, object]]:
    """All that the runs freeze that are asked for."""
    return [rule for run in request.post_data_json["runs"] for rule in run.get("freeze", ())]


def assert_trained(asked: Request, first: int, last: int) -> None:
    """The run that is asked for keeps fc2 in these steps, bit for bit, and moves it before and after."""
    config = next(run for run in asked.post_data_json["runs"] if run.get("freeze"))
    weights = [values.tobytes() for values in train(config).params["fc2.weight"]]
    moved = [k for k in range(1, len(weights)) if weights[k] != weights[k - 1]]
    assert not set(moved) & set(range(first + 1, last + 1))
    assert {first, last + 1} <= set(moved)


def test_a_freeze_bar_is_made_moved_and_removed_by_mouse_and_keys(open_page: OpenPage) -> None:
    """Dragging on a track freezes a layer for a while, its ends and its body say when; a ghost is seen."""
    page = open_page(ONE_RUN)
    fc2 = track(page)
    ghost = page.locator(".paths-head[data-other='ghost unfrozen']")
    expect(ghost).to_have_count(0)
    page.mouse.move(*at(fc2, 0.25))
    page.mouse.down()
    page.mouse.move(*at(fc2, 0.5), steps=3)
    expect(fc2.locator(".freeze-tag")).to_have_text("30")
    page.mouse.up()
    assert_window(page, 15, 30)
    expect(ghost).to_be_visible()
    expect(page.locator(".legend")).to_contain_text("the same run without freezing")
    expect(page.locator(".paths-turn")).to_have_count(2)
    page.mouse.move(*at(fc2, 0.5))
    page.mouse.down()
    page.mouse.move(*at(fc2, 40 / 60), steps=3)
    with page.expect_request(asks_to_freeze(15, 40)) as asked:
        page.mouse.up()
    assert_window(page, 15, 40)
    expect(page.locator(".paths-turn")).to_have_count(2)
    assert_trained(asked.value, 15, 40)
    start, end = ends(page)
    end.focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert_window(page, 15, 31)
    start.focus()
    with page.expect_request(asks_to_freeze(16, 31)) as asked:
        page.keyboard.press("ArrowRight")
    assert_window(page, 16, 31)
    assert_trained(asked.value, 16, 31)
    fc2.locator(".freeze-body").focus()
    page.keyboard.press("ArrowLeft")
    assert_window(page, 15, 30)
    assert_accessible(page)
    page.keyboard.press("Delete")
    expect(page.locator(BARS)).to_have_count(0)
    expect(ghost).to_have_count(0)
    end.focus()
    expect(end).to_have_attribute("aria-valuetext", "trains from the start")
    page.keyboard.press("PageUp")
    expect(end).to_have_attribute("aria-valuetext", "frozen to step 10")
    page.wait_for_url(re.compile(r"params:\[fc2\],to_step:10"))
    page.keyboard.press("Home")
    expect(page.locator(BARS)).to_have_count(0)


def test_a_freeze_bar_is_dragged_by_touch_on_a_phone(open_page: OpenPage) -> None:
    """On a phone the bars are folded until they are wanted; a finger moves an end; nothing is too small."""
    parts = "(params:[fc1.weight],to_step:20),(params:[fc1.bias],to_step:40)"
    window = f"(optimizer:SGD(lr:0.3),freeze:[(params:[fc2],from_step:10,to_step:20),{parts}])"
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = open_page(f"/?steps=60&runs=[{window}]", **phone)
    page.get_by_role("button", name="Show the freeze bars").click()
    fc2 = track(page)
    x, y = at(ends(page)[1], 0.5)
    touch = page.context.new_cdp_session(page)
    with page.expect_request(asks_to_freeze(10, 45)) as asked:
        for kind, point in (("Start", x), ("Move", x + 30), ("Move", at(fc2, 0.75)[0]), ("End", None)):
            points = [] if point is None else [{"x": point, "y": y}]
            touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    expect(ends(page)[1]).to_have_attribute("aria-valuenow", "45")
    page.wait_for_url(re.compile("to_step:45"))
    assert_trained(asked.value, 10, 45)
    assert_apart(track(page, "fc1").locator(".freeze-body"))
    page.set_viewport_size({"width": 1440, "height": 900})
    assert_apart(track(page, "fc1").locator(".freeze-body"))
    page.set_viewport_size(phone["viewport"])
    page.wait_for_function(FITS)
    assert_accessible(page)


def test_gradual_unfreezing_is_one_click_for_one_run_or_all(open_page: OpenPage) -> None:
    """A bar for each layer, the head's empty and to be drawn out; another click gives them to every run."""
    page = open_page("/?steps=60&hidden=2,2,2&runs=[SGD(lr:0.3),Adam(lr:0.05)]")
    head = track(page, "fc4")
    page.get_by_role("button", name="Gradual unfreezing").click()
    expect(page.locator(BARS)).to_have_count(3)
    expect(head.locator(".freeze-bar.is-free")).to_be_visible()
    expect(page.locator(".freeze-tools")).to_contain_text(
        "Head first: fc4 trains from the start, fc3 from step 16 on, fc2 from step 31 on"
    )
    for i, last in enumerate((45, 30, 15)):
        expect(page.locator(f"{BARS} .freeze-body").nth(i)).to_have_attribute(
            "data-steps", re.compile(f"^0.{last}$")
        )
    page.get_by_role("button", name="For all runs").click()
    badges = page.locator("#runs .badge-lock")
    expect(badges).to_have_text([re.compile("fc1 0.45, fc2 0.30, fc3 0.15")] * 2)
    page.get_by_role("button", name="中文").click()
    expect(page.locator(".freeze-tools")).to_contain_text("逐层解冻")
    page.mouse.move(*at(head, 0))
    page.mouse.down()
    page.mouse.move(*at(head, 0.1), steps=3)
    page.mouse.up()
    expect(page.locator(BARS)).to_have_count(4)
    expect(page.locator("#network")).to_contain_text("does not require grad")


def test_what_drifts_while_frozen_and_what_thaws_is_named(open_page: OpenPage) -> None:
    """With zeroed gradients and momentum fc2 moves in steps 11 to 30: every view that shows it tells."""
    page = open_page(DRIFT + "&step=15&plots=step&parameter=fc2.weight")
    bar = track(page).locator(BARS)
    expect(bar).to_have_class(re.compile("is-drifting"))
    network = page.locator("#network")
    expect(network).to_contain_text("fc2 is frozen and moves all the same: its .grad is zero")
    expect(network).to_contain_text("Gradient still flows through fc2 to fc1")
    head = page.locator(".paths-head[data-run='run-0']")
    expect(head).to_have_attribute("data-kind", "drifts")
    step = page.locator("#step")
    expect(step.locator(".step-verdict[data-kind]")).to_contain_text(
        "fc2.weight is frozen and moves all the same"
    )
    expect(step).to_contain_text("None stays None")
    page.locator("#runs").get_by_role("button", name="Show clear_grad").click()
    switch = page.locator("#runs").get_by_role("switch", name="clear_grad of fc2")
    expect(switch).to_be_focused()
    assert_accessible(page)
    go_to(page, 31)
    expect(network).to_contain_text(re.compile(r"first step after the thaw \(step 31\) was [\d.]+ times"))
    expect(head).to_have_attribute("data-kind", "thaws")
    expect(step.locator(".step-verdict[data-kind]")).to_contain_text("by what was kept from step 10")
    switch.click()
    expect(bar).not_to_have_class(re.compile("is-drifting"))
    go_to(page, 15)
    expect(network).to_contain_text("fc2 is frozen: its .grad is None")
    expect(head).to_have_attribute("data-kind", "frozen")
    track(page).locator(".freeze-body").focus()
    page.keyboard.press("Delete")
    expect(network.locator(".network-notes li")).to_have_count(0)


def test_a_run_of_which_all_is_frozen_is_grey_and_pytorch_says_why(open_page: OpenPage) -> None:
    """The run before the last lock stays, greyed on surface and network, under PyTorch's own sentence."""
    page = open_page("/?steps=60&runs=[(optimizer:SGD(lr:0.3),freeze:[fc1,fc2]),Adam(lr:0.05)]")
    network = page.locator("#network")
    expect(network).to_contain_text("Nothing before fc3 trains")
    expect(network).not_to_contain_text("flows")
    network.get_by_role("button", name="Freeze fc3").click()
    sentence = "element 0 of tensors does not require grad and does not have a grad_fn"
    expect(network).to_contain_text(sentence)
    expect(page.locator("#runs")).to_contain_text(sentence)
    expect(network).to_have_class(re.compile("is-stale"))
    expect(page.locator(".paths-head[data-run='run-0']")).to_have_class(re.compile("is-stale"))
    network.get_by_role("button", name="Freeze fc2").click()
    expect(network).not_to_have_class(re.compile("is-stale"))


def test_a_run_that_is_opened_frozen_whole_is_mended_on_the_timeline(open_page: OpenPage) -> None:
    """With no record of it every view says why, and an end of a bar is dragged to have it trained."""
    page = open_page("/?steps=60&plots=step&runs=[(optimizer:SGD(lr:0.3),freeze:[fc1,fc2,fc3])]")
    sentence = "This run cannot be trained as it is: every parameter is frozen at step 0"
    for view in ("#network", "#step"):
        expect(page.locator(view)).to_contain_text(sentence)
    expect(page.locator("#step select:visible")).to_have_count(0)
    expect(page.locator(".legend")).not_to_contain_text("without freezing")
    expect(page.locator(".freeze-track[data-name='fc3']")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("slider", name="Where fc3 thaws").focus()
    page.keyboard.press("Home")
    expect(page.locator("#step .step-title")).to_contain_text("SGD")
    expect(page.locator(".legend")).to_contain_text("without freezing")


def test_the_ghost_of_a_fork_is_the_run_that_it_comes_from(open_page: OpenPage, live_server: str) -> None:
    """A fork that freezes is seen beside the run it left; one that changes more says why it has no ghost."""
    sgd = {"name": "SGD", "hyperparameters": {"lr": 0.3}}
    made = {"config": {"problem": {"name": "seed-example"}, "optimizer": sgd, "steps": 20}}
    runs = f"{live_server}/api/runs"
    parent = httpx.post(runs, json=made, timeout=PATIENT_S).raise_for_status().json()
    with httpx.stream("GET", f"{runs}/{parent['id']}/steps", timeout=PATIENT_S) as followed:
        followed.read()
    links = []
    for changes in ({}, {"optimizer": {"hyperparameters": {"lr": 0.1}}}):
        asked = {"step": 10, "changes": changes | {"freeze": [{"params": ["fc2"]}]}}
        fork = (
            httpx.post(f"{runs}/{parent['id']}/fork", json=asked, timeout=PATIENT_S).raise_for_status().json()
        )
        rate = fork["config"]["optimizer"]["hyperparameters"]["lr"]
        kept = f'kept:(id:"{fork["id"]}",first:10,without:[])'
        links.append(f"(optimizer:SGD(lr:{rate}),freeze:[fc2],{kept})")
    page = open_page(f"/?problem=seed-example&steps=20&runs=[{','.join(links)}]")
    legend, tools = page.locator(".legend"), page.locator(".freeze-tools")
    expect(legend).to_contain_text("the run it was forked from")
    expect(page.locator(".paths-head[data-other='ghost unfrozen']")).to_be_visible()
    expect(tools).not_to_contain_text("No ghost")
    expect(track(page).locator(".freeze-body")).to_have_attribute("data-steps", re.compile("^10.20$"))
    legend.get_by_role("button").nth(1).click()
    expect(tools).to_contain_text("No ghost: this run begins at step 10")
    expect(legend).not_to_contain_text("the run it was forked from")

"""Optimizers, groups, schedules, clipping and state on the page, driven as a person would."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessible import assert_accessible
from tests.browser.choosing import choose_optimizer
from tests.browser.conftest import let_news_stay
from tests.browser.test_page import pause_at_end
from tests.waiting import until

OpenPage = Callable[..., Page]

ADAM = "/?runs=[Adam(lr:0.05)]"
CLIPPED = "/?runs=[(optimizer:SGD(lr:0.3),clip_grad:(name:clip_grad_norm_,max_norm:0.05))]"


def opened_card(page: Page) -> Locator:
    """The card of the only run, once its surface has been drawn."""
    expect(page.locator("#surface .main-svg").first).to_be_visible()
    return page.get_by_role("article").first


def opened_studio(page: Page) -> Locator:
    """The schedule studio of the only run, once it has drawn something."""
    opened_card(page).get_by_role("button", name="Schedule studio").click()
    studio = page.get_by_role("dialog", name=re.compile("Schedule of"))
    expect(studio.get_by_role("slider", name=re.compile("lr"))).to_be_visible()
    return studio


def test_a_schedule_is_piled_up_from_pieces(open_page: OpenPage) -> None:
    """A preset and a moved border are drawn before training; used, they train, and the address keeps them."""
    page = open_page(ADAM)
    studio = opened_studio(page)
    studio.get_by_role("button", name="Linear warm-up, then cosine").click()
    expect(studio).to_contain_text("milestones=[30]")
    border = studio.get_by_role("slider", name="End of LinearLR, in epochs")
    border.press("Shift+ArrowRight")
    expect(studio).to_contain_text("milestones=[40]")
    expect(studio.get_by_role("textbox", name="total_iters")).to_have_value("40")
    studio.get_by_role("button", name="Then", exact=True).click()
    expect(studio).to_contain_text("milestones=[20, 40]")
    studio.get_by_role("button", name="Remove this piece").click()
    studio.get_by_role("button", name="Use schedule").click()
    expect(studio).to_have_count(0)
    expect(page.get_by_role("article").first).to_contain_text("LinearLR → CosineAnnealingLR")
    page.wait_for_url(re.compile("SequentialLR"))
    page.reload()
    expect(page.get_by_role("article").first).to_contain_text("LinearLR → CosineAnnealingLR")


def test_momentum_is_drawn_where_a_schedule_moves_it(open_page: OpenPage) -> None:
    """OneCycleLR moves beta1: in the studio before training, and beside the learning rate after it."""
    page = open_page(ADAM)
    studio = opened_studio(page)
    studio.get_by_role("button", name="One cycle").click()
    expect(studio.get_by_role("slider", name=re.compile("betas"))).to_be_visible()
    expect(studio).to_contain_text("OneCycleLR(optimizer")
    studio.get_by_role("button", name="Use schedule").click()
    expect(page.get_by_role("heading", name="Momentum")).to_be_visible()


def test_a_schedule_that_needs_the_loss_is_drawn_from_a_run(open_page: OpenPage) -> None:
    """ReduceLROnPlateau says why, is drawn all the same, joins no other, and the loop hands over from it."""
    studio = opened_studio(open_page(ADAM))
    studio.get_by_role("combobox", name="Scheduler").select_option("ReduceLROnPlateau")
    expect(studio).to_contain_text("drawn from a run of its own")
    expect(studio.get_by_role("button", name="Together with", exact=True)).to_be_disabled()
    studio.get_by_role("button", name="Then", exact=True).click()
    expect(studio.get_by_role("combobox", name="Who hands over")).to_have_value("HandOver")
    border = studio.get_by_role("slider", name="End of ReduceLROnPlateau, in epochs")
    border.press("Home")
    expect(border).to_have_attribute("aria-valuenow", "1")
    expect(studio).to_contain_text("schedulers = [")
    expect(studio).to_contain_text("schedulers[0].step(loss.item())")


def test_each_group_has_an_expression_of_its_own(open_page: OpenPage) -> None:
    """A preset of a package is unfolded and divided by groups; what is wrong stands beside its own group."""
    page = open_page("/?runs=[SGD(lr:0.1,.param_groups:[(params:[fc1,fc2]),(params:[fc3],lr:0.01)])]")
    studio = opened_studio(page)
    studio.get_by_text("transformers", exact=True).click()
    studio.get_by_role("button", name="inverse_sqrt").click()
    studio.get_by_role("button", name="lr_lambda for each group").click()
    fields = studio.get_by_role("group", name="lr_lambda").get_by_role("textbox")
    expect(fields).to_have_count(2)
    fields.last.fill("max(1 - epoch")
    fields.last.blur()
    expect(studio.get_by_role("group", name="lr_lambda").locator(".field-error")).to_have_count(1)
    expect(fields.last).to_have_attribute("aria-invalid", "true")
    fields.last.fill("max(1 - epoch / 200, 0)")
    fields.last.blur()
    studio.get_by_role("button", name="Use schedule").click()
    page.wait_for_url(re.compile("max"))
    expect(page.get_by_role("article").first).to_contain_text("LambdaLR")


def test_a_layer_in_no_group_is_warned_about(open_page: OpenPage) -> None:
    """Groups per layer take values of their own; leaving one out is said, with the way to where it is."""
    page = open_page(ADAM)
    card = opened_card(page)
    card.get_by_text("Param groups").click()
    card.get_by_role("button", name="per layer").click()
    card.get_by_role("textbox", name="lr of fc3").fill("0.5")
    page.wait_for_url(re.compile(r"fc3.*lr:0\.5"))
    card.get_by_role("checkbox", name="fc2 is in a param group").uncheck()
    expect(card).to_contain_text("No param group holds fc2.weight, fc2.bias")
    card.get_by_text("Param groups").click()
    card.get_by_role("button", name="Show param_groups").click()
    expect(card.get_by_role("button", name="per layer")).to_be_visible()


def test_muon_leaves_the_rest_to_a_second_optimizer(open_page: OpenPage) -> None:
    """Choosing Muon keeps the optimizer before it for the biases; SparseAdam is listed, but not to be had."""
    page = open_page(ADAM)
    card = opened_card(page)
    choose_optimizer(card, "Muon")
    expect(card.get_by_role("group", name="For what Muon cannot take")).to_contain_text("Adam")
    page.wait_for_url(re.compile(r"Muon\(.*rest:Adam"))
    card.get_by_label("Optimizer", exact=True).first.click()
    expect(page.get_by_role("option", name="SparseAdam")).to_be_disabled()


def test_an_expression_is_refused_at_its_character(open_page: OpenPage) -> None:
    """What LambdaLR cannot read is said in the studio at its field, with the place in the text."""
    page = open_page(ADAM)
    studio = opened_studio(page)
    studio.get_by_role("combobox", name="Scheduler").select_option("LambdaLR")
    field = studio.get_by_role("textbox", name="lr_lambda")
    expect(studio).to_contain_text("LambdaLR(optimizer")
    field.fill("0.9 ** epoc")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(studio).to_contain_text("character 8")
    expect(studio.get_by_role("button", name="Use schedule")).to_be_disabled()


def test_clipping_is_counted_where_it_bites(open_page: OpenPage) -> None:
    """The card says in how many steps clipping changed the gradient."""
    card = opened_card(open_page(CLIPPED))
    expect(card).to_contain_text(re.compile(r"Clipped the gradient in \d+ of 300 steps"))


def test_the_state_of_the_optimizer_follows_the_clock(open_page: OpenPage) -> None:
    """Torch's own keys can be chosen, their numbers are those of the step, and a link shows the same."""
    page = open_page(ADAM)
    opened_card(page)
    page.get_by_role("tab", name="Optimizer state").click()
    panel = page.get_by_role("tabpanel", name="Optimizer state")
    panel.get_by_role("combobox", name="Parameter").select_option("fc3.bias")
    panel.get_by_role("combobox", name="Quantity").select_option("exp_avg_sq")
    expect(panel.get_by_role("heading", name="exp_avg_sq of fc3.bias")).to_be_visible()
    pause_at_end(page)
    reading = panel.locator(".line-chart-value").first
    expect(reading).not_to_be_empty()
    at_end = reading.inner_text()
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    expect(reading).not_to_have_text(at_end)
    page.wait_for_url(re.compile("plots=state.*quantity=exp_avg_sq"))
    page.reload()
    expect(panel.get_by_role("heading", name="exp_avg_sq of fc3.bias")).to_be_visible()


def test_a_step_is_read_line_by_line(open_page: OpenPage) -> None:
    """The loop's code with its numbers: plain SGD subtracts lr times the gradient, and passes over fc2."""
    page = open_page("/?runs=[(optimizer:SGD(lr:0.3),freeze:[fc2],lr_scheduler:StepLR(step_size:5))]&step=5")
    opened_card(page)
    page.get_by_role("tab", name="Step", exact=True).click()
    panel = page.get_by_role("tabpanel", name="Step", exact=True)
    expect(panel.get_by_role("heading", name="Step 5 of SGD")).to_be_visible()
    expect(panel).to_contain_text("stays None: fc2")
    expect(panel).to_contain_text("last_epoch becomes 5. get_last_lr(): [0.3000] → [0.03000].")
    expect(panel).to_contain_text(re.compile("Exactly param .= lr · param.grad"))
    panel.get_by_role("combobox", name="Parameter").select_option("fc2.weight")
    expect(panel).to_contain_text("the optimizer passes it over")
    expect(panel.get_by_role("row", name=re.compile(r"\[0, 0\].*None"))).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="One step forward").click()
    expect(panel.get_by_role("heading", name="Step 6 of SGD")).to_be_visible()
    page.wait_for_url(re.compile("plots=step.*parameter=fc2.weight"))
    assert_accessible(page)


def test_an_update_is_played_with_the_numbers_of_an_element(open_page: OpenPage) -> None:
    """Each line is held against torch's; the element is chosen in the network, which shows activations."""
    page = open_page(
        "/?problem=seed-example&runs=[Adam(lr:0.02)]&plots=step&step=5&network=signals",
    )
    panel = page.get_by_role("tabpanel", name="Step", exact=True)
    lines = panel.get_by_role("list", name="The update, line by line").locator("li")
    expect(lines.last).to_contain_text("= torch's bits")
    expect(lines).to_have_count(9)
    expect(panel.locator(".update")).not_to_contain_text("@")
    expect(page.locator(".network-signal.is-gradient", has_text="∂")).to_have_count(5)
    assert_accessible(page)
    page.locator(".network-reach").nth(6).click(force=True)
    expect(panel.get_by_role("combobox", name="Parameter")).to_have_value("fc2.weight")
    expect(panel.get_by_role("button", name="[1, 0]")).to_have_attribute("aria-pressed", "true")
    value = panel.get_by_role("row", name="[1, 0]").get_by_role("cell").first
    until(lambda: value.inner_text().rstrip("0")[:6] in lines.last.inner_text())
    panel.get_by_role("button", name="One line on").click()
    expect(panel.locator("[aria-current=step]")).to_contain_text("optimizer.zero_grad()")
    page.keyboard.press("ArrowDown")
    expect(panel.locator("[aria-current=step]")).to_contain_text("F.mse_loss")
    page.wait_for_url(re.compile("parameter=fc2.weight&element=2"))


def test_a_run_is_copied_as_pytorch(open_page: OpenPage) -> None:
    """The whole script is shown, and one button puts it on the clipboard."""
    page = open_page(ADAM, permissions=["clipboard-read", "clipboard-write"], prepare=let_news_stay)
    opened_card(page).get_by_role("button", name="Copy as PyTorch").click()
    dialog = page.get_by_role("dialog", name="Adam as PyTorch")
    expect(dialog).to_contain_text("torch.optim.Adam(model.parameters(), lr=0.05)")
    dialog.get_by_role("button", name="Copy", exact=True).click()
    expect(dialog.get_by_role("status")).to_have_text("Copied.")
    assert "loss.backward()" in page.evaluate("() => navigator.clipboard.readText()")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize(("scheme", "locale"), [("light", "en-US"), ("dark", "zh-CN")])
def test_what_opens_is_accessible(open_page: OpenPage, scheme: str, locale: str) -> None:
    """axe-core finds nothing in an open card, in the state plots and in the studio."""
    page = open_page(CLIPPED, color_scheme=scheme, locale=locale)
    card = opened_card(page)
    card.evaluate("card => card.querySelectorAll('details').forEach((details) => (details.open = true))")
    page.locator("#tab-state").click()
    expect(page.locator("#state h3").last).not_to_be_empty()
    assert_accessible(page)
    card.locator(".button:has-text('Schedule'), .button:has-text('调度')").first.click()
    expect(page.locator(".schedule-plot").first).to_be_visible()
    assert_accessible(page)


def test_what_is_set_by_hand_and_added_later_is_drawn(open_page: OpenPage) -> None:
    """A factor has a chart, groups come in turn with a warning, and a value beyond the usual is taken."""
    page = open_page("/?runs=[AdamW(lr:0.02,weight_decay:0.1)]&steps=60")
    card = opened_card(page)
    card.locator("summary", has_text="Set by hand").click()
    card.get_by_role("button", name="Let a hyperparameter follow a factor").click()
    expect(card.get_by_role("img", name=re.compile("weight_decay over the run, from 0.100"))).to_be_visible()
    expect(page.get_by_role("heading", name="Set by hand: weight_decay")).to_be_visible()
    card.locator("summary", has_text="Param groups").click()
    card.get_by_role("button", name="in turn").click()
    expect(card.get_by_role("textbox", name="Step at which fc1 is added")).to_have_value("20")
    expect(card).to_contain_text("gather gradient that optimizer.zero_grad() does not clear")
    card.get_by_role("textbox", name="weight_decay", exact=True).fill("200")
    expect(card).to_contain_text("Taken, though 0 to 100 is usual.")
    page.wait_for_url(re.compile("weight_decay:200"))
    page.reload()
    expect(page.get_by_role("heading", name="Set by hand: weight_decay")).to_be_visible()
    expect(page.get_by_role("article").first).to_contain_text("weight_decay(t)")
    assert_accessible(page)
    studio = opened_studio(page)
    expect(studio.get_by_role("slider", name=re.compile("^weight_decay"))).to_be_visible()
    expect(studio.locator("output")).to_contain_text("get_last_lr() [0.02000]")
    expect(studio.locator("output")).to_contain_text("weight_decay [200.0]")

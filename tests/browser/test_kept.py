"""Runs that the server keeps, on the page: found, followed from two tabs at once, commanded, deleted."""

import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.endless import ENDLESS
from tests.server import PATIENT_S

NAME = "followed by two"


@pytest.fixture
def run(live_server):
    """A run that goes on until it is deleted at the end."""
    runs = f"{live_server}/api/runs"
    run = (
        httpx.post(runs, json={"config": ENDLESS, "name": NAME}, timeout=PATIENT_S).raise_for_status().json()
    )
    yield run
    httpx.delete(f"{runs}/{run['id']}", timeout=PATIENT_S)


def opened_list(page: Page) -> Locator:
    """The dialog with the runs that are kept."""
    page.get_by_role("button", name="Kept", exact=True).first.click()
    return page.get_by_role("dialog", name="Kept runs")


def compared(page: Page) -> Locator:
    """The card of the run, once it has been put beside the others."""
    opened_list(page).get_by_role("button", name=f"Compare {NAME}").click()
    return page.get_by_role("article").filter(has=page.locator(".badge-kept"))


def test_two_tabs_follow_one_run(open_page, live_server, run):
    """Both see it train, one pauses it, both see where it stands; and the run goes on for both."""
    cards = [compared(open_page()), compared(open_page())]
    badges = [card.locator(".badge-kept") for card in cards]
    for badge in badges:
        expect(badge).to_have_text(re.compile("training, step [1-9]"))
    cards[0].get_by_role("button", name="Pause", exact=True).click()
    for badge in badges:
        expect(badge).to_have_text(re.compile("paused at step [1-9]"))
    step = httpx.get(f"{live_server}/api/runs/{run['id']}", timeout=PATIENT_S).json()["step"]
    for badge in badges:
        expect(badge).to_have_text(f"paused at step {step}")
    cards[1].get_by_role("button", name="Resume").click()
    for badge in badges:
        expect(badge).to_have_text(re.compile("training, step [1-9]"))


def test_an_address_names_a_run(open_page, live_server):
    """As `optiscope open` says it: the run is shown alone; of one that is not there that is said."""
    config = {"problem": {"name": "moons"}, "optimizer": {"name": "RMSprop"}, "steps": 7}
    runs = f"{live_server}/api/runs"
    kept = httpx.post(runs, json={"config": config}, timeout=PATIENT_S).raise_for_status().json()
    page = open_page(f"/?v=2&kept={kept['id']}")
    card = page.get_by_role("article")
    expect(card).to_have_count(1)
    expect(card).to_contain_text("RMSprop")
    expect(card.locator(".badge-kept")).to_have_text("kept")
    page.wait_for_url(re.compile("problem=moons"))
    expect(page.get_by_text("The link")).to_have_count(0)
    httpx.delete(f"{runs}/{kept['id']}", timeout=PATIENT_S)


def test_the_list_is_searched_renamed_in_and_deleted_from(open_page, live_server, run):
    """What a person calls a run is what it is found by; a deleted one is gone for everybody."""
    dialog = opened_list(open_page())
    row = dialog.locator(f"[data-kept='{run['id']}']")
    expect(row).to_contain_text("training, step")
    row.get_by_role("button", name=NAME, exact=True).click()
    row.get_by_role("textbox", name="Name").fill("warm-up")
    row.get_by_role("button", name="Rename").click()
    expect(row.get_by_role("heading")).to_have_text("warm-up")
    dialog.get_by_role("searchbox", name="Search").fill("two")
    expect(row).to_have_count(0)
    dialog.get_by_role("searchbox", name="Search").fill("warm adam")
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Delete", exact=True).click()
    row.get_by_role("group", name="Delete warm-up").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    assert httpx.get(f"{live_server}/api/runs/{run['id']}", timeout=PATIENT_S).status_code == 404

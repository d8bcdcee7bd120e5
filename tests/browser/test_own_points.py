"""Points of somebody's own on the page: written, dropped, and in a link."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.accessible import assert_accessible

OpenPage = Callable[..., Page]

RINGS = "".join(
    f"{i % 9},{i % 7},{'in' if abs(i % 9 - 4) + abs(i % 7 - 3) < 3 else 'out'}\n" for i in range(63)
)

DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
}"""

DROP_BYTES = DROP.replace("[text]", "[new Uint8Array(text)]")


def layers(page: Page) -> str:
    return page.locator(".setup-summary").inner_text()


def test_a_table_is_written_and_its_bad_cells_are_told(open_page: OpenPage) -> None:
    """The points from before go on until the table can be read; a link to them shows them again."""
    page = open_page("/?v=2&problem=points&runs=[Adam(lr:0.05)]&steps=40")
    page.locator("#problem-picker").click()
    table = page.get_by_label("Points, a row each")
    table.fill("a;b;c;y\n1;2;3;0.5\n2;3;x;1\n3;4,5;1;2\n")
    told = page.locator("#problem-points-errors")
    expect(told).to_contain_text("Row 3, column c: x is not a number.")
    expect(told).to_contain_text("Row 4, column b: 4,5 has a decimal comma")
    assert_accessible(page)
    assert "2-4-4-1" in layers(page)
    table.fill("a;b;c;y\n1;2;3;0.5\n2;3;1;1\n3;4.5;1;2\n")
    expect(page.locator(".setup-summary")).to_contain_text("3-4-4-1")
    expect(told).to_be_empty()
    expect(page.locator(".own-points")).to_contain_text("3 points of 3 features, each with a value")
    expect(page).to_have_url(re.compile(re.escape("[3,4.5,1]")))
    page.reload()
    expect(page.locator(".setup-summary")).to_contain_text("3-4-4-1")
    page.locator("#problem-picker").click()
    expect(page.get_by_label("Points, a row each")).to_have_value("x1,x2,x3,y\n1,2,3,0.5\n2,3,1,1\n3,4.5,1,2")


PASTE = """(field, text) => {
  field.value = text;
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
}"""


def test_what_is_pasted_is_taken_though_the_list_is_left_at_once(open_page: OpenPage) -> None:
    """Only what is typed waits for a pause."""
    page = open_page("/?v=2&problem=points&runs=[Adam(lr:0.05)]&steps=40")
    page.locator("#problem-picker").click()
    page.get_by_label("Points, a row each").evaluate(PASTE, "a,b,c,y\n1,2,3,0.5\n2,3,1,1\n3,4,1,2\n")
    page.keyboard.press("Escape")
    expect(page.locator(".setup-summary")).to_contain_text("3-4-4-1")


def test_what_is_written_is_taken_though_the_list_is_left_at_once(open_page: OpenPage) -> None:
    """Whoever leaves has no pause to wait for."""
    page = open_page("/?v=2&problem=points&runs=[Adam(lr:0.05)]&steps=40")
    page.locator("#problem-picker").click()
    table = page.get_by_label("Points, a row each")
    table.fill("a,b,c,y\n1,2,3,0.5\n2,3,1,1\n3,4,1,2\n")
    table.evaluate("field => field.closest('[popover]').hidePopover()")
    expect(page.locator(".setup-summary")).to_contain_text("3-4-4-1")


def test_a_letter_is_no_table_and_an_old_one_is_read_as_it_was_written(open_page: OpenPage) -> None:
    """Prose is refused in a sentence, and changes nothing; of Windows-1252 that is said."""
    page = open_page("/?v=2&problem=xor&runs=[Adam(lr:0.05)]&steps=30")
    expect(page.locator(".card").first).to_be_visible()
    page.evaluate(DROP, ["letter.txt", "Dear reader,\nhere are no points, in no year.\n"])
    expect(page.locator(".notice")).to_contain_text("letter.txt was not opened: no row of it has a number")
    expect(page.locator(".own-points")).to_have_count(0)
    old = "größe,breite,art\n1,2,€\n2,1,sauer\n3,2,€\n".encode("cp1252")
    page.evaluate(DROP_BYTES, ["old.csv", list(old)])
    expect(page.locator(".own-points")).to_contain_text("sauer is 0 and € is 1")
    expect(page.locator(".own-points")).to_contain_text("not UTF-8, and was read as Windows-1252")


def test_a_file_is_dropped(open_page: OpenPage) -> None:
    """A table becomes the problem, and is undone at once; a run of ours is opened where runs are compared."""
    page = open_page("/?v=2&problem=xor&runs=[Adam(lr:0.05)]&steps=30")
    expect(page.locator(".card").first).to_be_visible()
    page.evaluate(DROP, ["rings.csv", RINGS])
    expect(page.locator(".own-points")).to_contain_text("63 points of 2 features")
    expect(page.locator(".own-points")).to_contain_text("in is 0 and out is 1")
    page.keyboard.press("Escape")
    config = {
        "problem": {"name": "moons"},
        "optimizer": {"name": "RMSprop", "hyperparameters": {"lr": 0.01}},
        "steps": 25,
    }
    page.evaluate(DROP, ["mine.jsonl", json.dumps({"event": "run_started", "config": config}) + "\n"])
    expect(page.locator(".notice")).to_contain_text("mine.jsonl is open")
    expect(page.locator(".card")).to_contain_text("RMSprop")
    expect(page).to_have_url(re.compile("problem=moons"))


IS_WHOLE = """() => {
  const [words, canvas] = [".data-held", ".data-view canvas"].map((one) => document.querySelector(one));
  const isCut = words.scrollWidth > words.clientWidth && words.clientWidth > 0;
  return !isCut && words.getBoundingClientRect().bottom <= canvas.getBoundingClientRect().top;
}"""
"""Nothing of where features are held is cut, nor over the picture."""


def test_two_of_three_features_are_drawn_over_the_network(open_page: OpenPage) -> None:
    """Which ones is chosen there, and where the third is held is said."""
    page = open_page("/?v=2&problem=points&runs=[Adam(lr:0.05)]&steps=30&view=data")
    expect(page.locator(".card").first).to_be_visible()
    page.evaluate(DROP, ["three.csv", "a,b,c,y\n1,2,4,0.5\n2,1,8,1\n3,3,0,2\n0,2,4,0.2\n"])
    expect(page.get_by_label("Points, a row each")).to_have_value(re.compile("^a,b,c,y"))
    page.keyboard.press("Escape")
    held = page.locator(".data-held")
    expect(held).to_contain_text("x3 =")
    page.get_by_label("Feature across").select_option("x3")
    expect(held).to_contain_text("x1 =")
    expect(page.get_by_label("Feature upwards")).to_have_value("1")
    expect(page.locator(".data-view canvas")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(IS_WHOLE)

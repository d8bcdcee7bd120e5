"""The page of how sweeps agree with torch: whole, and a part of it tried anew each day."""

import datetime as dt
import itertools
import re

import pytest

from scripts.sweep_agreement import (
    CLIPS,
    FILE,
    KEYS,
    NOT_TRIED,
    OPTIMIZERS,
    PROBLEMS,
    WINDOWS,
    Agreement,
    Key,
    cell,
    text,
)

TODAY = dt.datetime.now(dt.UTC).toordinal()
A_DAY, MEMBERS = 2, 6
PAGE = FILE.read_text(encoding="utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")][1:]
TRIED = {
    Key(optimizer, problem, schedule, clip, window): entry
    for optimizer, schedule, *entries in ROWS
    for (problem, clip, window), entry in zip(
        itertools.product(PROBLEMS, CLIPS, WINDOWS), entries, strict=True
    )
    if entry != NOT_TRIED
}
SOUND = [key for key, entry in TRIED.items() if "wrong" not in entry and "excused" not in entry]


def test_the_page_is_whole_and_counts_what_was_tried():
    """A row for each optimizer and schedule, and the sums of both ways are of the cells in it."""
    assert len(ROWS) == len({(key.optimizer, key.schedule) for key in KEYS})
    assert {name for name, *_ in ROWS} == set(OPTIMIZERS)
    assert set(TRIED) <= set(KEYS)
    assert PAGE.count(f" {len(TRIED)} of {len(KEYS)} cells") == 2
    wrong = sum(int(n) for entry in TRIED.values() for n in re.findall(r"(\d+) wrong", entry))
    assert f"Compiled: {len(TRIED)} of {len(KEYS)} cells, {32 * len(TRIED)} members, {wrong} wrong" in PAGE


def test_a_wrong_member_is_seen_on_the_page():
    """In its cell, and in the sum."""
    found = {key: {way: Agreement() for way in ("compiled", "stacked")} for key in KEYS}
    found[KEYS[7]]["compiled"].wrong = 3
    assert "**3 wrong**" in text(found)
    assert "3 wrong, 0 excused" in text(found)


@pytest.mark.parametrize("key", [SOUND[(TODAY * A_DAY + i) % len(SOUND)] for i in range(A_DAY)], ids=str)
def test_a_cell_of_the_page_holds(key: Key):
    """The first members of a cell that is sound there end where torch's loop ends; other cells each day."""
    found = cell(key, None, MEMBERS)["stacked"]
    assert (found.wrong, found.excused) == (0, 0)

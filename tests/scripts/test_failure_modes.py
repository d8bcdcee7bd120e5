"""The table of the failure modes: made by its command, fair, and what the page of it says."""

import json
import math

import pytest

from optiscope.engine.advice.failure_modes import FILE, race_on
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.problems import PROBLEMS
from scripts.failure_modes import (
    ENTRANTS,
    JUDGED,
    MODES,
    RATES,
    TEXT,
    TUNED,
    Entrant,
    Mode,
    entrants_on,
    is_level,
    left_of,
    ranked,
    text_of,
    trials_of,
)
from tests.engine.loop.test_late_gradients import config_of

TABLE = json.loads(FILE.read_text())


def test_the_page_is_that_of_what_was_measured():
    """No figure is copied by hand: ``make failure-modes`` writes both."""
    assert TEXT.read_text(encoding="utf-8") == text_of(TABLE)
    assert TABLE["about"].startswith("python scripts/failure_modes.py: ")


def test_every_optimizer_is_in_every_line():
    """At a rate that was tried, with the best first and a band around the median."""
    assert [*TABLE["modes"]] == [mode.name for mode in MODES]
    for mode in MODES:
        rows = TABLE["modes"][mode.name]
        assert {row["optimizer"] for row in rows} == {entrant.title for entrant in entrants_on(mode)}
        assert {row["lr"] for row in rows} <= set(RATES)
        numbers = [
            [math.inf if row[key] is None else row[key] for key in ("low", "left", "high")] for row in rows
        ]
        assert all(low <= left <= high for low, left, high in numbers)
        assert rows == ranked(rows)


def test_tuned_on_some_and_judged_on_others():
    """No trial is of both."""
    assert not set(TUNED) & set(JUDGED)
    for mode in MODES:
        tuned, judged = (trials_of(mode, numbers)["values"] for numbers in (TUNED, JUDGED))
        assert not {str(value) for value in tuned} & {str(value) for value in judged}


def test_what_is_measured_is_what_runs_come_to():
    """A share of the loss above the minimum, of the runs that the sweep stands for."""
    mode = Mode("drift", "", "quadratic-bowl", {"drift": {"name": "linear", "velocity": [0.001, 0.0]}})
    left = left_of(mode, Entrant("Adam", "Adam"), [0.03, 0.1], [4, 5])
    (start, _) = trials_of(mode, [4, 5])["values"]
    config = config_of(dict(mode.loop), "quadratic-bowl", "Adam", 0.1, steps=200, model={"start": start})
    blocks, checkpoint = advance(config, None, 200)
    assert left.shape == (2, 2)
    assert left[1, 0] == pytest.approx(checkpoint.ended.end_loss / blocks[0].loss[0], rel=1e-5)


def test_what_diverges_has_everything_left():
    """An infinite share, which no median hides."""
    left = left_of(MODES[0], ENTRANTS[0], [10.0], [1])
    assert left.tolist() == [[math.inf]]


def test_bands_decide_what_is_level():
    """Where they overlap nothing is said; where both are solved neither."""
    best = {"low": 0.1, "left": 0.2, "high": 0.3}
    assert is_level({"low": 0.25}, best)
    assert not is_level({"low": 0.4}, best)
    assert not is_level({"low": None}, best)
    assert is_level({"low": 1e-10}, {"high": 1e-12})


def test_the_catalog_has_it_of_failure_modes_alone():
    """Of each of them, and of nothing else."""
    for name, problem in PROBLEMS.items():
        has_it = race_on(name) is not None
        assert has_it == bool(getattr(problem, "failure", ""))

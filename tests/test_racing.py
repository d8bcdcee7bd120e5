"""A race tunes on some seeds, judges on others, and tells a difference by what chance would do."""

import base64
import math
import re
from math import comb

import numpy as np
import pytest

from optiscope.racing import Judged, band_of, differences_of, race, seeds_of
from optiscope.swept import SEED, Sweep

LR, STEPS = "/optimizer/hyperparameters/lr", "/steps"
NAMES = ["SGD", "Adam", "LBFGS"]
CONFIG = {
    "run": {"optimizer": {"name": "SGD"}, "steps": 5, "model": {"seed": 0}},
    "axes": [{"path": LR, "values": [0.1, 1]}, {"path": STEPS, "values": [5, 8]}],
    "optimizers": [{"name": name} for name in NAMES],
    "seeds": [1, 2],
    "target": 0.5,
}
BEST = {"SGD": (0, 1), "Adam": (1, 1), "LBFGS": None}


def judged(name, losses):
    losses = np.array(losses, float)
    return Judged(name, {}, {}, 0.0, None, losses, band_of(losses), None)


class Trainer:
    """Answers sweeps out of a table, and notes what it was asked for."""

    def __init__(self):
        self.asked = []

    def __call__(self, config):
        self.asked.append(config)
        optimizers, seeds = config["optimizers"], config.get("seeds")
        shape = [len(optimizers), *(len(axis["values"]) for axis in config["axes"]), *([2] if seeds else [])]
        count = math.prod(shape)
        started = {
            "shape": shape,
            "axes": config["axes"],
            "members": count,
            "reasons": ["completed", "diverged", "failed"],
            "ways": [],
            "notes": [],
            "runs": [
                config["run"] | {"optimizer": {"hyperparameters": {"lr": 0}} | optimizer}
                for optimizer in optimizers
            ],
        }
        members = np.arange(count)
        cells = {
            "event": "cells",
            "members": members,
            "end_loss": np.where(members == count - 1, np.nan, members / 10),
            "steps_to_target": np.where(members == 1, np.nan, members),
            "ended": (members == count - 1) * 1.0,
        }
        summary = [self.entry(i, o["name"]) for i, o in enumerate(optimizers)]
        ended = {"event": "sweep_ended", "reason": "completed", "detail": "", "summary": summary}
        return Sweep(started, seeds, (event for event in [cells, ended]))

    def entry(self, number, name):
        best, at = None, BEST[name]
        if at is not None:
            first = int(np.ravel_multi_index((number, *at, 0), (3, 2, 2, 2))) if len(self.asked) == 1 else 0
            best = {"members": [first], "quantiles": [0.25] * 7, "values": {LR: [0.1, 1][at[0]]}}
        return {"name": name, "best": best, "tolerance": None}


def test_each_is_judged_at_its_best_on_seeds_that_it_was_not_tuned_on():
    """Those with all else in common in one sweep; who has no best cell has lost."""
    trainer = Trainer()
    found = race(trainer, CONFIG, np.array([7, 8, 9]))
    tuning, judging = trainer.asked
    assert tuning is CONFIG
    assert judging["axes"] == [{"path": SEED, "values": [7, 8, 9]}]
    assert (judging["run"]["steps"], judging["target"]) == (8, 0.5)
    assert [o["name"] for o in judging["optimizers"]] == ["SGD", "Adam"]
    assert [o["hyperparameters"]["lr"] for o in judging["optimizers"]] == [0.1, 1]
    assert (found.runs, found.steps, found.seeds) == (8, 4 * (5 + 8), (7, 8, 9))
    sgd, adam, lbfgs = found.judged
    assert (sgd.losses.tolist(), adam.losses.tolist()) == ([0, 0.1, 0.2], [0.3, 0.4, math.inf])
    assert (sgd.reached, adam.reached, adam.diverged, lbfgs.diverged) == (pytest.approx(2 / 3), 1, 1 / 3, 1)
    assert (lbfgs.run, lbfgs.median, lbfgs.reached) == (None, math.inf, 0)
    assert found.ranking == [0, 1, 2]
    assert [(d.better, d.worse, d.won) for d in found.differences] == [(0, 1, 3), (0, 2, 3), (1, 2, 2)]


def test_a_race_is_a_table_and_a_picture_of_its_losses():
    """Each optimizer with where it was best, the best first; who has no best cell, and who is told apart."""
    found = race(Trainer(), CONFIG, [7, 8, 9])
    bundle = found._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle["text/plain"] == str(found)
    rows = re.findall("<tr>(.*?)</tr>", bundle["text/html"])
    assert [re.findall("<t[hd]>(.*?)</t[hd]>", row)[0] for row in rows] == ["optimizer", *NAMES]
    assert "nowhere" in rows[-1]
    assert all(difference.detail in bundle["text/html"] for difference in found.differences)


def test_what_differs_in_more_than_the_optimizer_is_judged_apart(monkeypatch):
    """Each in the run of its own best cell."""
    monkeypatch.setitem(BEST, "SGD", (0, 0))
    trainer = Trainer()
    race(trainer, CONFIG, [7])
    assert [asked["run"]["steps"] for asked in trainer.asked[1:]] == [5, 8]


@pytest.mark.parametrize(
    ("tuning", "judging", "words"),
    [
        (None, [1], "the sweep needs seeds"),
        ([1], [], "at least one"),
        ([1, 2], [3, 2], "seed 2 is one of those tuned on"),
        ([1], [3, 3], "given twice"),
    ],
)
def test_seeds_that_cannot_judge(tuning, judging, words):
    """They are refused before anything is trained."""
    trainer = Trainer()
    with pytest.raises(ValueError, match=words):
        race(trainer, CONFIG | {"seeds": tuning}, judging)
    assert trainer.asked == []


@pytest.mark.parametrize("path", ["/problem", "/problem/name", "/problem/noise"])
def test_a_race_is_of_one_problem(path):
    """Each would win where the numbers are small; it is refused before anything is trained."""
    trainer = Trainer()
    with pytest.raises(ValueError, match=f"one problem, and along {path} "):
        race(trainer, CONFIG | {"axes": [{"path": LR, "values": [0.1]}, {"path": path}]}, [7])
    assert trainer.asked == []


@pytest.mark.parametrize("tuning", [5, ["one"], [math.inf]])
def test_what_are_no_seeds_is_refused_by_the_sweep(tuning):
    """In its own words, by the field."""

    def refuse(config):
        raise LookupError(config["seeds"])

    with pytest.raises(LookupError):
        race(refuse, CONFIG | {"seeds": tuning}, [1])


@pytest.mark.parametrize("count", range(1, 40))
def test_a_band_holds_the_median_as_often_as_it_says(count):
    """And the next narrower one would not."""
    band = band_of(np.arange(count, dtype=float))

    def share_outside(k):
        return 2 * sum(comb(count, i) for i in range(k)) / 2**count

    if band is None:
        assert share_outside(1) > 0.05
        return
    k = int(band[0]) + 1
    assert band == (k - 1, count - k)
    assert share_outside(k) <= 0.05 < share_outside(k + 1)


def test_a_difference_is_told_where_chance_would_not_do_it():
    """By the sign test over the seeds that differ, for all pairs together."""
    better, worse = judged("A", range(10)), judged("B", range(1, 11))
    [told] = differences_of([worse, better])
    assert (told.better, told.worse, told.won, told.lost, told.is_told) == (1, 0, 10, 0, True)
    assert told.p == 2 / 2**10
    assert told.detail.startswith("A ends lower than B on 10 of 10 seeds: more than chance")
    [_, same, _] = differences_of([better, worse, judged("C", [0, *range(10, 19)])])
    assert (same.won, same.lost, same.p) == (9, 0, 3 * 2 / 2**9)
    assert "on 9 of 10 seeds, alike on 1" in same.detail


def test_who_wins_as_often_as_the_other_is_not_told_as_better():
    """Neither name comes before the other."""
    [found] = differences_of([judged("A", [1, 4, 5]), judged("B", [2, 3, 5])])
    assert (found.won, found.lost, found.p) == (1, 1, 1.0)
    assert found.detail.startswith(
        "neither A nor B ends lower more often: on 1 of 3 seeds each, alike on 1: no"
    )


def test_too_few_seeds_are_told_as_that():
    """With how many would do: two of a kind never differ by chance alone in less than 1 of 2^(n - 1)."""
    first, second = judged("A", [1, 2]), judged("B", [3, math.inf])
    [found] = differences_of([first, second])
    assert (found.p, found.is_told) == (0.5, False)
    assert found.detail.endswith("(p = 0.5); 2 seeds are too few to tell, at least 6 are needed")


@pytest.mark.parametrize("text", ["", "1,", "a", "-1", "1-b", "1.5", "0-1000000000000"])
def test_seeds_that_cannot_be_read_are_refused(text):
    """As they were written, before a list of them is made."""
    with pytest.raises(ValueError, match="seeds"):
        seeds_of(text)

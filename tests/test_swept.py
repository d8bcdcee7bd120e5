"""A sweep as a script holds it: cells as they come, then all of them by place."""

import numpy as np
import pytest

from optiscope.swept import Sweep, SweepBrokenError

LR, SIZE = "/optimizer/hyperparameters/lr", "/model/hidden"
STARTED = {
    "shape": [2, 2, 1, 3],
    "axes": [{"path": LR, "values": [0.1, 1]}, {"path": SIZE, "values": [[4, 4]]}],
    "members": 12,
    "reasons": ["completed", "diverged", "failed"],
    "ways": [],
    "notes": [],
    "runs": [
        {"optimizer": {"name": name, "hyperparameters": {"lr": 0}}, "model": {"seed": 0, "hidden": [2, 2]}}
        for name in ("SGD", "Adam")
    ],
}
ENDED = {"event": "sweep_ended", "reason": "completed", "detail": "trained all 12 members", "summary": []}


def cells(members):
    members = np.array(members)
    end = np.stack([members, -members], axis=1)
    return {
        "event": "cells",
        "members": members,
        "end_loss": members / 2,
        "last_step": members * 10,
        "end": end,
    }


def swept(*events):
    return Sweep(STARTED, [7, 8, 9], (event for event in events))


def test_cells_are_put_where_they_belong():
    """Whatever the order in which they come; what has not come is told by what no cell has."""
    sweep = swept(cells([11, 0]), cells(range(1, 11)), ENDED)
    assert next(sweep)["members"].tolist() == [11, 0]
    assert (sweep.count, sweep.found["end_loss"][1, 1, 0, 2]) == (2, 5.5)
    assert np.isnan(sweep.found["end_loss"]).sum() == 10
    assert (sweep.found["last_step"] == -1).sum() == 10
    assert "2 of 12 have come" in repr(sweep)
    assert sweep.columns["end_loss"].ravel().tolist() == [i / 2 for i in range(12)]
    assert sweep.columns["end"].shape == (2, 2, 1, 3, 2)
    assert sweep.columns["end"][0, 1, 0, 1].tolist() == [4, -4]
    assert (sweep.summary, sweep.detail) == ([], "trained all 12 members")


def test_a_cell_is_opened_as_its_run():
    """By its number or its place, the base untouched."""
    sweep = swept()
    run = {
        "optimizer": {"name": "Adam", "hyperparameters": {"lr": 1}},
        "model": {"seed": 9, "hidden": [4, 4]},
    }
    assert sweep.run(11) == sweep.run((1, 1, 0, 2)) == sweep.run(np.int64(11)) == run
    assert sweep.run(0)["optimizer"] == {"name": "SGD", "hyperparameters": {"lr": 0.1}}
    for member in (12, -1, (0, 0, 0), (0, 2, 0, 0)):
        with pytest.raises(IndexError):
            sweep.run(member)


def test_numbers_that_json_does_not_know_are_numbers():
    """In the summary, where the wire spells them; values of axes stay as they are."""
    best = {"quantiles": [0.5, "Infinity"], "test_loss": None, "values": {"/x": "NaN"}}
    entry = {"name": "SGD", "best": best, "tolerance": {"decades": "NaN", "between": [0, 1]}}
    none = {"name": "Adam", "best": None, "tolerance": None}
    first, second = swept(ENDED | {"summary": [entry, none]}).summary
    assert first["best"] == {"quantiles": [0.5, np.inf], "test_loss": None, "values": {"/x": "NaN"}}
    assert np.isnan(first["tolerance"]["decades"])
    assert second == none


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([], "before it had ended"),
        ([ENDED | {"reason": "failed", "detail": "it failed"}], "it failed"),
    ],
)
def test_a_sweep_that_breaks_off_says_so(events, words):
    """Its cells stay."""
    sweep = swept(cells([0]), *events)
    with pytest.raises(SweepBrokenError, match=words):
        _ = sweep.columns
    assert sweep.found["end_loss"][0, 0, 0, 0] == 0


def test_leaving_it_gives_up_the_rest():
    """As a with block does."""
    left = []

    def events():
        try:
            yield cells([0])
            yield cells([1])
        finally:
            left.append(True)

    with Sweep(STARTED, None, events()) as sweep:
        next(sweep)
    assert left == [True]

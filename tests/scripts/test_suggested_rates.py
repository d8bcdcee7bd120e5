"""The suggested rates: from the table of what was measured, and true of the run that they are of."""

import json

import numpy as np
import pytest

from optiscope.engine.advice import suggested_rates as module
from optiscope.engine.advice.suggested_rates import FILE, RATES, suggested_rates
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.problems import PROBLEMS
from scripts import suggested_rates as script
from scripts.suggested_rates import NETWORKS, config_of, ends, is_bounded, raced, smallest_good

TABLE = json.loads(FILE.read_text())


def test_the_table_says_how_it_was_made():
    """The command, the budget and the versions stand in it."""
    assert TABLE["about"].startswith("python scripts/suggested_rates.py ")
    assert TABLE["about_races"].startswith("python scripts/suggested_rates.py ")
    assert "torch" in TABLE["about"]


def test_the_table_names_what_there_is():
    """Problems and optimizers of the registries, and rates of the grid."""
    assert set(TABLE["rates"]) <= set(PROBLEMS)
    for rates in TABLE["rates"].values():
        assert set(rates) <= set(OPTIMIZERS)
        assert {found[0] for found in rates.values() if found is not None} <= set(RATES)


def test_a_race_goes_before_what_one_run_says():
    """On networks alone, with as many judged on as were tuned on; what it says is said once."""
    assert any(TABLE["races"].values())
    for name, races in TABLE["races"].items():
        found = suggested_rates(PROBLEMS[name])["optimizers"]
        assert not races or PROBLEMS[name].kind == "dataset"
        for optimizer, race in races.items():
            if race is None:
                continue
            assert (race["tuned"], race["judged"]) == (NETWORKS, NETWORKS)
            [told] = [rate for rate in found if rate["name"] == optimizer]
            assert (told["source"], told["lr"], told["networks"]) == ("race", race["lr"], NETWORKS)


def test_a_race_comes_to_what_the_table_says():
    """The same networks, the same rates, the same numbers."""
    known = TABLE["races"]["seed-example"]["Adagrad"]
    found = raced(PROBLEMS["seed-example"], "Adagrad", OPTIMIZERS["Adagrad"])
    assert found is not None
    assert found["lr"] == known["lr"]
    assert found["end_loss"] == pytest.approx(known["end_loss"], rel=0.05)


def test_a_command_goes_on_where_an_earlier_one_ended(tmp_path, monkeypatch):
    """What was tried in vain is null and not tried again; what both commands spent is told."""
    path, tried = tmp_path / "rates.json", []
    path.write_text(json.dumps({"rates": {}, "races": {}, "about": "", "about_races": "before"}))
    monkeypatch.setattr(script, "FILE", path)
    for most in (2, 5):

        def in_vain(problem, name, _, most=most):
            if len(tried) == most:
                raise KeyboardInterrupt
            tried.append((problem.name, name))

        monkeypatch.setattr(script, "raced", in_vain)
        with pytest.raises(KeyboardInterrupt):
            script.main(1e9, ["races", "missing"])
    assert len(set(tried)) == len(tried) == 5
    table = json.loads(path.read_text())
    assert {(problem, name) for problem, found in table["races"].items() for name in found} == set(tried)
    told, command = table["about_races"], "python scripts/suggested_rates.py 1e+09 races missing"
    assert told.startswith(f"before; {command}: 2 pairs, ")
    assert f"; {command}: 3 pairs, " in told


def test_what_no_rate_was_found_for_is_not_suggested(monkeypatch):
    """Where a race found none, one run's rate stays."""
    rates = {"xor": {"ASGD": None, "Rprop": [0.1, 0.2]}}
    races = {"xor": {"ASGD": None, "Rprop": None}}
    monkeypatch.setattr(module, "_table", lambda: {"rates": rates, "races": races})
    found = suggested_rates(PROBLEMS["xor"])["optimizers"]
    assert [(rate["name"], rate["lr"]) for rate in found if rate["source"] != "comparison"] == [
        ("Rprop", 0.1)
    ]


def test_a_rate_is_measured_only_where_there_is_a_least_loss():
    """Not of what a person writes; and no run ended below the least loss of its function."""
    for problem in PROBLEMS.values():
        measured = [rate for rate in suggested_rates(problem)["optimizers"] if rate["source"] == "measured"]
        assert is_bounded(problem) or not measured
        least = min((point.value for point in getattr(problem, "minima", ())), default=0.0)
        assert all(rate["end_loss"] >= least - 1e-5 * max(1, abs(least)) for rate in measured)


def test_what_the_comparison_has_comes_from_there():
    """SGD, SGD with momentum, Adam and AdamW have the rates of the problem's first comparison."""
    for problem in PROBLEMS.values():
        found = suggested_rates(problem)["optimizers"]
        compared = [(rate["name"], rate["lr"]) for rate in found if rate["source"] == "comparison"]
        suggestion = problem.suggestion.optimizers
        assert compared == [(call["name"], call["hyperparameters"]["lr"]) for call in suggestion]


@pytest.mark.parametrize(("problem", "optimizer"), [("xor", "Adagrad"), ("himmelblau", "Adagrad")])
def test_a_measured_rate_lowers_the_loss_as_the_table_says(problem, optimizer):
    """The run at the suggested rate goes below where it began, to about the loss in the table."""
    lr, end_loss = TABLE["rates"][problem][optimizer]
    first, last = ends(config_of(PROBLEMS[problem], optimizer, OPTIMIZERS[optimizer], lr))
    assert last[RATES.index(lr)] < first
    assert last[RATES.index(lr)] == pytest.approx(end_loss, rel=0.05, abs=1e-3 * first)


def test_what_is_suggested_on_a_function_ended_at_the_best_to_the_eye():
    """One per cent of a fall by hundreds is no longer near: LBFGS has a rate that ends in a minimum."""
    last = np.array([160.0, 0.3, 2e-6, 1e-11, np.nan])
    assert smallest_good(170.0, last, None) == 1
    assert smallest_good(170.0, last, 0.0) == 2
    assert smallest_good(170.0, last, -20.0) == 1
    assert smallest_good(1.0, np.array([2.0, np.nan]), None) is None

"""An lr range test answers with a rate that is good, and says why and how far the classic test is from it."""

import base64
import math

import numpy as np
import pytest

from optiscope import lr_range_test, sweep
from optiscope.engine.core.errors import ConfigError
from optiscope.lr_range import NoRateError, Ramp, judged, ramp_config, ramp_of
from optiscope.records import Record

RATES = np.geomspace(1e-4, 1.0, 5)
NO_RAMP = Ramp(np.empty(0), np.empty(0), np.empty(0), None)


def found(medians, ramp=NO_RAMP):
    """What runs of one seed say that end so, and begin at 1."""
    losses = np.array(medians, dtype=float)[:, None]
    return judged(RATES, losses, np.ones_like(losses), ramp)


def test_the_answer_is_the_middle_of_the_good_rates():
    """As far as can be from both ends; a good rate beyond a bad one does not count."""
    answer = found([0.05, 0.9, 0.08, 0.0, 0.09])
    assert (answer.lr, answer.best, answer.between) == (RATES[3], RATES[3], (RATES[2], RATES[4]))
    assert answer.bound == pytest.approx(0.1)
    assert answer.diverges_from is None
    assert "may go on beyond it" in answer.why


def test_the_answer_is_a_picture_and_says_why():
    """As a notebook shows it."""
    answer = found([0.05, 0.9, 0.08, 0.0, 0.09])
    bundle = answer._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle["text/plain"] == f"lr {answer.lr:.3g}\n{answer.why}"
    assert f"<p>{answer.why}</p>" in bundle["text/html"]


def test_the_border_of_divergence_is_said():
    """The smallest rate from which on no run is better than its start, whether it diverged or not."""
    answer = found([0.9, 0.0, 0.5, 1.2, math.inf])
    assert answer.diverges_from == RATES[3]
    assert answer.why.startswith("0.001 is the only rate of the grid")
    assert "From 0.1 on at least half of the runs diverge" in answer.why


def test_every_rate_may_be_too_large_for_half_of_the_runs():
    """Even where the median ends below its start, as the other half does."""
    answer = judged(RATES, np.array([[0.0, 3.5]] * 5), np.array([[1.0, 3.0]] * 5), NO_RAMP)
    assert answer.diverges_from == RATES[0]
    assert "From 0.0001 on at least half of the runs diverge or end above their start." in answer.why


def test_where_no_rate_helps_there_is_no_answer():
    """It is refused in words, and no number is made up."""
    with pytest.raises(NoRateError, match=r"no rate between 0\.0001 and 1 ends below 1"):
        found([1.0, 1.0, 1.1, math.inf, math.inf])


def test_a_ramp_is_compared_with_runs():
    """Its own rate is good or not by the runs at that rate."""
    curve = np.ones(3)
    good, bad = (
        found([0.9, 0.0, 0.05, 0.9, math.inf], Ramp(curve, curve, curve, lr)).why for lr in (0.01, 0.9)
    )
    assert "which is good as well: runs at 0.01 end at 0.05" in good
    assert "which is not good: runs at 1 diverge" in bad


def test_a_ramp_falls_fastest_where_its_mean_does_and_ends_where_it_explodes():
    """A loss that stays, falls from the 30th step to the 60th, and explodes."""
    losses = [1.0] * 30 + list(np.linspace(1, 0.1, 30)) + [0.1] * 20 + [1e6] * 20
    rates = np.geomspace(1e-5, 10, 100)
    records = [
        Record(step, loss, np.array([rates[max(0, step - 1)]]), None, None, {}, None, {}, {})
        for step, loss in enumerate([1.0, *losses])
    ]
    ramp = ramp_of(records)
    assert rates[35] < ramp.lr < rates[62]
    assert len(ramp.smoothed) == 80
    assert ramp.rates.tolist() == rates.tolist()


def test_the_ramp_is_one_real_run_with_torchs_own_schedule():
    """From the smallest rate to the largest in equal ratios; its other schedule is left out."""
    run = {"optimizer": {"name": "Adam"}, "lr_scheduler": {"name": "StepLR"}, "steps": 7}
    config = ramp_config(run, (1e-3, 1.0))
    gamma = config["lr_scheduler"]["hyperparameters"]["gamma"]
    assert config["lr_scheduler"]["name"] == "ExponentialLR"
    assert 1e-3 * gamma ** (config["steps"] - 1) == pytest.approx(1.0)
    assert "hyperparameters" not in run["optimizer"]


@pytest.mark.parametrize(
    ("problem", "optimizer"), [("moons", "SGD"), ("xor", "Adam"), ("rosenbrock", "Adam")]
)
def test_the_answer_is_good_on_networks_that_it_has_not_seen(problem, optimizer):
    """On other seeds its runs gain nearly all of what the best rate of them gains."""
    run = {"problem": {"name": problem}, "optimizer": {"name": optimizer}, "steps": 60}
    answer = lr_range_test(run, count=13, between=(1e-3, 1.0), seeds=range(6))
    assert answer.between[0] <= answer.lr <= answer.between[1]
    axis = {"path": "/optimizer/hyperparameters/lr", "values": [answer.lr, *answer.rates.tolist()]}
    others = {} if problem == "rosenbrock" else {"seeds": list(range(100, 116))}
    columns = sweep({"run": run, "axes": [axis], **others}).columns
    losses = np.nan_to_num(columns["end_loss"], nan=math.inf).reshape(14, -1)
    medians, start = np.median(losses, axis=1), float(np.median(columns["initial_loss"]))
    assert medians[0] - medians.min() <= 0.25 * (start - medians.min())


def test_a_problem_that_is_not_there_is_named():
    """As by every other call, before anything is trained."""
    with pytest.raises(ConfigError, match="nope") as refused:
        lr_range_test({"problem": {"name": "nope"}, "optimizer": {"name": "SGD"}})
    assert [problem.pointer for problem in refused.value.problems] == ["/problem/name"]

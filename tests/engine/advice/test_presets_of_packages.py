"""Presets that bear the name of another package's schedule have its rates."""

import numpy as np
import pytest

from optiscope.engine.advice.schedule_presets import LR_SCHEDULER_PRESETS
from tests.engine.advice.schedule_packages import timm_cosine_rates, transformers_rates
from tests.engine.advice.test_schedule_presets import drawn

STEPS = (2, 3, 10, 33, 100, 999)
LRS = (1.0, 0.1, 0.7, 3e-4)
RUNS = [(steps, lr) for steps in STEPS for lr in LRS]
OF_TRANSFORMERS = [preset for preset in LR_SCHEDULER_PRESETS.values() if preset.package == "transformers"]
EPOCHS = 30


@pytest.mark.parametrize("preset", OF_TRANSFORMERS, ids=lambda preset: preset.title)
def test_a_schedule_of_transformers_has_its_bits(preset):
    """Rate by rate, for runs of several lengths at several rates."""
    for steps, lr in RUNS:
        assert drawn(preset, steps, lr).lr[0].tolist() == transformers_rates(preset.title, steps, lr)


@pytest.mark.parametrize("by", ["updates", "epochs"])
def test_the_cosine_of_timm_is_met_to_the_last_bit_or_the_one_before(by):
    """The warm-up may differ in the last bit, as LambdaLR multiplies; the cosine has the same bits."""
    preset = LR_SCHEDULER_PRESETS[f"timm-cosine-by-{by}"]
    for steps, lr in RUNS:
        interval = None if by == "updates" else max(1, round(steps / EPOCHS))
        theirs = np.array(timm_cosine_rates(steps, lr, interval=interval))
        ours = drawn(preset, steps, lr).lr[0]
        np.testing.assert_array_max_ulp(ours, theirs, maxulp=1)
        falling = np.flatnonzero(np.diff(theirs) < 0)
        if falling.size:
            np.testing.assert_array_equal(ours[falling[0] :], theirs[falling[0] :])


def test_the_1_sqrt_decay_is_that_of_transformers():
    """After its own warm-up the preset from the paper has the bits of decay_type="1-sqrt"."""
    theirs = transformers_rates("warmup_stable_decay", 100, 0.1, decay_type="1-sqrt")
    assert drawn(LR_SCHEDULER_PRESETS["warm-up-stable-root"], 100, 0.1).lr[0, 10:].tolist() == theirs[10:]


@pytest.mark.parametrize("name", ["transformers-polynomial", "timm-cosine-by-updates"])
def test_a_rate_below_those_that_a_package_names_is_kept_to(name):
    """Below lr_end or the first rate of the warm-up, where the package raises an error or a rate above lr."""
    rates = drawn(LR_SCHEDULER_PRESETS[name], 100, 5e-8).lr[0]
    assert rates.max() == pytest.approx(5e-8)
    assert rates[-1] < 1e-8

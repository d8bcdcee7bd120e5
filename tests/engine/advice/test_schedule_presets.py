import json

import numpy as np
import pytest

from optiscope.engine.advice.schedule_presets import LR_SCHEDULER_PRESETS
from optiscope.engine.advice.schedules import preview
from tests.engine.recorded import run_config

LR = 0.05


def drawn(preset, steps, lr=LR, optimizer="SGD", *, cycle_momentum=True):
    config = run_config(optimizer={"name": optimizer, "hyperparameters": {"lr": lr}}, steps=steps)
    scheduler = preset.config(steps, lr, cycle_momentum=cycle_momentum)
    schedule = preview(config.model_copy(update={"lr_scheduler": scheduler}))
    assert schedule.ended is None
    return schedule


@pytest.mark.parametrize("preset", LR_SCHEDULER_PRESETS.values(), ids=lambda preset: preset.name)
@pytest.mark.parametrize("steps", [1, 2, 10, 100, 999])
def test_a_preset_fits_a_run_of_any_length(preset, steps):
    """Every preset lasts for the whole run, stays within [0, lr], and comes near lr if there is time."""
    lr = drawn(preset, steps).lr[0]
    assert len(lr) == steps
    assert (lr >= 0).all()
    assert (lr <= LR * (1 + 1e-9)).all()
    assert lr.max() > 0.9 * LR or steps < 10


def test_presets_do_what_they_say():
    """The rates at the marks that the summaries name."""
    at = {name: drawn(preset, 100).lr[0] / LR for name, preset in LR_SCHEDULER_PRESETS.items()}
    for name in ("warm-up-cosine", "warm-up-stable-decay", "warm-up-linear"):
        assert at[name][0] == pytest.approx(0.01)
        assert at[name][10] == pytest.approx(1)
        assert at[name][99] < 0.06
    assert at["warm-up-cosine"][55] == pytest.approx(0.5)
    assert at["warm-up-linear"][55] == pytest.approx(0.5)
    np.testing.assert_allclose(at["warm-up-stable-decay"][10:81], 1)
    assert at["warm-up-stable-decay"][90] == pytest.approx(0.5)
    np.testing.assert_allclose(at["warm-up-stable-root"][:81], at["warm-up-stable-decay"][:81])
    assert at["warm-up-stable-root"][85] == pytest.approx(0.5)
    np.testing.assert_allclose(at["linear-to-zero"], 1 - np.arange(100) / 100)
    assert at["power-of-the-rest"][[0, 50]] == pytest.approx([1, 0.5**0.9])
    assert at["power-of-the-step"][[0, 9, 39, 89, 95]] == pytest.approx(
        [0.1, 1, 4**-0.51, 9**-0.51, 9**-0.51 / 2]
    )
    assert at["inverse-square-root"][9] == pytest.approx(1)
    assert at["inverse-square-root"][39] == pytest.approx(0.5)
    assert at["drops"][[0, 49, 50, 74, 75, 99]] == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01])
    assert [k for k in range(1, 100) if at["warm-restarts"][k] > at["warm-restarts"][k - 1]] == [15, 45]
    assert (np.diff(at["rex"]) < 0).all()
    assert at["rex"][50] == pytest.approx(0.5 / 0.75)
    assert sum(np.diff(np.sign(np.diff(at["triangles"]))) < 0) == 4


def test_momentum_is_cycled_where_there_is_some():
    """One cycle and triangles move momentum, or are told not to for an optimizer without it."""
    for name in ("one-cycle", "triangles"):
        preset = LR_SCHEDULER_PRESETS[name]
        assert np.ptp(drawn(preset, 50).momentum[0]) > 0.05
        assert drawn(preset, 50, optimizer="Adagrad", cycle_momentum=False).momentum is None


def test_catalog_entry_is_complete():
    """An entry names itself, its source and an example that is a config."""
    for preset in LR_SCHEDULER_PRESETS.values():
        entry = json.loads(json.dumps(preset.catalog()))
        assert all(value for field, value in entry.items() if field != "warnings")
        assert entry["example"]["name"]
        assert entry["summary"].endswith(".")

"""Members of one sample in float64: they have the bits of torch's own loop."""

import datetime as dt
from fractions import Fraction

import numpy as np
import pytest
import torch

from optiscope.engine.core.parts import whole
from optiscope.engine.loop.training import advance
from optiscope.engine.sweep.compiled import Kernel, load, numba_version
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.rounding import rounding
from optiscope.engine.sweep.stacked import stacked
from optiscope.engine.sweep.tables import Tables
from optiscope.engine.sweep.together import padded, trained
from optiscope.engine.sweep.updates.table import UPDATES
from tests.engine.sweep.test_together import BY_NORM, COSINE, MORE, SEED_EXAMPLE, WINDOW, sweep_of

RUN = SEED_EXAMPLE | {"model": {"hidden": [2, 2]}}
RUNS = {
    "as it is": RUN,
    "clipped, window, cosine": RUN | {"clip_grad": BY_NORM, "freeze": WINDOW, "lr_scheduler": COSINE},
}
TODAY = dt.datetime.now(dt.UTC).toordinal()


def named(key):
    return " ".join([key[0], *sorted(key[1])])


def sweep_with(key, run):
    """Some members of an update, all of its columns in use."""
    name, flags = key
    more = (
        MORE.get(name, {}) | dict.fromkeys(flags, True) | ({"weight_decay": 0.01} if name != "Rprop" else {})
    )
    return sweep_of(run, {"name": name, "hyperparameters": more})


def assert_has_torchs_bits(sweep, kernel_of):
    """The last weights of each member are those of its run, to the last bit."""
    plan = Plan(sweep)
    (group,) = plan.groups
    tables = Tables(plan, group)
    members = np.arange(plan.members)
    kernel: Kernel = kernel_of(tables.net)
    lanes = tables.lanes(padded(members, kernel.lanes))
    whole(trained(kernel, tables.net, tables.common(), lanes, members, plan.wanted))
    for member in members.tolist():
        config = plan.config(member)
        blocks, _ = advance(config, None, config.steps)
        last = np.concatenate([values[-1].ravel() for values in blocks[-1].params.values()])
        np.testing.assert_array_equal(lanes.params[:, member], last, strict=True)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
@pytest.mark.parametrize("key", UPDATES, ids=named)
def test_a_stacked_member_has_the_bits_of_its_run(key, run):
    """Sums of products, norms and updates are rounded where torch's loop rounds them."""
    assert_has_torchs_bits(sweep_with(key, run), stacked)


@pytest.mark.skipif(numba_version() is None, reason="there is no numba here")
@pytest.mark.parametrize("key", [list(UPDATES)[(2 * TODAY + i) % len(UPDATES)] for i in range(2)], ids=named)
def test_a_compiled_member_has_the_bits_of_its_run(key, tmp_path):
    """So are those of kernels; others each day, for each is compiled."""
    for run in RUNS.values():
        assert_has_torchs_bits(sweep_with(key, run), lambda net: load(net, tmp_path))


def test_what_is_fused_is_found_out():
    """A product that is rounded to 1 before 1 is taken away leaves nothing, and what it lost otherwise."""
    a, b = 1 + 2.0**-30, 1 - 2.0**-30
    lost = float(Fraction(a) * Fraction(b) - 1)
    assert lost == -(2.0**-60)
    numbers = torch.tensor([[-1.0, a], [1.0, b]], dtype=torch.float64)
    added = torch.addcmul(numbers[0, 0], numbers[0, 1], numbers[1, 1]).item()
    fed = torch.nn.functional.linear(numbers[:1], numbers[1:], torch.zeros(1, dtype=torch.float64)).item()
    back = (numbers[:1] @ numbers[1:].T).item()
    way = rounding()
    assert (added, fed, back) == tuple(
        lost if fuses else 0.0 for fuses in (way.fuses, way.layers_fuse, way.errors_fuse)
    )

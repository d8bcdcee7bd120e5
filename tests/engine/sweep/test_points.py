"""Many starts on a test function, each beside torch's own loop and beside other neighbours."""

import json

import numpy as np
import pytest

from optiscope.engine.core.parts import whole
from optiscope.engine.sweep.job import cells_at, outlooks
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.updates.table import UPDATES
from optiscope.engine.sweep.ways import Way

RUN = {"problem": {"name": "himmelblau"}, "steps": 30, "dtype": "float64"}


def cells_of(name, xs, ys, **more):
    run = RUN | {"optimizer": {"name": name}} | more
    axes = [{"path": f"/model/start/{i}", "values": list(v)} for i, v in enumerate((xs, ys))]
    sweep = SweepConfig.model_validate_json(json.dumps({"run": run, "axes": axes, "target": 1.0}))
    plan = Plan(sweep)
    assert [group.way for group in plan.groups] == [Way.STACKED]
    exact = sweep.model_copy(update={"exact": True})
    texts = [one.model_dump_json(by_alias=True) for one in (sweep, exact)]
    return tuple(whole(cells_at(text, 0, plan.members)).columns() for text in texts)


@pytest.mark.parametrize("name", sorted({name for name, _ in UPDATES}))
def test_starts_end_where_torchs_own_loop_ends(name):
    """Every start of a grid ends at the same point, at the same step, as alone."""
    xs, ys = np.linspace(-4, 4, 4), np.linspace(-3, 3, 3)
    cosine = {"name": "CosineAnnealingLR", "hyperparameters": {"T_max": 30}}
    found, exact = cells_of(name, xs, ys, lr_scheduler=cosine)
    for column, values in exact.items():
        np.testing.assert_allclose(found[column], values, rtol=1e-9, atol=1e-12, err_msg=column)


@pytest.mark.parametrize("name", ["SGD", "Adam", "Rprop"])
def test_a_row_does_not_depend_on_its_neighbours(name):
    """The result of a start is the same beside others, one that diverges among them."""
    few, _ = cells_of(name, [-4.0, 1.0], [0.5])
    many, _ = cells_of(name, [-4.0, 0.0, 1.0, 3.0, 1e9], [-2.0, 0.5, 2.0])
    rows = [0 * 3 + 1, 2 * 3 + 1]
    for column, values in few.items():
        if column != "members":
            np.testing.assert_allclose(many[column][rows], values, rtol=1e-12, err_msg=column)


def test_points_are_never_compiled(tmp_path):
    """What is known beforehand of starts is their work, and that there is no kernel for them."""
    axes = [{"path": "/model/start/0", "values": [0.0, 1.0]}]
    run = RUN | {"optimizer": {"name": "Adam"}}
    sweep = SweepConfig.model_validate_json(json.dumps({"run": run, "axes": axes}))
    (outlook,) = whole(outlooks(sweep.model_dump_json(by_alias=True), str(tmp_path)))
    assert not outlook.is_compiled
    assert outlook.work > 0

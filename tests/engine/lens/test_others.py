"""Averages, and the points of schedule-free optimizers, are drawn on the surface of their runs."""

import numpy as np
import pytest

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.lens.loss_surface import loss_surface
from optiscope.engine.lens.others import drawn_of
from optiscope.engine.loop.training import advance
from tests.engine.lens.test_loss_surface import run_config

EMA = {"name": "EMA", "decay": 0.8}


def surface(config, resolution=11, limits=DEFAULT_LIMITS):
    blocks = advance(config, None, config.steps)[0]
    return blocks, loss_surface([config], [drawn_of(config, blocks)], resolution=resolution, limits=limits)


def recorded(blocks, name):
    return np.concatenate([block.optional[name] for block in blocks])


def test_an_average_has_a_path_of_its_own_and_lies_in_the_window():
    """With its losses and distances; the run's own path and plane are those of the run without."""
    blocks, drawn = surface(run_config(average=EMA))
    _, without = surface(run_config())
    [path], [plain] = drawn.paths, without.paths
    average = path.others["average"]
    np.testing.assert_allclose(average.loss, recorded(blocks, "average_loss"), rtol=1e-6)
    np.testing.assert_array_equal(path.xy, plain.xy)
    assert plain.others == {}
    assert average.xy.shape == path.xy.shape
    assert average.distance.max() > 0
    (low_x, high_x), (low_y, high_y) = drawn.window
    assert (average.xy >= (low_x, low_y)).all()
    assert (average.xy <= (high_x, high_y)).all()


def test_on_a_function_the_average_is_where_it_is():
    """Its coordinates are its own numbers."""
    blocks, drawn = surface(run_config("himmelblau", lr=0.01, average={"name": "SWA", "from_step": 5}))
    expected = np.concatenate([block.optional["average"]["xy"] for block in blocks])
    np.testing.assert_allclose(drawn.paths[0].others["average"].xy, expected, rtol=1e-6)


def test_a_schedule_free_run_has_x_and_z_beside_y():
    """The z of the state, the parameter itself where none is kept, and what is shown for evaluation."""
    pytest.importorskip("pytorch_optimizer")
    config = run_config("himmelblau", "pytorch_optimizer.ScheduleFreeSGD", lr=0.01, steps=10)
    blocks, drawn = surface(config)
    [path] = drawn.paths
    assert list(path.others) == ["average", "z"]
    z = np.concatenate([blocks[0].params["xy"], *(block.state["xy"]["z"] for block in blocks[1:])])
    np.testing.assert_allclose(path.others["z"].xy, z, rtol=1e-6)
    np.testing.assert_allclose(path.xy, 0.9 * path.others["average"].xy + 0.1 * z, rtol=1e-5)


def test_its_points_are_counted():
    """A surface that would be too much with them is refused."""
    samples, parameters, records = 128, 15, 41
    points = 11**2 + 2 * records
    limits = DEFAULT_LIMITS.model_copy(update={"max_surface_operations": points * samples * parameters})
    surface(run_config(), limits=limits)
    with pytest.raises(ConfigError, match="resolution"):
        surface(run_config(average=EMA), limits=limits)

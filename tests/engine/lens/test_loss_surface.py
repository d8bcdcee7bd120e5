from functools import cache

import numpy as np
import pytest
import torch
from pydantic import TypeAdapter
from torch.nn.utils import vector_to_parameters

from optiscope.engine.advice.defaults import suggested_comparison
from optiscope.engine.core.config import ProblemConfig, RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.lens.loss_surface import loss_surface
from optiscope.engine.lens.planes import PlaneConfig
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import PROBLEMS, build_problem

ADAPTER = TypeAdapter(PlaneConfig)
DTYPES = {"float32": (torch.float32, 1e-6), "float64": (torch.float64, 1e-12)}


def run_config(problem="xor", optimizer="SGD", lr=0.1, steps=40, **rest):
    hyperparameters = {"lr": lr}
    optimizer = {"name": optimizer, "hyperparameters": hyperparameters}
    model = {} if PROBLEMS[problem].kind == "function" else {"seed": 44}
    config = {"problem": {"name": problem}, "model": model, "optimizer": optimizer, "steps": steps}
    return RunConfig.model_validate(config | rest)


def trained(*configs):
    return configs, [advance(config, None, config.steps)[0] for config in configs]


@cache
def xor_runs():
    return trained(*(RunConfig.model_validate(config) for config in suggested_comparison("xor")))


def surface(runs, asked=None, **kwargs):
    configs, blocks = runs
    plane = None if asked is None else ADAPTER.validate_python(asked)
    return loss_surface(configs, blocks, plane, **({"resolution": 11} | kwargs))


def path_of(blocks):
    """The parameters of every record, [records, parameters]."""
    return torch.cat(
        [torch.cat([torch.tensor(v).flatten(1) for v in block.params.values()], dim=1) for block in blocks]
    )


def loss_by_module(config, points):
    """The loss at each of the points by a forward of the real module."""
    dtype = DTYPES[config.dtype][0]
    problem = build_problem(config.problem, dtype)
    model = build_model(problem, config.model, dtype)
    losses = []
    with torch.no_grad():
        for point in points:
            vector_to_parameters(point.to(dtype), model.parameters())
            losses.append(problem.loss(model).item())
    return np.array(losses)


NOISY = ProblemConfig(name="xor", noise=0.5)


def pointers(error):
    return [problem.pointer for problem in error.value.problems]


@pytest.mark.parametrize("dtype", DTYPES)
def test_grid_is_the_loss_of_the_module(dtype):
    """Every grid point has the loss of the real module with the parameters that its coordinates name."""
    runs = trained(run_config(dtype=dtype, steps=20))
    drawn = surface(runs, {"kind": "parameters", "names": ["fc1.weight[0,1]", "fc3.weight[0,0]"]})
    end = path_of(runs[1][0])[-1].double()
    points = []
    for y in drawn.y:
        for x in drawn.x:
            point = end.clone()
            point[1], point[12] = x, y
            points.append(point)
    expected = loss_by_module(runs[0][0], points).reshape(11, 11)
    np.testing.assert_allclose(drawn.z, expected, rtol=DTYPES[dtype][1])
    assert drawn.z.dtype == np.dtype(dtype)


@pytest.mark.parametrize("kind", ["pca", "random", "points", "eigen"])
def test_paths_carry_their_true_loss(kind):
    """Beside the plane's loss, each record has the loss of the module at its own parameters."""
    runs = xor_runs()
    drawn = surface(runs, {"kind": kind})
    for config, blocks, path in zip(*runs, drawn.paths, strict=True):
        records = path_of(blocks)
        assert len(path.xy) == len(path.distance) == len(path.loss) == len(path.plane_loss) == len(records)
        some = range(0, len(records), 50)
        np.testing.assert_allclose(
            path.loss[some], loss_by_module(config, records[some]), rtol=1e-6, atol=1e-8
        )


def test_on_the_plane_both_losses_agree():
    """A record without distance has the plane's loss; one off the plane has another."""
    drawn = surface(xor_runs(), {"kind": "points"})
    on, off = drawn.paths[0].distance < 1e-6, drawn.paths[0].distance > 0.1
    assert on[0]
    assert on[-1]
    np.testing.assert_allclose(drawn.paths[0].loss[on], drawn.paths[0].plane_loss[on], rtol=1e-4)
    assert not np.allclose(drawn.paths[0].loss[off], drawn.paths[0].plane_loss[off], rtol=1e-4)


@pytest.mark.parametrize("kind", ["pca", "random", "points", "parameters"])
def test_a_plane_says_where_it_lies(kind):
    """With the origin and the basis anyone can find the nearest point of the plane to any parameters."""
    runs = xor_runs()
    drawn = surface(
        runs,
        {"kind": kind, **({"names": ["fc1.weight[0,0]", "fc3.bias[0]"]} if kind == "parameters" else {})},
    )
    for blocks, path in zip(runs[1], drawn.paths, strict=True):
        xy = np.linalg.lstsq(drawn.basis.T, (path_of(blocks).double().numpy() - drawn.origin).T)[0].T
        np.testing.assert_allclose(path.xy, xy, atol=1e-9)


def test_plane_loss_is_what_the_surface_shows():
    """Between the grid points around it, the plane's loss at a record is the surface's."""
    drawn = surface(xor_runs(), resolution=201)
    for path in drawn.paths:
        at_x = np.searchsorted(drawn.x, path.xy[:, 0])
        at_y = np.searchsorted(drawn.y, path.xy[:, 1])
        corners = np.stack([drawn.z[at_y - i, at_x - j] for i in (0, 1) for j in (0, 1)])
        slack = 0.01
        assert (path.plane_loss <= corners.max(axis=0) + slack).all()
        assert (path.plane_loss >= corners.min(axis=0) - slack).all()


def test_default_plane_is_pca_with_everything_in_view():
    """A network's surface is drawn over the principal axes, with every path inside and space around."""
    drawn = surface(xor_runs(), resolution=101)
    assert drawn.plane.kind == "pca"
    assert drawn.z.shape == (101, 101)
    assert drawn.masked == 0
    assert drawn.notices == ()
    assert sum(axis.variance_explained for axis in drawn.axes) > 0.9
    everything = np.concatenate([path.xy for path in drawn.paths])
    sides = [high - low for low, high in drawn.window]
    for k, (low, high) in enumerate(drawn.window):
        assert low + 0.1 * max(sides) < everything[:, k].min()
        assert high - 0.1 * max(sides) > everything[:, k].max()
    assert min(sides) >= 0.5 * max(sides) - 1e-9
    assert (drawn.x[0], drawn.x[-1]) == drawn.window[0]
    assert (drawn.y[0], drawn.y[-1]) == drawn.window[1]


def test_frozen_layer_is_held_on_the_plane():
    """With fc2 frozen in every run, the surface is that of the other parameters around the frozen values."""
    freeze = [{"params": ["fc2"]}]
    runs = trained(run_config(freeze=freeze), run_config(optimizer="Adam", lr=0.05, freeze=freeze))
    drawn = surface(runs)
    records = torch.cat([path_of(blocks) for blocks in runs[1]]).double()
    trained_only = [0, 1, 2, 3, 4, 5, 12, 13, 14]
    centre = records.mean(dim=0)
    _, _, vectors = torch.linalg.svd((records - centre)[:, trained_only], full_matrices=False)
    directions = torch.zeros(2, 15, dtype=torch.float64)
    directions[:, trained_only] = vectors[:2]
    end = (records[40] - centre) @ directions.T
    directions *= torch.sign(end * torch.tensor(drawn.paths[0].xy[-1])).unsqueeze(1)
    points = [centre + x * directions[0] + y * directions[1] for y in drawn.y for x in drawn.x]
    expected = loss_by_module(runs[0][0], points).reshape(11, 11)
    np.testing.assert_allclose(drawn.z, expected, rtol=1e-5)


@pytest.mark.parametrize("problem", [n for n in PROBLEMS if PROBLEMS[n].kind == "function"])
def test_function_is_drawn_as_itself(problem):
    """A test function is drawn over x and y, over its bounds at least, and its paths lie on it."""
    info = PROBLEMS[problem]
    runs = trained(*(RunConfig.model_validate(config) for config in suggested_comparison(problem)))
    drawn = surface(runs, resolution=21)
    assert drawn.plane.kind == "function"
    assert all(
        low <= bound[0] and high >= bound[1]
        for (low, high), bound in zip(drawn.window, info.bounds, strict=True)
    )
    grid = torch.tensor(np.stack(np.meshgrid(drawn.x, drawn.y), axis=-1)).float()
    np.testing.assert_allclose(drawn.z, info.function(grid), rtol=1e-6, atol=1e-6)
    for blocks, path in zip(runs[1], drawn.paths, strict=True):
        np.testing.assert_array_equal(path.xy, path_of(blocks).double())
        assert path.distance.max() == 0
        np.testing.assert_array_equal(path.loss, path.plane_loss)
        for k, (low, high) in enumerate(drawn.window):
            assert low <= path.xy[:, k].min()
            assert high >= path.xy[:, k].max()


def test_window_zooms():
    """A given window is what the grid ranges over, whatever the paths do."""
    window = ((-0.5, 0.25), (1.0, 1.5))
    drawn = surface(xor_runs(), window=window, resolution=5)
    assert drawn.window == window
    np.testing.assert_allclose(drawn.x, np.linspace(-0.5, 0.25, 5))
    np.testing.assert_allclose(drawn.y, np.linspace(1.0, 1.5, 5))
    coarse = surface(xor_runs(), resolution=5)
    same = surface(xor_runs(), window=coarse.window, resolution=5)
    np.testing.assert_array_equal(same.z, coarse.z)


def test_diverged_run_does_not_hide_the_others():
    """Plane and range are fitted to what a diverging run did before it left, and that is said."""
    good, bad = run_config(problem="regression-2d"), run_config(problem="regression-2d", lr=1e6)
    runs = trained(good, bad)
    drawn = surface(runs)
    alone = surface(trained(good))
    assert max(high - low for low, high in drawn.window) < 3 * max(high - low for low, high in alone.window)
    assert np.isfinite(drawn.paths[0].xy).all()
    assert len(drawn.paths[1].xy) == sum(map(len, runs[1][1]))
    assert np.isnan(drawn.paths[1].xy[-1]).all()
    assert not np.isfinite(drawn.paths[1].loss[-1])
    (notice,) = drawn.notices
    assert (notice.said.code, notice.run) == ("path_leaves", 1)
    assert "Run 2 diverges" in str(notice.said)


def test_only_diverged_runs():
    """When every run diverges at once, the surface around the start is drawn."""
    drawn = surface(trained(run_config(problem="regression-2d", lr=1e6)))
    assert np.isfinite(drawn.z).any()
    assert {notice.said.code for notice in drawn.notices} == {"path_leaves", "flat_paths"}


def test_run_that_never_moves():
    """With lr = 0 the surface around the point is drawn, and said to have random axes."""
    drawn = surface(trained(run_config(lr=0.0, steps=5)))
    assert np.isfinite(drawn.z).all()
    assert drawn.window[0][1] > drawn.window[0][0]
    assert [notice.said.code for notice in drawn.notices] == ["flat_paths"]


def test_record_zero_alone():
    """A run that has not begun has a surface too."""
    config = run_config()
    drawn = surface(([config], [advance(config, None, 0)[0]]))
    assert len(drawn.paths[0].xy) == 1
    assert np.isfinite(drawn.z).all()


def test_infinite_cells_are_counted():
    """Where the loss overflows the grid says so: inf, not a large number, and counted."""
    drawn = surface(trained(run_config(problem="regression-2d")), window=((-1e30, 1e30), (-1e30, 1e30)))
    assert drawn.masked == (~np.isfinite(drawn.z)).sum() > 100


def test_runs_of_different_seeds_share_a_surface():
    """Another initialisation is another place in the same space."""
    drawn = surface(trained(run_config(), run_config(model={"seed": 59})))
    assert not np.allclose(drawn.paths[0].xy[0], drawn.paths[1].xy[0])


def test_minibatch_runs_are_drawn_over_the_full_batch_loss():
    """The surface is of the loss over all samples, for runs that see only some of them at a time."""
    runs = trained(run_config(batch_size=8))
    drawn = surface(runs)
    expected = loss_by_module(runs[0][0], path_of(runs[1][0])[[0, -1]])
    np.testing.assert_allclose(drawn.paths[0].loss[[0, -1]], expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("other", "pointer"),
    [
        (run_config(problem="moons"), "/runs/1/problem"),
        (run_config().model_copy(update={"problem": NOISY}), "/runs/1/problem"),
        (
            run_config(model={"hidden": [3]}),
            "/runs/1/model/hidden",
        ),
        (run_config(model={"activation": "tanh"}), "/runs/1/model/activation"),
        (run_config(dtype="float64"), "/runs/1/dtype"),
    ],
)
def test_runs_must_share_one_parameter_space(other, pointer):
    """Runs of different problems, networks or dtypes are refused, by name."""
    with pytest.raises(ConfigError) as error:
        surface(trained(run_config(), other))
    assert pointers(error) == [pointer]


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"resolution": 1}, "/resolution"),
        ({"resolution": 10**6}, "/resolution"),
        ({"window": ((0.0, 0.0), (0.0, 1.0))}, "/window/0"),
        ({"window": ((0.0, 1.0), (0.0, float("inf")))}, "/window/1"),
    ],
)
def test_bounds_of_the_request(asked, pointer):
    """Resolution and window are bounded."""
    with pytest.raises(ConfigError) as error:
        surface(xor_runs(), **asked)
    assert pointers(error) == [pointer]


def test_too_much_work_is_refused():
    """Points times samples times parameters are bounded, and the message says what would do."""
    many = ProblemConfig(name="xor", samples=4096)
    config = run_config(model={"hidden": [64, 64]}).model_copy(update={"problem": many})
    with pytest.raises(ConfigError, match=r"resolution must be at most \d+ for so many") as error:
        surface(([config], [advance(config, None, 0)[0]]), resolution=401)
    assert pointers(error) == ["/resolution"]


def test_same_request_same_surface():
    """A surface is a pure function of what was asked, and touches no global generator."""
    before = torch.get_rng_state()
    first, second = (surface(xor_runs(), {"kind": "random", "seed": 5}) for _ in range(2))
    np.testing.assert_array_equal(first.z, second.z)
    assert torch.equal(torch.get_rng_state(), before)

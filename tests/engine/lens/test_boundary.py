import numpy as np
import pytest
import torch
from torch.nn.utils import vector_to_parameters

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.lens.boundary import View, boundary, boundary_in_parts, clipped_lines
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import build_problem

DTYPES = {"float32": (torch.float32, 1e-6), "float64": (torch.float64, 1e-12)}


def run_config(problem="moons", points=None, **rest):
    config = {
        "problem": {"name": problem, "points": points},
        "model": {"hidden": [3, 2], "seed": 33},
        "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.05}},
        "steps": 20,
    }
    return RunConfig.model_validate(config | rest)


def trained(*configs):
    return [advance(config, None, config.steps)[0] for config in configs]


def network_at(config, blocks, step):
    """The real module with the parameters of a record, and its problem."""
    dtype = DTYPES[config.dtype][0]
    problem = build_problem(config.problem, dtype)
    model = build_model(problem, config.model, dtype)
    block = next(block for block in blocks if step in block.steps)
    flat = np.concatenate([values[step - block.first].ravel() for values in block.params.values()])
    vector_to_parameters(torch.from_numpy(flat), model.parameters())
    return problem, model


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("problem", ["moons", "regression-2d", "seed-example"])
def test_values_are_those_of_the_module(problem, dtype):
    """Every grid point holds what a forward of the real module gives there, losses too."""
    config = run_config(problem, dtype=dtype)
    blocks = trained(config)
    found = boundary([config], blocks, [0, 7, -1], view=View(9))
    (frames,) = found.runs
    assert frames.steps == (0, 7, 20)
    tolerance = DTYPES[dtype][1]
    for k, step in enumerate(frames.steps):
        data, model = network_at(config, blocks[0], step)
        x, y = np.meshgrid(found.x, found.y)
        with torch.no_grad():
            inputs = torch.tensor(np.stack([x.ravel(), y.ravel()], axis=1), dtype=data.x.dtype)
            output = model(inputs).view(9, 9)
            expected = output.sigmoid() if found.task == "classification" else output
            np.testing.assert_allclose(frames.z[k], expected.numpy(), rtol=tolerance)
            loss = data.info.loss.function
            assert frames.train_loss[k] == loss(model(data.x), data.y).item()
            assert frames.test_loss[k] == loss(model(data.x_test), data.y_test).item()
    assert frames.masked == 0


def test_a_frame_is_computed_a_part_at_a_time(monkeypatch):
    """Of a large network others have their turns in the middle of a frame, which stays the same."""
    config = run_config(dtype="float64")
    blocks = trained(config)
    given = ([config], blocks, [0, -1], View(9), DEFAULT_LIMITS)
    together = boundary(*given)
    monkeypatch.setattr("optiscope.engine.lens.boundary._PART_OPERATIONS", 500)
    assert sum(1 for _ in boundary_in_parts(*given)) > 2 * 9 * 9 * 17 / 500
    np.testing.assert_allclose(boundary(*given).runs[0].z, together.runs[0].z, rtol=1e-12)


POINTS = {
    "x": [[0, 1, 2, 9], [1, 2, -3, 7], [2, 5, 1, 8], [4, 0, 3, 4]],
    "y": [0.5, 1, 2, 0.2],
    "held_out": 0,
}


def test_two_of_several_features_are_drawn_and_the_others_held():
    """At their means over the training samples; hinges lie where the units bend there."""
    config = run_config("points", POINTS)
    blocks = trained(config)
    found = boundary([config], blocks, view=View(7, features=(2, 0)))
    assert (found.features, found.held) == ((2, 0), (None, 2.0, None, 7.0))
    assert found.train["x"].tolist() == [[2, 0], [-3, 1], [1, 2], [3, 4]]
    _, model = network_at(config, blocks[0], 20)
    x, y = np.meshgrid(found.x, found.y)
    samples = np.stack([y.ravel(), np.full(49, 2.0), x.ravel(), np.full(49, 7.0)], axis=1)
    with torch.no_grad():
        expected = model(torch.tensor(samples, dtype=torch.float32)).view(7, 7).numpy()
    np.testing.assert_allclose(found.runs[0].z[0], expected, rtol=1e-5, atol=1e-6)
    ends = found.runs[0].hinges[0]
    weight, bias = (model.get_parameter(f"fc1.{name}").detach().numpy() for name in ("weight", "bias"))
    for unit in np.flatnonzero(np.isfinite(ends).all(axis=(1, 2))):
        for x, y in ends[unit]:
            assert weight[unit] @ [y, 2.0, x, 7.0] + bias[unit] == pytest.approx(0, abs=1e-4)
    assert np.isfinite(ends).any()


def test_many_runs_share_the_grid():
    """Networks of different widths are shown over one window, which holds all data."""
    configs = [run_config(), run_config(model={"hidden": [8], "activation": "tanh", "seed": 1})]
    found = boundary(configs, trained(*configs), list(range(0, 21, 5)), view=View(5))
    assert [frames.z.shape for frames in found.runs] == [(5, 5, 5)] * 2
    (x0, x1), (y0, y1) = found.window
    for data in (found.train["x"], found.test["x"]):
        assert ((data >= [x0, y0]) & (data <= [x1, y1])).all()


def test_hinges_lie_where_units_bend():
    """Both ends of a hinge are zeros of the unit's pre-activation, on the border of the window."""
    config = run_config(dtype="float64")
    blocks = trained(config)
    found = boundary([config], blocks, [3], view=View(5))
    _, model = network_at(config, blocks[0], 3)
    hinges = torch.from_numpy(found.runs[0].hinges[0])
    crossing = ~hinges.isnan().any(-1).any(-1)
    assert crossing.any()
    for unit in crossing.nonzero().flatten():
        for end in hinges[unit]:
            assert model.fc1(end)[unit].item() == pytest.approx(0.0, abs=1e-12)
            on_border = [
                end[i].item() == pytest.approx(side, abs=1e-12) for i in range(2) for side in found.window[i]
            ]
            assert any(on_border)


@pytest.mark.parametrize(
    ("weight", "bias", "ends"),
    [
        ([1.0, 0.0], -0.5, {(0.5, 0.0), (0.5, 1.0)}),
        ([0.0, 2.0], -0.5, {(0.0, 0.25), (1.0, 0.25)}),
        ([1.0, 1.0], -1.0, {(0.0, 1.0), (1.0, 0.0)}),
        ([1.0, 0.0], -2.0, None),
        ([1.0, 1.0], -5.0, None),
        ([0.0, 0.0], 0.0, None),
        ([float("nan"), 1.0], 0.0, None),
    ],
)
def test_lines_are_clipped(weight, bias, ends):
    """A line is cut at the window; one that misses it, or is no line, is NaN."""
    window = ((0.0, 1.0), (0.0, 1.0))
    found = clipped_lines(torch.tensor(weight).double(), torch.tensor(bias).double(), window)
    if ends is None:
        assert found.isnan().all()
    else:
        assert {tuple(end) for end in found.round(decimals=12).tolist()} == ends


def test_a_smooth_activation_has_no_hinge():
    """Only units with a kink have a hinge, and only ReLU units die."""
    config = run_config(model={"hidden": [3], "activation": "tanh"})
    (frames,) = boundary([config], trained(config), view=View(3)).runs
    assert frames.hinges is None
    assert frames.dead == ({},)


def test_dead_units_are_named():
    """A unit that no training sample activates is listed under its layer."""
    state = {
        "fc1.weight": [[0.0, 0.0], [1.0, 0.0]],
        "fc1.bias": [-1.0, 0.0],
        "fc2.weight": [[1.0, 1.0]],
        "fc2.bias": [0.0],
    }
    config = run_config(model={"hidden": [2], "state_dict": state})
    (frames,) = boundary([config], trained(config), [0], view=View(3)).runs
    assert frames.dead == ({"fc1": [0]},)


def test_a_run_that_ended_early_shows_its_last_record():
    """A diverged run has fewer records than it asked for: the last one is shown, and said, and masked."""
    optimizer = {"name": "SGD", "hyperparameters": {"lr": 1e9}}
    config = run_config("regression-2d", model={"hidden": [3]}, optimizer=optimizer)
    (frames,) = boundary([config], trained(config), [0, 20], view=View(3)).runs
    assert frames.steps[1] < 20
    assert frames.masked > 0


@pytest.mark.parametrize(
    ("configs", "arguments", "pointer"),
    [
        ([run_config("rosenbrock", model={})], {}, "/runs/0/problem/name"),
        ([run_config(), run_config("xor")], {}, "/runs/1/problem"),
        ([run_config()], {"steps": [0, 21]}, "/steps/1"),
        ([run_config()], {"view": View(1)}, "/resolution"),
        ([run_config()], {"steps": [0] * 250, "view": View(401)}, "/resolution"),
        ([run_config()], {"view": View(window=((1.0, 0.0), (0.0, 1.0)))}, "/window/0"),
        ([], {}, "/runs"),
        ([run_config()], {"view": View(features=(0, 2))}, "/features"),
        ([run_config()], {"view": View(features=(1, 1))}, "/features"),
    ],
)
def test_what_cannot_be_drawn_is_refused(configs, arguments, pointer):
    """Every refusal points at the field."""
    with pytest.raises(ConfigError) as refused:
        boundary(configs, [[] for _ in configs], **arguments)
    assert refused.value.problems[0].pointer == pointer

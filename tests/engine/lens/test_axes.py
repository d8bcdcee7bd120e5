"""What an axis of a plane is called is what is drawn along it, and its curvature is that of its direction."""

import math

import pytest
import torch
from torch.func import grad, jacrev

from optiscope.engine.core.config import ModelConfig, ProblemConfig, RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.lens.loss_surface import loss_surface
from optiscope.engine.lens.planes import Scene, build_plane
from optiscope.engine.lens.planes.curvature import curvatures
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import PROBLEMS, build_problem
from tests.engine.lens.test_hessian import plain_loss
from tests.engine.lens.test_planes import ADAPTER, FC2, NET, START, XOR, A, B, plane, refused, wandering

LOSS = plain_loss(XOR, NET)
BOWL = build_problem(ProblemConfig(name="quadratic-bowl"), torch.float64)
POINT = build_model(BOWL, ModelConfig(), torch.float64)
"""x^2 / 2 + 50 y^2: its gradient at (x, y) is (x, 100 y)."""

FUNCTIONS = [name for name in PROBLEMS if PROBLEMS[name].kind == "function" and name != "expression"]


def at_end(*path):
    return torch.tensor([[-2.5, 1.0], *path], dtype=torch.float64)


def unit(vector):
    return vector / vector.norm()


def said(laid):
    return [axis.said.data() for axis in laid.axes]


CASES = [
    ({"kind": "pca"}, ["PC 1", "PC 2"]),
    ({"kind": "pca", "through": "final"}, ["PC 1 about the end of run 1", "PC 2 about the end of run 1"]),
    ({"kind": "pca", "through": "start"}, ["PC 1 about the start of run 1", "PC 2 about the start of run 1"]),
    ({"kind": "parameters", "names": ["fc1.weight[0,1]", "fc3.bias[0]"]}, ["fc1.weight[0,1]", "fc3.bias[0]"]),
    ({"kind": "random"}, [f"random direction {n}, filter-normalised, without biases" for n in (1, 2)]),
]


@pytest.mark.parametrize(("asked", "labels"), CASES)
def test_labels_of_each_kind(asked, labels):
    """Each axis says how its direction was made."""
    assert [axis.label for axis in plane(asked, A, B).axes] == labels


@pytest.mark.parametrize("asked", [case[0] for case in CASES] + [{"kind": "points"}, {"kind": "eigen"}])
def test_the_curvature_is_that_of_the_hessian_along_the_direction(asked):
    """dᵀHd / dᵀd at what the plane is laid through, whatever the length of d."""
    laid = plane(asked, A, B)
    h = jacrev(grad(LOSS))(laid.centre)
    for axis, direction in zip(laid.axes, laid.basis, strict=True):
        expected = (direction @ h @ direction / (direction @ direction)).item()
        assert axis.curvature == pytest.approx(expected, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_curvature_of_every_function_is_its_second_difference(name):
    """The product by autograd is what differences of the gradient come to."""
    problem = build_problem(ProblemConfig(name=name), torch.float64)
    at, direction = (torch.tensor(v, dtype=torch.float64) for v in ([0.83, -1.37], [0.6, -0.8]))
    slope = grad(problem.info.function)
    found = curvatures(
        problem, build_model(problem, ModelConfig(), torch.float64), at, direction.unsqueeze(0)
    )
    small = 1e-6 * direction
    expected = ((slope(at + small) - slope(at - small)) @ direction / 2e-6).item()
    assert found == [pytest.approx(expected, rel=1e-5, abs=1e-5)]


def test_a_plane_of_no_point_has_no_curvature():
    """The plane of a function lies through no point of its own; a large network has no Hessian."""
    laid = plane({"kind": "function"}, at_end(), problem=BOWL, model=POINT)
    assert said(laid) == [{"code": "axis_coordinate", "params": {"name": name}} for name in "xy"]
    assert [axis.curvature for axis in laid.axes] == [None, None]
    small = DEFAULT_LIMITS.model_copy(update={"max_hessian_parameters": 14})
    ones = [torch.ones(len(A), dtype=torch.bool)]
    laid = build_plane(ADAPTER.validate_python({"kind": "pca"}), Scene(XOR, NET, [A], ones, [0], small))
    assert [axis.curvature for axis in laid.axes] == [None, None]


@pytest.mark.parametrize("step", [0, 7, 39])
def test_an_eigenvector_is_named_with_what_is_left_of_it(step):
    """The second axis is the part of the eigenvector across the gradient, of the length that is said."""
    laid = plane({"kind": "eigen", "at": {"step": step}}, A)
    values, vectors = torch.linalg.eigh(jacrev(grad(LOSS))(A[step]))
    downhill = unit(-grad(LOSS)(A[step]))
    torch.testing.assert_close(laid.basis[0], downhill)
    assert laid.axes[0].label == "negative gradient"
    top = vectors[:, -1]
    rest = top - (top @ downhill) * downhill
    assert (unit(rest) @ laid.basis[1]).abs().item() == pytest.approx(1.0)
    params = laid.axes[1].said.params
    assert params["percent"] == pytest.approx(100 * rest.norm().item(), rel=0.05)
    assert params["vector"].params["value"] == pytest.approx(values[-1].item(), rel=0.005)
    assert laid.axes[1].label.endswith(f"its {params['percent']:g} % orthogonal to the gradient")
    assert laid.axes[1].curvature < values[-1].item()


PARTS = [
    ((3.0, 0.0), "top Hessian eigenvector, λ = 100", []),
    ((1e-4, 0.0), "top Hessian eigenvector, λ = 100", []),
    ((100.0, 1.0), "top Hessian eigenvector, λ = 100: its 71 % orthogonal to the gradient", []),
    ((20.0, 1.0), "top Hessian eigenvector, λ = 100: its 20 % orthogonal to the gradient", []),
    ((5.0, 1.0), "second Hessian eigenvector, λ = 1", ["top_along_gradient"]),
    ((0.0, 1.0), "second Hessian eigenvector, λ = 1", ["top_along_gradient"]),
]


@pytest.mark.parametrize(("end", "label", "notices"), PARTS)
def test_what_is_too_little_left_of_is_replaced(end, label, notices):
    """Below a tenth of the top eigenvector the second one is drawn instead, and that is said."""
    laid = plane({"kind": "eigen"}, at_end(end), problem=BOWL, model=POINT)
    assert laid.axes[1].label.startswith(label)
    assert [notice.said.code for notice in laid.notices] == notices
    direction = laid.basis[1]
    assert laid.axes[1].curvature == pytest.approx((direction[0] ** 2 + 100 * direction[1] ** 2).item())


def test_without_a_gradient_the_axes_are_two_eigenvectors():
    """Neither is called the gradient, and each has its own λ as its curvature."""
    laid = plane({"kind": "eigen"}, at_end((0.0, 0.0)), problem=BOWL, model=POINT)
    assert [axis.label for axis in laid.axes] == [
        "top Hessian eigenvector, λ = 100",
        "second Hessian eigenvector, λ = 1",
    ]
    assert [axis.curvature for axis in laid.axes] == pytest.approx([100.0, 1.0])


def test_a_run_that_ends_along_its_top_eigenvector():
    """Near its end the gradient is nearly an eigenvector: what is drawn beside it is not called by its λ."""
    config = RunConfig.model_validate(
        {
            "problem": {"name": "seed-example"},
            "model": {"seed": 204},
            "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.02}},
            "steps": 100,
        }
    )
    blocks, _ = advance(config, None, 100)
    drawn = loss_surface([config], [blocks], ADAPTER.validate_python({"kind": "eigen"}), resolution=3)
    first, second = drawn.axes
    assert first.label == "negative gradient"
    assert first.curvature == pytest.approx(5.71, abs=0.01)
    assert abs(second.curvature) < 1e-2
    assert second.said.code != "axis_top_eigenvector"
    assert "top_along_gradient" in [notice.said.code for notice in drawn.notices]


def test_an_eigenvector_points_where_the_paths_go():
    """Its sign is no accident of the library's: a run that is edited a little is not mirrored."""
    for path in (A, 2 * START - A):
        laid = plane({"kind": "eigen", "at": {"step": 0}}, path)
        top = torch.linalg.eigh(jacrev(grad(LOSS))(path[0]))[1][:, -1]
        top = top * ((path[-1] - path[0]) @ top).sign()
        assert (laid.basis[1] @ top).item() > 0


def test_the_way_to_the_third_point_is_said():
    """Along the second axis lies what the first one leaves of the way, and how much of it that is."""
    laid = plane({"kind": "points"}, A, B)
    way = B[-1] - A[0]
    left = (way @ laid.basis[1]).item() / way.norm().item()
    assert said(laid) == [
        {"code": "axis_second_point", "params": {}},
        {"code": "axis_third_point", "params": {"percent": pytest.approx(100 * left, rel=0.05)}},
    ]
    assert math.hypot(left, (way @ laid.basis[0]).item() / way.norm().item()) == pytest.approx(1.0)


def test_random_directions_of_a_point_are_as_long_as_it():
    """A test function has no filters and no biases."""
    laid = plane({"kind": "random"}, at_end((3.0, 4.0)), problem=BOWL, model=POINT)
    torch.testing.assert_close(laid.basis.norm(dim=1), torch.full((2,), 5.0, dtype=torch.float64))
    assert laid.axes[0].label == "random direction 1, as long as the point's own vector"


@pytest.mark.parametrize("kind", ["random", "eigen"])
def test_parameters_that_are_left_out_are_named(kind):
    """What no run moves is named, by its layer if that is all of it; nothing is if all directions count."""
    path = wandering(20, 1, held=FC2)
    laid = plane({"kind": kind}, path)
    assert [str(notice.said) for notice in laid.notices] == ["The plane leaves out fc2, which no run moves."]
    assert plane({"kind": kind, "trainable_only": False}, path).notices == ()
    bias = torch.zeros_like(FC2)
    bias[4:6] = True
    laid = plane({"kind": kind}, wandering(20, 1, held=bias))
    assert laid.notices[-1].said.params == {"params": ("fc1.bias",)}


def test_a_single_number_is_no_plane():
    """A run that moves one bias alone has one direction, and that is said; all directions are a plane."""
    held = torch.ones_like(FC2)
    held[14] = False
    path = wandering(20, 1, held=held)
    assert refused({"kind": "eigen"}, path) == ["/plane/kind"]
    with pytest.raises(ConfigError, match="no weights are trained"):
        plane({"kind": "random"}, path)
    assert plane({"kind": "eigen", "trainable_only": False}, path).axes[0].label == "negative gradient"

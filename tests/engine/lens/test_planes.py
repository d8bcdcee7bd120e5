import math

import numpy as np
import pytest
import torch
from pydantic import TypeAdapter, ValidationError
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from optiscope.engine.core.config import ModelConfig, ProblemConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.lens.planes import Plane, PlaneConfig, Scene, build_plane
from optiscope.engine.lens.planes.builders import filter_normalised, parameter_index
from optiscope.engine.lens.planes.principal import principal_axes
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.problems import build_problem

ADAPTER = TypeAdapter(PlaneConfig)
XOR = build_problem(ProblemConfig(name="xor"), torch.float64)
NET = build_model(XOR, ModelConfig(seed=44), torch.float64)
START = parameters_to_vector(NET.parameters()).detach()
LAYOUT = {"fc1.weight": 4, "fc1.bias": 2, "fc2.weight": 4, "fc2.bias": 2, "fc3.weight": 2, "fc3.bias": 1}
FC2 = torch.tensor([name.startswith("fc2") for name, size in LAYOUT.items() for _ in range(size)])


def wandering(count, seed, held=None):
    """A random walk [count, 15] from the start, with some parameters held."""
    generator = torch.Generator().manual_seed(seed)
    steps = 0.1 * torch.randn(count - 1, len(START), dtype=torch.float64, generator=generator)
    if held is not None:
        steps[:, held] = 0.0
    return torch.cat([START.unsqueeze(0), START + steps.cumsum(0)])


def scene(*paths, problem=XOR, model=NET):
    fitted = [torch.ones(len(path), dtype=torch.bool) for path in paths]
    return Scene(problem, model, paths, fitted, [0] * len(paths), DEFAULT_LIMITS)


def plane(asked, *paths, **kwargs):
    return build_plane(ADAPTER.validate_python(asked), scene(*paths, **kwargs))


def refused(asked, *paths, **kwargs):
    with pytest.raises(ConfigError) as error:
        plane(asked, *paths, **kwargs)
    return [problem.pointer for problem in error.value.problems]


def orthonormal(basis):
    return torch.allclose(basis @ basis.T, torch.eye(2, dtype=torch.float64), atol=1e-12)


A, B = wandering(40, seed=1), wandering(60, seed=2)


@pytest.mark.parametrize("through", ["mean", "final", "start"])
@pytest.mark.parametrize("held", [None, FC2])
def test_portions_of_the_records_change_no_plane(monkeypatch, through, held):
    """Gone through seven records at a time, long paths give the plane that they give together."""
    paths, asked = (wandering(40, 1, held), wandering(60, 2, held)), {"kind": "pca", "through": through}
    together = plane(asked, *paths)
    monkeypatch.setattr("optiscope.engine.lens.planes.plane._VALUES", 7 * len(START))
    portioned = plane(asked, *paths)
    assert len(list(scene(*paths).portions())) == 6 + 9
    assert torch.allclose(portioned.basis, together.basis, atol=1e-12)
    assert torch.allclose(portioned.origin, together.origin, atol=1e-12)
    shares = [[axis.variance_explained for axis in found.axes] for found in (portioned, together)]
    np.testing.assert_allclose(*shares, rtol=1e-12)


class TestPlane:
    def test_projection_is_the_nearest_point(self):
        """A point is projected along the normal of the plane, for a basis that is not orthogonal too."""
        basis = torch.randn(2, 15, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
        skewed = Plane(START, basis, axes=())
        xy, distance = skewed.project(A)
        torch.testing.assert_close((skewed.at(xy) - A).norm(dim=1), distance)
        residual = A - skewed.at(xy)
        assert (residual @ basis.T).abs().max() < 1e-12

    def test_points_of_the_plane_project_to_themselves(self):
        """Coordinates go to parameters and back."""
        laid = plane({"kind": "pca"}, A, B)
        xy = torch.tensor([[0.5, -2.0], [3.0, 0.0]], dtype=torch.float64)
        back, distance = laid.project(laid.at(xy))
        torch.testing.assert_close(back, xy)
        assert distance.max() < 1e-12

    def test_points_that_are_not_finite_have_no_place(self):
        """A diverged record is NaN, and its neighbours are not."""
        broken = A.clone()
        broken[3, 5], broken[7, 0] = torch.inf, torch.nan
        xy, distance = plane({"kind": "pca"}, A).project(broken)
        lost = [3, 7]
        assert xy[lost].isnan().all()
        assert distance[lost].isnan().all()
        assert xy.isnan().any(dim=1).sum() == 2


class TestPca:
    def test_matches_svd(self):
        """Axes and variance explained are those of torch.linalg.svd of all records about their mean."""
        laid = plane({"kind": "pca"}, A, B)
        records = torch.cat([A, B])
        centred = records - records.mean(dim=0)
        _, singular, vectors = torch.linalg.svd(centred, full_matrices=False)
        assert torch.allclose(laid.basis.abs(), vectors[:2].abs(), atol=1e-10)
        assert torch.allclose(laid.origin, records.mean(dim=0))
        explained = singular.square() / singular.square().sum()
        assert [axis.variance_explained for axis in laid.axes] == pytest.approx(explained[:2].tolist())
        assert [axis.label for axis in laid.axes] == ["PC 1", "PC 2"]
        assert orthonormal(laid.basis)

    @pytest.mark.parametrize(("through", "record"), [("final", -1), ("start", 0)])
    def test_through_a_record(self, through, record):
        """Through the first run's last or first record, that record lies in the plane at (0, 0)."""
        laid = plane({"kind": "pca", "through": through}, A, B)
        xy, distance = laid.project(A[[record]])
        assert xy.abs().max() == distance.max() == 0

    def test_paths_go_towards_larger_coordinates(self):
        """The sign of an axis is chosen, so that a surface does not flip when a run is edited a little."""
        laid = plane({"kind": "pca"}, A, B)
        travelled = sum(laid.project(path)[0][-1] - laid.project(path)[0][0] for path in (A, B))
        assert (travelled > 0).all()
        mirrored = plane({"kind": "pca"}, 2 * START - A, 2 * START - B)
        assert torch.allclose(mirrored.basis, -laid.basis, atol=1e-10)

    def test_frozen_parameters_are_held(self):
        """Parameters that no run moves have the same value everywhere on the plane."""
        laid = plane({"kind": "pca"}, wandering(30, 1, held=FC2), wandering(30, 2, held=FC2))
        assert laid.basis[:, FC2].abs().max() < 1e-14
        assert torch.allclose(laid.at(torch.tensor([[5.0, -7.0]]).double())[0, FC2], START[FC2])

    def test_paths_on_a_line(self):
        """Where the paths span no plane, a random second axis completes it, and is named as such."""
        line = START + torch.linspace(0, 1, 20, dtype=torch.float64)[:, None] * torch.arange(15.0).double()
        laid = plane({"kind": "pca"}, line)
        assert orthonormal(laid.basis)
        assert laid.axes[0].variance_explained == pytest.approx(1.0)
        assert laid.axes[1].label == "random direction, orthogonal to the other axis"
        assert [notice.said.code for notice in laid.notices] == ["flat_paths"]

    @pytest.mark.parametrize("records", [1, 5])
    def test_paths_at_a_point(self, records):
        """A run of one record, or one that never moves, still gets a plane through its point."""
        laid = plane({"kind": "pca"}, START.expand(records, -1))
        assert orthonormal(laid.basis)
        assert laid.project(START.unsqueeze(0))[1].item() == 0
        assert "both axes" in str(laid.notices[0].said)

    def test_one_moving_parameter(self):
        """With a single trainable number the plane is still a plane."""
        held = torch.ones(15, dtype=torch.bool)
        held[14] = False
        assert orthonormal(plane({"kind": "pca"}, wandering(10, 1, held=held)).basis)

    def test_many_records_are_thinned(self):
        """A decomposition that would take long uses every k-th record, and finds the same axes nearly."""
        generator = torch.Generator().manual_seed(0)
        scales = torch.tensor([9.0, 5.0] + [0.1] * 298, dtype=torch.float64)
        records = torch.randn(12000, 300, dtype=torch.float64, generator=generator) * scales
        axes = principal_axes(records - records.mean(dim=0), 1e-7)
        assert axes[0, 0].abs() > 0.99
        assert axes[1, 1].abs() > 0.99


class TestParameters:
    def test_coordinates_are_the_parameters(self):
        """A point of the plane has its coordinates as the two parameters, the record's values elsewhere."""
        laid = plane({"kind": "parameters", "names": ["fc1.weight[0,1]", "fc3.bias[0]"]}, A)
        point = laid.at(torch.tensor([[7.0, -3.0]], dtype=torch.float64))[0]
        expected = A[-1].clone()
        expected[1], expected[14] = 7.0, -3.0
        assert torch.equal(point, expected)

    def test_index_is_that_of_the_flat_vector(self):
        """Every name finds the entry that indexing the parameter finds."""
        vector_to_parameters(torch.arange(15.0).double(), NET.parameters())
        try:
            for name, param in NET.named_parameters():
                for index in (
                    torch.cartesian_prod(*map(torch.arange, param.shape)).reshape(-1, param.dim()).tolist()
                ):
                    text = f"{name}[{','.join(map(str, index))}]"
                    assert parameter_index(text, NET, "") == param[tuple(index)].item()
        finally:
            vector_to_parameters(START, NET.parameters())

    @pytest.mark.parametrize(
        "name",
        [
            "fc1.weight",
            "fc9.weight[0,0]",
            "fc1.weight[0]",
            "fc1.weight[2,0]",
            "fc1.bias[-1]",
            "fc1.bias[0]\n",
            "",
        ],
    )
    def test_unknown_entries_are_refused(self, name):
        """A name that is no single entry is refused, by its place in the request."""
        asked = {"kind": "parameters", "names": ["fc1.bias[0]", name]}
        assert refused(asked, A) == ["/plane/names/1"]

    def test_the_same_entry_twice(self):
        """Two equal names are no plane."""
        asked = {"kind": "parameters", "names": ["fc1.bias[0]", "fc1.bias[0]"]}
        assert refused(asked, A) == ["/plane/names/1"]


class TestRandom:
    def test_filter_normalisation_written_out(self):
        """Rows of weight matrices are as long as the network's, bias directions are zero (Li et al. 2018)."""
        direction = filter_normalised(START, NET, torch.Generator().manual_seed(3))
        generator = torch.Generator().manual_seed(3)
        expected = []
        for weight, bias in ((NET.fc1.weight, 2), (NET.fc2.weight, 2), (NET.fc3.weight, 1)):
            drawn = torch.randn(weight.shape, dtype=torch.float64, generator=generator)
            expected += [d / d.norm() * row.norm() for d, row in zip(drawn, weight.detach(), strict=True)]
            expected.append(torch.zeros(bias, dtype=torch.float64))
        torch.testing.assert_close(direction, torch.cat(expected), rtol=1e-12, atol=0)

    def test_seed_chooses_the_directions(self):
        """The same seed gives the same plane through the asked record, another seed another one."""
        one, again, other = (plane({"kind": "random", "seed": seed}, A) for seed in (1, 1, 2))
        assert torch.equal(one.basis, again.basis)
        assert not torch.equal(one.basis, other.basis)
        assert torch.equal(one.origin, A[-1])
        assert torch.equal(plane({"kind": "random", "at": {"step": 3}}, A).origin, A[3])

    def test_frozen_parameters_are_held_unless_asked(self):
        """Directions leave out what no run moves, or include it when told to."""
        path = wandering(20, 1, held=FC2)
        assert plane({"kind": "random"}, path).basis[:, FC2].eq(0).all()
        assert plane({"kind": "random", "trainable_only": False}, path).basis[:, FC2].ne(0).any()

    def test_global_rng_is_untouched(self):
        """Random directions come from a generator of their own."""
        before = torch.get_rng_state()
        plane({"kind": "random"}, A)
        assert torch.equal(torch.get_rng_state(), before)

    def test_weights_of_zero_give_no_directions(self):
        """A network whose weights are all zero has no filter-normalised plane."""
        assert refused({"kind": "random"}, torch.zeros(3, 15, dtype=torch.float64)) == ["/plane"]


class TestPoints:
    def test_all_three_lie_in_the_plane(self):
        """Start, end of A and end of B have no distance to the plane through them."""
        laid = plane({"kind": "points"}, A, B)
        xy, distance = laid.project(torch.stack([A[0], A[-1], B[-1]]))
        assert distance.max() < 1e-12
        assert xy[0].tolist() == [0.0, 0.0]
        assert xy[1].tolist() == pytest.approx([(A[-1] - A[0]).norm().item(), 0.0], abs=1e-12)
        assert orthonormal(laid.basis)

    @pytest.mark.parametrize(
        ("points", "pointer"),
        [
            ([{"step": 0}, {"step": 0}, {"step": 5}], "/plane/points/1"),
            ([{"step": 0}, {"step": 5}, {"step": 5}], "/plane/points/2"),
            ([{"step": 0}, {"step": 5}, {"run": 2}], "/plane/points/2/run"),
            ([{"step": 0}, {"step": 40}, {"step": 5}], "/plane/points/1/step"),
        ],
    )
    def test_points_that_are_no_plane_are_refused(self, points, pointer):
        """Equal or collinear points, and records that do not exist, are refused by name."""
        assert refused({"kind": "points", "points": points}, A, B) == [pointer]


class TestEigen:
    def test_gradient_and_top_eigenvector(self):
        """The first axis descends fastest; the plane holds the eigenvector of the largest eigenvalue."""
        laid = plane({"kind": "eigen", "at": {"step": 0}}, A)
        params = dict(NET.named_parameters())

        def loss(vector):
            parts = vector.split([p.numel() for p in params.values()])
            named = {n: part.view(p.shape) for (n, p), part in zip(params.items(), parts, strict=True)}
            predictions = torch.func.functional_call(NET, named, (XOR.x,))
            return torch.nn.functional.binary_cross_entropy_with_logits(predictions, XOR.y)

        gradient = torch.autograd.functional.jacobian(loss, START)
        values, vectors = torch.linalg.eigh(torch.autograd.functional.hessian(loss, START))
        torch.testing.assert_close(laid.basis[0], -gradient / gradient.norm())
        inside = laid.basis.T @ (laid.basis @ vectors[:, -1])
        torch.testing.assert_close(inside, vectors[:, -1], rtol=1e-8, atol=1e-10)
        assert f"{values[-1].item():.3g}" in laid.axes[1].label
        assert orthonormal(laid.basis)

    def test_held_parameters_do_not_count(self):
        """With fc2 frozen the Hessian is that of the other parameters."""
        laid = plane({"kind": "eigen"}, wandering(20, 1, held=FC2))
        assert laid.basis[:, FC2].eq(0).all()

    def test_at_a_minimum(self):
        """Where the gradient vanishes the two top eigenvectors are the axes, and that is said."""
        bowl = build_problem(ProblemConfig(name="quadratic-bowl"), torch.float64)
        point = build_model(bowl, ModelConfig(), torch.float64)
        path = torch.tensor([[-2.5, 1.0], [0.0, 0.0]], dtype=torch.float64)
        laid = plane({"kind": "eigen"}, path, problem=bowl, model=point)
        assert laid.basis.abs().tolist() == [[0.0, 1.0], [1.0, 0.0]]
        assert [notice.said.code for notice in laid.notices] == ["no_gradient"]

    def test_too_many_parameters(self):
        """A Hessian beyond the bound is refused with the number."""
        net = build_model(XOR, ModelConfig(hidden=(24, 24)), torch.float64)
        path = parameters_to_vector(net.parameters()).detach().unsqueeze(0)
        assert refused({"kind": "eigen"}, path, model=net) == ["/plane/kind"]


class TestFunction:
    def test_is_the_function_itself(self):
        """Coordinates are x and y."""
        beale = build_problem(ProblemConfig(name="beale"), torch.float64)
        point = build_model(beale, ModelConfig(), torch.float64)
        path = torch.tensor([[1.0, 1.5], [3.0, 0.5]], dtype=torch.float64)
        laid = plane({"kind": "function"}, path, problem=beale, model=point)
        xy, distance = laid.project(path)
        assert torch.equal(xy, path)
        assert distance.tolist() == [0.0, 0.0]
        assert [axis.label for axis in laid.axes] == ["x", "y"]

    def test_a_network_is_no_function(self):
        """The plane of a function is refused for a network."""
        assert refused({"kind": "function"}, A) == ["/plane/kind"]

    @pytest.mark.parametrize("kind", ["pca", "random", "eigen"])
    def test_other_planes_of_a_function(self, kind):
        """The other kinds work in two dimensions too, where they hold everything."""
        beale = build_problem(ProblemConfig(name="beale"), torch.float64)
        point = build_model(beale, ModelConfig(), torch.float64)
        path = torch.tensor([[1.0, 1.5], [2.0, 0.2], [2.9, 0.4]], dtype=torch.float64)
        laid = plane({"kind": kind}, path, problem=beale, model=point)
        assert laid.project(path)[1].max() < 1e-12


class TestConfigs:
    def test_a_diverged_record_is_refused(self):
        """A plane cannot go through a record that is not finite."""
        broken = A.clone()
        broken[10:] = math.inf
        finite = broken.isfinite().all(dim=1)
        laid = ADAPTER.validate_python({"kind": "random", "at": {"step": 12}})
        with pytest.raises(ConfigError, match="diverged by step 12"):
            build_plane(laid, Scene(XOR, NET, [broken], [finite], [0]))
        last = ADAPTER.validate_python({"kind": "random"})
        assert torch.equal(build_plane(last, Scene(XOR, NET, [broken], [finite], [0])).origin, A[9])

    @pytest.mark.parametrize(
        "asked",
        [
            {"kind": "cube"},
            {},
            {"kind": "pca", "seed": 1},
            {"kind": "random", "seed": -1},
            {"kind": "parameters"},
        ],
    )
    def test_malformed_requests_are_refused(self, asked):
        """Unknown kinds and fields do not pass."""
        with pytest.raises(ValidationError):
            ADAPTER.validate_python(asked)

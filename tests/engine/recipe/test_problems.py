import json
import math

import pytest
import sympy
import torch
import torch.nn.functional as F
from torch.func import grad, jacrev

from optiscope.engine.core.config import ProblemConfig
from optiscope.engine.core.errors import ConfigError, UnknownNameError
from optiscope.engine.recipe.models import TinyNet
from optiscope.engine.recipe.problems import PROBLEMS, build_problem, complete_problem
from optiscope.engine.recipe.problems.datasets import DATASETS
from optiscope.engine.recipe.problems.failures import FAILURES
from optiscope.engine.recipe.problems.functions import FUNCTIONS

GENERATED = [info.name for info in DATASETS if info.sample is not None]
ALL = [*FUNCTIONS, *(info for info in FAILURES if info.kind == "function")]
SMOOTH = [info for info in ALL if info.name != "ackley"]  # its minimum is the tip of a cone

functions = pytest.mark.parametrize("info", ALL, ids=lambda info: info.name)
smooth_functions = pytest.mark.parametrize("info", SMOOTH, ids=lambda info: info.name)
datasets = pytest.mark.parametrize("name", GENERATED)


def point(at):
    return torch.tensor(at, dtype=torch.float64)


def hessian(function):
    return jacrev(grad(function))


def grid(info, n=101):
    (x0, x1), (y0, y1) = info.bounds
    xs, ys = (torch.linspace(a, b, n, dtype=torch.float64) for a, b in ((x0, x1), (y0, y1)))
    return torch.stack(torch.meshgrid(xs, ys, indexing="ij"), dim=-1)


class TestFunctions:
    @functions
    def test_value_at_stationary_points(self, info):
        """At every listed minimum and saddle the function has the listed value."""
        for at, value in (*info.minima, *info.saddles):
            assert info.function(point(at)).item() == pytest.approx(value, rel=1e-13, abs=1e-13)

    @functions
    def test_gradient_vanishes_at_stationary_points(self, info):
        """At every listed minimum and saddle the gradient is zero, to the rounding of the coordinates."""
        for at, _ in (*info.minima, *info.saddles):
            assert grad(info.function)(point(at)).abs().max() < 2e-12

    @smooth_functions
    def test_hessian_is_positive_at_minima(self, info):
        """Both eigenvalues of the Hessian are positive at every listed minimum."""
        for at, _ in info.minima:
            assert torch.linalg.eigvalsh(hessian(info.function)(point(at))).min() > 1e-3

    @functions
    def test_minima_are_lower_than_all_around(self, info):
        """On a small circle around every listed minimum the function is higher."""
        angle = torch.linspace(0, 2 * math.pi, 64, dtype=torch.float64)
        circle = 1e-3 * torch.stack([angle.cos(), angle.sin()], dim=1)
        for at, _ in info.minima:
            assert (info.function(point(at) + circle) > info.function(point(at))).all()

    @functions
    def test_hessian_has_both_signs_at_saddles(self, info):
        """A saddle goes up in one direction and down in another; the monkey saddle does so to third order."""
        for at, _ in info.saddles:
            low, high = torch.linalg.eigvalsh(hessian(info.function)(point(at))).tolist()
            assert low < 0 < high or (info.name == "monkey-saddle" and low == high == 0)

    @functions
    def test_no_value_within_bounds_is_below_the_listed_minima(self, info):
        """The lowest listed minimum is the global one, as far as a fine grid can tell."""
        values = info.function(grid(info))
        assert values.isfinite().all()
        assert values.min() >= min(value for _, value in info.minima) - 1e-12

    @smooth_functions
    def test_listed_stationary_points_are_all_within_bounds(self, info):
        """Newton's method from every start of a grid finds no minimum or saddle that is not listed."""
        if info.name == "rastrigin":
            pytest.skip("lists those around the origin, and says so")
        xy = grid(info, 21).reshape(-1, 2)
        slope, curvature = torch.vmap(grad(info.function)), torch.vmap(hessian(info.function))
        for _ in range(40):
            xy = xy - torch.linalg.solve(
                curvature(xy) + 1e-12 * torch.eye(2), slope(xy).unsqueeze(-1)
            ).squeeze(-1)
        (x0, x1), (y0, y1) = info.bounds
        inside = (xy[:, 0] >= x0) & (xy[:, 0] <= x1) & (xy[:, 1] >= y0) & (xy[:, 1] <= y1)
        found = xy[inside & (slope(xy).abs().amax(dim=1) < 1e-9)]
        found = found[torch.linalg.eigvalsh(curvature(found))[:, 1] > 1e-6]  # neither maximum nor flat
        listed = torch.stack([point(at) for at, _ in (*info.minima, *info.saddles)])
        assert len(found) > 0
        assert torch.cdist(found, listed).amin(dim=1).max() < 1e-4

    @functions
    def test_expression_is_the_function(self, info):
        """The printed expression evaluates to what the code computes."""
        x, y = sympy.symbols("x y")
        expected = sympy.lambdify((x, y), sympy.sympify(info.expression, {"e": sympy.E}), "math")
        for at in grid(info, 7).reshape(-1, 2).tolist():
            assert info.function(point(at)).item() == pytest.approx(expected(*at), rel=1e-12, abs=1e-12)

    @functions
    def test_batch_equals_one_by_one(self, info):
        """Points of any leading shape are evaluated elementwise."""
        points = grid(info, 5)
        values = info.function(points)
        assert values.shape == (5, 5)
        assert torch.allclose(values[2, 3], info.function(points[2, 3]), rtol=1e-14)

    @functions
    def test_gradient_is_finite_in_float32(self, info):
        """At the start, the minima and the corners of the bounds a training step has a finite gradient."""
        (x0, x1), (y0, y1) = info.bounds
        corners = [(x, y) for x in (x0, x1) for y in (y0, y1)]
        for at in (info.start, *corners, *(at for at, _ in info.minima)):
            assert grad(info.function)(torch.tensor(at)).isfinite().all()

    @functions
    def test_problem_interface(self, info):
        """A function is a problem without data whose loss is its value at the model's point."""
        problem = build_problem(ProblemConfig(name=info.name), torch.float32)
        assert (problem.kind, problem.name, problem.samples) == ("function", info.name, 1)
        assert problem.x is problem.y is problem.x_test is problem.y_test is None
        assert torch.equal(problem.loss(lambda: point(info.start)), info.function(point(info.start)))

    @functions
    def test_start_is_within_bounds(self, info):
        """Every function begins in the window that shows it."""
        assert all(low <= at <= high for at, (low, high) in zip(info.start, info.bounds, strict=True))

    def test_function_takes_no_data_options(self):
        """Samples, noise and seed of a function are refused, each by name."""
        config = ProblemConfig(name="beale", samples=10, seed=0)
        with pytest.raises(ConfigError) as error:
            build_problem(config, torch.float32)
        assert [p.pointer for p in error.value.problems] == ["/problem/samples", "/problem/seed"]


class TestDatasets:
    @datasets
    def test_shapes_and_labels(self, name):
        """Inputs are [n, 2], targets [n, 1]; a classifier's targets are 0 and 1, equally often."""
        problem = build_problem(ProblemConfig(name=name, samples=64), torch.float32)
        assert problem.samples == 64
        assert problem.x.shape == problem.x_test.shape == (64, 2)
        assert problem.y.shape == problem.y_test.shape == (64, 1)
        assert problem.x.isfinite().all()
        if problem.info.loss.task == "classification":
            assert sorted(problem.y.flatten().tolist()) == [0.0] * 32 + [1.0] * 32

    @datasets
    def test_same_config_same_numbers(self, name):
        """The data of a config are always the same; float32 is the rounding of float64."""
        config = ProblemConfig(name=name, seed=5)
        first, second = build_problem(config, torch.float64), build_problem(config, torch.float64)
        single = build_problem(config, torch.float32)
        for field in ("x", "y", "x_test", "y_test"):
            assert torch.equal(getattr(first, field), getattr(second, field))
            assert torch.equal(getattr(first, field).float(), getattr(single, field))

    @datasets
    def test_seed_and_held_out_data_differ(self, name):
        """Another seed gives other data, and so does the held-out stream of the same seed."""
        build = [
            build_problem(ProblemConfig(name=name, seed=seed), torch.float32) for seed in (0, 1, 2**32 - 1)
        ]
        drawn = [problem.x for problem in build] + [problem.x_test for problem in build]
        assert not any(torch.equal(a, b) for i, a in enumerate(drawn) for b in drawn[:i])

    @datasets
    def test_global_rng_is_untouched(self, name):
        """Making data neither reads nor moves torch's global generator."""
        before = torch.get_rng_state()
        build_problem(ProblemConfig(name=name), torch.float32)
        assert torch.equal(torch.get_rng_state(), before)

    @datasets
    def test_noise_is_the_distance_from_the_noiseless_data(self, name):
        """Noise adds normal numbers of that standard deviation to the same clean data."""
        clean, noisy = (
            build_problem(ProblemConfig(name=name, samples=4096, noise=noise), torch.float64)
            for noise in (0.0, 0.25)
        )
        field = "y" if noisy.info.loss.task == "regression" else "x"
        deviation = getattr(noisy, field) - getattr(clean, field)
        assert deviation.std().item() == pytest.approx(0.25, rel=0.05)
        assert abs(deviation.mean().item()) < 0.02

    @pytest.mark.parametrize("samples", [2, 3, 7])
    @datasets
    def test_any_number_of_samples(self, name, samples):
        """Odd and tiny datasets are made too."""
        problem = build_problem(ProblemConfig(name=name, samples=samples), torch.float32)
        assert len(problem.x) == len(problem.y) == samples

    @datasets
    def test_most_inputs_are_within_bounds(self, name):
        """The window of a dataset shows nearly all of it."""
        problem = build_problem(ProblemConfig(name=name), torch.float64)
        low, high = torch.tensor(problem.info.bounds, dtype=torch.float64).unbind(1)
        assert ((problem.x >= low) & (problem.x <= high)).all(dim=1).double().mean() > 0.97

    def test_clean_geometry(self):
        """Without noise the shapes are exact: circles of radius 1 and 0.5, moons of radius 1."""
        circles = build_problem(ProblemConfig(name="circles", noise=0.0), torch.float64)
        radius = circles.x.norm(dim=1)
        assert torch.allclose(radius, 1 - 0.5 * circles.y[:, 0])
        moons = build_problem(ProblemConfig(name="moons", noise=0.0), torch.float64)
        centre = torch.stack([moons.y[:, 0] - 0.5, 0.5 * moons.y[:, 0] - 0.25], dim=1)
        assert torch.allclose((moons.x - centre).norm(dim=1), torch.ones(128, dtype=torch.float64))
        xor = build_problem(ProblemConfig(name="xor", noise=0.0), torch.float64)
        assert torch.equal(xor.y[:, 0], (xor.x[:, 0] * xor.x[:, 1] < 0).double())

    def test_one_sample(self):
        """seed-example is x = [[1, 2]], y = [[1]] with F.mse_loss, in the asked precision."""
        problem = build_problem(ProblemConfig(name="seed-example"), torch.float64)
        assert problem.x.tolist() == [[1.0, 2.0]]
        assert problem.y.tolist() == [[1.0]]
        assert problem.x.dtype == problem.y.dtype == torch.float64
        with pytest.raises(ConfigError, match="seed-example is fixed and takes no samples"):
            build_problem(ProblemConfig(name="seed-example", samples=8), torch.float32)

    @pytest.mark.parametrize("name", ["moons", "regression-2d"])
    def test_loss_is_torchs_own(self, name):
        """The loss has the bits of the torch function on all samples, or on the rows of a minibatch."""
        problem = build_problem(ProblemConfig(name=name), torch.float32)
        net = TinyNet()
        function = F.mse_loss if name == "regression-2d" else F.binary_cross_entropy_with_logits
        rows = torch.tensor([5, 0, 77])
        assert torch.equal(problem.loss(net), function(net(problem.x), problem.y))
        assert torch.equal(problem.loss(net, rows), function(net(problem.x[rows]), problem.y[rows]))

    @pytest.mark.parametrize("name", ["moons", "regression-2d"])
    def test_loss_of_many_predictions(self, name):
        """loss_of gives the loss of each network in a batch of predictions."""
        problem = build_problem(ProblemConfig(name=name), torch.float64)
        predictions = torch.stack([problem.y * 3 - 1, problem.y.cos(), torch.zeros_like(problem.y)])
        losses = problem.loss_of(predictions.squeeze(-1).clone(), problem.y.T, dim=1)
        expected = [problem.info.loss.function(p, problem.y) for p in predictions]
        torch.testing.assert_close(losses, torch.stack(expected), rtol=1e-14, atol=0)


class TestRegistry:
    def test_an_unknown_problem_is_answered_with_a_near_one_or_where_all_are_listed(self):
        """A misspelt problem is met with a near match; where nothing is near, with their number and place."""
        with pytest.raises(UnknownNameError, match="did you mean moons") as error:
            build_problem(ProblemConfig(name="moon"), torch.float32)
        assert error.value.problems[0].pointer == "/problem/name"
        with pytest.raises(UnknownNameError, match=f"GET /api/catalog lists the {len(PROBLEMS)} there are"):
            build_problem(ProblemConfig(name="ImageNet"), torch.float32)

    def test_what_was_asked_for_is_there(self):
        """The problems that the page promises exist."""
        promised = {"seed-example", "xor", "moons", "circles", "spiral", "regression-2d"}
        promised |= {"rosenbrock", "himmelblau", "beale", "rastrigin", "saddle", "quadratic-bowl"}
        assert promised <= set(PROBLEMS)

    @pytest.mark.parametrize("name", PROBLEMS)
    def test_catalog_entry(self, name):
        """Every entry is JSON, with a formula as MathML, bounds in order and something to say."""
        entry = json.loads(json.dumps(PROBLEMS[name].catalog(), allow_nan=False))
        assert entry["name"] == name
        assert entry["formula"].startswith("<math")
        assert len(entry["description"]) > 40
        assert all(low < high for low, high in entry["bounds"] or ())
        assert entry.keys() == PROBLEMS["xor"].catalog().keys()

    def test_complete_fills_in_the_options(self):
        """A completed config says everything, and builds the same data."""
        given = ProblemConfig(name="spiral", samples=20)
        complete = complete_problem(given)
        assert complete == ProblemConfig(name="spiral", samples=20, noise=0.05, seed=0)
        assert torch.equal(build_problem(given, torch.float32).x, build_problem(complete, torch.float32).x)
        assert complete_problem(ProblemConfig(name="beale")) == ProblemConfig(name="beale")

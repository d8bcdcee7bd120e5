import pytest
import torch
from torch.nn.utils import vector_to_parameters

from optiscope.engine.core.config import ModelConfig, ProblemConfig
from optiscope.engine.lens.batched import BatchedLoss
from optiscope.engine.recipe.models import ACTIVATIONS, build_model
from optiscope.engine.recipe.problems import build_problem

RELATIVE = {torch.float32: 1e-6, torch.float64: 1e-12}
SHAPES = [(), (2, 2), (4, 4), (3,), (8,), (9,), (8, 8), (16, 5, 7)]  # unit by unit, and layer by layer


def plain(problem, model, points):
    """The loss at each point by a forward of the real module."""
    losses = []
    with torch.no_grad():
        for point in points:
            vector_to_parameters(point.to(next(model.parameters()).dtype), model.parameters())
            losses.append(problem.loss(model))
    return torch.stack(losses)


def points_around(model, count, spread=1.0):
    generator = torch.Generator().manual_seed(1)
    width = sum(param.numel() for param in model.parameters())
    return spread * torch.randn(count, width, dtype=torch.float64, generator=generator)


def build(name, dtype, **model):
    options = {} if name in ("seed-example", "rosenbrock") else {"samples": 50}
    problem = build_problem(ProblemConfig(name=name, **options), dtype)
    return problem, build_model(problem, ModelConfig(**model), dtype)


@pytest.mark.parametrize("dtype", RELATIVE)
@pytest.mark.parametrize("hidden", SHAPES)
@pytest.mark.parametrize("name", ["xor", "regression-2d"])
def test_equals_a_forward_of_the_module(name, hidden, dtype):
    """Every loss is that of the real module with these parameters, to rounding, whatever its shape."""
    problem, model = build(name, dtype, hidden=hidden)
    points = points_around(model, 70)
    expected = plain(problem, model, points)
    tolerance = RELATIVE[dtype]
    torch.testing.assert_close(BatchedLoss(problem, model)(points), expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("hidden", SHAPES)
def test_one_sample_is_as_exact_as_the_module(hidden):
    """With one sample rounding does not average out: the batch errs no more than the module does."""
    problem, model = build("seed-example", torch.float32, hidden=hidden)
    exact_problem, exact_model = build("seed-example", torch.float64, hidden=hidden)
    points = points_around(model, 70).float()
    exact = plain(exact_problem, exact_model, points.double())
    tolerance = 3 * (plain(problem, model, points) - exact).abs().max()
    assert (BatchedLoss(problem, model)(points) - exact).abs().max() <= tolerance


@pytest.mark.parametrize("hidden", [(2, 2), (6, 6)])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(activation, hidden):
    """The network's own activation is used."""
    problem, model = build("xor", torch.float64, hidden=hidden, activation=activation)
    points = points_around(model, 20)
    losses = BatchedLoss(problem, model)(points)
    torch.testing.assert_close(losses, plain(problem, model, points), rtol=1e-12, atol=0)


@pytest.mark.parametrize("hidden", [(2, 2), (6, 6)])
def test_chunks_leave_no_trace(hidden):
    """However many points there are, each gets the loss that it gets alone."""
    problem, model = build("moons", torch.float64, hidden=hidden)
    loss = BatchedLoss(problem, model)
    loss.chunk = 7
    points = points_around(model, 23)
    expected = torch.cat([loss(point.unsqueeze(0)) for point in points])
    torch.testing.assert_close(loss(points), expected, rtol=1e-14, atol=0)
    assert loss(points[:0]).shape == (0,)


def test_test_function():
    """For a test function the loss is the function."""
    problem, model = build("rosenbrock", torch.float64)
    points = points_around(model, 9)
    assert torch.equal(BatchedLoss(problem, model)(points), problem.info.function(points))


def test_overflow_stays_in_its_place():
    """A point where the loss is not finite does not touch its neighbours."""
    problem, model = build("regression-2d", torch.float32)
    points = points_around(model, 5)
    clean = BatchedLoss(problem, model)(points)
    points[2] *= 1e20
    points[3, 0] = torch.nan
    losses = BatchedLoss(problem, model)(points)
    assert losses.isfinite().tolist() == [True, True, False, False, True]
    assert torch.equal(losses[[0, 1, 4]], clean[[0, 1, 4]])


def test_the_model_is_only_looked_at():
    """Sampling a surface writes into no live parameter and builds no graph."""
    problem, model = build("xor", torch.float32)
    before = [param.clone() for param in model.parameters()]
    losses = BatchedLoss(problem, model)(points_around(model, 10))
    assert not losses.requires_grad
    assert all(torch.equal(a, b) and a.grad is None for a, b in zip(model.parameters(), before, strict=True))

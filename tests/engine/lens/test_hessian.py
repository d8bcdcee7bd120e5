import pytest
import torch
from torch.func import functional_call, grad, jacrev

from optiscope.engine.core.config import ModelConfig, ProblemConfig
from optiscope.engine.lens.hessian import Hessians
from optiscope.engine.recipe.models import ACTIVATIONS, build_model
from optiscope.engine.recipe.problems import PROBLEMS, build_problem


def plain_loss(problem, model):
    """The full-batch loss as a function of a flat vector, by the real module."""
    if problem.kind == "function":
        return problem.info.function
    shapes = {name: param.shape for name, param in model.named_parameters()}

    def loss(flat):
        parts = flat.split([shape.numel() for shape in shapes.values()])
        params = {name: part.view(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}
        return problem.info.loss.function(functional_call(model, params, (problem.x,)), problem.y)

    return loss


def compare(problem, model, points):
    found = Hessians(problem, model)(points)
    loss = plain_loss(problem, model)
    for k, point in enumerate(points):
        expected = jacrev(grad(loss))(point)
        torch.testing.assert_close(found.loss[k], loss(point), rtol=1e-12, atol=1e-14)
        torch.testing.assert_close(found.gradient[k], grad(loss)(point), rtol=1e-10, atol=1e-13)
        torch.testing.assert_close(found.hessian[k], expected, rtol=1e-10, atol=1e-12)
        torch.testing.assert_close(
            torch.linalg.eigvalsh(found.hessian[k]), torch.linalg.eigvalsh(expected), rtol=1e-9, atol=1e-11
        )
    torch.testing.assert_close(Hessians(problem, model).loss(points), found.loss, rtol=1e-13, atol=1e-15)


def network(problem, hidden, activation, samples=None):
    problem = build_problem(ProblemConfig(name=problem, samples=samples), torch.float64)
    model = build_model(problem, ModelConfig(hidden=hidden, activation=activation, seed=44), torch.float64)
    flat = torch.nn.utils.parameters_to_vector(model.parameters()).detach()
    return problem, model, flat


@pytest.mark.parametrize("problem", ["xor", "regression-2d"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_hessians_are_autograds(activation, problem):
    """The closed form gives what ``torch.func`` differentiates, for every activation and both losses."""
    problem, model, flat = network(problem, (2, 3), activation, samples=20)
    noise = torch.randn(3, len(flat), dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    compare(problem, model, flat + 0.3 * noise)


@pytest.mark.parametrize("hidden", [(), (1,), (5, 4, 3)])
def test_any_depth(hidden):
    """From logistic regression to three hidden layers."""
    problem, model, flat = network("moons", hidden, "tanh", samples=16)
    compare(problem, model, flat.expand(2, -1).clone())


def test_samples_and_vectors_are_cut_into_chunks(monkeypatch):
    """Chunks of vectors and of samples add up."""
    problem, model, flat = network("moons", (4,), "gelu", samples=50)
    points = flat + 0.1 * torch.randn(7, len(flat), dtype=torch.float64)
    whole = Hessians(problem, model)(points)
    monkeypatch.setattr("optiscope.engine.lens.hessian._SAMPLES_VALUES", 700)
    monkeypatch.setattr("optiscope.engine.lens.hessian._VALUES", 1500)
    cut = Hessians(problem, model)(points)
    torch.testing.assert_close(cut.hessian, whole.hessian, rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(cut.gradient, whole.gradient, rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(cut.loss, whole.loss, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", [name for name, info in PROBLEMS.items() if info.kind == "function"])
def test_functions(name):
    """Test functions are differentiated twice by autograd."""
    problem = build_problem(ProblemConfig(name=name), torch.float64)
    model = build_model(problem, ModelConfig(), torch.float64)
    points = torch.tensor([[0.3, -0.7], [1.2, 0.4]], dtype=torch.float64)
    compare(problem, model, points)


def test_a_function_without_bends():
    """A plane has a gradient and no curvature."""
    problem = build_problem(ProblemConfig(name="booth"), torch.float64)
    model = build_model(problem, ModelConfig(), torch.float64)
    flat = type("Info", (), {"function": staticmethod(lambda xy: xy.sum(-1))})
    object.__setattr__(problem, "info", flat)
    found = Hessians(problem, model)(torch.zeros(2, 2, dtype=torch.float64))
    assert found.gradient.tolist() == [[1.0, 1.0]] * 2
    assert not found.hessian.any()

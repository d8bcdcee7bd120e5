"""Gradient and Hessian at one place of parameter space."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call

from optiscope.engine.lens.hessian import Hessians
from optiscope.engine.recipe.problems import Problem
from optiscope.engine.recipe.problems.datasets import DatasetProblem


def gradient_and_eigenvectors(
    problem: Problem, model: nn.Module, at: Tensor, where: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradient of the full-batch loss, and the eigenvectors of its Hessian in some of the parameters.

    Args:
        problem: What is minimised.
        model: Gives shapes and activation.
        at: [parameters], in float64.
        where: [parameters], which of them may vary.

    Returns:
        Gradient [parameters], eigenvalues [k] in ascending order, and eigenvectors [k, parameters] as rows; k
        parameters may vary, the entries of the others are zero.
    """
    second = Hessians(problem, model)(at.unsqueeze(0))
    hessian = second.hessian[0][where][:, where]
    values, vectors = torch.linalg.eigh((hessian + hessian.T) / 2)
    rows = at.new_zeros(len(values), len(at))
    rows[:, where] = vectors.T
    return second.gradient[0] * where, values, rows


def curvatures(problem: Problem, model: nn.Module, at: Tensor, directions: Tensor) -> list[float]:
    """The curvature ``dᵀHd / dᵀd`` of the full-batch loss along some directions.

    It is autograd's: a Hessian-vector product for each direction, in float64.

    Args:
        problem: What is minimised.
        model: Gives shapes and activation.
        at: [parameters], where.
        directions: [k, parameters], of any length.
    """
    with torch.enable_grad():
        at = at.detach().double().requires_grad_()
        (gradient,) = torch.autograd.grad(_flat_loss(problem, model)(at), at, create_graph=True)
        return [_bend(gradient, at, direction) for direction in directions]


def _bend(gradient: Tensor, at: Tensor, direction: Tensor) -> float:
    if not gradient.requires_grad:  # of a loss that is linear
        return 0.0
    (product,) = torch.autograd.grad(gradient @ direction, at, retain_graph=True, materialize_grads=True)
    return (product @ direction / (direction @ direction)).item()


def _flat_loss(problem: Problem, model: nn.Module) -> Callable[[Tensor], Tensor]:
    """The full-batch loss as a function of one flat parameter vector, in float64."""
    if not isinstance(problem, DatasetProblem):
        return problem.at
    names, shapes = zip(*((name, param.shape) for name, param in model.named_parameters()), strict=True)
    x, y, function = problem.x.double(), problem.y.double(), problem.info.loss.function

    def loss(at: Tensor) -> Tensor:
        parts = at.split([shape.numel() for shape in shapes])
        params = {name: part.view(shape) for name, part, shape in zip(names, parts, shapes, strict=True)}
        return function(functional_call(model, params, (x,)), y)

    return loss

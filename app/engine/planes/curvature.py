"""Gradient and Hessian at one place of parameter space."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad, jacrev

from app.engine.problems import Problem
from app.engine.problems.functions import FunctionProblem

_CHUNK = 64  # rows of the Hessian at once


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
    loss = _loss_of_vector(problem, model, at, where)
    free = at[where]
    gradient = at.new_zeros(len(at))
    gradient[where] = grad(loss)(free)
    # Reverse over reverse: torch's forward mode warns of its own use of torch.jit.
    hessian = jacrev(grad(loss), chunk_size=_CHUNK)(free)
    values, vectors = torch.linalg.eigh((hessian + hessian.T) / 2)
    rows = at.new_zeros(len(values), len(at))
    rows[:, where] = vectors.T
    return gradient, values, rows


def _loss_of_vector(
    problem: Problem, model: nn.Module, at: Tensor, where: Tensor
) -> Callable[[Tensor], Tensor]:
    """The full-batch loss as a function of the parameters in ``where``, in the dtype of ``at``."""
    index = where.nonzero().flatten()
    if isinstance(problem, FunctionProblem):
        function = problem.info.function
        return lambda free: function(at.index_copy(0, index, free))
    x, y, criterion = problem.x.to(at.dtype), problem.y.to(at.dtype), problem.info.loss.function
    shapes = {name: param.shape for name, param in model.named_parameters()}

    def loss(free: Tensor) -> Tensor:
        parts = at.index_copy(0, index, free).split([shape.numel() for shape in shapes.values()])
        params = {name: part.view(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}
        return criterion(functional_call(model, params, (x,)), y)

    return loss

"""Gradient and Hessian at one place of parameter space."""

import torch
from torch import Tensor, nn

from optiscope.engine.lens.hessian import Hessians
from optiscope.engine.recipe.problems import Problem


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

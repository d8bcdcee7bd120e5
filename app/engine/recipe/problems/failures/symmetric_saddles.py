"""Symmetric saddles in 16 dimensions: millions of points where the gradient is 0, a few of them minima."""

import torch
from torch import Generator, Tensor

from optiscope.engine.recipe.problems.matrices import MatrixInfo
from optiscope.engine.recipe.problems.suggestion import Suggestion


def turns() -> tuple[Tensor, ...]:
    """An orthogonal and symmetric matrix [4, 4], its entries 1/2 and -1/2."""
    signs = [[1.0, 1.0, 1.0, 1.0], [1.0, -1.0, 1.0, -1.0], [1.0, 1.0, -1.0, -1.0], [1.0, -1.0, -1.0, 1.0]]
    return (torch.tensor(signs, dtype=torch.float64) / 2,)


def near_the_saddle(generator: Generator) -> tuple[Tensor]:
    """A weight [4, 4] near 0, its turned entries of any sign and of sizes from 0.1 down to 0.000001."""
    size = 10 ** (-1 - 5 * torch.rand(4, 4, generator=generator))
    sign = 2 * torch.randint(2, (4, 4), generator=generator) - 1
    (turn,) = turns()
    return (turn.float() @ (sign * size) @ turn.float(),)


def turned_weight(weight: Tensor, data: tuple[Tensor, ...]) -> Tensor:
    """The weight in the directions in which the 16 variables are independent."""
    (turn,) = data
    return turn @ weight @ turn


def double_wells(turned: Tensor, data: tuple[Tensor, ...]) -> Tensor:  # noqa: ARG001
    """The height of each variable between its two minima, -1 and 1."""
    return (turned.square() - 1).square().flatten(-2) / 4


def sum_of_wells(turned: Tensor, data: tuple[Tensor, ...]) -> Tensor:
    """That of all 16."""
    return double_wells(turned, data).sum(-1)


def a_minimum(data: tuple[Tensor, ...]) -> Tensor:
    """One of the 65,536 minima, all of value 0."""
    return data[0].sign()


SYMMETRIC_SADDLES = MatrixInfo(
    name="symmetric-saddles",
    title="Symmetric saddles",
    description=(
        "Sixteen double wells in turned directions: 65,536 equal minima, one maximum and 42,981,184 "
        "saddles. The start is near the middle, and the loss falls in stairs, from saddle to saddle."
    ),
    failure=(
        "Near a saddle the gradient vanishes though there is a way out, and what moves in proportion to "
        "it needs the longer the nearer it came: once for each of the 16 directions. This meets SGD at "
        "any rate but its largest ones, momentum less. A start that is exactly symmetric (0 in one of the "
        "directions) has no gradient there, and no method here that follows gradients ever leaves that "
        "saddle."
    ),
    shapes={"weight": (4, 4)},
    data=turns,
    start=near_the_saddle,
    matrix=turned_weight,
    loss=sum_of_wells,
    parts=double_wells,
    part_names=tuple(f"{one}" for one in range(1, 17)),
    shares=(1.0,) * 16,
    target=a_minimum,
    formula=r"L(W) = \frac{1}{4} \sum_{i,j=1}^{4} \left( (H W H)_{ij}^2 - 1 \right)^2",
    expression="(((H @ W @ H)**2 - 1)**2).sum() / 4",
    minimum=0.0,
    citation=(
        "Dauphin, Y., Pascanu, R., Gulcehre, C. et al. (2014). Identifying and attacking the saddle point "
        "problem in high-dimensional non-convex optimization. NeurIPS. arXiv:1406.2572"
    ),
    suggestion=Suggestion(sgd=0.1, momentum=0.01, adam=0.01, adamw=0.01, muon=0.01, steps=300),
)

"""The matrix that keeps another positive semidefinite, and is zero where that needs no keeping."""

import pytest
import torch

from optiscope.engine.lens.central_flow.complementarity import complementary


def problem(width, seed):
    """A constant with some negative eigenvalues, and what a positive definite operator adds."""
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randn(width, width, generator=generator, dtype=torch.float64)
    sides = torch.randn(width * width, width, width, generator=generator, dtype=torch.float64)
    sides = sides + sides.mT
    return drawn + drawn.mT, torch.einsum("nab,ncd->abcd", sides, sides)


@pytest.mark.parametrize("width", [1, 2, 3, 5])
@pytest.mark.parametrize("seed", range(6))
def test_both_are_positive_semidefinite_and_their_product_is_zero(width, seed):
    """To rounding, for every number of directions."""
    constant, linear = problem(width, seed)
    found = complementary(constant, linear)
    kept = constant + torch.einsum("abcd,cd->ab", linear, found)
    scale = constant.norm()
    assert torch.linalg.eigvalsh(found)[0] >= -1e-12 * found.norm()
    assert torch.linalg.eigvalsh(kept)[0] >= -1e-9 * scale
    assert abs((found * kept).sum()) < 1e-9 * scale * max(found.norm(), 1)


def test_what_needs_no_keeping_is_left_alone():
    """Zero, not a small number."""
    constant = torch.diag(torch.tensor([0.5, 0.0], dtype=torch.float64))
    assert torch.equal(complementary(constant, problem(2, 0)[1]), torch.zeros_like(constant))


def test_equal_problems_have_equal_solutions_to_the_last_bit():
    """However the rows of a singular system are ordered."""
    constant, linear = problem(3, 1)
    constant = constant - 9 * torch.eye(3, dtype=torch.float64)
    first = complementary(constant, linear)
    assert all(torch.equal(complementary(constant, linear), first) for _ in range(20))


@pytest.mark.parametrize("factor", [0.0, -1.0])
def test_where_nothing_keeps_it_there_is_no_solution(factor):
    """As where the curvature does not turn, or turns the wrong way."""
    constant, linear = torch.tensor([[-1.0]]).double(), torch.tensor([[[[factor]]]]).double()
    assert complementary(constant, linear) is None

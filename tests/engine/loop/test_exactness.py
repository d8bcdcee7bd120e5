"""What is called exact has the same bits for one point as for many."""

import pytest
import torch

from optiscope.engine.loop import private_torch
from optiscope.engine.loop.exactness import is_exact
from optiscope.engine.loop.private_torch import PRIVATE
from optiscope.engine.recipe.problems.expression import plane_function
from optiscope.engine.recipe.problems.failures import FAILURES
from optiscope.engine.recipe.problems.functions import FUNCTIONS
from tests.engine.ways import public_torch

ALL = [*FUNCTIONS, *(info for info in FAILURES if info.kind == "function")]
EXACT_FUNCTIONS = {
    "rosenbrock",
    "himmelblau",
    "beale",
    "quadratic-bowl",
    "booth",
    "monkey-saddle",
    "curved-valley",
    "plateau",
    "heavy-tailed-noise",
}
EXACT_TEXTS = (
    "x",
    "-x + 2*y - 3",
    "abs(x)*y + x/y - y/3",
    "max(x, y) + min(x, 2)*max(0.25, y)",
    "(x*y - 1)**3 + x**2 + y**1",
)
SPECIAL = 0.1
"""How many coordinates are zeros, ones, infinite or no number."""

OTHER_TEXTS = ("sin(x)", "x**4", "x**y", "2**x", "sqrt(x*x)", "1/x", "exp(y) + x**2", "tanh(x)*y", "x**-1")


@pytest.fixture(autouse=True)
def _private(monkeypatch):
    """Torch says what exponent a power has."""
    monkeypatch.setattr(private_torch, "WAY", PRIVATE)


def test_exact_functions():
    """Sums, products and small powers are exact; what a library approximates is not."""
    assert {info.name for info in ALL if is_exact(info.function)} == EXACT_FUNCTIONS
    assert all(is_exact(plane_function(text, "")) for text in EXACT_TEXTS)
    assert not any(is_exact(plane_function(text, "")) for text in OTHER_TEXTS)


def test_a_power_that_torch_does_not_show_is_not_called_exact():
    """Where its exponent cannot be known, every point is computed alone."""
    with public_torch():
        assert not is_exact(plane_function("x**2", ""))
        assert is_exact(plane_function("x*x - y", ""))


def points(count, dtype, generator):
    """Points of all sizes, some of them at what is special."""
    sizes = 10 ** torch.empty(count, 1, dtype=dtype).uniform_(-6, 6, generator=generator)
    found = torch.randn(count, 2, dtype=dtype, generator=generator) * sizes
    special = torch.tensor([0.0, -0.0, 1.0, float("inf"), -float("inf"), float("nan")], dtype=dtype)
    drawn = special[torch.randint(len(special), found.shape, generator=generator)]
    return torch.where(torch.rand(found.shape, generator=generator) < SPECIAL, drawn, found)


def derived(function, at):
    at = at.clone().requires_grad_()
    value = function(at)
    value.backward(torch.ones_like(value))
    return value.detach(), at.grad


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", sorted(EXACT_FUNCTIONS) + list(EXACT_TEXTS))
def test_exact_functions_have_the_same_bits_in_any_company(name, dtype):
    """Values and gradients of many points at once are those of each alone, at sizes around a register's."""
    named = {info.name: info.function for info in ALL}
    function = named.get(name) or plane_function(name, "")
    generator = torch.Generator().manual_seed(1)
    for count in (2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 67):
        many = points(count, dtype, generator)
        values, grads = derived(function, many)
        for point, value, grad in zip(many, values, grads, strict=True):
            alone, alone_grad = derived(function, point)
            assert alone.numpy().tobytes() == value.numpy().tobytes()
            assert alone_grad.numpy().tobytes() == grad.numpy().tobytes()

"""What is kept of points that are all finite comes to what is noted of them step by step."""

import numpy as np
import pytest
import torch
from torch import Tensor

from optiscope.engine.sweep.noted_points import NotedPoints
from optiscope.engine.sweep.notes import begun, note

STEPS, COUNT = 12, 40


def losses_and_points(dtype: torch.dtype, lost: dict[int, float]) -> list[tuple[Tensor, Tensor]]:
    """The loss of each point before each step, and the points after it; at some steps one is not finite."""
    draw = torch.Generator().manual_seed(3)
    found = []
    for step in range(STEPS + 1):
        losses = torch.rand(COUNT, dtype=dtype, generator=draw) * 0.9**step
        points = torch.randn(COUNT, 2, dtype=dtype, generator=draw)
        if step in lost:
            losses[step], points[step + 1, 1] = lost[step], lost[step]
        found.append((losses, points))
    return found


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("target", [None, 0.3, 0.1, 1e-9])
@pytest.mark.parametrize(
    "lost", [{}, {5: torch.nan}, {5: torch.inf, 6: -torch.inf}, {1: torch.inf, 8: torch.nan}]
)
def test_all_notes(dtype: torch.dtype, target: float | None, lost: dict[int, float]) -> None:
    (initial, _), *taken = losses_and_points(dtype, lost)
    bound = -np.inf if target is None else target
    expected = torch.from_numpy(begun(initial.double().numpy(), bound))
    ends = torch.full((COUNT, 2), torch.nan, dtype=dtype)
    noted = NotedPoints(initial, target)
    for step, (losses, points) in enumerate(taken, start=1):
        there = expected[0] > 0
        note(expected, bound, step, losses.double(), torch.isfinite(points).all(1))
        ends[there] = points[there]
        noted.note(step, losses, losses.sum(), points)
    np.testing.assert_array_equal(noted.notes(), expected.numpy())
    np.testing.assert_array_equal(noted.ends(taken[-1][1]).numpy(), ends.numpy())


def test_a_target_between_two_numbers_of_float32() -> None:
    """A loss that is float32's next number above the target has not reached it."""
    target = 0.1
    rounded = torch.tensor([target], dtype=torch.float32)
    assert rounded.item() > target
    noted = NotedPoints(torch.ones(1), target)
    noted.note(1, rounded, rounded.sum(), torch.zeros(1, 2))
    assert np.isnan(noted.notes()[3, 0])
    below = torch.nextafter(rounded, torch.zeros(1))
    noted.note(2, below, below.sum(), torch.zeros(1, 2))
    assert noted.notes()[3, 0] == 2

"""Small pictures of problems, from their own values."""

from dataclasses import replace

import pytest
import torch

from optiscope.engine.core.config import ProblemConfig
from optiscope.engine.lens.picture import HEIGHT, LEVELS, MOST_POINTS, WIDTH, picture
from optiscope.engine.recipe.problems import PROBLEMS


@pytest.mark.parametrize("name", list(PROBLEMS))
def test_every_problem_has_a_picture(name):
    """A grid of levels of a function or a matrix, or points of a dataset within its bounds."""
    drawn = picture(PROBLEMS[name])
    assert drawn is not None
    if drawn["kind"] == "contour":
        assert [len(row) for row in drawn["rows"]] == [WIDTH] * HEIGHT
        levels = [int(cell, LEVELS) for row in drawn["rows"] for cell in row]
        assert (min(levels), max(levels)) == (0, LEVELS - 1)
    elif drawn["kind"] == "matrix":
        target = PROBLEMS[name].target
        rows, columns = (8, 8) if target is None else target(PROBLEMS[name].data()).shape
        assert [len(row) for row in drawn["rows"]] == [columns] * rows
        assert len(set("".join(drawn["rows"]))) > 1
    else:
        assert 1 <= len(drawn["points"]) <= MOST_POINTS
        assert all(-0.2 <= x <= 1.2 and -0.2 <= y <= 1.2 for x, y, _ in drawn["points"])


def test_a_contour_has_its_lowest_level_around_the_minimum():
    """The cell of Booth's minimum, (1, 3), is among the lowest twelfth."""
    booth = PROBLEMS["booth"]
    (left, right), (bottom, top) = booth.bounds
    column = int((1 - left) / (right - left) * WIDTH)
    row = int((top - 3) / (top - bottom) * HEIGHT)
    assert picture(booth)["rows"][row][column] == "0"


def test_points_are_the_samples():
    """The first point is the first sample, as a share of the bounds, with the level of its class."""
    xor = PROBLEMS["xor"]
    data = xor.build(ProblemConfig(name="xor"), torch.float64)
    (left, right), (bottom, top) = xor.bounds
    x, y, level = picture(xor)["points"][0]
    assert (left + x * (right - left), bottom + y * (top - bottom)) == pytest.approx(
        data.x[0].tolist(), abs=0.01
    )
    assert level == (LEVELS - 1) * int(data.y[0].item())


def test_a_function_that_raises_has_none():
    """What another package brings may not be drawable, and the catalog is there all the same."""

    def broken(_):
        raise RuntimeError

    assert picture(replace(PROBLEMS["booth"], function=broken)) is None

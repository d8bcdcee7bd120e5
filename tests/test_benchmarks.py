"""What the benchmarks say of their numbers."""

import pytest

from benchmarks.private_torch import interval


@pytest.mark.parametrize("count", range(1, 6))
def test_an_interval_of_a_few_values_is_of_all_of_them(count):
    """Of a single pair, too."""
    assert interval([float(value) for value in range(count)]) == (0.0, count - 1.0)

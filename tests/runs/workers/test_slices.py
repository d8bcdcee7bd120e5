"""A job in parts is done a slice at a time, and gives what it would have given at once."""

import pytest

from optiscope.runs.workers import slices


def counted(number, seen=None):
    """Yields so often, and returns the number."""
    try:
        for step in range(number):
            if seen is not None:
                seen.append(step)
            yield
    finally:
        if seen is not None:
            seen.append("closed")
    return number


def test_a_job_without_parts_is_done_at_once():
    """Its value comes back with the processor time that it took."""
    found = slices.begin(1, 0.0, abs, -3)
    assert (found.is_done, found.value) == (True, 3)
    assert found.seconds >= 0


def test_a_slice_without_time_is_one_part():
    """Each call goes on from where the last one stopped, until the value comes."""
    found = [slices.begin(2, 0.0, counted, 3)]
    while not found[-1].is_done:
        found.append(slices.go_on(2, 0.0))
    assert [part.is_done for part in found] == [False, False, False, True]
    assert found[-1].value == 3


def test_with_time_enough_it_is_done_in_one_slice():
    """As many parts as there is time for."""
    assert slices.begin(3, 60.0, counted, 1000).value == 1000


def test_what_is_dropped_is_closed():
    """Its own clean-up runs, and nothing of it is left."""
    seen = []
    slices.begin(4, 0.0, counted, 5, seen)
    slices.drop(4)
    assert seen == [0, "closed"]
    with pytest.raises(KeyError):
        slices.go_on(4, 0.0)


def fails():
    yield
    raise ValueError("no luck")


def test_what_fails_is_raised_and_forgotten():
    """In the slice in which it does."""
    slices.begin(5, 0.0, fails)
    with pytest.raises(ValueError, match="no luck"):
        slices.go_on(5, 0.0)
    with pytest.raises(KeyError):
        slices.drop(5)

"""A run is a sequence of its records, and its columns over all of them."""

import numpy as np
import pytest

from optiscope.export.table import Table
from optiscope.records import Block, Ended, Run


def block(first, count, **columns):
    base = {"loss": np.arange(first, first + count, dtype=np.float32), "lr": np.full((count, 1), 0.1)}
    return Block(first, count, base | {"params": {"w": np.ones((count, 2))}, "state": {}} | columns)


@pytest.fixture
def run():
    """Record 0, two steps with a gradient, one in which it is frozen."""
    moved = {"grad_norm": np.ones(2), "grads": {"w": np.ones((2, 2)), "b": None}}
    frozen = {"grad_norm": np.zeros(1), "grads": {"w": None, "b": None}}
    state = {"w": {"exp_avg": np.ones((2, 2), np.float32)}}
    return Run(
        {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}},
        Ended("completed", 3, "completed all 3 steps"),
        (block(0, 1), block(1, 2, **moved, state=state), block(3, 1, **frozen)),
    )


def test_it_is_a_sequence_of_records(run):
    """Counted, sliced and run through like any other."""
    assert len(run) == 4
    assert [record.step for record in run] == [0, 1, 2, 3]
    assert [run[i].step for i in (0, 1, 2, 3, -1, -4)] == [0, 1, 2, 3, 3, 0]
    assert [record.step for record in run[1:3]] == [1, 2]
    assert [record.step for record in reversed(run)] == [3, 2, 1, 0]
    with pytest.raises(IndexError):
        run[4]


def test_a_record_has_none_where_there_is_nothing(run):
    """No gradients at the start, none of a frozen parameter."""
    assert (run[0].grads, run[0].grad_norm, run[0].momentum, run[0].state) == (None, None, None, {})
    assert run[3].grads == {"w": None, "b": None}
    assert run[2].grads["w"].tolist() == [1, 1]
    assert isinstance(run[2].loss, float)
    assert run[2].state["w"]["exp_avg"].tolist() == [1, 1]


def test_columns_reach_over_all_records(run):
    """Their dtype is kept; NaN where a record has nothing, None where none has."""
    assert run.loss.tolist() == [0, 1, 2, 3]
    assert run.loss.dtype == np.float32
    assert (run.lr.shape, run.params["w"].shape) == ((4, 1), (4, 2))
    np.testing.assert_equal(run.grads["w"][:, 0], [np.nan, 1, 1, np.nan])
    np.testing.assert_equal(run.grad_norm, [np.nan, 1, 1, 0])
    np.testing.assert_equal(run.state["w"]["exp_avg"][:, 0], np.float32([np.nan, 1, 1, np.nan]))
    assert (run.grads["b"], run.momentum, run.clipped_grad_norm) == (None, None, None)
    assert run.loss is run.loss


def test_a_list_that_grows_is_one_column():
    """As wide as the longest, NaN where a record's was shorter; a number and a list of one are alike."""
    parts = [np.ones((1, 1, 2)), np.full((2, 3, 2), 5.0)]
    numbers = [np.array([1.0]), np.array([[2.0], [3.0]])]
    states = [{"w": {"old": part, "d": number}} for part, number in zip(parts, numbers, strict=True)]
    grown = (block(0, 1, state=states[0]), block(1, 2, state=states[1]), block(3, 1))
    run = Run({}, Ended("completed", 3, ""), grown)
    old = run.state["w"]["old"]
    assert old.shape == (4, 3, 2)
    np.testing.assert_equal(old[:, :, 0], [[1, np.nan, np.nan], [5, 5, 5], [5, 5, 5], [np.nan] * 3])
    np.testing.assert_equal(run.state["w"]["d"], [[1], [2], [3], [np.nan]])
    column = Table.of(grown).columns["state.w.old"]
    assert column.present[:, :, 0].tolist() == [[1, 0, 0], [1, 1, 1], [1, 1, 1], [0, 0, 0]]
    np.testing.assert_equal(column.values, old)


def test_the_momentum_of_a_group_without_is_empty_in_tables():
    """NaN in columns, which know no other, and no value in a table."""
    table = Table.of([block(0, 2, momentum=np.array([[0.9, np.nan]] * 2))])
    assert table.columns["momentum"].present.tolist() == [[True, False]] * 2


def test_it_says_what_it_is(run):
    """In a word or two, not with all its numbers."""
    assert repr(run) == "<Run of Adam on moons: completed all 3 steps>"

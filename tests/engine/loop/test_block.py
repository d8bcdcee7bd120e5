"""A block is columns at equal distances; what only some runs have is a name more."""

import pickle

import numpy as np
import pytest

from optiscope.engine.loop.block import Block, arrays_of


def block(count=5, **changed):
    """Records 20, 30, … with columns that nothing else knows: an array, arrays by name, and by two names."""
    steps = np.arange(count, dtype=np.float32)
    by_two = {"fc1": {"update_norm": steps * 5, "weight_norm": steps * 6}}
    usual = {
        "loss": steps,
        "lr": steps[:, None] / 10,
        "momentum": None,
        "grad_norm": steps * 2,
        "params": {"fc1.weight": np.tile(steps[:, None], (1, 4)) * 3},
        "grads": {"fc1.weight": None},
        "state": {"fc1.weight": {"exp_avg": steps[:, None] * 4}},
    }
    optional = {"average_loss": steps * 7, "average": {"fc1.weight": steps[:, None] * 8}, "layers": by_two}
    return Block.of(20, usual | optional, 10, **changed)


def test_it_is_made_of_its_columns_and_gives_them_back():
    """Every name comes back, whether the block knows it or not, and nothing else."""
    made = block()
    again = Block.of(made.first, made.columns(), made.every)
    assert list(again.columns()) == list(made.columns())
    assert again.columns() == made.columns()
    assert list(made.optional) == ["average_loss", "average", "layers"]
    assert (again.steps, len(again)) == (range(20, 70, 10), 5)


def test_some_of_the_records_are_a_block_with_all_columns():
    """Each column is cut, however deep its names are, and the steps with it."""
    some = block()[1:3]
    assert list(some.steps) == [30, 40]
    assert some.optional["layers"]["fc1"]["weight_norm"].tolist() == [6, 12]
    assert {len(array) for array in arrays_of(some.columns())} == {2}
    assert some.grads == {"fc1.weight": None}


@pytest.mark.parametrize(("step", "first"), [(0, 20), (20, 20), (21, 30), (30, 30), (60, 60), (61, 70)])
def test_records_since_a_step(step, first):
    """They begin with the first one that is not before it."""
    later = block().since(step)
    assert (later.first, later.steps.stop) == (first, 70)


def test_its_size_is_that_of_all_its_arrays():
    """Those of optional columns as well."""
    assert block().nbytes() == 4 * 5 * (3 + 4 + 1 + 1 + 1 + 2)


def test_it_travels_between_processes():
    """With every column and its bits."""
    again = pickle.loads(pickle.dumps(block()))  # noqa: S301 - our own
    assert again.columns().keys() == block().columns().keys()
    assert all(map(np.array_equal, arrays_of(again.columns()), arrays_of(block().columns())))

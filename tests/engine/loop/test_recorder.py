"""What a record holds of an optimizer's state, from the start on, for every optimizer there is."""

from collections import deque

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from optiscope.engine.loop.record_size import record_values
from optiscope.engine.loop.recorder import Recorder
from optiscope.engine.loop.training import Training, advance, quiet
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from tests.engine.recorded import bits, plain, run_config

STEPS = 4
REQUIRED = {
    "pytorch_optimizer.BSAM": {"num_data": 1},
    "pytorch_optimizer.Ranger21": {"num_iterations": 10},
}
FROM_THE_START = {
    "Adagrad",
    "pytorch_optimizer.Lookahead",
    "pytorch_optimizer.SPAM",
    "pytorch_optimizer.SaRA",
}
"""They keep something before their first step."""
NAMES = sorted(name for name, info in OPTIMIZERS.items() if info.unavailable is None)


def config_of(name, **changes):
    optimizer = {"name": name, "hyperparameters": REQUIRED.get(name, {})}
    if OPTIMIZERS[name].matrices_only:
        optimizer["rest"] = {"name": "SGD", "hyperparameters": {"momentum": 0.9}}
    dtype = "float32" if OPTIMIZERS[name].float32_only else "float64"
    return run_config(optimizer=optimizer, steps=STEPS, dtype=dtype, **changes)


def numbers(value):
    """Every number within a value of a state, in order."""
    if isinstance(value, dict):
        return [number for part in value.values() for number in numbers(part)]
    if isinstance(value, list | tuple | deque):
        return [number for part in value for number in numbers(part)]
    if isinstance(value, Tensor | float | int) and not isinstance(value, bool):
        return np.asarray(plain(value), np.float64).reshape(-1).tolist()
    # so that nothing is left out that is not known of: what is in an object, a keeper tells
    assert (
        value is None
        or isinstance(value, str | bool | set)  # a set names what has begun
        or type(value).__module__.startswith("pytorch_optimizer.")
    )
    return []


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_the_state_is_in_the_record(name):
    """Of every optimizer, after every step, also in lists and mappings: nothing is left out."""
    with quiet():
        training = Training(config_of(name))
        recorder = training.recorder(1)
        names = {param: name for name, param in training.model.named_parameters()}
        for step in range(STEPS):
            training.train_step(recorder)
            block = recorder.blocks()[-1]
            recorded = {
                name: np.concatenate(
                    [np.zeros(0), *(values[-1].ravel() for values in keys.values())]
                ).tolist()
                for name, keys in block.state.items()
            }
            kept = {}
            for optimizer in training.optimizers:
                for keeper in (optimizer, *getattr(optimizer, "keepers", ())):
                    for param, state in keeper.state.items():
                        if found := numbers(state):
                            kept.setdefault(names[param], []).extend(found)
            rate = OPTIMIZERS[name].own_rate
            if rate and rate.in_group:
                kept["fc1.weight"] += numbers(training.optimizers[0].param_groups[0][rate.key])
            assert repr(recorded) == repr(kept), step
            assert sum(map(len, recorded.values())) + 2 * 15 <= record_values(training)


def test_record_0_holds_the_state_that_there_is_from_the_start():
    """Adagrad's sums stand before the first step; where there is nothing, there is nothing."""
    adagrad = {"name": "Adagrad", "hyperparameters": {"initial_accumulator_value": 0.25}}
    begun = advance(run_config(optimizer=adagrad, steps=1), None, 1)[0][0]
    assert begun.steps == range(1)
    assert begun.state["fc1.weight"]["sum"].tolist() == [[[0.25, 0.25], [0.25, 0.25]]]
    assert begun.state["fc3.bias"]["step"].tolist() == [0]
    assert begun.grads is None
    for other in set(NAMES) - FROM_THE_START:
        with quiet():
            assert not any(Training(config_of(other)).optimizers[0].state.values()), other


class Lists(torch.optim.SGD):
    """Keeps what it is told to, changed in place."""

    def step(self):
        super().step()
        self.keep(self.state[self.param_groups[0]["params"][0]])


def recorded_state(keep, steps):
    """The state of the first parameter in every record."""
    model = nn.Linear(2, 1)
    optimizer = Lists(model.parameters(), 0.1)
    optimizer.keep = keep
    recorder = Recorder(model, [optimizer], 1)
    for _ in range(steps):
        for param in model.parameters():
            param.grad = torch.ones_like(param)
        recorder.before_step(0.0, None)
        optimizer.step()
        recorder.after_step()
    rows = [
        {key: values[i] for key, values in block.state.get("weight", {}).items()}
        for block in recorder.blocks()
        for i in range(len(block))
    ]
    assert len(rows) == steps
    return rows


def test_a_list_that_grows_is_one_array_in_each_record():
    """Also where the list stays the same object, and None is left out."""

    def keep(state):
        state.setdefault("steps", [None]).append(torch.full((3,), float(len(state["steps"]))))

    rows = recorded_state(keep, 3)
    assert [row["steps"].tolist() for row in rows] == [
        [[float(i)] * 3 for i in range(1, n + 1)] for n in (1, 2, 3)
    ]


def test_a_list_that_changes_in_place_is_read_anew():
    """A tensor replaced within a list of one length, and numbers within a mapping."""

    def keep(state):
        turn = state.setdefault("count", 0)
        state["count"] = turn + 1
        state.setdefault("buffers", [torch.zeros(2), torch.zeros(2)])[1] = torch.full((2,), float(turn))
        state.setdefault("sums", {"a": 0.0, "b": 0.5})["a"] = turn / 4

    rows = recorded_state(keep, 3)
    assert [row["buffers"].tolist() for row in rows] == [[[0.0, 0.0], [t, t]] for t in (0.0, 1.0, 2.0)]
    assert [row["sums"].tolist() for row in rows] == [[t / 4, 0.5] for t in range(3)]


def test_a_list_of_several_shapes_has_a_key_for_each_entry():
    """SOAP's matrices of a weight that is not square; within, again a list or nothing."""

    def keep(state):
        state["GG"] = [torch.eye(2), [torch.ones(3), torch.zeros(3)], [], torch.ones(())]

    [row] = recorded_state(keep, 1)
    assert {key: values.shape for key, values in row.items()} == {
        "GG[0]": (2, 2),
        "GG[1]": (2, 3),
        "GG[3]": (),
    }


def test_what_is_no_number_is_left_out():
    """Text, flags and None."""

    def keep(state):
        state |= {"name": "x", "flag": True, "nothing": None, "texts": ["a"], "number": 2}

    [row] = recorded_state(keep, 1)
    assert {key: values.item() for key, values in row.items()} == {"number": 2}


def test_the_lists_of_lbfgs_are_those_of_torch():
    """Record by record, under the first parameter, of the length that they have by then."""
    lbfgs = {"name": "LBFGS", "hyperparameters": {"max_iter": 2, "history_size": 3, "lr": 0.1}}
    config = run_config(optimizer=lbfgs, steps=5, problem={"name": "moons"})
    blocks, reached = advance(config, None, 5)
    lengths = [
        len(block.state.get("fc1.weight", {}).get("old_dirs", [[]])[i])
        for block in blocks
        for i in range(len(block))
    ]
    assert lengths == [0, 0, 1, 2, 3, 3]
    kept = reached.optimizers[0]["state"][0]
    for key in ("old_dirs", "old_stps", "ro", "al"):
        values = blocks[-1].state["fc1.weight"][key][-1]
        entries = [entry for entry in kept[key] if entry is not None]
        assert bits(values) == bits(np.stack([entry.numpy() for entry in entries]).astype(values.dtype))
    assert blocks[-1].state.keys() == {"fc1.weight"}

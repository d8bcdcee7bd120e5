"""Recorded runs, and what it means that two of them are the same."""

import math
import pickle

import numpy as np
import torch

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.training import advance
from tests.engine.bare_loop import TinyNet

X = torch.tensor([[1.0, 2.0]])
Y = torch.tensor([[1.0]])
SEED = 8


def run_config(**changes):
    base = {
        "problem": {"name": "seed-example"},
        "model": {"seed": SEED},
        "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.02}},
        "steps": 30,
    }
    return RunConfig.model_validate(base | changes)


def whole(config):
    return advance(config, None, config.steps)


def net(dtype=torch.float32, hidden=(2, 2)):
    state = torch.random.get_rng_state()
    torch.manual_seed(SEED)
    made = TinyNet(hidden).to(dtype)
    torch.random.set_rng_state(state)
    return made


def assert_same_bits(blocks, log):
    """Every recorded value has the bits of the bare loop's, which may go on after the run diverged."""
    step = 0
    for block in blocks:
        assert block.first == step
        for i in range(len(block)):
            assert bits(block.loss[i]) == bits(np.asarray(log.loss[step], block.loss.dtype))
            assert bits(block.lr[i]) == bits(np.asarray(log.lr[step], dtype=np.float64))
            assert_same_momentum(block, i, log.momentum[step])
            for name, values in log.params[step].items():
                assert bits(block.params[name][i]) == bits(values.numpy()), (step, name)
            assert_same_gradients(block, i, log.grads[step], log.norm[step], step)
            assert_same_state(block, i, log.state[step], step)
            step += 1
    assert step == len(log.loss) or not all(v.isfinite().all() for v in log.params[step - 1].values())


def assert_same_momentum(block, i, momentum):
    recorded = [math.nan] * len(momentum) if block.momentum is None else block.momentum[i].tolist()
    assert [str(m) for m in recorded] == [str(float(m)) for m in momentum]


def assert_same_gradients(block, i, grads, norm, step):
    assert (block.grads is None) == (grads is None)
    if grads is None:
        return
    assert block.grad_norm[i] == norm, step
    for name, values in grads.items():
        if values is None:
            assert block.grads[name] is None
        else:
            assert bits(block.grads[name][i]) == bits(values.numpy()), (step, name)


def assert_same_state(block, i, state, step):
    recorded = {n: {k: v[i] for k, v in keys.items()} for n, keys in block.state.items()}
    kept = {name: dict(listed(keys)) for name, keys in state.items()}
    named = {name: set(keys) for name, keys in kept.items() if keys}
    assert {name: set(keys) for name, keys in recorded.items()} == named
    for name, keys in recorded.items():
        for key, values in keys.items():
            assert values.shape == kept[name][key].shape, (step, name, key)
            assert bits(values) == bits(kept[name][key].astype(values.dtype)), (step, name, key)


def listed(state):
    """The numbers of each key of a parameter's state as one array; of lists of several shapes, each entry."""
    for key, value in state.items():
        if not isinstance(value, list | tuple | dict):
            if is_number(value):
                yield key, plain(value)
            continue
        places = value if isinstance(value, dict) else dict(enumerate(value))
        parts = {place: part for place, part in places.items() if part is not None}
        if all(map(is_number, parts.values())) and len({np.shape(part) for part in parts.values()}) == 1:
            yield key, np.stack([plain(part) for part in parts.values()])
        else:
            yield from listed({f"{key}[{place}]": part for place, part in parts.items()})


def is_number(value):
    """Whether a value is a number or a tensor of some."""
    return isinstance(value, int | float | torch.Tensor) and not isinstance(value, bool)


def plain(value):
    """A number or a tensor as an array; NumPy has no bfloat16."""
    return np.asarray(value.float() if getattr(value, "dtype", None) is torch.bfloat16 else value)


def bits(values):
    return np.ascontiguousarray(values).tobytes()


def assert_same_blocks(left, right):
    """Two recordings agree in every bit, however they are cut into blocks."""
    assert flatten(left) == flatten(right)


def flatten(blocks):
    rows = []
    for block in blocks:
        for i in range(len(block)):
            row = [block.first + i, bits(block.loss[i]), bits(block.lr[i])]
            row.append(None if block.momentum is None else bits(block.momentum[i]))
            row += [(name, bits(values[i])) for name, values in block.params.items()]
            if block.grads is not None:
                row += [(n, None if v is None else bits(v[i])) for n, v in block.grads.items()]
                row.append(bits(block.grad_norm[i]))
            row += [(n, k, bits(v[i])) for n, keys in block.state.items() for k, v in keys.items()]
            row += [(path, bits(values[i])) for path, values in leaves(block.optional)]
            rows.append(row)
    return rows


def leaves(columns, path=()):
    """Every array of columns by name, under its path."""
    for name, column in columns.items():
        if isinstance(column, dict):
            yield from leaves(column, (*path, name))
        else:
            yield (*path, name), column


def chunked(config, size, *, through_bytes=True):
    """What a run in chunks recorded."""
    return in_chunks(config, size, through_bytes=through_bytes)[0]


def in_chunks(config, size, *, through_bytes=True):
    """Train in chunks, between which a checkpoint is a file and travels from process to process."""
    blocks, checkpoint = advance(config, None, size)
    while checkpoint.ended is None:
        if through_bytes:
            travelled = pickle.dumps(Checkpoint.from_bytes(checkpoint.to_bytes()))
            checkpoint = pickle.loads(travelled)  # noqa: S301 - written a line above
        more, checkpoint = advance(config, checkpoint, size)
        blocks += more
    return blocks, checkpoint

"""The promise: a recorded run is bit-identical to the plain loop."""

from itertools import product

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch.optim import lr_scheduler

from app.engine.checkpoint import Checkpoint, Reason
from app.engine.config import RunConfig
from app.engine.errors import ConfigError
from app.engine.training import advance, check
from tests.engine.bare_loop import TinyNet, bare_loop

OPTIMIZERS = {
    "SGD": (torch.optim.SGD, {"lr": 0.05}),
    "momentum": (torch.optim.SGD, {"lr": 0.02, "momentum": 0.9}),
    "nesterov": (torch.optim.SGD, {"lr": 0.02, "momentum": 0.8, "nesterov": True, "weight_decay": 0.01}),
    "Adagrad": (torch.optim.Adagrad, {"lr": 0.05, "lr_decay": 0.01}),
    "Adadelta": (torch.optim.Adadelta, {"lr": 1.0}),
    "Adam": (torch.optim.Adam, {"lr": 0.02, "betas": (0.8, 0.99)}),
    "amsgrad": (torch.optim.Adam, {"lr": 0.02, "amsgrad": True, "weight_decay": 0.1}),
    "AdamW": (torch.optim.AdamW, {"lr": 0.02}),
    "Adamax": (torch.optim.Adamax, {"lr": 0.02}),
    "NAdam": (torch.optim.NAdam, {"lr": 0.02}),
    "RAdam": (torch.optim.RAdam, {"lr": 0.02}),
    "RMSprop": (torch.optim.RMSprop, {"lr": 0.01}),
    "centered": (torch.optim.RMSprop, {"lr": 0.01, "centered": True, "momentum": 0.5}),
    "Rprop": (torch.optim.Rprop, {"lr": 0.01}),
    "ASGD": (torch.optim.ASGD, {"lr": 0.05, "t0": 5.0}),
    "Adafactor": (torch.optim.Adafactor, {"lr": 0.02}),
}
SCHEDULERS = {
    "none": (None, {}),
    "StepLR": (lr_scheduler.StepLR, {"step_size": 7, "gamma": 0.5}),
    "ExponentialLR": (lr_scheduler.ExponentialLR, {"gamma": 0.9}),
    "CosineAnnealingLR": (lr_scheduler.CosineAnnealingLR, {"T_max": 20, "eta_min": 0.001}),
    "ReduceLROnPlateau": (lr_scheduler.ReduceLROnPlateau, {"patience": 2, "factor": 0.5}),
    "CosineAnnealingWarmRestarts": (lr_scheduler.CosineAnnealingWarmRestarts, {"T_0": 6, "T_mult": 2}),
}
CLIPS = {
    "unclipped": (None, None),
    "norm": (
        {"name": "clip_grad_norm_", "max_norm": 0.3},
        lambda params: torch.nn.utils.clip_grad_norm_(params, 0.3),
    ),
}
X = torch.tensor([[1.0, 2.0]])
Y = torch.tensor([[1.0]])
SEED = 8


def json_ready(hyperparameters):
    return {k: list(v) if isinstance(v, tuple) else v for k, v in hyperparameters.items()}


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
    """Every recorded value has the bits of the bare loop's."""
    step = 0
    for block in blocks:
        assert block.first == step
        for i in range(len(block)):
            assert bits(block.loss[i]) == bits(np.asarray(log.loss[step], block.loss.dtype))
            assert block.lr[i].tolist() == log.lr[step]
            for name, values in log.params[step].items():
                assert bits(block.params[name][i]) == bits(values.numpy()), (step, name)
            assert_same_gradients(block, i, log.grads[step], log.norm[step], step)
            assert_same_state(block, i, log.state[step], step)
            step += 1
    assert step == len(log.loss)


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
    assert recorded.keys() == {n for n, keys in state.items() if keys}, step
    for name, keys in recorded.items():
        assert keys.keys() == state[name].keys()
        for key, values in keys.items():
            assert bits(values) == bits(state[name][key].numpy().astype(values.dtype)), (step, name, key)


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
            row += [(name, bits(values[i])) for name, values in block.params.items()]
            if block.grads is not None:
                row += [(n, None if v is None else bits(v[i])) for n, v in block.grads.items()]
                row.append(bits(block.grad_norm[i]))
            row += [(n, k, bits(v[i])) for n, keys in block.state.items() for k, v in keys.items()]
            rows.append(row)
    return rows


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("scheduler", SCHEDULERS)
def test_a_run_has_the_bits_of_the_bare_loop(optimizer, scheduler):
    """Every optimizer x scheduler, frozen or not, clipped or not, in both dtypes."""
    opt_cls, opt_args = OPTIMIZERS[optimizer]
    sched_cls, sched_args = SCHEDULERS[scheduler]
    for frozen, clip, dtype in product([(), ("fc2",)], CLIPS, ["float32", "float64"]):
        clip_config, clip_call = CLIPS[clip]
        config = run_config(
            optimizer={"name": opt_cls.__name__, "hyperparameters": json_ready(opt_args)},
            lr_scheduler=sched_cls
            and {"name": sched_cls.__name__, "hyperparameters": sched_args, "interval": 2},
            freeze=[{"params": [layer]} for layer in frozen],
            clip_grad=clip_config,
            dtype=dtype,
        )
        torch_dtype = getattr(torch, dtype)
        log = bare_loop(
            net(torch_dtype),
            X.to(torch_dtype),
            Y.to(torch_dtype),
            F.mse_loss,
            lambda model: opt_cls(model.parameters(), **opt_args),
            sched_cls and (lambda o: sched_cls(o, **sched_args)),
            config.steps,
            frozen,
            clip_call,
            interval=2,
        )
        blocks, checkpoint = whole(config)
        assert_same_bits(blocks, log)
        assert checkpoint.ended.reason is Reason.COMPLETED
        assert_same_blocks(chunked(config, 7), blocks)


def chunked(config, size, *, through_bytes=True):
    blocks, checkpoint = advance(config, None, size)
    while checkpoint.ended is None:
        if through_bytes:
            checkpoint = Checkpoint.from_bytes(checkpoint.to_bytes())
        more, checkpoint = advance(config, checkpoint, size)
        blocks += more
    return blocks


@pytest.mark.parametrize("size", [1, 7, 64])
def test_chunks_leave_no_trace(size):
    """Chunks of any size give the bits of the unbroken run, with minibatches and freezing half-way."""
    config = run_config(
        problem={"name": "moons", "samples": 50, "noise": 0.1},
        batch_size=16,
        model={"seed": SEED, "hidden": [8, 8], "activation": "tanh"},
        freeze=[{"params": ["fc2"], "from_step": 9, "to_step": 40}],
        lr_scheduler={"name": "StepLR", "hyperparameters": {"step_size": 3}, "interval": 5},
        steps=130,
    )
    blocks, _ = whole(config)
    assert_same_blocks(chunked(config, size), blocks)
    assert_same_blocks(chunked(config, size, through_bytes=False), blocks)


def test_the_notes_own_table():
    """The printed gradients of the notes come out of their printed initial values."""
    config = run_config(
        model={
            "state_dict": {
                "fc1.weight": [[0.1295, 0.1109], [0.6487, 0.4996]],
                "fc1.bias": [-0.0975, -0.2738],
                "fc2.weight": [[0.4788, 0.3162], [0.1909, 0.6951]],
                "fc2.bias": [-0.5581, 0.3771],
                "fc3.weight": [[0.6921, 0.1667]],
                "fc3.bias": [-0.4246],
            }
        },
        optimizer={"name": "SGD", "hyperparameters": {"lr": 0.01}},
        freeze=[{"params": ["fc2"]}],
        steps=1,
    )
    grads = whole(config)[0][-1].grads
    expected = {
        "fc1.weight": [[-0.0760, -0.1521], [-0.2768, -0.5536]],
        "fc1.bias": [-0.0760, -0.2768],
        "fc3.weight": [[0.0000, -3.2985]],
        "fc3.bias": [-2.3890],
    }
    for name, values in expected.items():
        np.testing.assert_allclose(grads[name][0], values, atol=2e-3)
    assert grads["fc2.weight"] is None
    assert grads["fc2.bias"] is None


def test_a_frozen_layer_never_moves():
    """A frozen layer's parameters keep their bits and its gradient is None, for every optimizer."""
    for cls, arguments in OPTIMIZERS.values():
        config = run_config(
            optimizer={"name": cls.__name__, "hyperparameters": json_ready(arguments)},
            freeze=[{"params": ["fc2"]}],
        )
        for block in whole(config)[0]:
            for name in ("fc2.weight", "fc2.bias"):
                assert (block.params[name] == block.params[name][0]).all()
                assert block.grads is None or block.grads[name] is None
                assert name not in block.state or cls is torch.optim.Adagrad  # it allots its sums beforehand


def test_divergence_is_a_result():
    """A run that diverges ends at the step at which it does, with that record as its last."""
    config = run_config(optimizer={"name": "SGD", "hyperparameters": {"lr": 1e6}}, steps=300)
    blocks, checkpoint = whole(config)
    assert checkpoint.ended.reason is Reason.DIVERGED
    assert blocks[-1].steps[-1] == checkpoint.ended.step == checkpoint.step
    last = blocks[-1]
    assert not all(np.isfinite(v[-1]).all() for v in last.params.values()) or np.isnan(last.loss[-1])
    assert_same_blocks(chunked(config, 7), blocks)
    assert advance(config, checkpoint, 10) == ([], checkpoint)


def test_torch_refusing_a_step_ends_the_run():
    """OneCycleLR beyond its total_steps ends the run with torch's words, keeping what was recorded."""
    one_cycle = {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 10}}
    config = run_config(lr_scheduler=one_cycle)
    blocks, checkpoint = whole(config)
    assert checkpoint.ended.reason is Reason.FAILED
    assert "total steps" in checkpoint.ended.detail
    assert blocks[-1].steps[-1] == checkpoint.ended.step
    assert_same_blocks(chunked(config, 7), blocks)


@pytest.mark.parametrize(
    ("changes", "pointer", "words"),
    [
        ({"optimizer": {"name": "Adamm"}}, "/optimizer/name", "did you mean Adam"),
        (
            {"optimizer": {"name": "Adam", "hyperparameters": {"lr": -1}}},
            "/optimizer/hyperparameters/lr",
            "lr must be at least 0, got -1",
        ),
        (
            {"optimizer": {"name": "Adam", "hyperparameters": {"betas": [2, 0.9]}}},
            "/optimizer/hyperparameters/betas",
            "betas[0] must be less than 1, got 2",
        ),
        (
            {"optimizer": {"name": "SGD", "hyperparameters": {"lr": float("nan")}}},
            "/optimizer/hyperparameters/lr",
            "finite",
        ),
        ({"optimizer": {"name": "SparseAdam"}}, "/optimizer/name", "sparse gradients only"),
        (
            {"optimizer": {"name": "Muon"}},
            "/optimizer/hyperparameters",
            "torch refuses Muon: Muon only supports 2D",
        ),
        (
            {"optimizer": {"name": "SGD", "hyperparameters": {"nesterov": True}}},
            "/optimizer/hyperparameters",
            "Nesterov momentum requires a momentum",
        ),
        ({"freeze": [{"params": ["fc1", "fc2", "fc3"]}]}, "/freeze", "every parameter is frozen"),
        ({"freeze": [{"params": ["fc9"]}]}, "/freeze/0/params/0", "choose of fc1, fc2, fc3"),
        (
            {"lr_scheduler": {"name": "StepLR"}},
            "/lr_scheduler/hyperparameters/step_size",
            "StepLR needs a value for step_size",
        ),
        (
            {
                "optimizer": {"name": "Adagrad"},
                "lr_scheduler": {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 9}},
            },
            "/lr_scheduler/hyperparameters",
            "optimizer must support momentum",
        ),
    ],
)
def test_what_cannot_run_is_refused(changes, pointer, words):
    """A config that cannot be run names the field, before anything starts."""
    with pytest.raises(ConfigError) as caught:
        check(run_config(**changes))
    (problem,) = caught.value.problems
    assert problem.pointer == pointer
    assert words in problem.detail


def test_the_global_generator_is_left_alone():
    """A run neither reads nor moves torch's global random state."""
    before = torch.random.get_rng_state()
    whole(run_config(problem={"name": "moons", "samples": 40}, batch_size=8))
    assert torch.equal(before, torch.random.get_rng_state())

"""Training in a program of one's own has the bits of a worker, and leaves the program as it was."""

from contextlib import contextmanager

import pytest
import torch

from optiscope.engine.loop.plain import plain_torch
from tests.engine.recorded import assert_same_blocks, run_config, whole


@contextmanager
def restored(change, back):
    change()
    try:
        yield
    finally:
        back()


SET = {
    "threads": lambda: restored(lambda: torch.set_num_threads(3), lambda: torch.set_num_threads(1)),
    "dtype": lambda: restored(
        lambda: torch.set_default_dtype(torch.float64), lambda: torch.set_default_dtype(torch.float32)
    ),
    "device": lambda: torch.device("meta"),
    "no gradients": torch.no_grad,
    "inference": torch.inference_mode,
    "autocast": lambda: torch.autocast("cpu", dtype=torch.bfloat16),
}


@pytest.mark.parametrize("change", SET.values(), ids=SET)
def test_what_a_program_has_set_of_torch_does_not_show(change):
    """The records are the same, and what was set is set afterwards."""
    config = run_config(optimizer={"name": "NAdam"}, clip_grad={"name": "clip_grad_norm_", "max_norm": 0.1})
    expected, _ = whole(config)
    with change():
        before = surroundings()
        with plain_torch():
            blocks, _ = whole(config)
        assert surroundings() == before
    assert_same_blocks(blocks, expected)


def surroundings():
    return (
        torch.get_num_threads(),
        torch.get_default_dtype(),
        torch.get_default_device(),
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.is_autocast_enabled("cpu"),
    )

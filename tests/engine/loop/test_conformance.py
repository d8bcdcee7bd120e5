"""The promise, pair by pair: every optimizer with every scheduler has the bits of the plain loop.

Each pair is trained with the shortcuts through torch's private names, and without any.
"""

from functools import partial
from itertools import product

import pytest
import torch
import torch.nn.functional as F

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.loop.judging import check
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from tests.engine import recipes
from tests.engine.bare_loop import bare_loop
from tests.engine.recorded import (
    X,
    Y,
    assert_same_bits,
    assert_same_blocks,
    chunked,
    net,
    run_config,
    whole,
)
from tests.engine.ways import public_torch

STEPS = 5
CLIPS = {
    "unclipped": (None, None),
    "norm": (
        {"name": "clip_grad_norm_", "max_norm": 0.3},
        lambda params: torch.nn.utils.clip_grad_norm_(params, 0.3),
    ),
    "inf-norm": (
        {"name": "clip_grad_norm_", "max_norm": 0.1, "norm_type": "inf"},
        lambda params: torch.nn.utils.clip_grad_norm_(params, 0.1, float("inf")),
    ),
    "value": (
        {"name": "clip_grad_value_", "clip_value": 0.1},
        lambda params: torch.nn.utils.clip_grad_value_(params, 0.1),
    ),
}
SCHEDULERS = ("none", *recipes.LR_SCHEDULERS)
FIRST = {recipes.name_of(recipe): recipe for recipe in reversed(recipes.OPTIMIZERS)}
"""One recipe of each optimizer, for all schedulers; the other recipes are tried with none."""


def compare(optimizer, scheduler, clip, dtype, frozen, groups):
    """One run, recorded whole, in two chunks and the public way, beside the plain loop."""
    clip_config, clip_call = CLIPS[clip]
    schedule = None if scheduler == "none" else recipes.lr_scheduler_config(scheduler)
    config = run_config(
        optimizer=recipes.optimizer_config(optimizer, groups=groups),
        lr_scheduler=schedule,
        freeze=[{"params": [layer]} for layer in frozen],
        clip_grad=clip_config,
        dtype=dtype,
        steps=STEPS,
    )
    torch_dtype = getattr(torch, dtype)
    log = bare_loop(
        net(torch_dtype),
        X.to(torch_dtype),
        Y.to(torch_dtype),
        F.mse_loss,
        lambda model: recipes.make_optimizers(optimizer, model, groups=groups),
        schedule and (lambda o: recipes.make_lr_scheduler(schedule, o)),
        STEPS,
        frozen,
        clip_call,
        call_scheduler=schedule and partial(recipes.call_lr_scheduler, schedule),
    )
    blocks, checkpoint = whole(config)
    assert checkpoint.ended.reason in {Reason.COMPLETED, Reason.DIVERGED}
    assert_same_bits(blocks, log)
    assert_same_blocks(chunked(config, 3), blocks)
    with public_torch():
        assert_same_blocks(whole(config)[0], blocks)


def refusal(optimizer, scheduler):
    """Why plain torch refuses to build a pair, in its own words, or None."""
    if scheduler == "none":
        return None
    try:
        for made in recipes.make_optimizers(optimizer, net()):
            recipes.make_lr_scheduler(recipes.lr_scheduler_config(scheduler), made)
    except (ValueError, TypeError, RuntimeError, AttributeError, KeyError) as error:
        return str(error)
    return None


def test_every_optimizer_and_scheduler_has_a_recipe():
    """What the registries offer is what is compared."""
    ours = {info.name for info in OPTIMIZERS.values() if info.source == "torch.optim"}
    assert set(FIRST) == ours - {"SparseAdam"}
    assert {recipes.name_of(recipe) for recipe in recipes.LR_SCHEDULERS} == set(LR_SCHEDULERS)


@pytest.mark.parametrize("optimizer", FIRST.values())
@pytest.mark.parametrize("scheduler", SCHEDULERS)
@pytest.mark.filterwarnings("ignore:Detected call of .lr_scheduler.step")
def test_a_pair_has_the_bits_of_the_plain_loop(optimizer, scheduler):
    """Clipped or not, in both dtypes, with a frozen layer and a layer's own rate; or torch's own refusal."""
    words = refusal(optimizer, scheduler)
    grouped = OPTIMIZERS[recipes.name_of(optimizer)].param_groups
    for clip, dtype, (frozen, groups) in product(
        ("unclipped", "norm"), ("float32", "float64"), (((), False), (("fc2",), True))
    ):
        if words is None:
            compare(optimizer, scheduler, clip, dtype, frozen, groups and grouped)
    if words is not None:
        with pytest.raises(ConfigError) as caught:
            check(
                run_config(
                    optimizer=recipes.optimizer_config(optimizer),
                    lr_scheduler=recipes.lr_scheduler_config(scheduler),
                )
            )
        assert words in str(caught.value)


@pytest.mark.parametrize("optimizer", recipes.OPTIMIZERS)
def test_every_recipe_has_the_bits_of_the_plain_loop(optimizer):
    """Every way of using an optimizer, with each kind of clipping, a frozen layer or param groups."""
    grouped = OPTIMIZERS[recipes.name_of(optimizer)].param_groups
    for clip, frozen, groups in product(CLIPS, ((), ("fc1",)), {False, grouped}):
        compare(optimizer, "none", clip, "float32", frozen, groups)

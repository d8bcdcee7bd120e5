"""Whatever the order and the habits of a loop, its records are those of a plain loop, however it is cut."""

import copy
import re
import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from optiscope.engine.advice.linter import lint
from optiscope.engine.advice.mistakes import LOOP_MISTAKES
from optiscope.engine.loop.checkpoint import Checkpoint, Reason
from optiscope.engine.loop.forking import Restore, fork
from optiscope.engine.loop.judging import built
from optiscope.engine.loop.training import advance
from optiscope.runs.description import describe
from tests.engine import recipes
from tests.engine.loops import CLIP, LOOPS, MOONS, SCARCE
from tests.engine.recorded import assert_same_blocks, bits, net, run_config, whole

STEP_LR = {"name": "StepLR", "hyperparameters": {"step_size": 20, "gamma": 0.5}}

CONFIGS = {name: run_config(**({"steps": 8} | changes)) for name, changes in LOOPS.items()}


_COUNTED = re.compile(r"version \d+")
"""PyTorch says how often a tensor was changed, and a tensor that was loaded begins at zero again."""


def in_chunks(config, size):
    """The records of a run that travels as a file between any two chunks."""
    blocks, checkpoint = advance(config, None, size)
    while checkpoint.ended is None:
        more, checkpoint = advance(config, Checkpoint.from_bytes(checkpoint.to_bytes()), size)
        blocks += more
    return blocks, checkpoint


@pytest.mark.parametrize("size", [1, 3, 4])
@pytest.mark.parametrize("name", CONFIGS)
def test_chunks_leave_no_trace(name, size):
    """Gradients that outlive a step, a restart at the edge of a chunk, the minibatches of passes go on."""
    blocks, checkpoint = whole(CONFIGS[name])
    cut, ended = in_chunks(CONFIGS[name], size)
    assert_same_blocks(blocks, cut)
    assert _COUNTED.sub("", str(ended.ended)) == _COUNTED.sub("", str(checkpoint.ended))


@pytest.mark.parametrize("name", CONFIGS)
def test_a_fork_without_changes_goes_on_as_its_parent(name):
    """Bit for bit, from the middle of the run."""
    config = CONFIGS[name]
    before, checkpoint = advance(config, None, 4)
    if checkpoint.ended is not None:
        assert checkpoint.ended.reason is Reason.FAILED
        return
    forked = fork(config, checkpoint, config, Restore())
    parent, _ = advance(config, checkpoint, config.steps)
    child, _ = advance(config, forked.checkpoint, config.steps)
    assert before
    assert_same_blocks(parent, child)


def minibatches(samples, size, seed):
    generator = torch.Generator().manual_seed(seed)
    while True:
        yield from torch.randperm(samples, generator=generator).split(size)


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("recipe", recipes.OPTIMIZERS)
def test_accumulated_gradients_are_those_of_a_plain_loop(recipe, scale):
    """For every optimizer of torch: losses, clipped gradients and parameters, bit for bit."""
    habits = {"accumulate": 3, "scale_loss": scale}
    optimizer = recipes.optimizer_config(recipe)
    config = run_config(**SCARCE, **CLIP, steps=5, optimizer=optimizer, loop=habits)
    blocks, _ = whole(config)
    problem, model = built(config).problem, net()
    made, batches = recipes.make_optimizers(recipe, model), minibatches(40, 6, seed=5)
    several = [[next(batches) for _ in range(3)] for _ in range(5)]
    seen = [accumulated_step(problem, model, made, rows, scale) for rows in several]
    records = [(block, i) for block in blocks for i in range(len(block))][1:]
    for (block, i), (loss, grads, params) in zip(records, seen, strict=True):
        assert bits(block.loss[i]) == bits(np.float32(loss))
        assert [bits(grad[i]) for grad in block.grads.values()] == [bits(grad.numpy()) for grad in grads]
        assert [bits(param[i]) for param in block.params.values()] == [bits(p.numpy()) for p in params]


def accumulated_step(problem, model, optimizers, several, scale):
    """A step as people write it; the loss of its first evaluation, gradients and parameters after it."""
    seen = []

    def closure():
        for optimizer in optimizers:
            optimizer.zero_grad()
        losses = []
        for rows in several:
            loss = problem.info.loss.function(model(problem.x[rows]), problem.y[rows])
            (loss / 3 if scale else loss).backward()
            losses.append(loss.detach())
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.05)
        losses = torch.stack(losses)
        seen.append((losses.mean().item(), [param.grad.clone() for param in model.parameters()]))
        return losses.mean() if scale else losses.sum()

    if isinstance(optimizers[0], torch.optim.LBFGS):
        optimizers[0].step(closure)
    else:
        closure()
        for optimizer in optimizers:
            optimizer.step()
    return (*seen[0], [param.detach().clone() for param in model.parameters()])


class Plain:
    """What a hand-written loop begins with: Adam, a schedule, and all samples of moons."""

    def __init__(self, config):
        problem = built(config).problem
        self.x, self.y, self.loss_fn = problem.x, problem.y, problem.info.loss.function
        self.model = net()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=0.02)
        self.scheduler = torch.optim.lr_scheduler.StepLR(self.optimizer, step_size=20, gamma=0.5)

    def loss(self):
        return self.loss_fn(self.model(self.x), self.y)

    def clip(self):
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 0.05)


def no_zero_grad(plain):
    loss = plain.loss()
    loss.backward()
    plain.clip()
    plain.optimizer.step()
    yield loss
    plain.scheduler.step()


def zero_grad_before_step(plain):
    loss = plain.loss()
    loss.backward()
    plain.clip()
    plain.optimizer.zero_grad()
    plain.optimizer.step()
    yield loss
    plain.scheduler.step()


def step_before_backward(plain):
    plain.optimizer.zero_grad()
    loss = plain.loss()
    plain.optimizer.step()
    loss.backward()
    plain.clip()
    yield loss
    plain.scheduler.step()


def backward_twice(plain):
    plain.optimizer.zero_grad()
    loss = plain.loss()
    loss.backward()
    loss.backward()
    plain.clip()
    plain.optimizer.step()
    yield loss
    plain.scheduler.step()


def clip_after_step(plain):
    plain.optimizer.zero_grad()
    loss = plain.loss()
    loss.backward()
    plain.optimizer.step()
    plain.clip()
    yield loss
    plain.scheduler.step()


def scheduler_first(plain):
    plain.scheduler.step()
    plain.optimizer.zero_grad()
    loss = plain.loss()
    loss.backward()
    plain.clip()
    plain.optimizer.step()
    yield loss


def scheduler_never(plain):
    plain.optimizer.zero_grad()
    loss = plain.loss()
    loss.backward()
    plain.clip()
    plain.optimizer.step()
    yield loss


def the_loop(plain):
    yield from scheduler_never(plain)
    plain.scheduler.step()


def parameters_replaced(plain):
    if not hasattr(plain, "replaced"):
        plain.model.fc2 = plain.replaced = copy.deepcopy(plain.model.fc2)
    yield from the_loop(plain)


def no_grad_for_freezing(plain):
    def forward(x):
        x = F.relu(plain.model.fc1(x))
        with torch.no_grad():
            x = F.relu(plain.model.fc2(x))
        return plain.model.fc3(x)

    plain.model.forward = forward
    yield from the_loop(plain)


def detach_for_freezing(plain):
    def forward(x):
        x = F.relu(plain.model.fc2(F.relu(plain.model.fc1(x))).detach())
        return plain.model.fc3(x)

    plain.model.forward = forward
    yield from the_loop(plain)


def eval_for_freezing(plain):
    plain.model.fc2.eval()
    yield from the_loop(plain)


def left_out_of_optimizer(plain):
    if len(plain.optimizer.param_groups[0]["params"]) > 2:
        plain.optimizer = torch.optim.Adam(plain.model.fc2.parameters(), lr=0.02)
        plain.scheduler = torch.optim.lr_scheduler.StepLR(plain.optimizer, step_size=20, gamma=0.5)
    yield from the_loop(plain)


def restored_without_optimizer(plain):
    plain.step = getattr(plain, "step", -1) + 1
    if plain.step == STEPS // 2:
        model, schedule = copy.deepcopy(plain.model.state_dict()), plain.scheduler.state_dict()
        plain.model = net()
        plain.model.load_state_dict(model)
        plain.optimizer = torch.optim.Adam(plain.model.parameters(), lr=0.02)
        plain.scheduler = torch.optim.lr_scheduler.StepLR(plain.optimizer, step_size=20, gamma=0.5)
        plain.scheduler.load_state_dict(schedule)
    yield from the_loop(plain)


def restored_without_scheduler(plain):
    plain.step = getattr(plain, "step", -1) + 1
    if plain.step == STEPS // 2:
        model, optimizer = copy.deepcopy((plain.model.state_dict(), plain.optimizer.state_dict()))
        plain.model = net()
        plain.model.load_state_dict(model)
        plain.optimizer = torch.optim.Adam(plain.model.parameters(), lr=0.02)
        plain.scheduler = torch.optim.lr_scheduler.StepLR(plain.optimizer, step_size=20, gamma=0.5)
        plain.optimizer.load_state_dict(optimizer)
    yield from the_loop(plain)


HAND_WRITTEN = [
    no_zero_grad,
    zero_grad_before_step,
    step_before_backward,
    backward_twice,
    clip_after_step,
    scheduler_first,
    scheduler_never,
    parameters_replaced,
    no_grad_for_freezing,
    detach_for_freezing,
    eval_for_freezing,
    left_out_of_optimizer,
    restored_without_optimizer,
    restored_without_scheduler,
]
STEPS = 50


@pytest.mark.parametrize("step", HAND_WRITTEN, ids=lambda step: step.__name__)
def test_a_mistake_is_that_of_a_hand_written_script(step):
    """Losses, the last parameters, PyTorch's exception and its warnings, word for word."""
    sound = run_config(problem=MOONS, steps=STEPS, **CLIP, lr_scheduler=STEP_LR)
    config = LOOP_MISTAKES[step.__name__].made(sound, ["fc1", "fc2", "fc3"])
    blocks, checkpoint = whole(config)
    plain, losses, error = Plain(config), [], ""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            for _ in range(STEPS):
                losses += [loss.item() for loss in step(plain)]
        except RuntimeError as raised:
            error = f"RuntimeError: {raised}"
    assert [loss for block in blocks for loss in block.loss.tolist()][1:] == losses
    assert [bits(values[-1]) for values in blocks[-1].params.values()] == [
        bits(param.detach().numpy()) for param in plain.model.parameters()
    ]
    failed = checkpoint.ended.reason is Reason.FAILED
    assert (checkpoint.ended.said.params["why"] if failed else "") == error
    said = {str(warning.message) for warning in caught}
    assert set(checkpoint.torch_warnings) == said
    assert said or step is not scheduler_first
    assert {w.said.params["why"] for w in lint(config) if w.code == "torch"} == said
    assert {w.said.params["why"] for w in describe(config).warnings if w.code == "torch"} == said

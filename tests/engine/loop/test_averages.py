"""Averaged weights have the bits of ``torch.optim.swa_utils`` in a plain loop, whole and in chunks."""

from copy import deepcopy

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from optiscope.engine.core.config import EMAConfig, SWAConfig
from optiscope.engine.loop.averages import RunningAverage
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.loop.checkpoint_file import CheckpointFileError, read_checkpoint, write_checkpoint
from optiscope.engine.loop.checkpoint_file.reading import judged
from optiscope.engine.loop.checkpoint_file.writing import tree_of
from optiscope.engine.loop.effort import effort_of
from optiscope.engine.loop.forking import Restore, changed_config, fork
from optiscope.engine.loop.lockstep import advance_together
from optiscope.engine.loop.record_size import record_values
from optiscope.engine.loop.training import Training, advance
from tests.engine import recipes
from tests.engine.bare_loop import bare_loop
from tests.engine.recorded import (
    X,
    Y,
    assert_same_bits,
    assert_same_blocks,
    bits,
    chunked,
    flatten,
    net,
    run_config,
    whole,
)

STEPS = 8
KINDS = {
    "EMA": {"name": "EMA", "decay": 0.8},
    "SWA": {"name": "SWA"},
    "EMA, tail": {"name": "EMA", "decay": 0.3, "from_step": 2, "every": 2},
    "SWA, tail": {"name": "SWA", "from_step": 3, "every": 2, "use_buffers": True},
}
SCHEDULE_FREE = ("ScheduleFreeSGD", "ScheduleFreeAdamW", "ScheduleFreeRAdam")


def averaged(model, kind):
    """The ``AveragedModel`` that a person would write."""
    config = KINDS[kind]
    buffers = config.get("use_buffers", False)
    if config["name"] == "EMA":
        return AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(config["decay"]), use_buffers=buffers)
    return AveragedModel(model, use_buffers=buffers)


def is_due(kind, step):
    """Whether a loop that counts its steps from 1 averages after one."""
    begins, every = KINDS[kind].get("from_step", 0), KINDS[kind].get("every", 1)
    return step > begins and (step - begins) % every == 0


def plain(recipe, kind, dtype, schedule=None):
    """What a plain loop saw, and the average's parameters and loss after each step of it."""
    dtype = getattr(torch, dtype)
    model, x, y = net(dtype), X.to(dtype), Y.to(dtype)
    average = averaged(model, kind)
    seen = []

    def after(step, _optimizers):
        if is_due(kind, step):
            average.update_parameters(model)
        with torch.no_grad():
            loss = F.mse_loss(average(x), y).item()
        seen.append((loss, {n: p.detach().clone() for n, p in average.module.named_parameters()}))

    log = bare_loop(
        model,
        x,
        y,
        F.mse_loss,
        lambda model: recipes.make_optimizers(recipe, model),
        schedule and (lambda o: recipes.make_lr_scheduler(schedule, o)),
        STEPS,
        after=after,
    )
    return log, seen


def assert_same_average(blocks, seen):
    """The optional columns have the bits of what was seen, record by record."""
    rows = [(block, i) for block in blocks for i in range(len(block))]
    for (block, i), (loss, params) in zip(rows, seen, strict=False):
        recorded = block.optional["average_loss"]
        assert bits(recorded[i]) == bits(np.asarray(loss, recorded.dtype))
        assert list(block.optional["average"]) == list(block.params)
        for name, values in params.items():
            assert bits(block.optional["average"][name][i]) == bits(values.numpy()), (block.first + i, name)
    return len(rows)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("recipe", recipes.OPTIMIZERS)
def test_an_average_has_the_bits_of_torch(recipe, kind):
    """Beside every optimizer, in both dtypes, whole and in chunks; the run keeps its own bits."""
    for dtype in ("float32", "float64"):
        config = run_config(
            optimizer=recipes.optimizer_config(recipe), average=KINDS[kind], steps=STEPS, dtype=dtype
        )
        log, seen = plain(recipe, kind, dtype)
        blocks, _ = whole(config)
        assert_same_bits(blocks, log)
        assert assert_same_average(blocks, seen) > 1
        assert_same_blocks(chunked(config, 3), blocks)


def test_a_schedule_and_clipping_go_with_it():
    """The average is taken after the optimizer's step, whatever the schedule does."""
    schedule = recipes.lr_scheduler_config("OneCycleLR")
    config = run_config(
        optimizer=recipes.optimizer_config("Adam"), average=KINDS["EMA"], lr_scheduler=schedule, steps=STEPS
    )
    log, seen = plain("Adam", "EMA", "float32", schedule)
    assert_same_bits(whole(config)[0], log)
    assert assert_same_average(whole(config)[0], seen) == STEPS + 1


def test_its_loss_has_the_precision_of_the_loop():
    """Under autocast it is that of the average computed under autocast, as the end of the run is measured."""
    config = run_config(average=KINDS["SWA"], steps=STEPS, loop={"autocast": "bfloat16"})
    blocks, reached = whole(config)
    model = net()
    theirs = AveragedModel(model)
    theirs.load_state_dict(reached.average)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        expected = F.mse_loss(theirs(X), Y).item()
    assert blocks[-1].optional["average_loss"][-1] == np.float32(expected)
    with torch.no_grad():
        assert F.mse_loss(theirs(X), Y).item() != expected


@pytest.mark.parametrize(
    "loop",
    [
        {"accumulate": 2},
        {"restart": {"step": 3, "optimizer": False}},
        {"replaced": ["fc2"]},
        {"order": ["forward", "loss", "backward", "zero_grad", "clip", "optimizer_step", "scheduler_step"]},
    ],
)
def test_whatever_the_loop_does_the_average_follows_its_parameters(loop):
    """What is recorded is the average of what is recorded, whole and in chunks."""
    config = run_config(average=KINDS["EMA"], steps=STEPS, loop=loop)
    blocks, _ = whole(config)
    update = get_ema_multi_avg_fn(KINDS["EMA"]["decay"])
    weights = torch.from_numpy(np.concatenate([block.params["fc3.weight"] for block in blocks]))
    averages = np.concatenate([block.optional["average"]["fc3.weight"] for block in blocks])
    expected = weights[1].clone()
    for step in range(1, STEPS + 1):
        if step > 1:
            update([expected], [weights[step]], None)
        assert bits(averages[step]) == bits(expected.numpy())
    assert_same_blocks(chunked(config, 3), blocks)


def test_a_run_without_has_no_such_columns():
    """Neither in its records nor in its checkpoint or its file."""
    config = run_config(steps=STEPS)
    blocks, reached = whole(config)
    assert not any(block.optional for block in blocks)
    assert reached.average is None
    assert "average" not in tree_of(config, reached)


@pytest.mark.parametrize("use_buffers", [False, True])
@pytest.mark.parametrize("kind", ["EMA", "SWA"])
def test_buffers_are_those_of_torch(kind, use_buffers):
    """Copied from the model, or averaged with the parameters, also from a state in between."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))
    config = (EMAConfig if kind == "EMA" else SWAConfig).model_validate(
        KINDS[kind] | {"use_buffers": use_buffers}
    )
    x = torch.randn(6, 2)

    def measure(module):
        return module(x).square().mean()

    ours, again = (RunningAverage(model, config, measure) for _ in range(2))
    theirs = AveragedModel(
        model, multi_avg_fn=get_ema_multi_avg_fn(0.8) if kind == "EMA" else None, use_buffers=use_buffers
    ).eval()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    for step in range(1, 6):
        optimizer.zero_grad()
        model(torch.randn(6, 2)).square().mean().backward()
        optimizer.step()
        theirs.update_parameters(model)
        ours.update(step)
        if step == 3:
            again.load_state_dict(ours.state_dict())
        if step > 3:
            again.update(step)
        for name, value in theirs.state_dict().items():
            assert bits(ours.state_dict()[name].numpy()) == bits(value.numpy()), name
        with torch.no_grad():
            assert ours.loss == measure(theirs).item()
    assert all(torch.equal(again.state_dict()[name], value) for name, value in theirs.state_dict().items())


def test_a_fork_goes_on_averaging():
    """A full restore has the bits of the run; another decay goes on from the same average."""
    config = run_config(average=KINDS["EMA"], steps=STEPS)
    at = advance(config, None, 4)[1]
    begun = fork(config, at, config, Restore())
    assert flatten(advance(config, begun.checkpoint, 4)[0]) == flatten(advance(config, at, 4)[0])
    slower = changed_config(config, {"average": {"decay": 0.99}})
    [start] = fork(config, at, slower, Restore()).blocks
    assert bits(start.optional["average"]["fc1.weight"][0]) == bits(at.average["module.fc1.weight"].numpy())


@pytest.mark.parametrize("parent", [None, KINDS["SWA"]])
def test_a_fork_that_adds_an_average_begins_it_there(parent):
    """As a copy of the parameters, with nothing averaged; so does one that changes its kind."""
    config = run_config(average=parent, steps=STEPS)
    at = advance(config, None, 4)[1]
    begun = fork(config, at, changed_config(config, {"average": {"name": "EMA"}}), Restore())
    assert begun.checkpoint.average["n_averaged"].item() == 0
    [start] = begun.blocks
    assert start.optional["average_loss"] == start.loss
    for name, values in start.params.items():
        assert bits(start.optional["average"][name]) == bits(values)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_goes_on_averaging(kind):
    """Written, read and gone on from is the same as never left; plain torch reads what it holds."""
    config = run_config(average=KINDS[kind], steps=STEPS)
    at = advance(config, None, 5)[1]
    data = write_checkpoint(config, at)
    again, read, _ = read_checkpoint(data)
    assert again == config
    assert flatten(advance(config, read, 3)[0]) == flatten(advance(config, at, 3)[0])
    theirs = AveragedModel(net())
    theirs.load_state_dict(at.average)
    assert theirs.n_averaged == sum(is_due(kind, step) for step in range(1, 6))


def test_a_file_whose_average_no_such_run_holds_is_refused():
    """More updates than steps, a number that is not finite, none at all, or one that was not asked for."""
    config = run_config(average=KINDS["EMA"], steps=STEPS)
    tree = tree_of(config, advance(config, None, 3)[1])
    weight = tree["average"]["module.fc1.weight"]
    for changed, place in (
        (tree["average"] | {"n_averaged": torch.tensor(4)}, "n_averaged"),
        (tree["average"] | {"module.fc1.weight": weight / 0}, "module.fc1.weight"),
        ({"n_averaged": torch.tensor(1)}, "average"),
        (None, "average"),
    ):
        with pytest.raises(CheckpointFileError, match=place):
            judged(tree | {"average": changed})
    without = tree_of(run_config(steps=STEPS), advance(run_config(steps=STEPS), None, 3)[1])
    with pytest.raises(CheckpointFileError, match="average"):
        judged(without | {"average": tree["average"]})


def test_runs_in_lockstep_average_with_their_own_bits():
    """On a function whose passes are shared, beside a run that has no average."""
    base = {"problem": {"name": "himmelblau"}, "model": {}, "steps": STEPS}
    configs = [run_config(**base, average=KINDS[kind]) for kind in KINDS]
    for config, (blocks, reached) in zip(configs, advance_together(configs), strict=True):
        alone, stands = whole(config)
        assert_same_blocks(blocks, alone)
        assert reached.to_bytes() == stands.to_bytes()


def test_what_it_takes_is_counted():
    """Its numbers in a record, and a pass over all samples in a step."""
    base = {"problem": {"name": "moons", "samples": 40}, "batch_size": 8}
    without, averaging = (Training(run_config(**base, average=kind)) for kind in (None, KINDS["EMA"]))
    params = sum(param.numel() for param in without.model.parameters())
    assert record_values(averaging) - record_values(without) == params + 1
    assert effort_of(averaging).samples - effort_of(without).samples == 40


def test_a_run_that_diverges_ends_as_it_would_without():
    """At the same step for the same reason, with the average up to there."""
    sgd = {"name": "SGD", "hyperparameters": {"lr": 1e6}}
    base = {"problem": {"name": "rosenbrock"}, "model": {}, "optimizer": sgd, "steps": 50}
    blocks, reached = whole(run_config(**base, average=KINDS["SWA"]))
    _, expected = whole(run_config(**base))
    assert reached.ended.reason is Reason.DIVERGED
    assert reached.ended.step == expected.ended.step == blocks[-1].steps[-1]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", SCHEDULE_FREE)
def test_a_schedule_free_optimizer_shows_its_point_for_evaluation(name, dtype):
    """What the optimizer's own ``eval()`` shows of a copy; the run has the bits of a loop without it."""
    package = pytest.importorskip("pytorch_optimizer")
    config = run_config(
        optimizer={"name": f"pytorch_optimizer.{name}", "hyperparameters": {"lr": 0.01}},
        steps=STEPS,
        dtype=dtype,
        freeze=[{"params": ["fc2"]}],
    )
    kind = getattr(torch, dtype)
    model, x, y = net(kind), X.to(kind), Y.to(kind)
    seen = []

    def after(_step, optimizers):
        copy, [optimizer] = deepcopy((model, optimizers))
        optimizer.eval()
        with torch.no_grad():
            loss = F.mse_loss(copy(x), y).item()
        seen.append((loss, {n: p.detach().clone() for n, p in copy.named_parameters()}))

    log = bare_loop(
        model,
        x,
        y,
        F.mse_loss,
        lambda model: getattr(package, name)(model.parameters(), lr=0.01),
        None,
        STEPS,
        ("fc2",),
        after=after,
    )
    blocks, reached = whole(config)
    assert_same_bits(blocks, log)
    assert assert_same_average(blocks, seen) == STEPS + 1
    assert reached.average is None
    assert_same_blocks(chunked(config, 3), blocks)
    last = blocks[-1]
    assert any((last.optional["average"][name] != last.params[name]).any() for name in last.params)


def test_an_average_that_is_asked_for_takes_the_place_of_the_optimizers_own():
    """It averages the points that are trained at."""
    pytest.importorskip("pytorch_optimizer")
    config = run_config(
        optimizer={"name": "pytorch_optimizer.ScheduleFreeSGD"}, average={"name": "SWA"}, steps=3
    )
    last = whole(config)[0][-1]
    trained = np.concatenate([block.params["fc1.weight"] for block in whole(config)[0]])[1:]
    np.testing.assert_allclose(last.optional["average"]["fc1.weight"][-1], trained.mean(axis=0), rtol=1e-5)

"""A fork goes on bit for bit, or shows what a partial restore does, and says what it could not take over."""

import pytest
import torch

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.forking import Restore, changed_config, fork
from optiscope.engine.loop.training import Training, advance
from tests.engine import recipes
from tests.engine.recorded import run_config
from tests.runs.records import assert_same_records, columns

STEP = 12
STEPLR = {"name": "StepLR", "hyperparameters": {"step_size": 5, "gamma": 0.1}}
MOMENTUM = {"name": "SGD", "hyperparameters": {"lr": 0.01, "momentum": 0.9}}


def at(config, step=STEP):
    return advance(config, None, step)[1]


def forked(config, changes=None, **restore):
    changed = changed_config(config, changes or {})
    return changed, fork(config, at(config), changed, Restore(**restore))


@pytest.mark.parametrize("optimizer", recipes.OPTIMIZERS)
def test_a_full_restore_goes_on_bit_for_bit(optimizer):
    """The fork's records are those that the run itself would have had, for every optimizer."""
    config = run_config(optimizer=recipes.optimizer_config(optimizer), batch_size=1)
    begun = fork(config, at(config, 4), config, Restore())
    assert_same_records(advance(config, begun.checkpoint, 4)[0], advance(config, at(config, 4), 4)[0])
    assert begun.notes == ()


def test_a_fork_begins_with_a_record_of_where_it_stands():
    """Its first record holds the parameters and the state of that step, in the form of record 0."""
    config = run_config()
    _, begun = forked(config)
    [block] = begun.blocks
    parent = columns(advance(config, None, STEP)[0])
    assert (block.first, len(block), block.grads) == (STEP, 1, None)
    for name, values in block.params.items():
        assert values[0].tobytes() == parent[f"params {name}"][STEP]
        for key, kept in block.state[name].items():
            assert kept[0].tobytes() == parent[f"state {name} {key}"][STEP]
    [anew] = forked(config, optimizer=False)[1].blocks
    assert anew.state == {}


def test_another_order_of_batches_begins_an_epoch_of_its_own():
    """A fork that changes it draws from the new seed's generator; one that names the same seed goes on."""
    moons = {"name": "moons", "samples": 20, "seed": 3}
    config = run_config(problem=moons, batch_size=8, steps=30)
    same, begun = forked(config, {"batch_seed": 3})
    assert_same_records(advance(same, begun.checkpoint, 9)[0], advance(config, at(config), 9)[0])
    other, begun = forked(config, {"batch_seed": 4})
    fresh = Training(other).batches
    training = Training(other)
    training.restore(begun.checkpoint)
    for _ in range(9):
        assert torch.equal(training.batches.next(), fresh.next())


def test_a_checkpoint_is_not_changed_by_what_is_trained_from_it():
    """Two forks from one checkpoint are the same."""
    config = run_config()
    checkpoint = at(config)
    first, second = (
        advance(config, fork(config, checkpoint, config, Restore()).checkpoint, 5)[0] for _ in "ab"
    )
    assert_same_records(first, second)
    assert_same_records(advance(config, checkpoint, 5)[0], advance(config, checkpoint, 5)[0])


def by_hand(config, *, optimizer, lr_scheduler):
    """What a script does: new objects, then load_state_dict of some of them."""
    made = at(config)
    params = {name: torch.nn.Parameter(value.clone()) for name, value in made.model.items()}
    opt = torch.optim.SGD(params.values(), lr=0.01, momentum=0.9)
    schedule = torch.optim.lr_scheduler.StepLR(opt, 5, 0.1)
    if optimizer:
        opt.load_state_dict(made.optimizers[0])
    if lr_scheduler:
        schedule.load_state_dict(made.lr_schedulers[0])
    rates = []
    for _ in range(8):
        rates.append(opt.param_groups[0]["lr"])
        for param in params.values():
            param.grad = torch.ones_like(param)
        opt.step()
        schedule.step()
    return rates, bool(made.optimizers[0]["state"])


@pytest.mark.parametrize("optimizer", [True, False])
@pytest.mark.parametrize("lr_scheduler", [True, False])
def test_a_partial_restore_is_what_a_script_gets_that_forgets_a_call(optimizer, lr_scheduler):
    """Rates are those of plain torch with the same calls of load_state_dict left out."""
    config = run_config(optimizer=MOMENTUM, lr_scheduler=STEPLR)
    _, begun = forked(config, optimizer=optimizer, lr_scheduler=lr_scheduler)
    [block] = advance(config, begun.checkpoint, 8)[0]
    rates, _ = by_hand(config, optimizer=optimizer, lr_scheduler=lr_scheduler)
    assert block.lr[:, 0].tolist() == rates
    assert bool(begun.checkpoint.optimizers[0]["state"]) is optimizer


def test_a_changed_rate_is_the_one_that_a_run_of_it_would_have_here():
    """The new rate goes through the schedule, and the momentum is taken over."""
    config = run_config(optimizer=MOMENTUM, lr_scheduler=STEPLR)
    changed, begun = forked(config, {"optimizer": {"hyperparameters": {"lr": 0.5}}})
    [block] = advance(changed, begun.checkpoint, 8)[0]
    alone = advance(changed, None, STEP + 8)[0][-1]
    assert block.lr.tolist() == alone.lr[-8:].tolist()
    buffers = at(config).optimizers[0]["state"]
    kept = begun.checkpoint.optimizers[0]["state"]
    assert all(torch.equal(kept[i]["momentum_buffer"], buffers[i]["momentum_buffer"]) for i in buffers)


def test_another_optimizer_begins_with_empty_state_and_says_so():
    """SGD's velocity means nothing to Adam."""
    changed, begun = forked(run_config(optimizer=MOMENTUM), {"optimizer": {"name": "Adam"}})
    assert changed.optimizer.hyperparameters == {}
    assert begun.checkpoint.optimizers[0]["state"] == {}
    assert "fc1.weight" in str(begun.notes[0])


def test_frozen_from_here_on():
    """A layer frozen in the fork moves no more."""
    config = run_config()
    changed, begun = forked(config, {"freeze": [{"params": ["fc2"]}]})
    blocks = advance(changed, begun.checkpoint, 5)[0]
    for name, value in at(config).model.items():
        same = all((block.params[name] == value.numpy()).all() for block in blocks)
        assert same is name.startswith("fc2")


def test_a_schedule_that_needs_losses_begins_anew():
    """ReduceLROnPlateau of another patience has not seen the losses."""
    plateau = {"name": "ReduceLROnPlateau", "hyperparameters": {"patience": 2}}
    _, begun = forked(
        run_config(lr_scheduler=plateau), {"lr_scheduler": {"hyperparameters": {"patience": 9}}}
    )
    assert "anew" in str(begun.notes[0])


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"model": {"hidden": [3]}}, "/model/hidden"),
        ({"model": {"seed": 1}}, "/model/seed"),
        ({"model": {"start": [0.0, 0.0]}}, "/model/start"),
        ({"dtype": "float64"}, "/dtype"),
        ({"optimizer": None}, "/optimizer"),
        ({"steps": "many"}, "/steps"),
        ({"stepz": 1}, "/stepz"),
        ({"steps": 10**5000}, ""),
    ],
)
def test_what_a_fork_keeps_cannot_be_changed(changes, pointer):
    """Its network and parameters come from the run; everything else must be a config."""
    with pytest.raises(ConfigError) as caught:
        changed_config(run_config(), changes)
    assert caught.value.problems[0].pointer == pointer


def test_what_a_fork_keeps_hides_nothing_else_that_is_wrong():
    """Every wrong field is named, each once."""
    changes = {"dtype": "float64", "model": {"start": [0.0, 0.0]}, "optimizer": {"name": "Adem"}}
    with pytest.raises(ConfigError) as caught:
        changed_config(run_config(), changes)
    assert [problem.pointer for problem in caught.value.problems] == [
        "/dtype",
        "/model/start",
        "/optimizer/name",
    ]


def test_a_patch_follows_the_rfc():
    """Objects merge, null removes, anything else replaces; another name replaces whole."""
    config = run_config(lr_scheduler=STEPLR, clip_grad={"name": "clip_grad_norm_", "max_norm": 1.0})
    changed = changed_config(
        config,
        {"lr_scheduler": None, "clip_grad": {"name": "clip_grad_value_", "clip_value": 0.5}, "steps": 40},
    )
    assert changed.lr_scheduler is None
    assert changed.clip_grad.clip_value == 0.5
    assert (changed.steps, changed.optimizer) == (40, config.optimizer)


def test_a_schedule_that_ends_before_the_fork_is_refused():
    """OneCycleLR of eight steps has no twelfth."""
    onecycle = {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 8}}
    with pytest.raises(ConfigError) as caught:
        forked(run_config(), {"lr_scheduler": onecycle})
    assert caught.value.problems[0].pointer == "/lr_scheduler"


def test_a_dataset_cannot_become_a_test_function():
    """The parameters would not fit."""
    with pytest.raises(ConfigError) as caught:
        forked(run_config(), {"problem": {"name": "rosenbrock"}})
    assert caught.value.problems[0].pointer.startswith("/problem")


@pytest.mark.parametrize("scheduler", recipes.LR_SCHEDULERS)
def test_a_checkpoint_survives_its_bytes(scheduler):
    """What is read back goes on bit for bit, for every scheduler."""
    config = run_config(lr_scheduler=recipes.lr_scheduler_config(scheduler), optimizer=MOMENTUM)
    checkpoint = at(config, 3)
    again = Checkpoint.from_bytes(checkpoint.to_bytes())
    assert_same_records(advance(config, again, 4)[0], advance(config, checkpoint, 4)[0])

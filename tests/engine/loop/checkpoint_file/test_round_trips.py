"""A file of one's own comes back: every optimizer with every scheduler, from the first step to the last."""

import pytest
import torch
from torch.optim.lr_scheduler import LRScheduler

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.core.tree import cloned
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.loop.checkpoint_file import read_checkpoint, write_checkpoint
from optiscope.engine.loop.checkpoint_file.misfits import CheckpointFileError
from optiscope.engine.loop.checkpoint_file.reading import judged
from optiscope.engine.loop.checkpoint_file.writing import tree_of
from optiscope.engine.loop.forking import Restore, fork
from optiscope.engine.loop.training import Training, advance, quiet
from optiscope.engine.recipe.adapters.pytorch_optimizer import OFFERED
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying import HELP
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS, LRSchedulerInfo
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.optimizers.plugins import accept as accept_optimizer
from tests.engine import recipes
from tests.engine.plugin_example import SIGN
from tests.engine.recorded import flatten, run_config

LAST = 5
STEPS = (0, 1, 3, LAST)

ALL = {recipe: recipes.optimizer_config(recipe) for recipe in recipes.OPTIMIZERS} | {
    f"pytorch_optimizer.{name}": {"name": f"pytorch_optimizer.{name}"} for name in OFFERED
}
ALL["pytorch_optimizer.Ranger21"]["hyperparameters"] = {"num_iterations": LAST}
ALL["pytorch_optimizer.BSAM"]["hyperparameters"] = {"num_data": 8}
for matrices in (name for name in ALL if name in OPTIMIZERS and OPTIMIZERS[name].source != "torch.optim"):
    if OPTIMIZERS[matrices].matrices_only:
        ALL[matrices]["rest"] = {"name": "SGD"}

ENDS_EARLY = {("LBFGS, strong_wolfe", "PolynomialLR")}
"""A line search at rate 0 divides by it."""

CYCLES = ("CyclicLR", "OneCycleLR")
"""They move the momentum, so torch refuses them to an optimizer that has none."""


WHOLE = {
    None,
    "OneCycleLR",
    "SequentialLR, of a chain",
    "SGD, momentum",
    "Adam, amsgrad",
    "LBFGS",
    "Muon",
}
"""Of whom every pair is looked at at every step."""


def config_of(optimizer, scheduler, **more):
    schedule = scheduler and recipes.lr_scheduler_config(scheduler)
    data = {"problem": {"name": "xor", "samples": 8}, "batch_size": 3, "steps": LAST}
    return run_config(**data, optimizer=optimizer, lr_scheduler=schedule, **more)


def has_momentum(config):
    """Whether every optimizer of a config has what schedulers cycle."""
    optimizers = Training(config.model_copy(update={"lr_scheduler": None})).optimizers
    return all({"momentum", "betas"} & optimizer.defaults.keys() for optimizer in optimizers)


def trained(config):
    """The run's rows by step, and its checkpoints on the way."""
    rows, at = {}, Training(config).checkpoint()
    checkpoints = {0: at}
    for stop in STEPS[1:]:
        blocks, at = advance(config, at, stop - at.step)
        rows |= {row[0]: row for row in flatten(blocks)}
        if at.ended and at.ended.reason is not Reason.COMPLETED:
            break
        checkpoints[at.step] = at
    return rows, checkpoints


def assert_comes_back(config, *, as_file=None, steps=STEPS):
    """Each checkpoint is read and goes on with the bits of the run; that at one step through a real file."""
    rows, checkpoints = trained(config)
    for step in sorted(checkpoints.keys() & set(steps)):
        checkpoint = checkpoints[step]
        if step == as_file:
            again, read, blocks = read_checkpoint(write_checkpoint(config, checkpoint))
        else:
            again, read, blocks = judged(tree_of(config, checkpoint))
        assert (again, read.step, [block.first for block in blocks]) == (config, step, [step])
        goes_on = {row[0]: row for row in flatten(advance(config, read, LAST - step)[0])}
        assert goes_on == {number: row for number, row in rows.items() if number > step}
    return checkpoints


@pytest.mark.parametrize("name", ALL)
def test_every_optimizer_comes_back_with_every_scheduler(name):
    """At its first steps, in the middle and at its end; a pair that cannot be run is refused as a config.

    Where nothing depends on both, one or two of the four steps are looked at: others for each scheduler.
    """
    is_of_package = name.startswith("pytorch_optimizer.")  # some of those fail by themselves before the end
    info = OPTIMIZERS[ALL[name]["name"]]
    if not info.files:
        config = config_of(ALL[name], None)
        with quiet(), pytest.raises(CheckpointFileError, match="go on from its kept run"):
            judged(tree_of(config, advance(config, None, 1)[1]))
        return
    helped = name.removeprefix("pytorch_optimizer.") in HELP
    for number, scheduler in enumerate([None, *(recipes.LR_SCHEDULERS if not helped else ("StepLR",))]):
        config = config_of(ALL[name], scheduler)
        if scheduler and not info.takes("lr"):
            with pytest.raises(ConfigError, match="no learning rate that a schedule could change"):
                Training(config)
            continue
        with quiet():
            if scheduler in CYCLES and not has_momentum(config):
                with pytest.raises(ConfigError, match=f"torch refuses {scheduler}"):
                    Training(config)
                continue
            first, second = STEPS[number % len(STEPS)], STEPS[number % len(STEPS) - 2]
            few = (first,) if is_of_package else (first, second)
            steps = STEPS if scheduler in WHOLE or name in WHOLE else few
            checkpoints = assert_comes_back(config, as_file=first, steps=steps)
        assert set(checkpoints) == set(STEPS) or is_of_package or (name, scheduler) in ENDS_EARLY, scheduler


@pytest.mark.parametrize("recipe", ["SGD, momentum", "Adam, amsgrad", "RMSprop", "Adafactor"])
@pytest.mark.parametrize("scheduler", [None, "CyclicLR, triangular2", "SequentialLR, of a chain"])
def test_param_groups_frozen_layers_and_clipping_come_back(recipe, scheduler):
    """What a run may have besides, in float64 and with the scheduler called every other step."""
    config = config_of(
        recipes.optimizer_config(recipe, groups=True),
        scheduler,
        dtype="float64",
        freeze=[{"params": ["fc2"], "from_step": 1, "to_step": 3}],
        clip_grad={"name": "clip_grad_norm_", "max_norm": 0.1},
        loop={"set_to_none": False},
    )
    if scheduler:
        config = config.model_copy(
            update={"lr_scheduler": config.lr_scheduler.model_copy(update={"interval": 2})}
        )
    with quiet():
        assert set(assert_comes_back(config, as_file=3)) == set(STEPS)


@pytest.mark.parametrize(
    "name", ["Adam", "SGD, momentum", *(f"pytorch_optimizer.{name}" for name in ("Lion", "Prodigy", "SWATS"))]
)
@pytest.mark.parametrize("restore", [(True, False), (False, True), (False, False)])
def test_forks_that_took_over_a_part_come_back(name, restore):
    """A schedule, or the optimizer under it, that began anew leaves rates that no whole run has."""
    config = config_of(ALL[name], "StepLR")
    with quiet():
        start = advance(config, None, 3)[1]
        begun = fork(config, start, config, Restore(optimizer=restore[0], lr_scheduler=restore[1])).checkpoint
        for steps in (0, 1, 2):
            checkpoint = advance(config, begun, steps)[1]
            _, read, _ = judged(tree_of(config, checkpoint))
            assert flatten(advance(config, read, 1)[0]) == flatten(advance(config, checkpoint, 1)[0])


@pytest.mark.parametrize("scheduler", ["HandOver, of all kinds", "CosineAnnealingWarmRestarts, of fractions"])
@pytest.mark.parametrize("restore", [(True, False), (False, True), (False, False)])
def test_forks_of_schedulers_that_the_loop_tells_its_step_come_back(scheduler, restore):
    """One that began anew is called with the steps of the run all the same."""
    config = config_of(ALL["SGD, momentum"], scheduler)
    with quiet():
        start = advance(config, None, 2)[1]
        begun = fork(config, start, config, Restore(optimizer=restore[0], lr_scheduler=restore[1])).checkpoint
        for steps in (0, 1, 2):
            checkpoint = advance(config, begun, steps)[1]
            _, read, _ = judged(tree_of(config, checkpoint))
            assert flatten(advance(config, read, 1)[0]) == flatten(advance(config, checkpoint, 1)[0])


TAMPERED = {
    "a rate above all": (["optimizer", "param_groups", 0, "lr"], 9.0),
    "a rate below zero": (["optimizer", "param_groups", 0, "lr"], -0.01),
    "more calls than steps": (["lr_scheduler", "_schedulers", 1, "last_epoch"], 7),
    "another part": (["lr_scheduler", "_schedulers", 0, "_schedulers", 0, "end_factor"], 2.0),
    "a part less": (["lr_scheduler", "_schedulers"], []),
    "bad steps beyond its patience": (["lr_scheduler", "_schedulers", 1, "num_bad_epochs"], 1),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_hand_over_that_cannot_be_is_refused(name):
    """What no run of the config could hold, in the groups and in the parts."""
    (*path, last), value = TAMPERED[name]
    config = config_of(ALL["Adam"], "HandOver, of all kinds")
    with quiet():
        tree = found = cloned(tree_of(config, advance(config, None, 4)[1]))
        for key in path:
            found = found[key]
        found[last] = value
        with pytest.raises(CheckpointFileError):
            judged(tree)


class Mover(LRScheduler):
    """A rate that falls with what it keeps under names of its own."""

    def __init__(self, optimizer, share=0.5):
        self.share, self.left, self.seen = share, 1.0, []
        super().__init__(optimizer)

    def get_lr(self):
        self.left *= self.share
        self.seen.append(self.left)
        return [base * self.left for base in self.base_lrs]


class Follower(Mover):
    """The same, by the loss."""

    def step(self, loss=None):
        self.left = self.left if loss is None else min(self.left, loss)
        super().step()


def entry(cls, *, needs_metric):
    """Its entry in the registry, as it is accepted from a package."""
    return LRSchedulerInfo(
        name=cls.__name__,
        cls=cls,
        summary="Lets the rate fall.",
        hyperparameters=(Hyperparameter("share", "float", ..., "The share that is left.", 0.0, 1.0),),
        formula="",
        needs_metric=needs_metric,
        source=__name__,
    )


@pytest.mark.parametrize("scheduler", ["my.Mover", "my.Follower", "SequentialLR"])
def test_plugins_come_back(monkeypatch, scheduler):
    """An optimizer of another package, and schedulers that move what only they know of."""
    monkeypatch.setitem(LR_SCHEDULERS._entries, "my.Mover", entry(Mover, needs_metric=False))
    monkeypatch.setitem(LR_SCHEDULERS._entries, "my.Follower", entry(Follower, needs_metric=True))
    monkeypatch.setitem(OPTIMIZERS._entries, "my.SignDescent", accept_optimizer("my", SIGN))
    mover = {"name": "my.Mover", "hyperparameters": {"share": 0.25}}
    linear = {"name": "LinearLR", "hyperparameters": {"total_iters": 2}}
    schedule = {"name": "SequentialLR", "schedulers": [linear, mover], "milestones": [2]}
    config = run_config(
        optimizer={"name": "my.SignDescent"},
        lr_scheduler=schedule if scheduler == "SequentialLR" else mover | {"name": scheduler},
        steps=LAST,
    )
    with quiet():
        assert set(assert_comes_back(config, as_file=3)) == set(STEPS)


def test_the_end_of_a_long_warm_up_comes_back():
    """Steps after those that are looked at, in a schedule that is far."""
    config = run_config(lr_scheduler=recipes.lr_scheduler_config("SequentialLR, of a chain"), steps=60)
    with quiet():
        checkpoint = advance(config, None, 50)[1]
        _, read, _ = judged(tree_of(config, checkpoint))
    assert torch.equal(read.optimizers[0]["state"][0]["step"], torch.tensor(50.0))

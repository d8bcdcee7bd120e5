"""Each mistake of the loop is a change to a sound run, and the run of it is another one."""

import pytest

from optiscope.engine.advice.linter import lint
from optiscope.engine.advice.mistakes import LOOP_MISTAKES
from optiscope.engine.loop.judging import check
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.parameters import layers_of
from tests.engine.recorded import flatten, run_config

MOONS = {"name": "moons", "samples": 16}
RUNS = {
    "plain": run_config(problem=MOONS, steps=24),
    "small": run_config(),
    "deep": run_config(problem=MOONS, model={"hidden": [3, 3, 3]}, batch_size=4),
    "all of it": run_config(
        problem=MOONS,
        batch_size=4,
        clip_grad={"name": "clip_grad_norm_", "max_norm": 0.01},
        lr_scheduler={"name": "StepLR", "hyperparameters": {"step_size": 3}, "interval": 4},
        freeze=[{"params": ["fc2"]}],
        loop={"accumulate": 2},
    ),
}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
@pytest.mark.parametrize("mistake", LOOP_MISTAKES.values(), ids=LOOP_MISTAKES)
def test_a_mistake_can_be_made_in_any_sound_run(mistake, run):
    """The correct run and the broken one can both be started."""
    layers = layers_of(list(check(run)))
    correct, broken = mistake.correct(run, layers), mistake.made(run, layers)
    assert check(correct).keys() == check(broken).keys()
    assert correct != broken


@pytest.mark.parametrize("mistake", LOOP_MISTAKES.values(), ids=LOOP_MISTAKES)
def test_a_mistake_shows(mistake):
    """The records of the broken run are others, or it has fewer."""
    layers = layers_of(list(check(RUNS["plain"])))
    of_correct, of_broken = (
        flatten(advance(config, None, config.steps)[0])
        for config in (mistake.correct(RUNS["plain"], layers), mistake.made(RUNS["plain"], layers))
    )
    assert of_correct != of_broken


def test_a_run_that_has_what_a_mistake_is_about_stays_as_it_is():
    """Only what a run lacks is given to it."""
    run = RUNS["all of it"]
    assert [m.name for m in LOOP_MISTAKES.values() if m.correct(run, ["fc1", "fc2"]) != run] == []


NAMED = {
    "no_zero_grad": {"zero_grad_off"},
    "zero_grad_before_step": {"step_without_gradient"},
    "step_before_backward": {"step_without_gradient"},
    "backward_twice": {"run_fails"},
    "scheduler_first": {"torch", "scheduler_first"},
    "scheduler_never": {"schedule_without_effect"},
    "parameters_replaced": {"params_replaced"},
    "clip_after_step": {"clip_without_effect"},
    "no_grad_for_freezing": {"taken_for_freezing"},
    "detach_for_freezing": {"taken_for_freezing"},
    "eval_for_freezing": {"taken_for_freezing"},
    "restored_without_optimizer": {"restart_without_optimizer"},
    "left_out_of_optimizer": {"params_left_out"},
}


@pytest.mark.parametrize("mistake", LOOP_MISTAKES.values(), ids=LOOP_MISTAKES)
def test_the_linter_blames_nothing_else_for_a_mistake(mistake):
    """It names the mistake, where it knows it, and says of no sound part that it is at fault."""
    run = run_config(
        problem={"name": "moons", "samples": 64},
        model={"hidden": [4, 4], "activation": "tanh"},
        optimizer={"name": "AdamW", "hyperparameters": {"lr": 0.02}},
        steps=40,
    )
    layers = layers_of(list(check(run)))
    sound = {warning.code for warning in lint(mistake.correct(run, layers))}
    assert {w.code for w in lint(mistake.made(run, layers))} - sound == NAMED.get(mistake.name, set())

"""Whatever raises an error in a step: the end says which step, whose it was and where to look."""

import logging
from types import SimpleNamespace

import pytest

from optiscope.engine.core.errors import ConfigError
from optiscope.engine.lens.anatomy import anatomy
from optiscope.engine.loop import training as loop
from optiscope.engine.loop.ahead import require_schedule
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.loop.training import Training, advance
from tests.engine.recorded import run_config

ERRORS = [
    ZeroDivisionError("float division by zero"),
    ValueError("math domain error"),
    IndexError("index out of range"),
    RuntimeError("The size of tensor a (2) must match\n the size of tensor b (4)"),
    KeyError(),
]

RECIPE = {
    "optimizer": {"name": "Muon", "rest": {"name": "Adam"}},
    "lr_scheduler": {"name": "StepLR", "hyperparameters": {"step_size": 2}},
    "clip_grad": {"name": "clip_grad_norm_", "max_norm": 1.0},
    "steps": 6,
}


def raising(error, call):
    """``call``, which raises ``error`` from its third time on."""
    calls = []

    def called(*arguments):
        calls.append(arguments)
        if len(calls) > 2:
            raise error
        return call(*arguments)

    return called


def spoil_optimizer(training, error, index=0):
    steps = list(training.optimizer_steps)
    steps[index] = raising(error, steps[index])
    training.__dict__["optimizer_steps"] = steps


def spoil_rest(training, error):
    spoil_optimizer(training, error, index=1)


def spoil_clipping(training, error):
    training.clip = raising(error, training.clip)


def spoil_schedule(training, error):
    training.calls[0] = raising(error, training.calls[0])


def spoil_problem(training, error):
    training.problem = SimpleNamespace(loss=raising(error, training.problem.loss))


PARTS = {
    "/optimizer": (spoil_optimizer, 2, 3, "Muon could not make its step"),
    "/optimizer/rest": (spoil_rest, 2, 3, "Adam could not make its step"),
    "/clip_grad": (spoil_clipping, 2, 3, "clip_grad_norm_ could not clip the gradients"),
    "/lr_scheduler": (spoil_schedule, 3, 3, "StepLR could not make its step"),
    "/problem": (spoil_problem, 1, 2, "loss and gradient of seed-example could not be computed"),
}
"""What to spoil; the last record that is left, the step that fails, and what is said of it."""


@pytest.fixture
def spoil(monkeypatch):
    """Lets every training that is made from now on raise an error."""

    def spoilt(how, error):
        class Spoilt(Training):
            def __init__(self, *arguments):
                super().__init__(*arguments)
                how(self, error)

        monkeypatch.setattr(loop, "Training", Spoilt)

    return spoilt


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("part", PARTS)
def test_an_error_is_told_in_a_sentence_of_ours(spoil, caplog, part, error):
    """It names step, part and field; the words of the other program stand beside it, and in the log."""
    how, last, step, what = PARTS[part]
    spoil(how, error)
    with caplog.at_level(logging.INFO):
        blocks, checkpoint = advance(run_config(**RECIPE), None, 6)
    ended = checkpoint.ended
    assert (ended.reason, ended.step, blocks[-1].steps[-1]) == (Reason.FAILED, last, last)
    assert ended.detail.startswith(f"failed at step {step}: {what}; see {part} ({type(error).__name__}")
    assert ended.detail != str(error)
    assert ended.said.params["pointer"] == part
    assert caplog.records[0].exc_info[1] is error


def test_a_run_that_cannot_begin_is_refused_in_a_sentence_of_ours(spoil):
    """The loss at the first parameters is asked for before there is a record."""

    def how(training, error):
        spoil_problem(training, error)
        training.problem.loss(training.model, None)
        training.problem.loss(training.model, None)

    spoil(how, ValueError("math domain error"))
    with pytest.raises(ConfigError, match="failed at step 0: loss and gradient of seed-example") as caught:
        advance(run_config(**RECIPE), None, 1)
    assert caught.value.problems[0].pointer == "/problem"


def test_a_step_that_cannot_be_taken_is_not_taken_apart(spoil):
    """It is refused with what there is to say of it."""

    def how(training, error):
        training.clip = raising(error, training.clip)
        training.clip()
        training.clip()

    spoil(how, ValueError("math domain error"))
    with pytest.raises(ConfigError, match="clip_grad_norm_ could not clip") as caught:
        anatomy(run_config(**RECIPE), None)
    assert caught.value.problems[0].pointer == "/step"


def test_the_first_of_several_bounds_is_told():
    """A schedule within a schedule is counted from where it takes over."""
    cycle = {"name": "OneCycleLR", "hyperparameters": {"max_lr": 0.1, "total_steps": 5}}
    both = {"name": "SequentialLR", "schedulers": [cycle, cycle], "milestones": [10]}
    for lr_scheduler, most, pointer in (
        (cycle, 5, ""),
        (cycle | {"interval": 3}, 17, ""),
        (both, 5, "/schedulers/0"),
        (both | {"milestones": [4]}, 9, "/schedulers/1"),
    ):
        require_schedule(run_config(lr_scheduler=lr_scheduler, steps=most), 2)
        config = run_config(lr_scheduler=lr_scheduler, steps=most + 1)
        with pytest.raises(ConfigError, match=f"at most {most - 2} steps can be added") as caught:
            require_schedule(config, 2)
        assert f"/lr_scheduler{pointer}/hyperparameters/total_steps" in str(caught.value)
        _, checkpoint = advance(config, None, config.steps)
        assert checkpoint.ended.reason is Reason.FAILED

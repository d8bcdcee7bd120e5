"""What is said of a run that an error ended: at which step, whose it was, and what there is to change.

An optimizer, a scheduler or a problem, of torch or of another package, may raise whatever it likes. Its own
words are part of a sentence of ours, and never told alone.
"""

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.words import Said, raw, say
from optiscope.engine.recipe.lr_schedulers.parts import Bound, bounds_of
from optiscope.engine.recipe.order import schedule_calls

PROBLEM, CLIPPING, SCHEDULER = "/problem", "/clip_grad", "/lr_scheduler"
ORDER, FREEZING = "/loop/order", "/freeze"
SCHEDULED = "/hyperparameter_schedules"
OPTIMIZER_PARTS = ("/optimizer", "/optimizer/rest")
"""The parts of a run that a step calls, as pointers into its config."""

_PLAIN = {
    ORDER: say("loop_raised"),
    FREEZING: say("freeze_raised"),
    SCHEDULED: say("hyperparameter_schedule_raised"),
}
"""What is said of those that have no name of their own."""


def failure(config: RunConfig, part: str, step: int, error: Exception) -> Said:
    """What is said of a step that raised an error.

    Args:
        config: The run.
        part: What was called: a pointer into the config.
        step: The step, counted from 1.
        error: What was raised.
    """
    bound = exceeded(config, step) if part == SCHEDULER else None
    what, pointer = (over(bound), bound.pointer) if bound else (_undone(config, part), part)
    return say("failed", step=step, what=what, pointer=pointer, why=raw(error))


def exceeded(config: RunConfig, step: int) -> Bound | None:
    """The scheduler that is called once too often at a step, if there is one."""
    return next((bound for bound in bounds_of_run(config) if bound.step == step), None)


def bounds_of_run(config: RunConfig) -> list[Bound]:
    """The schedulers that a run calls more often than they allow, where that is known before it."""
    restart = config.loop.restart
    if restart is not None and restart.step < config.steps and not restart.lr_scheduler:
        return []
    return list(bounds_of(config.lr_scheduler, config.steps, sum(schedule_calls(config.loop))))


def over(bound: Bound) -> Said:
    """What is said of a scheduler that is called too often."""
    return say(
        "schedule_over",
        scheduler=bound.part.config.name,
        count=bound.count,
        calls=bound.part.calls,
        field=bound.field,
    )


def _undone(config: RunConfig, part: str) -> Said:
    """What a part of a run could not do."""
    if part == SCHEDULER and config.lr_scheduler:
        return say("scheduler_raised", scheduler=config.lr_scheduler.name)
    if part == CLIPPING and config.clip_grad:
        return say("clipping_raised", name=config.clip_grad.name)
    if part in _PLAIN:
        return _PLAIN[part]
    for pointer, optimizer in zip(OPTIMIZER_PARTS, (config.optimizer, config.optimizer.rest), strict=True):
        if part == pointer and optimizer:
            return say("optimizer_raised", optimizer=optimizer.name)
    return say("problem_raised", problem=config.problem.name)

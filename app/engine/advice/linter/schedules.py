"""The learning-rate schedule: what its parts say, and what they do to the rate of every step."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from optiscope.engine.advice.linter.facts import Facts, LintWarning, Rule
from optiscope.engine.advice.schedules import Values
from optiscope.engine.core.config import LRSchedulerConfig
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS

_ABSOLUTE = frozenset({"LambdaLR", "CosineAnnealingWarmRestarts", "CyclicLR", "OneCycleLR"})
"""They set the rate from its initial value, whatever it is by then."""

_OWN_RATES = frozenset({"CyclicLR", "OneCycleLR"})
"""They bring their own rates and ignore those of the optimizer."""

_ONLY_FALL = frozenset({"StepLR", "MultiStepLR", "ExponentialLR", "PolynomialLR"})
"""What they bring down stays down, after the part of a very long run that is looked at too."""

_GONE = 1e-4
"""A rate below this share of its peak hardly moves anything."""

_LATE = 0.8
"""A rate may be gone after this share of the run."""

_MUCH_LONGER = 1.25
_MUCH_SHORTER = 0.9


@dataclass(frozen=True, slots=True)
class Part:
    """One scheduler, however deeply nested.

    Attributes:
        config: Its config.
        pointer: Where that stands.
        begin: The scheduler step of the whole at which it takes over.
        calls: How often it is stepped within the run.
        nested: Whether it is part of another scheduler.
    """

    config: LRSchedulerConfig
    pointer: str
    begin: int
    calls: int
    nested: bool

    def value(self, name: str) -> Any:
        """What a hyperparameter is, torch's default if it is not given."""
        info = LR_SCHEDULERS[self.config.name]
        default = next((h.default for h in info.hyperparameters if h.name == name), None)
        given = self.config.hyperparameters.get(name)
        return default if given is None else given

    def at(self, name: str) -> str:
        """The pointer of a hyperparameter."""
        return f"{self.pointer}/hyperparameters/{name}"


def parts(facts: Facts) -> Iterator[Part]:
    """All schedulers of a run that are ever stepped."""
    if facts.config.lr_scheduler:
        yield from _parts(facts.config.lr_scheduler, "/lr_scheduler", 0, facts.scheduler_steps)


def _parts(
    config: LRSchedulerConfig, pointer: str, begin: int, calls: int, *, nested: bool = False
) -> Iterator[Part]:
    yield Part(config, pointer, begin, calls, nested)
    marks = [0, *(config.milestones or ()), calls]
    for i, inner in enumerate(config.schedulers or ()):
        from_, to = (marks[i], marks[i + 1]) if config.milestones else (0, calls)
        if from_ < calls or i == 0:
            where = f"{pointer}/schedulers/{i}"
            yield from _parts(inner, where, begin + from_, max(min(to, calls) - from_, 0), nested=True)


def total_steps(part: Part) -> int:
    """The length of the cycle of a OneCycleLR."""
    if part.config.hyperparameters.get("total_steps") is not None:
        return int(part.value("total_steps"))
    return int(part.value("epochs") * part.value("steps_per_epoch"))


def one_cycle(facts: Facts) -> Iterator[LintWarning]:
    """A cycle that ends before the run, or long after it."""
    for part in parts(facts):
        if part.config.name != "OneCycleLR":
            continue
        total = total_steps(part)
        pointer = part.at("total_steps")
        if part.calls > total:
            interval = facts.config.lr_scheduler.interval if facts.config.lr_scheduler else 1
            step = (part.begin + total + 1) * interval
            yield LintWarning(
                "one_cycle_too_short",
                pointer,
                f"OneCycleLR allows {total} calls of scheduler.step() and the run makes {part.calls}, so "
                f"torch raises an error after step {step}: set total_steps to {part.calls}.",
            )
        elif part.calls and total > part.calls * _MUCH_LONGER:
            yield _unfinished(part, "total_steps", total)


def warm_up(facts: Facts) -> Iterator[LintWarning]:
    """A warm-up that the run does not live to see the end of."""
    for part in parts(facts):
        length, name = _warm_up_of(part)
        if length > part.calls > 0:
            yield LintWarning(
                "warm_up_too_long",
                part.at(name),
                f"{part.config.name} warms up for {length} scheduler steps and has {part.calls}, so the "
                "full rate is never reached: shorten the warm-up, to a tenth of the run for instance.",
            )


def _warm_up_of(part: Part) -> tuple[int, str]:
    """How many scheduler steps a part takes to its full rate, and by which hyperparameter."""
    match part.config.name:
        case "LinearLR" if part.value("start_factor") < part.value("end_factor"):
            return int(part.value("total_iters")), "total_iters"
        case "ConstantLR" if part.value("factor") < 1:
            return int(part.value("total_iters")), "total_iters"
        case "CyclicLR":
            return int(part.value("step_size_up")), "step_size_up"
        case "OneCycleLR":
            return int(part.value("pct_start") * total_steps(part)), "pct_start"
        case _:
            return 0, ""


def unfinished(facts: Facts) -> Iterator[LintWarning]:
    """A decay that is planned for far more steps than there are."""
    lengths = {"CosineAnnealingLR": "T_max", "PolynomialLR": "total_iters"}
    for part in parts(facts):
        name = lengths.get(part.config.name)
        if name and part.calls and part.value(name) > part.calls * _MUCH_LONGER:
            yield _unfinished(part, name, part.value(name))


def _unfinished(part: Part, name: str, planned: int) -> LintWarning:
    return LintWarning(
        "schedule_unfinished",
        part.at(name),
        f"{part.config.name} is planned for {planned} scheduler steps and has {part.calls}, so it stops "
        f"after {part.calls / planned:.0%} of its way, with the rate still high: set {name} to {part.calls}.",
    )


def cosine_rises(facts: Facts) -> Iterator[LintWarning]:
    """Half a period, and then up again."""
    for part in parts(facts):
        if part.config.name == "CosineAnnealingLR" and part.value("T_max") < part.calls * _MUCH_SHORTER:
            yield LintWarning(
                "cosine_rises_again",
                part.at("T_max"),
                f"T_max is half a period: the rate is lowest after {part.value('T_max')} scheduler steps "
                f"and then rises again, for the {part.calls - part.value('T_max')} that are left: set T_max "
                f"to {part.calls}, or use CosineAnnealingWarmRestarts if restarts are meant.",
            )


def milestones(facts: Facts) -> Iterator[LintWarning]:
    """Parts that never take over."""
    for part in parts(facts):
        marks = part.config.milestones or ()
        for i, mark in enumerate(marks):
            pointer = f"{part.pointer}/milestones/{i}"
            if i and mark <= marks[i - 1]:
                yield LintWarning(
                    "milestones_out_of_order",
                    pointer,
                    f"Milestone {mark} does not come after {marks[i - 1]}, so a part of SequentialLR is "
                    "skipped or started twice: list the milestones in increasing order.",
                )
            elif mark >= max(part.calls, 1):
                name = part.config.schedulers[i + 1].name if part.config.schedulers else ""
                yield LintWarning(
                    "milestone_never_reached",
                    pointer,
                    f"{name} would take over at scheduler step {mark}, and there are {part.calls}: lower the "
                    "milestone or lengthen the run.",
                )


def chained(facts: Facts) -> Iterator[LintWarning]:
    """Schedulers that overwrite what the others of a chain did."""
    for part in parts(facts):
        inner = part.config.schedulers or ()
        if part.config.name != "ChainedScheduler" or len(inner) == 1:
            continue
        for i, config in enumerate(inner):
            if config.name in _ABSOLUTE:
                yield LintWarning(
                    "chain_overwritten",
                    f"{part.pointer}/schedulers/{i}/name",
                    f"{config.name} computes the rate anew from its start, so in a chain it overwrites what "
                    "the others did, and those after it act for one step only: chain schedulers that "
                    "multiply the present rate, or use SequentialLR.",
                )


def own_rates(facts: Facts) -> Iterator[LintWarning]:
    """Rates of the optimizer, of a group or of other parts that a scheduler does not keep."""
    for part in parts(facts):
        if part.config.name not in _OWN_RATES:
            continue
        if part.nested:
            yield LintWarning(
                "initial_rate_replaced",
                f"{part.pointer}/name",
                f"{part.config.name} sets the learning rate of the optimizer when it is made, so the other "
                "parts start from its lowest rate and not from lr: use it alone.",
            )
        elif not isinstance(part.value("max_lr"), list | tuple):
            yield from _overwritten(facts, part)


def _overwritten(facts: Facts, part: Part) -> Iterator[LintWarning]:
    low = "base_lr" if part.config.name == "CyclicLR" else "max_lr"
    for chosen in facts.optimizers:
        for i, group in enumerate(chosen.config.param_groups or ()):
            if "lr" in group.hyperparameters:
                yield LintWarning(
                    "group_rate_overwritten",
                    f"{chosen.pointer}/param_groups/{i}/lr",
                    f"{part.config.name} moves every group between its own rates, so lr "
                    f"{group.hyperparameters['lr']:g} of {', '.join(group.params)} is never used: give "
                    f"max_lr {'and base_lr ' if low == 'base_lr' else ''}as a list with a value for each "
                    "group.",
                )


def preview_fails(facts: Facts) -> Iterator[LintWarning]:
    """A scheduler that will refuse to go on."""
    schedule = facts.schedule
    if schedule is None or schedule.ended is None or any(one_cycle(facts)):
        return
    yield LintWarning(
        "schedule_fails",
        "/lr_scheduler",
        f"The schedule ends the run: it {schedule.ended.detail}. Change it, or let the run be no longer.",
    )


def rates(facts: Facts) -> Iterator[LintWarning]:
    """What the rates do over the run, whatever they are made of."""
    schedule = facts.schedule
    if schedule is None or schedule.lr.shape[1] < 2:  # noqa: PLR2004
        return
    if (schedule.lr < 0).any():
        step = int(np.argmax((schedule.lr < 0).any(axis=0))) + 1
        yield LintWarning(
            "rate_negative",
            "/lr_scheduler",
            f"The learning rate is negative at step {step}, so it climbs: keep the factors at 0 or above.",
        )
    elif _constant(schedule.lr) and (schedule.momentum is None or _constant(schedule.momentum)):
        if schedule.lr.shape[1] == facts.config.steps:
            yield LintWarning(
                "schedule_without_effect",
                "/lr_scheduler",
                f"The scheduler never changes the learning rate in these {facts.config.steps} steps: let it "
                "begin earlier, lengthen the run, or leave it out.",
            )
    else:
        yield from _vanishing(facts, schedule.lr)


def _constant(values: Values) -> bool:
    return bool(((values == values[:, :1]) | np.isnan(values)).all())


def _vanishing(facts: Facts, lr: Values) -> Iterator[LintWarning]:
    """A rate that is gone long before the end."""
    steps, seen = facts.config.steps, lr.shape[1]
    only_falls = {part.config.name for part in parts(facts)} <= _ONLY_FALL
    alive = (lr >= _GONE * lr.max(axis=1, keepdims=True)).any(axis=0)
    last = seen - int(np.argmax(alive[::-1]))
    if last < seen and last < _LATE * steps and (seen == steps or only_falls):
        yield LintWarning(
            "rate_vanishes",
            "/lr_scheduler",
            f"From step {last + 1} of {steps} on the learning rate is below {_GONE:g} of its peak "
            f"{lr.max():g}, so the last {steps - last} steps hardly move anything: decay more slowly, or "
            "end at a higher rate.",
        )


def plateau(facts: Facts) -> Iterator[LintWarning]:
    """ReduceLROnPlateau on the loss of every step."""
    for part in parts(facts):
        if part.config.name != "ReduceLROnPlateau":
            continue
        if part.value("mode") == "max":
            yield LintWarning(
                "plateau_mode",
                part.at("mode"),
                "mode max waits for the loss to rise and lowers the rate while it falls: use min for a loss.",
            )
        if part.value("patience") >= part.calls:
            yield LintWarning(
                "schedule_without_effect",
                part.at("patience"),
                f"A patience of {part.value('patience')} outlasts the run's {part.calls} scheduler steps, "
                "so the rate is never reduced: lower it or lengthen the run.",
            )
        if facts.config.batch_size is not None and facts.config.batch_size < facts.training.problem.samples:
            yield LintWarning(
                "plateau_noise",
                "/batch_size",
                "ReduceLROnPlateau sees the loss of one minibatch at a time, whose noise looks like a "
                "plateau: raise patience and threshold, or leave batch_size out.",
            )


def decays_twice(facts: Facts) -> Iterator[LintWarning]:
    """Adagrad shrinks its steps by itself."""
    schedule = facts.schedule
    if schedule is None or not schedule.lr.size:
        return
    if facts.optimizers[0].info.name == "Adagrad" and schedule.lr[0, -1] < 0.5 * schedule.lr[0].max():
        yield LintWarning(
            "decays_twice",
            "/lr_scheduler",
            "Adagrad divides by the root of all squared gradients so far, so its steps already shrink, and "
            "this schedule shrinks them again: leave the schedule out, or take RMSprop or Adam.",
        )


RULES: tuple[Rule, ...] = (
    one_cycle,
    warm_up,
    unfinished,
    cosine_rises,
    milestones,
    chained,
    own_rates,
    preview_fails,
    rates,
    plateau,
    decays_twice,
)

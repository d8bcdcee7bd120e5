"""What a file holds of schedulers, beside the schedule of its config at that step."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optiscope.engine.core.config import LRSchedulerConfig, RunConfig
from optiscope.engine.core.tree import cloned
from optiscope.engine.core.words import say, why
from optiscope.engine.loop.checkpoint_file.forms import form_of, is_close, is_finite, is_number, is_same
from optiscope.engine.loop.checkpoint_file.misfits import (
    CheckpointFileError,
    require,
    require_count,
    require_finite,
)
from optiscope.engine.loop.checkpoint_file.rates import Groups, Rates
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS, LRSchedulerInfo
from optiscope.engine.recipe.lr_schedulers.hand_over import stretch_of

State = Mapping[str, Any]

_PARTS = "_schedulers"
_COUNTER = "last_epoch"
_RATES = "_last_lr"
_LONGEST_TEXT = 32
_MEASURED: Mapping[str, str] = {"num_bad_epochs": "patience", "cooldown_counter": "cooldown"}
"""What ReduceLROnPlateau counts, and what of its config bounds it."""


@dataclass(slots=True)
class Schedule:
    """The schedule of one optimizer.

    Attributes:
        rates: What it makes of the param groups.
        total: Calls of the scheduler that the run has made by this step.
        begin: The scheduler's state as it begins; None without a scheduler.
        due: The same after so many calls as the file counts.
    """

    rates: Rates
    total: int
    begin: State | None = None
    due: State | None = None

    def check(self, config: LRSchedulerConfig | None, found: Any, part: str) -> None:
        """Refuse the state of another scheduler, or of another place in this one.

        Raises:
            CheckpointFileError: Naming the part of it.
        """
        if config is None or self.begin is None or self.due is None:
            require(found is None, part)
        else:
            self._check(config, (self.begin, self.due), found, part)

    def _check(self, config: LRSchedulerConfig, expected: tuple[State, State], found: Any, part: str) -> None:
        begin, due = expected
        if LR_SCHEDULERS[config.name].needs_metric:
            return self._check_measured(LR_SCHEDULERS[config.name], begin, found, part)
        _require_keys(due, found, part)
        is_of_torch = LR_SCHEDULERS[config.name].source.startswith("torch.")
        for key, value in found.items():
            place = f"{part}[{key!r}]"
            if key == _PARTS:
                require(type(value) is list and len(value) == len(due[key]), place)
                parts = zip(config.schedulers or (), begin[key], due[key], value, strict=True)
                for number, (inner, first, last, state) in enumerate(parts):
                    self._check(inner, (first, last), state, f"{place}[{number}]")
            elif key == _RATES:
                self.rates.check_noted(due[key], value, place)
            elif is_same(begin.get(key), due[key]):
                require(is_same(due[key], value), place)
            elif is_of_torch:
                require(is_close(due[key], value), place)
            else:
                _require_like(due[key], value, place)
        return None

    def _noted(self, begin: Any, found: Any) -> list[Any]:
        """The first rates of the groups that were there when it last noted them."""
        added = [group["lr"] for group in self.rates.begin[len(begin) :]]
        count = len(found) - len(begin) if type(found) is list else 0
        return [*begin, *added[: max(count, 0)]]

    def _check_measured(self, info: LRSchedulerInfo, begin: State, found: Any, part: str) -> None:
        """Of a scheduler that follows the loss, only the range of what it keeps is known."""
        _require_keys(begin, found, part)
        is_of_torch = info.source.startswith("torch.")
        for key, value in found.items():
            place = f"{part}[{key!r}]"
            if key == _RATES:
                self.rates.check_noted(self._noted(begin[key], value), value, place)
            elif key == _COUNTER:
                _require_whole(value, self.total, place)
            elif is_of_torch and key in _MEASURED:
                _require_whole(value, begin[_MEASURED[key]], place)
            elif key == "best" and is_of_torch:
                require(isinstance(value, float) and value == value, place)  # noqa: PLR0124 - not NaN
            elif is_of_torch or info.takes(key):
                require(is_same(begin[key], value), place)
            else:
                _require_plain(begin[key], value, self.total, place)


def _require_keys(template: State, found: Any, part: str) -> None:
    require(type(found) is dict and found.keys() == template.keys(), part)


def _require_whole(value: Any, high: int, part: str) -> None:
    require(type(value) is int, part)
    require_count(value, high, part)


def _require_like(template: Any, value: Any, part: str) -> None:
    """Of what another package keeps, the form is known, and that its numbers are finite."""
    require(form_of(template) == form_of(value), part)
    require_finite(is_same(template, value) or is_finite(value), part)


def _require_plain(begin: Any, value: Any, grown: int, part: str) -> None:
    """Of what another package keeps of losses the form is unknown: plain values, and lists of numbers."""
    if type(value) is list:
        most = grown + (len(begin) if type(begin) is list else 0)
        require_count(len(value), most, f"len({part})")
        for number, entry in enumerate(value):
            require(is_number(entry), f"{part}[{number}]")
    else:
        is_text = isinstance(value, str) and len(value) <= _LONGEST_TEXT
        require(is_same(begin, value) or is_text or isinstance(value, int | float | None), part)
        require_finite(is_same(begin, value) or is_finite(value), part)


def schedules_at(config: RunConfig, step: int, found: Sequence[Any], parts: Sequence[str]) -> list[Schedule]:
    """The schedule of each optimizer, brought to where the file says that it is.

    Args:
        config: Of the run.
        step: Where the run is.
        found: What the file holds for each scheduler.
        parts: Where in the file that is.

    Raises:
        CheckpointFileError: If it counts calls that the run cannot have made, or the schedule ends before.
    """
    training = Training(config)
    total = step // config.lr_scheduler.interval if config.lr_scheduler else 0
    schedules = [Schedule(Rates(groups, groups), total) for groups in _groups(training)]
    for i, scheduler in enumerate(training.lr_schedulers):
        schedule = schedules[i]
        schedule.begin = schedule.due = begin = cloned(scheduler.state_dict())
        schedule.rates.is_measured = training.needs_metric
        if config.lr_scheduler is not None:
            schedule.rates.only_falls = LR_SCHEDULERS[config.lr_scheduler.name].only_falls
            schedule.rates.calls = _calls(config.lr_scheduler, begin, found[i], total, parts[i])
    _follow(training, schedules, step)
    for schedule, groups in zip(schedules, _groups(training), strict=True):
        schedule.rates.due = [*schedule.rates.due, *groups[len(schedule.rates.due) :]]
    return schedules


def _calls(config: LRSchedulerConfig, begin: State, found: Any, total: int, part: str) -> int:
    """How often the scheduler of a file was called, which may be less often than the run could."""
    if config.epoch_steps is not None:  # it was told where it is, or never called
        return 0 if is_same(begin, found) else total
    if LR_SCHEDULERS[config.name].hands_over:
        return _calls_of_parts(config, begin, found, total, part)
    first, count = _counted(begin), _counted(found)
    if first is None:
        return total
    require(type(count) is int, part)
    require_count(count - first, total, f"{part}[{_COUNTER!r}]")
    return int(count - first)


def _calls_of_parts(config: LRSchedulerConfig, begin: State, found: Any, total: int, part: str) -> int:
    """The same of a hand-over: the parts that were called since it was made, and those that had all calls."""
    own = config.schedulers or ()
    require(type(found) is dict and found.keys() == begin.keys(), part)
    require(type(found[_PARTS]) is list and len(found[_PARTS]) == len(own), part)
    shares = Counter(stretch_of(config.milestones or (), count)[0] for count in range(total))
    return sum(
        _calls(inner, begin[_PARTS][i], found[_PARTS][i], shares[i], f"{part}[{_PARTS!r}][{i}]")
        for i, inner in enumerate(own)
    )


def _counted(state: Any) -> Any:
    """How many calls a scheduler counts: it does, or the first of its parts."""
    if type(state) is not dict:
        return None
    if _COUNTER in state:
        return state[_COUNTER]
    parts = state.get(_PARTS)
    return _counted(parts[0]) if type(parts) is list and parts else None


def _follow(training: Training, schedules: Sequence[Schedule], step: int) -> None:
    """Call the schedulers as often as the run of a step did, and see where they are when the file says so.

    One that a fork made anew was called from then on, with the steps of the run.
    """
    scheduled = training.config.lr_scheduler
    total = 0 if scheduled is None or LR_SCHEDULERS[scheduled.name].needs_metric else schedules[0].total
    interval = scheduled.interval if scheduled else 1
    for done in range(total + 1):
        training.add_groups(step - 1 if done == total else (done + 1) * interval - 1)
        for i, (schedule, groups) in enumerate(zip(schedules, _groups(training), strict=True)):
            schedule.rates.note(groups)
            if done == schedule.rates.calls and training.lr_schedulers:
                schedule.rates.due = groups
                schedule.due = cloned(training.lr_schedulers[i].state_dict())
        needed = max(schedule.rates.calls for schedule in schedules)
        counts = [schedule.total - schedule.rates.calls + done for schedule in schedules]
        if done < total and not _call(training, counts, is_needed=done < needed):
            return


def _call(training: Training, counts: Sequence[int], *, is_needed: bool) -> bool:
    """Call every scheduler once; whether they could be."""
    try:
        for call, count in zip(training.calls, counts, strict=True):
            call(count, None)
    except Exception as error:
        if is_needed:
            raise CheckpointFileError(say("file_schedule", why=why(error))) from error
        return False
    return True


def _groups(training: Training) -> list[Groups]:
    """The values in the param groups now, of each optimizer."""
    return [
        [{key: value for key, value in group.items() if key != "params"} for group in optimizer.param_groups]
        for optimizer in training.optimizers
    ]

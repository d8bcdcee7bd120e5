"""The rates and momenta of a file, beside what the schedule of its config makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from optiscope.engine.core.registry import quoted
from optiscope.engine.core.words import Value, say
from optiscope.engine.loop.checkpoint_file.forms import form_of, is_close, is_number, is_same
from optiscope.engine.loop.checkpoint_file.misfits import CheckpointFileError, require, require_between

SCHEDULED = ("lr", "momentum", "betas")
"""What schedulers move in a param group."""

LARGEST_RATE = 1e12

Groups = Sequence[Mapping[str, Any]]


@dataclass(slots=True)
class Range:
    """The least and the most that each number of a value was."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def note(self, value: Any) -> None:
        """See it again."""
        numbers = _numbers(value)
        self.low = list(map(min, self.low or numbers, numbers))
        self.high = list(map(max, self.high or numbers, numbers))


@dataclass(slots=True)
class Rates:
    """What the schedule makes of the param groups of one optimizer.

    Attributes:
        begin: The groups as they begin.
        due: As they are after so many calls of the scheduler as the file counts.
        calls: How many those are.
        ranges: Of each group, what its values were on the whole way to the step of the file.
        is_exact: Whether the file shows that schedule and optimizer began together. Where a fork took over
            only one of them, the rate goes on from another one.
        is_measured: Whether the schedule follows the loss, so that its rates are only known to lie between
            zero and those that it would have if the loss fell for ever.
        only_falls: Whether it can only lower the rates, wherever it began.
        is_own: Whether the optimizer moves its rate by itself, too.
    """

    begin: Groups
    due: Groups
    calls: int = 0
    ranges: list[dict[str, Range]] = field(default_factory=list)
    is_exact: bool = True
    is_measured: bool = False
    only_falls: bool = False
    is_own: bool = False

    def note(self, groups: Groups) -> None:
        """See the groups on the way; one that is added begins as it then is."""
        self.begin = [*self.begin, *groups[len(self.begin) :]]
        self.ranges += [{} for _ in groups[len(self.ranges) :]]
        for group, ranges in zip(groups, self.ranges, strict=True):
            for key in SCHEDULED:
                if key in group:
                    ranges.setdefault(key, Range()).note(group[key])

    def check(self, number: int, key: str, value: Any, part: str) -> None:
        """Refuse what the schedule does not make of ``key`` in a group.

        Raises:
            CheckpointFileError: Naming ``part`` and what would be right.
        """
        self._check(number, key, self.due[number][key], value, part)

    def check_noted(self, due: Any, found: Any, part: str) -> None:
        """Refuse what a scheduler does not note of the rates of all groups; ``due`` is what it should.

        Raises:
            CheckpointFileError: Naming ``part`` and what would be right.
        """
        require(type(found) is list and len(found) == len(due), part)
        for number, (rate, value) in enumerate(zip(due, found, strict=True)):
            self._check(number, "lr", rate, value, f"{part}[{number}]")

    def _check(self, number: int, key: str, due: Any, value: Any, part: str) -> None:
        begin = self.begin[number][key]
        scale = max(map(abs, _numbers(begin)), default=0.0)
        if is_same(due, value) or (self.calls and is_close(due, value, scale)):
            return
        require(is_number(value) if key == "lr" else form_of(begin) == form_of(value), part)
        if key == "lr" and self.is_own:
            require_between(-LARGEST_RATE, value, LARGEST_RATE, part)
        elif key == "lr" and self.is_measured and (self.is_exact or self.only_falls):
            seen = self.ranges[number][key]
            require_between(min(*seen.low, 0.0), value, max(*seen.high, 0.0), part)
        elif self.is_exact:
            right, wrong = _said(due), _said(value)
            said = say("file_rate", part=part, expected=right, count=self.calls, value=wrong)
            raise CheckpointFileError(said)
        else:
            _check_range(self.ranges[number][key], key, value, part)


def _check_range(seen: Range, key: str, value: Any, part: str) -> None:
    numbers = _numbers(value)
    require(len(numbers) == len(seen.low), part)
    for low, number, high in zip(seen.low, numbers, seen.high, strict=True):
        if key == "lr":
            require_between(0.0 if low >= 0 else -LARGEST_RATE, number, LARGEST_RATE, part)
        else:
            require_between(low, number, high, part)


def _numbers(value: Any) -> list[float]:
    return [v for v in (value if isinstance(value, tuple | list) else [value]) if is_number(v)]


def _said(value: Any) -> Value:
    return tuple(map(_said, value)) if isinstance(value, tuple | list) else quoted(value)

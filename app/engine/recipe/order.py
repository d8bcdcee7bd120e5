"""The order of the loop: what its config comes to, and which of its lines each pass of a step repeats."""

from collections.abc import Sequence
from dataclasses import dataclass

from optiscope.engine.core.config import LoopConfig, PhaseName

TUTORIAL: tuple[PhaseName, ...] = (
    "zero_grad",
    "forward",
    "loss",
    "backward",
    "clip",
    "optimizer_step",
    "scheduler_step",
)
"""The order of the tutorial."""

_PASSED_THROUGH = ("forward", "loss", "backward", "zero_grad")
_OF_GRADIENTS = ("zero_grad", "backward", "clip", "optimizer_step")


@dataclass(frozen=True, slots=True)
class Parts:
    """The lines of one step, cut where something begins or ends.

    Attributes:
        before: What comes first.
        passed: What is done once for each minibatch that a step accumulates.
        after: What follows, up to where the record of the step is complete.
        schedule: The calls of the scheduler that end the step.
    """

    before: tuple[PhaseName, ...]
    passed: tuple[PhaseName, ...]
    after: tuple[PhaseName, ...]
    schedule: tuple[PhaseName, ...]


def order_of(loop: LoopConfig) -> tuple[PhaseName, ...]:
    """The lines of the loop in their order.

    Example:
        >>> order_of(LoopConfig(zero_grad=False, scheduler_first=True))
        ('scheduler_step', 'forward', 'loss', 'backward', 'clip', 'optimizer_step')
    """
    if loop.order is not None:
        return loop.order
    own: list[PhaseName] = [phase for phase in TUTORIAL if loop.zero_grad or phase != "zero_grad"]
    return (own[-1], *own[:-1]) if loop.scheduler_first else tuple(own)


def parts_of(order: Sequence[PhaseName]) -> Parts:
    """An order cut into its parts.

    The passes of an accumulated step go from its first ``forward`` through what computes gradients, up to the
    last ``backward`` there (or ``loss``, if there is none).

    Example:
        >>> parts_of(TUTORIAL).passed
        ('forward', 'loss', 'backward')
    """
    end = len(order)
    while end and order[end - 1] == "scheduler_step":
        end -= 1
    first = order.index("forward")
    through = first
    while through < end and order[through] in _PASSED_THROUGH:
        through += 1
    passed = order[first:through]
    ending = next(phase for phase in ("backward", "loss", "forward") if phase in passed)
    last = through - passed[::-1].index(ending)
    return Parts(tuple(order[:first]), tuple(order[first:last]), tuple(order[last:end]), tuple(order[end:]))


def is_one_with_its_loss(order: Sequence[PhaseName], i: int) -> bool:
    """Whether the forward pass at ``i`` and its loss are one line, ``loss = loss_fn(model(x), y)``.

    They are if the loss follows at once and no further one looks at the same prediction.

    Example:
        >>> is_one_with_its_loss(TUTORIAL, 1), is_one_with_its_loss(("forward", "loss", "loss"), 0)
        (True, False)
    """
    rest = order[i + 1 :]
    until = rest[: rest.index("forward")] if "forward" in rest else rest
    return until[:1] == ("loss",) and until.count("loss") == 1


def schedule_calls(loop: LoopConfig) -> tuple[int, int]:
    """How often a step calls the schedulers before its rates are looked at, and after.

    Example:
        >>> schedule_calls(LoopConfig()), schedule_calls(LoopConfig(scheduler_first=True))
        ((0, 1), (1, 0))
    """
    order = order_of(loop)
    ending = len(parts_of(order).schedule)
    looked_at = order.index("optimizer_step") if "optimizer_step" in order else len(order) - ending
    before = order[:looked_at].count("scheduler_step")
    return before, order.count("scheduler_step") - before


def passes_of(loop: LoopConfig) -> int:
    """How many passes through the network a step makes, forward or backward, whichever are more.

    Example:
        >>> passes_of(LoopConfig(accumulate=4))
        4
    """
    order = order_of(loop)
    passed = parts_of(order).passed
    return max(
        order.count(phase) + (loop.accumulate - 1) * passed.count(phase) for phase in ("forward", "backward")
    )


def is_of_tutorial(loop: LoopConfig) -> bool:
    """Whether each step follows the gradient of its own loss, taken once, as in the tutorial."""
    lines = [phase for phase in order_of(loop) if phase not in {"clip", "scheduler_step"}]
    return (
        lines == [phase for phase in TUTORIAL if phase not in {"clip", "scheduler_step"}]
        and not loop.replaced
        and not loop.gradient_delay
    )


def is_cleared(loop: LoopConfig) -> bool:
    """Whether a step sets gradients to None before it looks at any, so that none outlives the step before."""
    first = next((phase for phase in order_of(loop) if phase in _OF_GRADIENTS), None)
    return loop.set_to_none and first == "zero_grad"


def is_ever_cleared(loop: LoopConfig) -> bool:
    """Whether ``zero_grad()`` is called at all."""
    return "zero_grad" in order_of(loop)

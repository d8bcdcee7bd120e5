"""Schedulers of one optimizer that the loop itself hands over, which is no class of torch."""

from collections.abc import Mapping, Sequence
from typing import Any, Union

from torch.optim.lr_scheduler import LRScheduler


class HandOver:
    """Schedulers that are all made before the loop, which then calls one of them at a time.

    What a script writes is ``if step < 10: warm_up.step()``, ``else: plateau.step(loss)``. Who is called
    follows from the step, so there is no state but that of the parts.

    Args:
        schedulers: Of one optimizer, in the order in which they were made.
    """

    def __init__(self, schedulers: Sequence["Scheduler"]) -> None:
        self.schedulers = schedulers

    def state_dict(self) -> dict[str, Any]:
        """The state of each part, under torch's key for parts."""
        return {"_schedulers": [scheduler.state_dict() for scheduler in self.schedulers]}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Give each part its state back."""
        for scheduler, own in zip(self.schedulers, state["_schedulers"], strict=True):
            scheduler.load_state_dict(own)


Scheduler = Union[LRScheduler, HandOver]  # noqa: UP007 - the class names it before it is there
"""What may schedule an optimizer."""


def stretch_of(milestones: Sequence[int], count: int) -> tuple[int, int]:
    """Who is called, as the chain of ``if`` and ``elif`` finds it.

    Args:
        milestones: The calls from which the next part is called.
        count: How many calls came before.

    Returns:
        The index of the part, and the call from which it is called.
    """
    index = next((i for i, milestone in enumerate(milestones) if count < milestone), len(milestones))
    return index, milestones[index - 1] if index else 0

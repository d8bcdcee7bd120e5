"""Whether the workers answer, and if not, why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from optiscope.engine.core.words import Said, Value, say, why


@dataclass(frozen=True, slots=True)
class WorkersStatus:
    """The workers as they are now.

    Attributes:
        state: ``starting`` until one has answered, ``degraded`` while one cannot be started or dies again
            and again, else ``ok``.
        reason: Why they are degraded, in one sentence.
        ready, starting, failing: How many of them are so.
        restarts: How many processes were started in the place of another one.
    """

    state: Literal["starting", "ok", "degraded"]
    reason: Said | None = None
    ready: int = 0
    starting: int = 0
    failing: int = 0
    restarts: int = 0


class Slot:
    """The place of one worker, and what became of the processes that were in it.

    Attributes:
        has_answered: Whether any of them ever answered.
        failures: How many of them died, one after the other, since the last one that worked.
        reason: Why the last of those died.
        started: How many there were.
    """

    def __init__(self) -> None:
        self.has_answered = False
        self.started = 0
        self.failures = 0
        self.reason: Value = ""

    def failed(self, error: Exception) -> None:
        """A process died, or could not be started."""
        self.failures += 1
        self.reason = why(error)

    def worked(self) -> None:
        """A process is ready, or has done a job."""
        self.failures = 0
        self.reason = ""


def status_of(slots: Sequence[Slot], retries: int) -> WorkersStatus:
    """What the slots say together; one failure more than ``retries``, and a slot counts as failing."""
    failing = [slot for slot in slots if slot.failures > retries]
    ready = sum(slot.has_answered for slot in slots if slot not in failing)
    said = None
    if failing:
        said = say("workers_failing", count=len(failing), workers=len(slots), why=failing[0].reason)
    return WorkersStatus(
        "degraded" if failing else "ok" if ready else "starting",
        said,
        ready=ready,
        starting=len(slots) - ready - len(failing),
        failing=len(failing),
        restarts=sum(max(0, slot.started - 1) for slot in slots),
    )

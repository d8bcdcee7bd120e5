"""What a fork is to be, and what keeps it from being made."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits
from optiscope.engine.core.words import Said, say
from optiscope.engine.loop.forking import Restore, changed_config
from optiscope.runs.description import describe
from optiscope.runs.keeping.run import Run


@dataclass(frozen=True, slots=True)
class Branch:
    """What a fork is to be.

    Attributes:
        step: Where it begins.
        changes: A merge patch of the config.
        restore: What it takes over besides the parameters.
        name: What to call it; None for the parent's name and the step.
    """

    step: int
    changes: Mapping[str, Any]
    restore: Restore
    name: str | None = None

    def config(self, parent: RunConfig, limits: Limits = DEFAULT_LIMITS) -> RunConfig:
        """Its complete config.

        Raises:
            ConfigError: Naming what keeps it from being forked; pointers are those of the request.
        """
        with pointing_into_changes():
            changed = changed_config(parent, self.changes, limits)
            if changed.steps <= self.step:
                said = say("steps_before_fork", step=self.step, value=changed.steps)
                raise ConfigError.at("/steps", said)
            return describe(changed, limits).config

    def origin(self, parent: str, notes: Sequence[Said]) -> dict[str, Any]:
        """What is remembered of it."""
        return {
            "run": parent,
            "step": self.step,
            "changes": dict(self.changes),
            "restore": self.restore.model_dump(),
            "notes": list(map(str, notes)),
            "notices": [note.document() for note in notes],
        }


def require_step(run: Run, step: int, *, taken: bool = False) -> None:
    """Refuse a step that a run has no record of, or cannot be brought to again.

    Args:
        run: The run.
        step: Of a record.
        taken: Whether the run must have taken it; no step led to its first record.

    Raises:
        ConflictError: If it has no config.
        ConfigError: Naming the steps that it has.
    """
    _ = run.config
    first = run.first + taken
    if not first <= step <= run.step:
        said = say("between", field="step", low=first, high=run.step, value=step)
        raise ConfigError.at("/step", said)


@contextmanager
def pointing_into_changes() -> Iterator[None]:
    """Let errors about the config of a fork point to what the request changes in it."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(
            p if p.pointer == "/step" else p.under("/changes") for p in error.problems
        ) from error

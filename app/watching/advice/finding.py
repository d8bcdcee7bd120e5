"""One thing that is said of a loop, and where it was seen."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from optiscope.engine.core.words import Said
from optiscope.watching.advice.facts import Facts


@dataclass(frozen=True, slots=True)
class Finding:
    """What was seen, why it matters and what to do.

    Attributes:
        said: All that in one sentence.
        step: The first step where it was seen; None where it is of the whole run.
        layers: Which layers it is of, by their places in the run.
    """

    said: Said
    step: int | None = None
    layers: Sequence[int] = ()

    def document(self) -> dict[str, Any]:
        """It as JSON."""
        return self.said.document() | {"step": self.step, "layers": list(self.layers)}


Rule = Callable[[Facts], Iterator[Finding]]
"""Looks at a run, and says what is likely not meant."""

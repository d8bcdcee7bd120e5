"""What a rule says, and what a rule is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from optiscope.engine.core.words import Said

if TYPE_CHECKING:
    from optiscope.engine.advice.linter.facts import Facts

Measured = Literal["config", "rates", "probe"]
"""What a rule looks at: the config as it is built, the rates that are realised, or the probing run."""


@dataclass(frozen=True, slots=True)
class LintWarning:
    """Something about a run that its author should know.

    Attributes:
        pointer: JSON pointer to the field that it is about, such as ``/loop/zero_grad``.
        said: What was measured and at which step, what it means and what to do, in a sentence or two.
    """

    pointer: str
    said: Said

    @property
    def code(self) -> str:
        """What kind of thing it is, for programs."""
        return self.said.code

    @property
    def detail(self) -> str:
        """What is said, in English."""
        return str(self.said)

    def document(self) -> dict[str, Any]:
        """The warning as JSON."""
        return {"pointer": self.pointer} | self.said.document()


Look = Callable[["Facts"], Iterator[LintWarning]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong, in the table of its family.

    Attributes:
        code: The code of all that it says.
        measured: What it looks at. Only a rule of a probe has one to look at.
        fact: What has been seen where it speaks, as the documentation says it.
        look: Says it of a run, or nothing.
        unless: Codes that name the cause of what it sees: where one of them was said, it is silent.
    """

    code: str
    measured: Measured
    fact: str
    look: Look
    unless: frozenset[str] = field(default_factory=frozenset)

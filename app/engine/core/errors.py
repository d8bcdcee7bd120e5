"""What can go wrong, as a tree. Each says what it has to say as data, see ``words``.

OptiscopeError
├── ConfigError          a request that cannot be run; names every offending field
│   └── UnknownNameError     a name that no registry holds; suggests near ones
└── SaidError            anything else that is told to a person, in one sentence
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from optiscope.engine.core.words import Said, Value

MOST_TOLD = 100
"""Wrong fields that are told; a request can have a hundred thousand."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing that is wrong with one field.

    Attributes:
        pointer: JSON pointer (RFC 6901) into the request, such as ``/optimizer/hyperparameters/lr``.
        said: One plain sentence that names the value and the bound.
    """

    pointer: str
    said: Said

    @property
    def detail(self) -> str:
        """What is said, in English."""
        return str(self.said)

    def under(self, prefix: str) -> "FieldProblem":
        """The same problem seen from a document that holds this one at ``prefix``."""
        return FieldProblem(prefix + self.pointer, self.said)


class OptiscopeError(Exception):
    """The root of Optiscope's own errors."""


class ConfigError(OptiscopeError, ValueError):
    """A configuration that cannot be run, found before anything started."""

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems: Sequence[FieldProblem] = tuple(problems)
        super().__init__("; ".join(problem.detail for problem in self.problems))

    def __reduce__(self) -> tuple[type, tuple[Sequence[FieldProblem]]]:
        return ConfigError, (self.problems,)

    @property
    def said(self) -> Value:
        """All that is wrong."""
        return tuple(problem.said for problem in self.problems)

    @classmethod
    def at(cls, pointer: str, said: Said) -> "ConfigError":
        """The error of a single field."""
        return cls([FieldProblem(pointer, said)])


def refusals(check: Callable[..., object], *arguments: object) -> Sequence[FieldProblem]:
    """What a check of some arguments refuses."""
    try:
        check(*arguments)
    except ConfigError as error:
        return error.problems
    return ()


class UnknownNameError(ConfigError):
    """A name that is not in a registry."""


class SaidError(OptiscopeError):
    """Something that a person is told in one sentence."""

    def __init__(self, said: Said) -> None:
        super().__init__(said)
        self.said = said

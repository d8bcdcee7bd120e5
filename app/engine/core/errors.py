"""What can go wrong, as a tree.

OptiscopeError
└── ConfigError          a request that cannot be run; names every offending field
    └── UnknownNameError     a name that no registry holds; lists the choices
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing that is wrong with one field.

    Attributes:
        pointer: JSON pointer (RFC 6901) into the request, such as ``/optimizer/hyperparameters/lr``.
        detail: One plain sentence that names the value and the bound.
    """

    pointer: str
    detail: str

    def under(self, prefix: str) -> "FieldProblem":
        """The same problem seen from a document that holds this one at ``prefix``."""
        return FieldProblem(prefix + self.pointer, self.detail)


class OptiscopeError(Exception):
    """The root of Optiscope's own errors."""


class ConfigError(OptiscopeError, ValueError):
    """A configuration that cannot be run, found before anything started."""

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems: Sequence[FieldProblem] = tuple(problems)
        super().__init__("; ".join(problem.detail for problem in self.problems))

    def __reduce__(self) -> tuple[type, tuple[Sequence[FieldProblem]]]:
        return ConfigError, (self.problems,)

    @classmethod
    def at(cls, pointer: str, detail: str) -> "ConfigError":
        """The error of a single field."""
        return cls([FieldProblem(pointer, detail)])


class UnknownNameError(ConfigError):
    """A name that is not in a registry."""

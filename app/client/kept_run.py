"""A run that a server keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run that a server keeps, as it described it; ``document`` holds all of it."""

    id: str
    name: str
    state: str
    version: int
    step: int
    steps: int | None
    document: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "KeptRun":
        """The run of a document of ``/api/runs``."""
        return cls(
            document["id"],
            document["name"],
            document["state"],
            document["version"],
            document["step"],
            document["steps"],
            document,
        )

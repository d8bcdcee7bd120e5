"""A sweep that a server keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class KeptSweep:
    """A sweep that a server keeps, as it described it; ``document`` holds all of it."""

    id: str
    name: str
    state: str
    done: int
    members: int
    document: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "KeptSweep":
        """The sweep of a document of ``/api/sweeps``."""
        return cls(
            document["id"],
            document["name"],
            document["state"],
            document["done"],
            document["members"],
            document,
        )

"""Whose turn a job takes: each request has a lane for each kind of job that it needs."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a job is part of."""

    RUN = "run"
    VIEW = "view"
    LINT = "lint"
    SWEEP = "sweep"
    IMPORT = "import"


SHARES: Mapping[Kind, float] = {Kind.RUN: 4, Kind.VIEW: 2, Kind.LINT: 1, Kind.SWEEP: 1, Kind.IMPORT: 1}
"""What each kind gets of the workers while all of them have jobs waiting."""


class Lane:
    """The jobs of one request that are of one kind. Requests of a kind share its part of the workers evenly.

    Args:
        kind: Of its jobs.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind = kind


class Place(NamedTuple):
    """Where a job stands among those of its kind that wait: ``position`` 1 is the next."""

    position: int
    of: int

"""Which way a member goes: compiled or stacked with thousands of others, or one by one through the loop."""

from collections.abc import Sequence
from enum import StrEnum

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.words import Said, say
from optiscope.engine.sweep.axes import Axis


class Way(StrEnum):
    """How members are trained."""

    COMPILED = "compiled"
    STACKED = "stacked"
    ONE_BY_ONE = "one by one"


def is_number(axis: Axis) -> bool:
    """Whether the members along an axis do the same with other numbers."""
    return axis.path == "/model/seed"


def way_of(config: RunConfig, axes: Sequence[Axis], *, is_exact: bool) -> tuple[Way, Said | None]:
    """The way of a run and of those that differ from it along axes of numbers, and why it is no faster one.

    Args:
        config: The run.
        axes: Of the sweep.
        is_exact: Whether only torch's own loop will do.
    """
    if is_exact:
        return Way.ONE_BY_ONE, say("way_exact")
    del config, axes
    return Way.ONE_BY_ONE, None

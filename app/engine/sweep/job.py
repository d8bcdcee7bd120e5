"""What a worker is asked to do of a sweep: the cells of some positions, in parts."""

from functools import lru_cache

from optiscope.engine.core.parts import Parts, in_turn
from optiscope.engine.sweep.cells import Cells, joined
from optiscope.engine.sweep.one_by_one import cell_of
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig


def cells_at(sweep: str, first: int, last: int) -> Parts[Cells]:
    """The cells of the members at some positions of a plan, see :meth:`Plan.members_at`.

    Args:
        sweep: The sweep as JSON; trusted.
        first: The first position.
        last: The one behind the last.
    """
    plan = planned(sweep)
    members = plan.members_at(first, last).tolist()
    alone = (cell_of(member, plan.config(member), plan.wanted) for member in members)
    return joined((yield from in_turn(alone)))


@lru_cache(maxsize=2)
def planned(sweep: str) -> Plan:
    """The plan of a sweep that was accepted before; a worker is given many blocks of one."""
    return Plan(SweepConfig.model_validate_json(sweep))

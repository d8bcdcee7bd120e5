"""With a cluster, sweeps go there and everything else stays here."""

from optiscope.runs.workers.by_kind import ByKind
from optiscope.runs.workers.lanes import Kind, Lane
from tests.runs.slow_hand import SlowHand


class Far(SlowHand):
    """Another executor, with more workers."""

    is_shut_down = False

    def workers_for(self, _kind):
        """So many."""
        return 9

    def __len__(self):
        return 9

    def shutdown(self):
        """What ends its jobs."""
        self.is_shut_down = True


def test_each_kind_goes_where_it_belongs():
    """Its workers are those that are counted, and both ends are shut down."""
    here, there = SlowHand(), Far()
    both = ByKind(here, there)
    for kind in Kind:
        both.submit(abs, -1, lane=Lane(kind))
    assert {lane.kind for lane in there.lanes} == {Kind.SWEEP}
    assert {lane.kind for lane in here.lanes} == set(Kind) - {Kind.SWEEP}
    assert {kind: both.workers_for(kind) for kind in Kind} == dict.fromkeys(Kind, 2) | {Kind.SWEEP: 9}
    assert both.waiting_by_kind == dict.fromkeys(Kind, 1)
    assert len(both) == 2
    both.shutdown()
    assert there.is_shut_down
    assert not here.jobs
